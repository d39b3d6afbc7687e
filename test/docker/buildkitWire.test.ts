// Messages of BuildKit: what is written is read back, however it is cut, and what is no message is taken for nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { TraceReader } from '../../client/docker/buildkit/trace.ts';
import { bytesOf, fieldsOf, frame, frameBefore, FrameSplitter, message, numberOf } from '../../client/docker/buildkit/wire.ts';

const bytes = fc.uint8Array({ minLength: 1, maxLength: 300 }).map((array) => Buffer.from(array));

test('law: fields that are written are read back; what is nothing is left out', () => {
  fc.assert(fc.property(fc.maxSafeNat(), bytes, (number, content) => {
    const fields = fieldsOf(message([1, number], [2, content], [200, 'text'], [4, ''], [5, undefined], [6, 0]));
    assert.equal(numberOf(fields, 1), number);
    assert.deepEqual(bytesOf(fields, 2), content);
    assert.equal(bytesOf(fields, 200).toString(), 'text');
    assert.equal(fields.length, number === 0 ? 2 : 3);
  }));
});

test('law: frames come whole, wherever the stream is cut; one that is sent in two parts is the same', () => {
  fc.assert(fc.property(fc.array(bytes), fc.integer({ min: 1, max: 50 }), (contents, size) => {
    const plain = Buffer.concat(contents.map((content) => frame(message([1, 2], [4, content]))));
    assert.deepEqual(Buffer.concat(contents.flatMap((content) => [frameBefore(message([1, 2]), 4, content), content])), plain);
    const splitter = new FrameSplitter();
    const found: Buffer[] = [];
    for (let at = 0; at < plain.length; at += size) found.push(...splitter.take(plain.subarray(at, at + size)));
    assert.deepEqual(found.map((one) => bytesOf(fieldsOf(one), 4)), contents);
  }));
});

test('what a build tells', () => {
  const time = message([1, 1_700_000_000], [2, 500_000_000]);
  const vertex = message([1, 'sha256:a'], [3, '[1/2] FROM a'], [4, 1], [5, time], [6, time], [7, 'no']);
  const [first, second] = [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)];
  const log = (text: Buffer): Buffer => message([1, 'sha256:a'], [4, text]);
  assert.deepEqual(new TraceReader().take(message([1, vertex], [3, log(first)], [3, log(second)]).toString('base64')), {
    vertices: [{ digest: 'sha256:a', name: '[1/2] FROM a', isCached: true, startedMs: 1_700_000_000_500, completedMs: 1_700_000_000_500, error: 'no' }],
    logs: [{ vertex: 'sha256:a', text: '' }, { vertex: 'sha256:a', text: 'é' }],
  });
});

test('law: whatever comes, nothing breaks', () => {
  fc.assert(fc.property(fc.uint8Array(), (array) => {
    const { vertices, logs } = new TraceReader().take(Buffer.from(array).toString('base64'));
    assert.ok(Array.isArray(vertices) && Array.isArray(logs));
  }));
});
