// Building from Dockerfiles on a real engine: what is sent, what is left out, what is said of failures.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer, text as textOf } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';
import { contextOf, packed } from '../../client/build/context.ts';
import { busyboxImage, nestedHosts } from '../support/lab.ts';

const hosts = await nestedHosts(1);
const [host] = hosts;
assert.ok(host !== undefined);
const base = await busyboxImage(hosts);

/** Files by their paths; `-> there` is a link, `x! text` an executable. */
async function folderOf(t: TestContext, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'clocker-'));
  t.after(() => rm(folder, { recursive: true }));
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    if (content.startsWith('-> ')) await symlink(content.slice(3), file);
    else await writeFile(file, content.replace(/^x! /, ''));
    if (content.startsWith('x! ')) await chmod(file, 0o755);
  }
  return folder;
}

interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

async function build(...args: readonly string[]): Promise<Ran> {
  const child = spawn(process.execPath, ['client/cli.ts', 'build', ...args, '--host', `h1=${host?.endpoint ?? ''}`], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [stdout, stderr] = await Promise.all([textOf(child.stdout), textOf(child.stderr)]);
  return { stdout, stderr, exitCode: await ended };
}

const listing = `FROM ${base}\nCOPY . /c\nRUN cd /c && find . | sort && ls -l run.sh | cut -c 1-10 && readlink link && cat Dockerfile.dockerignore\nRUN exit 7\n`;

test('what is left out is not sent; links and modes stay; a failing step is told with its line, its last words, and no name', async (t) => {
  const folder = await folderOf(t, {
    Dockerfile: listing, 'Dockerfile.dockerignore': 'node_modules\n*.log\n!keep.log\nsecret', '.dockerignore': '*', 'run.sh': 'x! true', 'a.log': '', 'keep.log': '', 'node_modules/x/y': '', 'sub/b.log': '', link: '-> /etc/shadow', secret: '',
  });
  const { stdout, stderr, exitCode } = await build(folder, '--tag', 'clocker-test/never:1', '--json');
  assert.equal(exitCode, 1);
  const [result] = JSON.parse(stdout) as { line: number; problem: string }[];
  assert.equal(result?.line, 4);
  assert.match(stderr, /clocker: build on h1: Dockerfile:4: RUN exit 7: The command '\/bin\/sh -c exit 7' returned a non-zero code: 7\n/);
  assert.match(stderr, /h1: 3\/4 RUN cd .* \([\d.]+ s\)\n {2}h1: 4\/4 RUN exit 7 FAILED/);
  assert.equal((await host.docker.listImages({ filters: { reference: ['clocker-test/never'] } })).length, 0);

  await writeFile(join(folder, 'Dockerfile'), listing.replace('exit 7', 'cd /c && test "$(find . -type f -o -type l | sort | tr "\\n" " ")" = "./.dockerignore ./Dockerfile ./Dockerfile.dockerignore ./keep.log ./link ./run.sh ./sub/b.log " && test -x run.sh && test "$(readlink link)" = /etc/shadow'));
  const good = await build(folder, '--tag', 'clocker-test/good:1');
  assert.equal(good.exitCode, 0, good.stderr);
  assert.match(good.stdout, /^h1: sha256:[0-9a-f]{64} clocker-test\/good:1\n$/);
  const again = await build(folder, '--tag', 'clocker-test/good:1');
  assert.match(again.stderr, /h1: 2\/4 COPY \. \/c CACHED/);
  await host.docker.getImage('clocker-test/good:1').remove();
});

test('what cannot be built is one sentence', async (t) => {
  const folder = await folderOf(t, { Dockerfile: `FROM ${base}\nFOO bar\n`, 'empty/x': '', 'missing/Dockerfile': `FROM ${base}\nCOPY nowhere /\n`, 'bad/Dockerfile': `FROM ${base}\n`, 'bad/.dockerignore': '!\n' });
  assert.match((await build(folder)).stderr, /^clocker: build on h1: Dockerfile:2: dockerfile parse error line 2: unknown instruction: FOO\n$/i);
  assert.match((await build(join(folder, 'empty'))).stderr, /^clocker: there is no Dockerfile .*\/empty\/Dockerfile\n$/);
  assert.match((await build(join(folder, 'nothing'))).stderr, /^clocker: there is no file or folder .*nothing\n$/);
  assert.match((await build(join(folder, 'missing'))).stderr, /clocker: build on h1: Dockerfile:2: COPY nowhere \/: .*nowhere.*\n$/);
  assert.match((await build(join(folder, 'bad'))).stderr, /clocker: build on h1: line 1 of the ignore file: an exception needs a pattern after the !\n$/);
  assert.match((await build(folder, '--tag', 'Not A Name')).stderr, /clocker: --tag Not A Name: /);
});

test('the same files give the same bytes', async (t) => {
  const files = { Dockerfile: 'FROM scratch\n', 'b/c': 'x', a: 'y', 'b-a': 'z', l: '-> a' };
  const digest = async (folder: string): Promise<string> => createHash('sha256').update(await buffer(await packed(await contextOf(folder)))).digest('hex');
  const [one, two] = [await folderOf(t, files), await folderOf(t, Object.fromEntries(Object.entries(files).toReversed()))];
  await utimes(join(two, 'a'), 1, 1);
  assert.equal(await digest(one), await digest(two));
  await writeFile(join(two, 'a'), 'other');
  assert.notEqual(await digest(one), await digest(two));
});
