// known_hosts as ssh reads it: every form of a line, and what it says of a key.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { fingerprint, judge, knownTypes, parseKnownHosts, readKnownHosts, remember, typeOfKey } from '../../client/docker/ssh/knownHosts.ts';

/** A key of this type, made of a word. */
function key(word: string, type = 'ssh-ed25519'): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(type.length);
  return Buffer.concat([head, Buffer.from(type), Buffer.from(word)]);
}

const good = key('good');
const [g, o] = [`ssh-ed25519 ${good.toString('base64')}`, `ssh-ed25519 ${key('other').toString('base64')}`];

function check(file: string, server: string, answer: string): void {
  test(`${server} in "${file.replaceAll(g, 'GOOD').replaceAll(o, 'OTHER').replaceAll('\n', '; ')}"`, () => {
    const [, address = '', port = '22'] = /^(.*?)(?::(\d+))?$/.exec(server) ?? [];
    const verdict = judge(parseKnownHosts(file, 'f'), address, Number(port), good);
    assert.equal(verdict.kind + ('known' in verdict ? ` by line ${verdict.known.line}` : ''), answer);
  });
}

check('', 'box', 'unknown');
check(`box ${g}`, 'box', 'known');
check(`box ${g} a comment`, 'box', 'known');
check(`  box,10.0.0.2\t${g}\r\n`, '10.0.0.2', 'known');
check(`# box ${o}\n\nBOX ${g}`, 'Box', 'known');
check(`box ${o}`, 'box', 'changed by line 1');
check(`box ${o}\nbox ${g}`, 'box', 'known');
check(`box ssh-rsa ${key('r', 'ssh-rsa').toString('base64')}`, 'box', 'changed by line 1');
check(`box2 ${g}`, 'box', 'unknown');
check(`*.example,!bad.example ${g}`, 'good.example', 'known');
check(`*.example,!bad.example ${o}`, 'bad.example', 'unknown');
check(`b?x ${g}`, 'box', 'known');
check(`b?x ${g}`, 'b.ox', 'unknown');
check(`b.x ${g}`, 'box', 'unknown');
check(`[box]:2222 ${g}`, 'box:2222', 'known');
check(`[box]:2222 ${o}`, 'box', 'unknown');
check(`box ${g}`, 'box:2222', 'known');
check(`box ${o}`, 'box:2222', 'unknown');
check(`box ${g}\n[box]:2222 ${o}`, 'box:2222', 'changed by line 2');
check(`@revoked * ${g}\nbox ${g}`, 'box', 'revoked by line 1');
check(`@revoked * ${o}\nbox ${g}`, 'box', 'known');
check(`@revoked other ${g}\nbox ${g}`, 'box', 'known');
check(`@cert-authority * ${g}`, 'box', 'unknown');
check(`@something box ${g}`, 'box', 'unknown');
check(`box nonsense\nbox ${g}`, 'box', 'known');
// Made by ssh-keygen -H of "box".
const hashedBox = '|1|a4VGYDbC6eWHA99MtqiBVNqzYRk=|E+VpHNJC19cqJ6yEICYou2nLKQM=';
check(`${hashedBox} ${g}`, 'box', 'known');
check(`${hashedBox} ${o}`, 'box', 'changed by line 1');
check(`${hashedBox} ${g}`, 'other', 'unknown');

test('what is remembered is known, hashed or not; the rest of the file stays', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'clocker-known-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, '.ssh', 'known_hosts');
  await remember(file, 'box', good, false);
  await remember(file, '[box]:2222', key('second'), true);
  const text = await readFile(file, 'utf8');
  assert.match(text, /^box ssh-ed25519 \S+\n\|1\|\S+\|\S+ ssh-ed25519 \S+\n$/);
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  const known = await readKnownHosts([join(folder, 'none'), file]);
  assert.equal(judge(known, 'box', 22, good).kind, 'known');
  assert.equal(judge(known, 'box', 2222, key('second')).kind, 'known');
  assert.equal(judge(known, 'box', 2222, key('third')).kind, 'changed');
  assert.deepEqual(knownTypes(known, 'box', 2222), ['ssh-ed25519']);
});

test('fingerprints and types are those that ssh shows', () => {
  // $ ssh-keygen -lf: 256 SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU (GitHub's published ED25519 key)
  const published = Buffer.from('AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl', 'base64');
  assert.equal(fingerprint(published), 'SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU');
  assert.equal(typeOfKey(published), 'ssh-ed25519');
  assert.equal(typeOfKey(Buffer.from([0, 0])), '');
});

test('any text is read', () => {
  fc.assert(fc.property(fc.string(), fc.string(), (text, server) => assert.ok(judge(parseKnownHosts(text, 'f'), server, 22, good).kind)));
  fc.assert(fc.property(fc.stringMatching(/^[*?!,a-z.[\]()+\\]{0,30}$/), (names) => assert.ok(judge(parseKnownHosts(`${names} ${g}`, 'f'), 'box', 22, good).kind)));
});
