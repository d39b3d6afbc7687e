// The Docker edge without Docker: streams, sentences, endpoints.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { ContainerInfo } from 'dockerode';
import { observedContainer } from '../../client/docker/convert.ts';
import { problemOf, pullProblem } from '../../client/docker/problems.ts';
import { ItemSplitter, LineSplitter, LogSplitter } from '../../client/docker/streams.ts';

const line = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replace(/[\r\n]/g, ''));

/** The bytes cut at random places. */
function cut(bytes: Buffer, at: readonly number[]): Buffer[] {
  const places = [0, ...at.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}

test('lines come out whole however the bytes are cut', () => {
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat()), fc.constantFrom('\n', '\r\n'), (lines, places, end) => {
      const found: string[] = [];
      const splitter = new LineSplitter((text) => found.push(text));
      for (const piece of cut(Buffer.from(lines.map((text) => text + end).join('')), places)) splitter.write(piece);
      splitter.end();
      assert.deepEqual(found, lines.map((text) => Buffer.from(text).toString()));
    }),
  );
});

test('items of a list come out whole however the bytes are cut, and a list without an end is none', () => {
  fc.assert(
    fc.property(fc.array(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue())), fc.array(fc.nat()), fc.constantFrom(0, 2), fc.boolean(), (items, places, indent, isCut) => {
      const found: unknown[] = [];
      const splitter = new ItemSplitter((text) => found.push(JSON.parse(text)));
      const bytes = Buffer.from(`${JSON.stringify(items, undefined, indent)}\n`);
      for (const piece of cut(isCut ? bytes.subarray(0, -2) : bytes, places)) splitter.write(piece);
      if (isCut) assert.throws(() => splitter.end(), /cut off/);
      else splitter.end();
      assert.deepEqual(found, JSON.parse(JSON.stringify(items)));
    }),
  );
});

test('both streams of a log come apart however the bytes are cut', () => {
  const frame = fc.record({ stream: fc.constantFrom<'stdout' | 'stderr'>('stdout', 'stderr'), text: line });
  fc.assert(
    fc.property(fc.array(frame), fc.array(fc.nat()), (frames, places) => {
      const bytes = frames.map(({ stream, text }) => {
        const payload = Buffer.from(`${text}\n`);
        const header = Buffer.from([stream === 'stderr' ? 2 : 1, 0, 0, 0, 0, 0, 0, 0]);
        header.writeUInt32BE(payload.length, 4);
        return Buffer.concat([header, payload]);
      });
      const found: { stream: string; text: string }[] = [];
      const splitter = new LogSplitter(false, (one) => found.push(one));
      for (const piece of cut(Buffer.concat(bytes), places)) splitter.write(piece);
      splitter.end();
      assert.deepEqual(found, frames.map(({ stream, text }) => ({ stream, text: Buffer.from(text).toString() })));
    }),
  );
});

test('the log of a container with a terminal has no headers', () => {
  const found: string[] = [];
  const splitter = new LogSplitter(true, ({ text }) => found.push(text));
  splitter.write(Buffer.from('a\r\nb'));
  splitter.end();
  assert.deepEqual(found, ['a', 'b']);
});

/** What an engine answers, as dockerode throws it. */
function refusal(message: string): Error {
  return Object.assign(new Error(`(HTTP code 500) server error - ${message} `), { statusCode: 500, json: { message } });
}

const sentences = [
  ['driver failed programming external connectivity on endpoint web (0a): Bind for 0.0.0.0:8080 failed: port is already allocated', 'port 8080 of the host is already taken; choose another port or stop what uses it'],
  ['driver failed programming external connectivity: Error starting userland proxy: listen tcp4 0.0.0.0:80: bind: address already in use', 'port 80 of the host is already taken; choose another port or stop what uses it'],
  ['failed to bind host port for 0.0.0.0:8080:172.17.0.2:80/tcp: address already in use', 'port 8080 of the host is already taken; choose another port or stop what uses it'],
  ['Conflict. The container name "/web" is already in use by container "0a1b". You have to remove (or rename) that container to be able to reuse that name.', 'a container named web is already there; remove or rename it, or plan again'],
  ['write /var/lib/docker/tmp/x: no space left on device', 'the host has no space left on its disk (write /var/lib/docker/tmp/x: no space left on device)'],
  [
    'OCI runtime create failed: container_linux.go:380: starting container process caused: exec: "nope": executable file not found in $PATH: unknown',
    'its program cannot be run: exec: "nope": executable file not found in $PATH; check entrypoint, commands and image',
  ],
  ['something new.', 'something new'],
  ['', 'the Docker Engine gave no reason'],
] as const;

for (const [message, sentence] of sentences) {
  test(`"${message}"`, () => assert.equal(problemOf(message === '' ? new Error('') : refusal(message), 'unix:///s'), sentence));
}

test('why an image cannot be pulled', () => {
  const why = (message: string): string => pullProblem(message, 'r:5000/x:1', { endpoint: 'unix:///s', hasLogin: false }).split(/[;,:(]/)[0] ?? '';
  assert.equal(why('pull access denied for x, repository does not exist or may require docker login: denied'), 'image r');
  assert.match(pullProblem('manifest for x:1 not found: manifest unknown', 'x:1', { endpoint: 'unix:///s', hasLogin: false }), /^image x:1 was not found/);
  assert.match(pullProblem('unauthorized: authentication required', 'x:1', { endpoint: 'unix:///s', hasLogin: false }), /^the registry wants a login for image x:1/);
  assert.match(pullProblem('Get "https://r/v2/": http: server gave HTTP response to HTTPS client', 'x:1', { endpoint: 'unix:///s', hasLogin: false }), /speaks plain HTTP/);
  assert.match(pullProblem('Get "https://r/v2/": dial tcp: lookup r: no such host', 'x:1', { endpoint: 'unix:///s', hasLogin: false }), /its registry cannot be reached/);
  assert.match(pullProblem('no space left on device', 'x:1', { endpoint: 'unix:///s', hasLogin: false }), /no space left/);
});

test('what a listing says in words', () => {
  const info = (State: string, Status: string): ContainerInfo => ({
    Id: 'i', Names: ['/n'], Image: 'x', ImageID: 'y', Command: '', Created: 2, Ports: [
      { IP: '0.0.0.0', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' },
      { IP: '::', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' },
    ], Labels: {}, State, Status, HostConfig: { NetworkMode: 'default' }, NetworkSettings: { Networks: {} }, Mounts: [],
  });
  const seen = (State: string, Status: string): unknown[] => {
    const { state, health, exitCode } = observedContainer('a', info(State, Status), { told: { hasLifecycle: false } });
    return [state, health, exitCode];
  };
  assert.deepEqual(seen('running', 'Up 2 minutes'), ['running', 'none', undefined]);
  assert.deepEqual(seen('running', 'Up 2 minutes (healthy)'), ['running', 'healthy', undefined]);
  assert.deepEqual(seen('running', 'Up 2 minutes (unhealthy)'), ['running', 'unhealthy', undefined]);
  assert.deepEqual(seen('running', 'Up Less than a second (health: starting)'), ['running', 'starting', undefined]);
  assert.deepEqual(seen('exited', 'Exited (137) 3 days ago'), ['exited', 'none', 137]);
  assert.deepEqual(seen('restarting', 'Restarting (1) 2 seconds ago'), ['restarting', 'none', 1]);
  const one = observedContainer('a', info('running', 'Up'), { told: { hasLifecycle: false } });
  assert.deepEqual([one.containerName, one.createdAtMs, one.ports], ['n', 2000, [{ port: 80, protocol: 'tcp', hostPort: 8080, hostAddress: '0.0.0.0' }]]);
});
