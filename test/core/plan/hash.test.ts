import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { differences, specHash, specParts } from '#core/cluster/specHash.ts';
import { canonical } from '#core/text/canonical.ts';
import { sha256 } from '#core/text/sha256.ts';

const spec = { image: 'redis', env: { A: '1', B: '2' }, openPorts: [1, 2], publishedPorts: [], mounts: [] };

test('sha256 is the one everybody knows', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      assert.equal(sha256(text), createHash('sha256').update(text.toWellFormed()).digest('hex'));
    }),
  );
});

test('canonical texts do not depend on the order of keys', () => {
  assert.equal(canonical({ b: [1, { y: null, x: 'é' }], a: undefined, c: true }), '{"b":[1,{"x":"é","y":null}],"c":true}');
});

test('equal specs have equal hashes: order, the tag latest and an empty command do not count', () => {
  const hash = (more: object): string => specHash(specParts('shop', 'db', { ...spec, ...more }));
  assert.equal(hash({}), hash({ env: { B: '2', A: '1' }, openPorts: [2, 1], image: 'redis:latest', command: [] }));
  assert.notEqual(hash({}), hash({ env: { A: '1', B: '3' } }));
  assert.notEqual(hash({}), hash({ command: ['x'] }));
});

test('the same secret hashes differently for another entity or application', () => {
  const part = (application: string, entity: string): string | undefined => specParts(application, entity, spec)['environment variable A'];
  assert.equal(new Set([part('shop', 'db'), part('shop', 'web'), part('blog', 'db')]).size, 3);
});

test('differences are told by part', () => {
  const before = specParts('shop', 'db', { ...spec, command: ['a'] });
  const after = specParts('shop', 'db', { ...spec, env: { A: '1', C: '' }, openPorts: [] });
  assert.deepEqual(differences(before, after), ['command is removed', 'environment variable B is removed', 'environment variable C is added', 'open ports change']);
});
