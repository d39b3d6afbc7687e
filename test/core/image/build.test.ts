// What a .dockerignore leaves out, where instructions stand, and what a builder's stream says.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { BuildLog } from '#core/image/buildLog.ts';
import { instructionsOf } from '#core/image/dockerfile.ts';
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

const dockerfile = 'ARG V=1\nFROM busybox:$V\n# two\nRUN true \\\n && false\n';
const events = (log: BuildLog, ...texts: readonly string[]): unknown[] => texts.flatMap((stream) => log.take({ stream }));

test('a build: steps, what is cached, lines in pieces', () => {
  const log = new BuildLog(dockerfile);
  assert.deepEqual(events(log, 'Step 1/3 : ARG V=1\n', '\n', ' ---> Using cache\n', ' ---> 0123456789ab\n', 'hel', 'lo\nyou\n'), [
    { kind: 'step', number: 1, count: 3, text: 'ARG V=1' }, { kind: 'cached' }, { kind: 'line', text: 'hello' }, { kind: 'line', text: 'you' },
  ]);
  log.take({ aux: { ID: 'sha256:abc' } });
  assert.equal(log.imageId, 'sha256:abc');
});

test('a build that fails: on the line of its instruction, with what was said last', () => {
  const log = new BuildLog(dockerfile);
  events(log, 'Step 3/3 : RUN true  && false\n', ' ---> Running in 0123456789ab\n', 'no such thing\n');
  log.take({ error: "The command '/bin/sh -c true  && false' returned a non-zero code: 1", errorDetail: { code: 1 } });
  log.take({ aux: { ID: 'sha256:abc' } });
  assert.deepEqual(log.failure, { problem: "RUN true  && false: The command '/bin/sh -c true  && false' returned a non-zero code: 1", line: 4, logTail: ['no such thing'] });
  assert.equal(log.imageId, undefined);
});

test('a Dockerfile that cannot be read: on the line that the engine says', () => {
  const log = new BuildLog('FROM a\nFOO b\n');
  log.fail('dockerfile parse error line 2: unknown instruction: FOO');
  assert.deepEqual(log.failure, { problem: 'dockerfile parse error line 2: unknown instruction: FOO', line: 2, logTail: [] });
});
