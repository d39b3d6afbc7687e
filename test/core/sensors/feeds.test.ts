// What commands print and servers answer as values, the part of JsonPath that is known, from where an address is asked, and
// when waiting ends.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asText } from '#core/dsl/value.ts';
import { readAnswer, readOutput, type CommandFeed, type FeedReading, type HttpFeed } from '#core/sensors/feeds.ts';
import { partOf } from '#core/sensors/jsonPath.ts';
import { waysTo } from '#core/sensors/reach.ts';
import { givesUp, limitsOf } from '#core/sensors/waiting.ts';
import { readWhenReady, defaultWhenReady } from '#core/dsl/whenReady.ts';
import { coerceDuration } from '#core/coerce/duration.ts';
import { worldOf } from './live.ts';

const feed = { entity: 'web', sensor: 's', periodMs: 1000 };

function shown(reading: FeedReading): string {
  return reading.ok ? asText(reading.value) : `! ${reading.problem}`;
}

function printed(output: string, expected: string, options: Partial<CommandFeed> = {}, code = 0): void {
  test(`printed: ${JSON.stringify(output)} as ${options.type ?? 'string'}${options.format ? ` (${options.format})` : ''}`, () => {
    assert.equal(shown(readOutput({ kind: 'command', ...feed, command: 'x', env: {}, type: 'string', format: 'auto', takesLastDocument: true, ...options }, code, output)), expected);
  });
}

printed(' up \n', 'up');
printed('{a: 1}', '{a: 1}');
printed('{a: 1}', '{a=1}', { type: 'java.util.Map' });
printed('42', '42', { type: 'integer' });
printed('forty', '! "forty" is not a whole number; write it with digits alone, for example 3.', { type: 'integer' });
printed('yes', 'true', { type: 'boolean' });
printed('log\n---\n[1, 2]', '[1, 2]', { type: 'list', format: 'yaml' });
printed('$brooklyn:config("x")', '$brooklyn:config("x")');
printed('x', '! its command failed with exit code 3', {}, 3);
printed('x', 'none', { onError: 'none' }, 3);

function answered(status: number, body: string, jsonPath: string, expected: string, type = 'string'): void {
  test(`answered: ${status} ${body} at ${jsonPath}`, () => {
    const http: HttpFeed = { kind: 'http', ...feed, uri: 'http://x/', headers: {}, jsonPath, type };
    assert.equal(shown(readAnswer(http, status, body)), expected);
  });
}

answered(200, '{"a":{"b":[1,2]}}', '$.a.b[1]', '2', 'integer');
answered(200, '{"a":{"b":[1,2]}}', '$', '{"a":{"b":[1,2]}}');
answered(200, '{"a":{"b":[1,2]}}', '$.a', '{b=[1, 2]}', 'map');
answered(200, '{"a":1}', '$.b', '! the answer has nothing at $.b');
answered(200, '<html>', '$', '! the answer is not JSON');
answered(503, '{}', '$', '! the server answers 503');

test('JsonPath', () => {
  const document = { store: { book: [{ t: 'a', p: 1 }, { t: 'b', p: 2 }], 'odd key': true }, p: 3 };
  const table = {
    '$.store.book[0].t': '"a"', "$['store']['odd key']": 'true', '$.store.book[-1].p': '2', '$.store.book[*].t': '["a","b"]', '$..p': '[3,1,2]', '$.store.book.length()': '2', '$.store["book"][1]': '{"t":"b","p":2}', '$.*.book[0].p': '[1]',
    '$.nothing': 'the answer has nothing at $.nothing', 'store': 'a JsonPath begins with $: store',
    '$.store.book[?(@.p>1)]': 'the JsonPath $.store.book[?(@.p>1)] cannot be read from [?(@.p>1)] on: filters and slices are not known here',
  };
  const answers = Object.keys(table).map((path) => {
    const answer = partOf(document, path);
    return [path, answer.ok ? JSON.stringify(answer.value) : answer.problem];
  });
  assert.deepEqual(Object.fromEntries(answers), table);
});

test('from where an address is asked', () => {
  const running = worldOf({ web: 'running', db: 'running' });
  const reachable = ['web', 'db'].flatMap((entity) => {
    const container = running.container(entity);
    return container ? [{ entity, container, host: { endpoint: 'ssh://me@box' } }] : [];
  });
  const ways = (uri: string): string => Object.entries(waysTo(uri, 'web', reachable)).map(([way, value]) => `${way} ${value}`).join(', ');
  assert.equal(ways('http://db/x?y'), 'outside http://box:49000/x?y, inside web');
  assert.equal(ways('http://10.0.0.3:80/'), 'outside http://box:49000/, inside web');
  assert.equal(ways('http://localhost:9000/x'), 'inside web');
  assert.equal(ways('http://me:pw@localhost/x'), 'outside http://me:pw@box:49000/x, inside web');
  assert.equal(ways('https://example.com/x'), 'outside https://example.com/x, inside web');
});

test('when waiting ends', () => {
  const ms = (text: string): number => {
    const read = coerceDuration(text);
    return read.ok ? (read.value?.ms ?? 0) : NaN;
  };
  const ends = (options: Readonly<Record<string, string | boolean>> | undefined, state: 'running' | 'stopped' | 'on-fire', inState: string, atFirst = false, elapsed = inState): string => {
    const limits = limitsOf(options === undefined ? defaultWhenReady : (readWhenReady(new Map(Object.entries(options))) ?? new Map()));
    return givesUp(limits, { elapsedMs: ms(elapsed), state, inStateMs: ms(inState), wasSoAtFirst: atFirst }) ?? 'waits';
  };
  assert.equal(ends(undefined, 'running', '10h'), 'waits');
  assert.equal(ends(undefined, 'stopped', '59s'), 'waits');
  assert.equal(ends(undefined, 'stopped', '60s'), 'the entity is stopped, and was not up again within 1m');
  assert.equal(ends(undefined, 'on-fire', '0'), 'the entity has failed');
  assert.equal(ends(undefined, 'on-fire', '14s', true), 'waits');
  assert.equal(ends(undefined, 'on-fire', '15s', true), 'the entity has failed, and did not recover within 15s');
  assert.equal(ends({ timeout: '5s' }, 'running', '0', false, '5s'), 'it was not there within 5s');
  assert.equal(ends({ timeout: '5s' }, 'stopped', '3h', false, '4s'), 'waits');
  assert.equal(ends({ timeout: 'forever' }, 'on-fire', '0'), 'the entity has failed');
  assert.equal(ends({ abort_if_on_fire: false }, 'on-fire', '3h'), 'waits');
  assert.equal(ends({ timeout_if_on_fire: '2s' }, 'on-fire', '1s'), 'waits');
  assert.equal(ends({ timeout_if_down: '2s', timeout_if_down_initial: '9s' }, 'stopped', '8s', true), 'waits');
});
