// Building from Dockerfiles on a real engine: what is sent, what is left out, what is said of failures.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { createServer, request as ask } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer, text as textOf } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { test, type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { extract, pack } from 'tar-stream';
import { zip } from '../support/archives.ts';
import { archiveOf } from '../../client/build/archive.ts';
import { contextOf, packed } from '../../client/build/context.ts';
import { busyboxImage, nestedHosts, registry } from '../support/lab.ts';
import { eventually, hasImage } from '../support/lab/docker.ts';

const hosts = await nestedHosts(1);
const [host = assert.fail('no host')] = hosts;
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

async function clocker(args: readonly string[], env: Readonly<Record<string, string>> = {}, onStart?: (child: ChildProcess) => void): Promise<Ran> {
  const child = spawn(process.execPath, ['client/cli.ts', ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  onStart?.(child);
  const [stdout, stderr] = await Promise.all([textOf(child.stdout), textOf(child.stderr)]);
  return { stdout, stderr, exitCode: await ended };
}

function build(...args: readonly string[]): Promise<Ran> {
  return clocker(['build', ...args, '--host', `h1=${host.endpoint}`]);
}

/** The same engine as one that has no BuildKit: it knows no sessions. */
async function classicEngine(t: TestContext): Promise<string> {
  const socketPath = join(await mkdtemp(join(tmpdir(), 'clocker-')), 'classic.sock');
  const server = createServer((request, response) => {
    if (request.url === '/session') return void response.writeHead(404).end('{"message":"page not found"}');
    const on = ask({ socketPath: host.socketPath, path: request.url ?? '', method: request.method ?? 'GET', headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      response.flushHeaders();
      answer.pipe(response);
      response.on('close', () => on.destroy());
    });
    on.on('error', () => response.destroy());
    request.pipe(on);
  });
  await new Promise<void>((done) => void server.listen(socketPath, done));
  t.after(async () => {
    server.close();
    await rm(dirname(socketPath), { recursive: true });
  });
  return `unix://${socketPath}`;
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
  assert.match(stderr, /clocker: build on h1: Dockerfile:4: RUN exit 7: ended with exit code 7\n/);
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

test('a builder without sessions builds the same', async (t) => {
  const engine = await classicEngine(t);
  const onClassic = (...args: readonly string[]): Promise<Ran> => clocker(['build', ...args, '--host', `old=${engine}`]);
  const folder = await folderOf(t, { Dockerfile: `FROM ${base}\nARG V\nCOPY . /c\nRUN test "$V" = 5 && test ! -e /c/Dockerfile && echo so && exit 7\n`, '.dockerignore': 'Dockerfile' });
  const { stderr, exitCode } = await onClassic(folder, '--build-arg', 'V=5');
  assert.equal(exitCode, 1);
  assert.match(stderr, /^ {2}old: 1\/4 FROM .* \([\d.]+ s\)\n[^]* {2}old: 4\/4 RUN .* FAILED\n {4}so\nclocker: build on old: Dockerfile:4: RUN .*: ended with exit code 7\n$/);
  await writeFile(join(folder, 'Dockerfile'), `FROM ${base} AS one\nRUN true\nFROM ${base}\nRUN false\n`);
  assert.match((await onClassic(folder, '--target', 'one')).stderr, /2\/\d RUN true \([\d.]+ s\)\n {2}old: built in [\d.]+ s\n$/);
  assert.match((await onClassic(folder, '--target', 'one')).stderr, /2\/\d RUN true CACHED\n/);
});

test('BuildKit: mounts, arguments, stages, nothing from the cache; only what changed is sent; what is left out stays out', async (t) => {
  const folder = await folderOf(t, {
    'docker/app.Dockerfile': `FROM ${base} AS tool\nARG V=1\nRUN --mount=type=cache,target=/cache echo "V=$V" >> /cache/v && cat /cache/v\nFROM tool\nCOPY . /c\nRUN --mount=type=bind,target=/seen test -f /seen/a && test ! -e /c/docker && test ! -e /c/.dockerignore && test "$(cat /c/deep/b)" = ${'b'.repeat(9)}\n`,
    '.dockerignore': 'docker\n.dockerignore', a: 'a', 'deep/b': 'b'.repeat(9),
  });
  const options = ['--file', 'docker/app.Dockerfile', '--build-arg', 'V=2'];
  const first = await build(folder, ...options);
  assert.equal(first.exitCode, 0, first.stderr);
  assert.match(first.stderr, /h1: tool 2\/2 RUN --mount=type=cache,target=\/cache .* \([\d.]+ s\)\n[^]*h1: stage-1 2\/2 RUN .*\n {2}h1: built in/);
  assert.match((await build(folder, ...options)).stderr, /h1: stage-1 1\/2 COPY \. \/c CACHED\n/);
  const fresh = await build(folder, ...options, '--target', 'tool', '--no-cache');
  assert.match(fresh.stderr, /h1: (?:tool )?2\/2 RUN .* \([\d.]+ s\)\n {2}h1: built/);
  await writeFile(join(folder, 'deep/b'), 'c'.repeat(9));
  assert.match((await build(folder, ...options)).stderr, /clocker: build on h1: docker\/app\.Dockerfile:6: RUN --mount=type=bind.*: ended with exit code 1\n$/);
});

test('BuildKit: what is cancelled ends on the engine too, and has no name', async (t) => {
  const folder = await folderOf(t, { Dockerfile: `FROM ${base}\nRUN sleep 4321 && true\n` });
  const running = async (): Promise<boolean> => (await host.exec(['sh', '-c', 'cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" " "'])).includes('sleep 4321 ');
  const { stderr, exitCode } = await clocker(['build', folder, '--tag', 'clocker-test/cancelled:1', '--host', `h1=${host.endpoint}`], {}, (child) => {
    void eventually(async () => assert.ok(await running()), 20_000).then(() => child.kill('SIGINT'), () => child.kill());
  });
  assert.equal(exitCode, 1);
  assert.match(stderr, /clocker: cancelling: .*\nclocker: build on h1: cancelled\n$/);
  await eventually(async () => assert.ok(!(await running())), 20_000);
  assert.equal((await host.docker.listImages({ filters: { reference: ['clocker-test/cancelled'] } })).length, 0);
});

test('BuildKit: what a Dockerfile begins with is pulled with the log-in of this machine', async (t) => {
  const lab = await registry({ htpasswd: { username: 'me', password: 'secret' }, tls: true });
  await lab.trustOn(host);
  await lab.push(base, 'team/base:1');
  await lab.push(base, 'team/base:2');
  const image = `${lab.addressFromHosts}/team/base`;
  const folder = await folderOf(t, { Dockerfile: `FROM ${image}:1\nRUN true\n`, 'none/config.json': '{}', 'me/config.json': JSON.stringify({ auths: { [lab.addressFromHosts]: { auth: Buffer.from('me:secret').toString('base64') } } }) });
  const as = (who: string): Promise<Ran> => clocker(['build', folder, '--host', `h1=${host.endpoint}`], { DOCKER_CONFIG: join(folder, who) });
  // BuildKit does not know yet that the host trusts this registry; the engine itself does.
  assert.match((await as('none')).stderr, /^clocker: build on h1: Dockerfile:1: the registry wants a login for image .*team\/base:1; log in there/);
  assert.equal((await as('me')).exitCode, 0);
  // From its next start on it asks for the log-in itself.
  await host.killEngine();
  await writeFile(join(folder, 'Dockerfile'), `FROM ${image}:2\nRUN true\n`);
  const { exitCode, stderr } = await as('me');
  assert.equal(exitCode, 0, stderr);
  assert.ok(!(await hasImage(host.docker, `${image}:2`)), 'the engine itself has pulled nothing');
});

test('an archive is built as the folder is, and is the same for the same files', async (t) => {
  const folder = await folderOf(t, { 'shop/Dockerfile': `FROM ${base}\nCOPY . /c\nRUN test -x /c/run.sh && test ! -e /c/.git && test ! -e /c/shop.tgz && test ! -e /c/x.log\n`, 'shop/run.sh': 'x! true', 'shop/.git/HEAD': 'x', 'shop/x.log': '', 'shop/.dockerignore': '*.log', 'out/x': '' });
  const archive = join(folder, 'shop/shop.tgz');
  const pack = (): Promise<Ran> => clocker(['package', join(folder, 'shop'), '--output', archive]);
  const first = await pack();
  assert.match(first.stdout, /shop\.tgz \(0\.0 MB, contents sha256:[0-9a-f]{64}\)\n$/);
  await utimes(join(folder, 'shop/run.sh'), 1, 1);
  assert.equal((await pack()).stdout, first.stdout);
  const built = await build(archive, '--tag', 'clocker-test/archive:1');
  assert.equal(built.exitCode, 0, built.stderr);
  await host.docker.getImage('clocker-test/archive:1').remove();
});

test('what an archive of others holds and its .dockerignore leaves out is not sent', async (t) => {
  const folder = await folderOf(t, {});
  const archive = pack();
  for (const [name, text] of Object.entries({ 'a.log': 'x', './Dockerfile': 'FROM scratch\n', 'b/c': 'y', 'b/d.log': 'z', '.dockerignore': '**/*.log\n' })) archive.entry({ name, mode: 0o755 }, text);
  archive.finalize();
  await writeFile(join(folder, 'x.tgz'), gzipSync(await buffer(archive)));
  const entries = extract();
  const found: string[] = [];
  entries.on('entry', ({ name }, content, next) => void buffer(content).then((bytes) => {
    found.push(`${name} ${bytes.toString()}`);
    next();
  }, next));
  const read = await archiveOf(join(folder, 'x.tgz'));
  await pipeline((await read?.packed()) ?? [], entries);
  assert.deepEqual(found, ['./Dockerfile FROM scratch\n', 'b/c y', '.dockerignore **/*.log\n']);
});

/** `entries` are names, `link -> target` hard links. */
function checkArchive(name: string, entries: readonly string[], answer: RegExp): void {
  test(`an archive: ${name}`, async (t) => {
    const folder = await folderOf(t, {});
    const archive = pack();
    for (const entry of entries) {
      const [path = '', linkname] = entry.split(' -> ');
      if (linkname === undefined) archive.entry({ name: path }, 'FROM scratch\n');
      else archive.entry({ name: path, type: 'link', linkname });
    }
    archive.finalize();
    await writeFile(join(folder, 'x.tgz'), gzipSync(await buffer(archive)));
    await assert.rejects(archiveOf(join(folder, 'x.tgz')), answer);
  });
}

checkArchive('that leads out of itself', ['Dockerfile', 'a/../../etc/passwd'], /x\.tgz has an entry "a\/\.\.\/\.\.\/etc\/passwd", which leads out of it$/);
checkArchive('with an absolute path', ['/etc/passwd', 'Dockerfile'], /x\.tgz has an entry "\/etc\/passwd", which leads out of it$/);
checkArchive('with a link out of itself', ['Dockerfile', 'a -> ../b'], /x\.tgz has a link "a" to "\.\.\/b", which leads out of it$/);
checkArchive('without a Dockerfile', ['sub/Dockerfile'], /x\.tgz has no file Dockerfile at its root$/);

test('a zip is built as the folder is, modes and links kept, without what is left out', async (t) => {
  const dockerfile = `FROM ${base}\nCOPY . /c\nRUN test -x /c/a/run.sh && test "$(readlink /c/here)" = a/run.sh && test ! -e /c/x.log && test -d /c/empty\n`;
  const folder = await folderOf(t, {});
  const files = { Dockerfile: dockerfile, '.dockerignore': '*.log\n', 'a/run.sh': 'x! true', here: '-> a/run.sh', 'x.log': 'x', 'empty/': '' };
  await writeFile(join(folder, 'shop.zip'), zip(files));
  const built = await build(join(folder, 'shop.zip'), '--tag', 'clocker-test/zip:1');
  assert.equal(built.exitCode, 0, built.stderr);
  await host.docker.getImage('clocker-test/zip:1').remove();
  const sentences: readonly (readonly [Buffer, RegExp])[] = [
    [zip({ Dockerfile: dockerfile, '../evil': 'x' }), /x\.zip has an entry \.\.\/evil that leads out of it$/],
    [zip({ Dockerfile: dockerfile, '/etc/evil': 'x' }), /x\.zip has an entry \/etc\/evil that leads out of it$/],
    [zip({ 'sub/Dockerfile': dockerfile }), /x\.zip has no file Dockerfile at its root$/],
    [zip(files).subarray(0, 200), /x\.zip is no whole archive \(/],
  ];
  for (const [bytes, answer] of sentences) {
    await writeFile(join(folder, 'x.zip'), bytes);
    await assert.rejects(archiveOf(join(folder, 'x.zip')), answer);
  }
});

test('an archive that is cut short is told', async (t) => {
  const folder = await folderOf(t, {});
  await writeFile(join(folder, 'x.tgz'), gzipSync(randomBytes(50_000)).subarray(0, 20_000));
  await assert.rejects(archiveOf(join(folder, 'x.tgz')), /x\.tgz is no whole archive \(/);
});

test('what cannot be built is one sentence', async (t) => {
  const folder = await folderOf(t, { Dockerfile: `FROM ${base}\nFOO bar\n`, 'far/Dockerfile': 'FROM 127.0.0.1:1/x:1\n', 'empty/x': '', 'missing/Dockerfile': `FROM ${base}\nCOPY nowhere /\n`, 'bad/Dockerfile': `FROM ${base}\n`, 'bad/.dockerignore': '!\n' });
  assert.match((await build(folder)).stderr, /^clocker: build on h1: Dockerfile:2: dockerfile parse error line 2: unknown instruction: FOO\n$/i);
  assert.match((await build(join(folder, 'far'))).stderr, /clocker: build on h1: Dockerfile:1: .*image 127\.0\.0\.1:1\/x:1 is not on the host, and its registry cannot be reached from there \(.*\)\n$/);
  assert.match((await build(join(folder, 'empty'))).stderr, /^clocker: there is no Dockerfile .*\/empty\/Dockerfile\n$/);
  assert.match((await build(join(folder, 'nothing'))).stderr, /^clocker: there is no file or folder .*nothing\n$/);
  assert.match((await build(join(folder, 'missing'))).stderr, /clocker: build on h1: Dockerfile:2: COPY nowhere \/: .*nowhere.*\n$/);
  assert.match((await build(join(folder, 'bad'))).stderr, /^clocker: line 1 of the ignore file: an exception needs a pattern after the !\n$/);
  assert.match((await build(folder, '--tag', 'Not A Name')).stderr, /clocker: --tag Not A Name: /);
});

test('the tar holds every name, link and content, however long', async (t) => {
  const [long, far] = ['d'.repeat(90), 'ü'.repeat(60)];
  const large = 'x'.repeat(2_500_001);
  const folder = await folderOf(t, { Dockerfile: 'FROM scratch\n', [`${long}/${far}`]: 'deep', link: `-> ${'t'.repeat(120)}`, run: 'x! yes', large, empty: '', '.dockerignore': 'nothing\n' });
  const entries = extract();
  const found: string[] = [];
  entries.on('entry', ({ name, type, mode, linkname }, content, next) => {
    void buffer(content).then((bytes) => {
      found.push(`${name} ${type} ${(mode & 0o777).toString(8)} ${linkname ?? (bytes.length > 10 ? bytes.length : bytes.toString())}`);
      next();
    }, next);
  });
  await pipeline(await packed(await contextOf(folder)), entries);
  assert.deepEqual(found, [
    '.dockerignore file 644 nothing\n', 'Dockerfile file 644 13', `${long}/ directory 755 `, `${long}/${far} file 644 deep`, 'empty file 644 ', 'large file 644 2500001', `link symlink 777 ${'t'.repeat(120)}`, 'run file 755 yes',
  ]);
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
