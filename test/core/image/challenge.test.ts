// How registries ask who is there, as they write it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { readChallenge, type Challenge } from '#core/image/challenge.ts';

function check(header: string, answer: Challenge | undefined): void {
  test(`challenge: ${header}`, () => assert.deepEqual(readChallenge(header), answer));
}

check('Basic realm="Registry"', { kind: 'basic' });
check('basic', { kind: 'basic' });
check('Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/redis:pull"', { kind: 'bearer', realm: 'https://auth.docker.io/token', service: 'registry.docker.io', scope: 'repository:library/redis:pull' });
check('Bearer realm="https://ghcr.io/token" , service=ghcr.io', { kind: 'bearer', realm: 'https://ghcr.io/token', service: 'ghcr.io' });
check('Basic realm="a, Bearer b", Bearer realm="https://x/t",scope="repository:a:pull,push"', { kind: 'bearer', realm: 'https://x/t', scope: 'repository:a:pull,push' });
check('Bearer realm="https://x/t",error="insufficient \\"scope\\"", Basic realm="y"', { kind: 'bearer', realm: 'https://x/t' });
check('Bearer service="x"', undefined);
check('Negotiate', undefined);
check('', undefined);

test('challenge: no header breaks it', () => fc.assert(fc.property(fc.string(), (text) => void readChallenge(`Bearer ${text}`))));
