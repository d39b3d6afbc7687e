// Builds on several hosts, as people see them; what images of Dockerfiles are called.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultName, imageName, isDockerfile } from '#core/image/built.ts';
import { type BuildResult, buildSentence, dockerfileProblems, RunningSteps } from '#core/view/builds.ts';

test('the step that began last stands for a host until it ends', () => {
  const steps = new RunningSteps(['a', 'b']);
  steps.take('a', { kind: 'began', step: '1/2', text: 'FROM x' });
  steps.take('a', { kind: 'began', step: 'tool 1/2', text: 'RUN make' });
  steps.take('a', { kind: 'line', text: 'hello' });
  assert.equal(steps.line(), 'a: tool 1/2 RUN make, b: waiting');
  steps.take('a', { kind: 'ended', step: 'tool 1/2', text: 'RUN make', how: 'done', tookMs: 1 });
  steps.end('b');
  assert.equal(steps.line(), 'a: 1/2 FROM x, b: done');
});

const built = (host: string): BuildResult => ({ host, kind: 'built', imageId: 'sha256:1' });
const failed = (host: string, problem: string, line?: number): BuildResult => ({ host, kind: 'failed', problem, ...(line !== undefined && { line }), logTail: ['oh'] });

/** `answer`: the problems, then the sentence. */
function checkResults(name: string, results: readonly BuildResult[], answer: readonly string[]): void {
  test(`what is said of builds: ${name}`, () => {
    assert.deepEqual([...dockerfileProblems(results).map(({ line, message }) => `${line} ${message}`), buildSentence('x:1', results, 1234)], answer);
  });
}

checkResults('all well', [built('a'), built('b')], ['Built x:1 on a, b in 1.2 s.']);
checkResults('one host', [failed('a', 'RUN x: no', 3)], ['3 RUN x: no\n  oh', 'The build of x:1 failed on a: line 3: RUN x: no.']);
checkResults('the same on two hosts, another on the third', [failed('a', 'no', 3), failed('b', 'no', 3), failed('c', 'never')], [
  '3 on a, b: no\n  oh', '1 on c: never\n  oh', 'The build of x:1 failed on a, b, c: line 3: no.',
]);
checkResults('a host that is down says nothing of the Dockerfile', [built('a'), { host: 'b', kind: 'broken', problem: 'it hangs' }], ['Built x:1 on a in 1.2 s. x:1 could not be built on b: it hangs.']);

test('names of images', () => {
  assert.deepEqual([defaultName('Shop Front'), defaultName('shop', 'docker/Dockerfile.worker'), defaultName('shop', 'api.Dockerfile'), defaultName('???')], ['shop-front:latest', 'shop-worker:latest', 'shop-api:latest', 'image:latest']);
  assert.deepEqual([imageName('a/b'), imageName('a:5000/b:1')], [{ name: 'a/b:latest' }, { name: 'a:5000/b:1' }]);
  assert.ok('problem' in imageName('A B') && 'problem' in imageName(`a@sha256:${'0'.repeat(64)}`));
});

test('Dockerfiles by their names', () => {
  const names = ['Dockerfile', 'dockerfile', 'Dockerfile.worker', 'api.Dockerfile', 'Containerfile', 'Dockerfile.dockerignore', '.dockerignore', 'MyDockerfile', 'Dockerfile-old'];
  assert.deepEqual(names.filter(isDockerfile), names.slice(0, 5));
});
