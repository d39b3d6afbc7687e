// What a .dockerignore leaves out, where instructions stand, and what a builder's stream says.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { BuildLog } from '#core/image/buildLog.ts';
import { endedLine } from '#core/image/buildNews.ts';
import { BuildTrace, type TraceStatus } from '#core/image/buildTrace.ts';
import { instructionsOf, lineOfStep } from '#core/image/dockerfile.ts';
import { readDockerignore } from '#core/image/dockerignore.ts';

/** `left`: of the paths, those that are sent. */
function checkIgnored(name: string, patterns: string, paths: string, left: string): void {
  test(`.dockerignore: ${name}`, () => {
    const ignoring = readDockerignore(patterns);
    assert.equal(paths.split(' ').filter((path) => !ignoring.ignores(path)).join(' '), left);
  });
}

checkIgnored('a name is one at the root, with all below it', 'a', 'a a/b b/a ab', 'b/a ab');
checkIgnored('a star stays in its folder', '*.md\ndocs/*.txt', 'a.md b/a.md docs/a.txt docs/b/a.txt', 'b/a.md docs/b/a.txt');
checkIgnored('two stars go anywhere, the root too', '**/*.md', 'a.md b/a.md b/c/a.md b/a.mdx', 'b/a.mdx');
checkIgnored('two stars at the end', 'a/**', 'a/b a/b/c ab', 'ab');
checkIgnored('two stars in the middle', 'a/**/z', 'a/z a/b/z a/b/c/z a/b', 'a/b');
checkIgnored('a question mark is one letter', 'a?c', 'abc a/c ac', 'a/c ac');
checkIgnored('classes', '[a-c]x\n[^d]y', 'ax dx ey dy', 'dx dy');
checkIgnored('letters that mean something elsewhere', 'a.b\na+(c)', 'axb a.b aac a+(c)', 'axb aac');
checkIgnored('a backslash takes the meaning away', 'a\\*', 'a* ab', 'ab');
checkIgnored('comments, empty lines, spaces, CRLF, a mark at the beginning', '\uFEFF# a\n\n  b  \r\n #c', '#c a b', 'a');
checkIgnored('slashes at the ends and dots mean nothing', '/a/\n./b\nc/../d', 'a b c d', 'c');
checkIgnored('the last pattern that matches decides', '*\n!a\n!b\nb', 'a b c', 'a');
checkIgnored('an exception below a folder', 'a\n!a/keep', 'a/x a/keep a/keep/y', 'a/keep a/keep/y');
checkIgnored('case counts', 'README', 'readme README', 'readme');

test('.dockerignore: which folders are looked into', () => {
  const ignoring = readDockerignore('node_modules\na\n!a/b/keep');
  assert.deepEqual(['a', 'a/b', 'a/c', 'node_modules'].map((folder) => ignoring.mayHold(folder)), [true, true, false, false]);
});

test('.dockerignore: what makes no sense is said', () => {
  assert.throws(() => readDockerignore('a\n!'), { message: 'line 2 of the ignore file: an exception needs a pattern after the !' });
  assert.throws(() => readDockerignore('[z-a]'), { message: 'line 1 of the ignore file: [z-a] is no pattern' });
});

test('law: any text is read or refused with a sentence, and any path is answered about', () => {
  fc.assert(fc.property(fc.array(fc.string({ unit: fc.constantFrom('a', '*', '/', '!', '[', ']', '\\', '.', '?', '\n', ' ') })), fc.string({ minLength: 1 }), (lines, path) => {
    try {
      assert.equal(typeof readDockerignore(lines.join('\n')).ignores(path), 'boolean');
    } catch (error) {
      assert.ok(error instanceof Error && /^line \d+ of the ignore file: /.test(error.message), String(error));
    }
  }));
});

function checkInstructions(name: string, dockerfile: string, answer: readonly string[]): void {
  test(`Dockerfile: ${name}`, () => assert.deepEqual(instructionsOf(dockerfile).map(({ line, text }) => `${line} ${text}`), answer));
}

checkInstructions('comments and empty lines between, lines that go on', '# x\nFROM a\n\nRUN b \\\n  # why\n\n  && c\nCMD ["d"]\n', ['2 FROM a', '4 RUN b && c', '8 CMD ["d"]']);
checkInstructions('another letter to go on with', '# escape=`\nFROM a\nRUN b `\n c\\\nCMD d', ['2 FROM a', '3 RUN b c\\', '5 CMD d']);
checkInstructions('a last line that goes on', 'FROM a\nRUN b \\', ['1 FROM a', '2 RUN b']);

checkInstructions('texts that follow their instruction', 'FROM a\nRUN <<EOF cat > /x && <<-"B" sh\nCOPY b\nEOF\nRUN c\n\tB\nRUN [ 1 << 2 ]\n', ['1 FROM a', '2 RUN <<EOF cat > /x && <<-"B" sh', '7 RUN [ 1 << 2 ]']);
checkInstructions('a text that never ends is none', 'FROM a\nRUN <<EOF\nCMD d', ['1 FROM a', '2 RUN <<EOF', '3 CMD d']);

const stages = 'FROM a AS One\nENV X=1\nRUN b\nFROM scratch\nCOPY --from=one /b /b\nWORKDIR /x\nFROM one\nRUN c\n';

/** `step` as BuildKit names it. */
function checkStep(step: string, dockerfile: string, line: number | undefined): void {
  test(`Dockerfile: the line of ${step}`, () => {
    const [, stage = '', number, text = ''] = /^\[(?:(\S+) )?(\d+)\/\d+\] (.*)$/.exec(step) ?? [];
    assert.equal(lineOfStep(dockerfile, { stage, number: Number(number), text }), line);
  });
}

checkStep('[2/2] RUN b', 'FROM a\nLABEL x=y\nRUN b\n', 3);
checkStep('[one 2/2] RUN b', stages, 3);
checkStep('[stage-1 2/2] WORKDIR /x', stages, 6);
checkStep('[stage-2 1/1] RUN c', stages, 8);
checkStep('[2/3] RUN what the base brings along', 'FROM a\nCOPY b /\n', undefined);
checkStep('[3/3] COPY b /', 'FROM a\nCOPY b /\n', 2);

const dockerfile = 'ARG V=1\nFROM busybox:$V\n# two\nRUN true \\\n && false\n';
const events = (log: BuildLog, nowMs: number, ...texts: readonly string[]): unknown[] => texts.flatMap((stream) => log.take({ stream }, nowMs));

test('a build: steps, what is cached, lines in pieces, time', () => {
  const log = new BuildLog(dockerfile);
  assert.deepEqual(events(log, 0, 'Step 1/3 : ARG V=1\n', '\n', ' ---> Using cache\n', ' ---> 0123456789ab\n', 'Step 2/3 : FROM b\n', 'hel', 'lo\nyou\n'), [
    { kind: 'began', step: '1/3', text: 'ARG V=1' }, { kind: 'ended', step: '1/3', text: 'ARG V=1', how: 'cached', tookMs: 0 }, { kind: 'began', step: '2/3', text: 'FROM b' }, { kind: 'line', text: 'hello' }, { kind: 'line', text: 'you' },
  ]);
  log.take({ aux: { ID: 'sha256:abc' } }, 700);
  assert.deepEqual(log.end(1500).map((news) => news.kind === 'ended' && endedLine(news)), ['2/3 FROM b (1.5 s)']);
  assert.equal(log.imageId, 'sha256:abc');
});

test('a build that fails: on the line of its instruction, with what was said last', () => {
  const log = new BuildLog(dockerfile);
  events(log, 0, 'Step 3/3 : RUN true  && false\n', ' ---> Running in 0123456789ab\n', 'no such thing\n');
  log.take({ error: "The command '/bin/sh -c true  && false' returned a non-zero code: 1", errorDetail: { code: 1 } }, 0);
  log.take({ aux: { ID: 'sha256:abc' } }, 0);
  assert.deepEqual(log.failure, { problem: "RUN true  && false: ended with exit code 1", line: 4, logTail: ['no such thing'] });
  assert.deepEqual(log.end(0), [{ kind: 'ended', step: '3/3', text: 'RUN true  && false', how: 'failed', tookMs: 0 }]);
  assert.equal(log.imageId, undefined);
});

test('a Dockerfile that cannot be read: on the line that the engine says', () => {
  const log = new BuildLog('FROM a\nFOO b\n');
  log.fail('dockerfile parse error line 2: unknown instruction: FOO');
  assert.deepEqual(log.failure, { problem: 'dockerfile parse error line 2: unknown instruction: FOO', line: 2, logTail: [] });
});

/** `told`: each a message of BuildKit, as it would be decoded; the last words of the engine in `error`. `answer`: what is shown, and the failure. */
function checkTrace(name: string, dockerfile: string, told: readonly Partial<TraceStatus>[], error: string | undefined, answer: readonly string[]): void {
  test(`BuildKit: ${name}`, () => {
    const trace = new BuildTrace(dockerfile, (number) => ({ vertices: [], logs: [], ...told[Number(number)] }), (message, image) => `cannot have ${image}: ${message}`);
    const news = [...told.flatMap((_, index) => trace.take({ id: 'moby.buildkit.trace', aux: String(index) })), ...(error === undefined ? [] : trace.take({ error })), ...trace.end()];
    const shown = news.map((one) => (one.kind === 'ended' ? endedLine(one) : one.kind === 'began' ? `> ${one.step}` : `| ${one.text}`));
    const { failure } = trace;
    assert.deepEqual(failure === undefined ? shown : [...shown, `${failure.line ?? '-'}: ${failure.problem}`, ...failure.logTail], answer);
  });
}

const vertex = (digest: string, name: string, more: object = {}): TraceStatus['vertices'][number] => ({ digest, name, isCached: false, startedMs: 1000, ...more });

checkTrace('steps with the engine\'s time, side by side; what a command says in pieces', 'FROM a\nRUN b\n', [
  { vertices: [vertex('i', '[internal] load build context'), vertex('f', '[1/2] FROM a', { completedMs: 1000, isCached: true })] },
  { vertices: [vertex('r', '[2/2] RUN b')], logs: [{ vertex: 'r', text: 'he' }] },
  { vertices: [vertex('r', '[2/2] RUN b', { completedMs: 3500 })], logs: [{ vertex: 'r', text: 'llo\nrest' }] },
], undefined, ['> 1/2', '1/2 FROM a CACHED', '> 2/2', '| hello', '2/2 RUN b (2.5 s)', '| rest']);

checkTrace('a failure, and what was given up because of it', 'FROM a AS x\nRUN y\nFROM b\nRUN z\n', [
  { vertices: [vertex('y', '[x 2/2] RUN y'), vertex('z', '[stage-1  2/10] RUN z')], logs: [{ vertex: 'z', text: 'sorry\n' }] },
  { vertices: [vertex('y', '[x 2/2] RUN y', { completedMs: 2000, error: 'context canceled' }), vertex('z', '[stage-1  2/10] RUN z', { completedMs: 2000, error: 'executor failed running [/bin/sh -c z]: exit code: 3' })] },
], 'executor failed running [/bin/sh -c z]: exit code: 3', ['> x 2/2', '> stage-1 2/10', '| sorry', 'stage-1 2/10 RUN z FAILED', '4: RUN z: ended with exit code 3', 'sorry']);

checkTrace('an image that cannot be had is told on the line that asks for it', 'FROM a\nCOPY --from=team/b:1 / /\n', [
  { vertices: [vertex('m', '[internal] load metadata for docker.io/team/b:1', { completedMs: 1000, error: 'no such host' })] },
], 'failed to solve with frontend dockerfile.v0: no such host', ['2: cannot have docker.io/team/b:1: no such host']);

checkTrace('a Dockerfile that cannot be read', 'FROM a\nFOO b\n', [], 'failed to solve with frontend dockerfile.v0: failed to create LLB definition: dockerfile parse error line 2: unknown instruction: FOO', ['2: dockerfile parse error line 2: unknown instruction: FOO']);

test('law: whatever a builder says is taken, and a failure is one', () => {
  const text = fc.oneof(fc.string(), fc.constantFrom('[1/2] FROM a', '[x 2/3] RUN b', 'context canceled', 'RUN b'));
  const status = fc.record({ vertices: fc.array(fc.record({ digest: text, name: text, isCached: fc.boolean(), startedMs: fc.nat(), completedMs: fc.nat(), error: text })), logs: fc.array(fc.record({ vertex: text, text })) });
  fc.assert(fc.property(text, fc.array(status), text, (dockerfileText, told, error) => {
    const trace = new BuildTrace(dockerfileText, (number) => told[Number(number)] ?? { vertices: [], logs: [] }, (message) => message);
    for (const index of told.keys()) trace.take({ id: 'moby.buildkit.trace', aux: String(index) });
    trace.take({ error });
    trace.take({ aux: { ID: 'sha256:abc' } });
    trace.end();
    assert.ok(trace.failure !== undefined && trace.imageId === undefined);
  }));
});
