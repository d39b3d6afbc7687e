// What images are built from, wherever it lies: folders, files, archives, the web, git. And what of it is refused.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { extract } from 'tar-stream';
import type { DockerfileSource } from '#core/image/imageBuild.ts';
import { usualUnpacking } from '../../client/build/unpack.ts';
import { usualDownload } from '../../client/build/download.ts';
import { EntitySources } from '../../client/build/entitySources.ts';
import { tar, tgz, zip, type Entries } from '../support/archives.ts';

const run = promisify(execFile);

/** Files by their paths; `-> there` is a link, bytes are written as they are. */
async function folderOf(t: TestContext, files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'clocker-'));
  t.after(() => rm(folder, { recursive: true }));
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    if (typeof content === 'string' && content.startsWith('-> ')) await symlink(content.slice(3), file);
    else await writeFile(file, content);
    if (path.endsWith('.sh')) await chmod(file, 0o755);
  }
  return folder;
}

interface Answer {
  readonly status?: number;
  readonly location?: string;
  readonly body?: string | Buffer;
  readonly wants?: string;
}

async function serverOf(t: TestContext, answers: Readonly<Record<string, Answer>>): Promise<string> {
  const server = createServer(({ url = '', headers }, response) => {
    const { status = 200, location, body = '', wants } = answers[url] ?? { status: 404 };
    response.writeHead(wants !== undefined && headers.authorization !== wants ? 401 : status, location === undefined ? {} : { location });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const address = server.address();
  return typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
}

/** What a build would see: paths with their contents, `x!` for what may be executed, `->` for links. */
async function check(t: TestContext, source: DockerfileSource, folder: string, expected: Entries): Promise<void> {
  const sources = new EntitySources();
  t.after(() => sources.close());
  const material = await sources.read(source, folder);
  const seen: Record<string, string> = {};
  const reading = extract();
  (await material.open(material.text)).pipe(reading);
  for await (const entry of reading) {
    const { name, type, mode, linkname } = entry.header;
    const content = (await buffer(entry)).toString();
    if (type !== 'directory') seen[name] = type === 'symlink' ? `-> ${linkname ?? ''}` : `${(mode & 0o111) === 0 ? '' : 'x! '}${content}`;
  }
  assert.deepEqual(seen, expected);
}

async function refused(t: TestContext, source: string | DockerfileSource, folder: string, message: RegExp): Promise<void> {
  const limits = { download: { ...usualDownload, mostBytes: 100_000, mostRedirections: 2, silentMs: 3000 }, unpacking: { ...usualUnpacking, mostBytes: 30e6, mostEntries: 50 } };
  const sources = new EntitySources(limits);
  t.after(() => sources.close());
  await assert.rejects(sources.read(typeof source === 'string' ? { dockerfile: source } : source, folder), (error: Error) => {
    assert.match(error.message, message);
    assert.doesNotMatch(error.message, /\n|hunter2/);
    return true;
  });
}

const from = 'FROM scratch\n';
const web: Entries = { Dockerfile: from, 'run.sh': 'true', 'sub/a': 'x', l: '-> sub/a' };
const seenWeb: Entries = { Dockerfile: from, 'run.sh': 'x! true', 'sub/a': 'x', l: '-> sub/a' };

test('folders, files and archives of this machine', async (t) => {
  const folder = await folderOf(t, {
    ...Object.fromEntries(Object.entries(web).map(([path, content]) => [`web/${path}`, content])), 'web/dev.Dockerfile': 'FROM dev\n', 'other/Dockerfile': 'FROM other\n', 'start.sh': '#!/bin/sh\n',
    'a.tgz': await tgz(web), 'a.tar': await tar(web), 'a.zip': zip(web), 'named-oddly': await tgz({ 'top/': '', ...Object.fromEntries(Object.entries(web).map(([path, content]) => [`top/${path}`, content])) }), 'files.tgz': await tgz({ data: '1', '.dockerignore': 'left', left: '' }),
  });
  const dev = { ...seenWeb, 'dev.Dockerfile': 'FROM dev\n' };
  await check(t, { dockerfile: 'web' }, folder, dev);
  await check(t, { dockerfile: `file://${folder}/web/` }, '/', dev);
  await check(t, { dockerfile: './web/dev.Dockerfile' }, folder, dev);
  for (const archive of ['a.tgz', 'a.tar', 'a.zip', 'named-oddly']) await check(t, { dockerfile: archive }, folder, seenWeb);
  await check(t, { dockerfile: 'other/Dockerfile', context: 'a.zip', entrypoint: 'start.sh' }, folder, { ...seenWeb, Dockerfile: 'FROM other\n', 'entrypoint.sh': 'x! #!/bin/sh\n' });
  await check(t, { dockerfile: 'web', context: 'files.tgz' }, folder, { '.dockerignore': 'left', Dockerfile: from, data: '1' });
});

test('the web: Dockerfiles alone and archives, with redirections, passwords and checksums', async (t) => {
  const archive = await tgz(web);
  const sum = createHash('sha256').update(archive).digest('hex');
  const server = await serverOf(t, { '/Dockerfile': { body: from }, '/web.tgz': { body: archive }, '/old': { status: 302, location: '/web.tgz' }, '/mine': { body: from, wants: `Basic ${Buffer.from('ann:hunter2').toString('base64')}` } });
  await check(t, { dockerfile: `${server}/Dockerfile` }, '.', { Dockerfile: from });
  await check(t, { dockerfile: 'data:,FROM%20scratch%0A' }, '.', { Dockerfile: from });
  await check(t, { dockerfile: `${server}/web.tgz#sha256:${sum}` }, '.', seenWeb);
  await check(t, { dockerfile: `${server}/old` }, '.', seenWeb);
  await check(t, { dockerfile: server.replace('//', '//ann:hunter2@') + '/mine' }, '.', { Dockerfile: from });
  await check(t, { dockerfile: `${server}/Dockerfile`, context: `${server}/web.tgz`, entrypoint: `${server}/Dockerfile` }, '.', { ...seenWeb, 'entrypoint.sh': `x! ${from}` });
});

test('git repositories, at a branch, a tag or a commit, and a folder of them', async (t) => {
  const work = await folderOf(t, { Dockerfile: from, 'sub/Dockerfile': 'FROM sub\n', 'sub/out': '-> ../../../etc', out: '-> /etc' });
  const git = async (...args: readonly string[]): Promise<string> => (await run('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], { cwd: work })).stdout.trim();
  await git('init', '-q', '-b', 'main');
  await git('add', '.');
  await git('commit', '-qm', 'first');
  const first = await git('rev-parse', 'HEAD');
  await git('tag', '-am', 'one', 'v1');
  await writeFile(join(work, 'Dockerfile'), 'FROM second\n');
  await git('commit', '-qam', 'second');
  const bare = join(await folderOf(t, {}), 'shop.git');
  await run('git', ['clone', '-q', '--bare', work, bare]);
  const rest = { 'sub/Dockerfile': 'FROM sub\n', 'sub/out': '-> ../../../etc', out: '-> /etc' };
  await check(t, { dockerfile: `file://${bare}` }, '.', { Dockerfile: 'FROM second\n', ...rest });
  await check(t, { dockerfile: `file://${bare}#v1` }, '.', { Dockerfile: from, ...rest });
  await check(t, { dockerfile: `file://${bare}#${first}` }, '.', { Dockerfile: from, ...rest });
  await check(t, { dockerfile: `file://${bare}#main:sub` }, '.', { Dockerfile: 'FROM sub\n', out: '-> ../../../etc' });
  await refused(t, `file://${bare}#nowhere`, '.', /^git cannot fetch it \(.*nowhere\)$/);
  await refused(t, `file://${bare}#main:other`, '.', /^there is no folder other in it at main$/);
  await refused(t, `file://${bare}#main:out`, '.', /^the folder out is a link that leads out of the repository$/);
  await refused(t, `file://${bare}#main:../..`, '.', /^the folder \.\.\/\.\. leads out of the repository$/);
  await refused(t, `file://${bare}#--upload-pack=evil`, '.', /is no branch, tag or commit$/);
  await refused(t, 'https://ann:hunter2@127.0.0.1:1/shop.git', '.', /^git cannot fetch it \(.*\)$/);
});

test('what cannot be built from is one sentence', async (t) => {
  const pieces = Buffer.alloc(20e6);
  const folder = await folderOf(t, {
    'empty/x': '', nothing: '', 'binary': Buffer.from([1, 0, 2]), 'no.tgz': 'text', 'linked/Dockerfile': '-> /etc/hostname', 'a.xz': Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]), 'cut.tgz': (await tgz(web)).subarray(0, 60), 'page.html': '<!DOCTYPE html><html>',
    'up.tgz': await tgz({ ...web, '../evil': 'x' }), 'up.zip': zip({ ...web, '../evil': 'x' }), 'root.tar': await tar({ ...web, '/etc/evil': 'x' }), 'deep.tar': await tar({ ...web, 'a/../../evil': '' }),
    'link.tgz': await tgz({ ...web, evil: '-> ../../etc' }), 'link.zip': zip({ ...web, evil: '-> /etc/passwd' }), 'hard.tar': await tar(web, [{ name: 'evil', type: 'link', linkname: '../../etc/passwd' }]), 'through.tar': await tar({ ...web, d: '-> sub', 'd/x': 'y' }), 'pipe.tar': await tar(web, [{ name: 'p', type: 'fifo' }]),
    'bomb.tgz': await tgz({ Dockerfile: from, zeros: pieces.toString('latin1') }), 'large.tar': await tar({ Dockerfile: from, a: pieces.toString('latin1'), b: pieces.toString('latin1') }), 'many.zip': zip(Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`f${index}`, '']))),
    'without.tgz': await tgz({ 'README.md': '' }), 'without/README': '', 'web/Dockerfile': from,
  });
  const server = await serverOf(t, { '/big': { body: Buffer.alloc(200_000, 'x') }, '/page': { body: '<html></html>' }, '/round': { status: 302, location: '/round' }, '/odd': { status: 302, location: 'file:///etc/passwd' }, '/Dockerfile': { body: from } });
  const sentences: readonly (readonly [string | DockerfileSource, RegExp])[] = [
    ['nowhere', /^there is no file or folder .*nowhere$/],
    ['empty', /^there is no Dockerfile in it$/],
    ['without', /^there is no Dockerfile in it$/],
    ['without.tgz', /^there is no Dockerfile in it$/],
    ['nothing', /^it is empty$/],
    ['binary', /^it is neither text nor an archive$/],
    ['no.tgz', /^it is named like an archive, and is none$/],
    ['a.xz', /^it is an archive of a kind that is not read here; take \.tgz, \.tar or \.zip$/],
    ['cut.tgz', /^the archive cannot be unpacked: unexpected end of file$/],
    ['page.html', /^it is a web page and no Dockerfile; give the address of the file itself/],
    ['linked', /Dockerfile is a link that leads out of its folder/],
    ['up.tgz', /^the archive has an entry \.\.\/evil that leads out of it$/],
    ['up.zip', /^the archive has an entry \.\.\/evil that leads out of it$/],
    ['root.tar', /^the archive has an entry \/etc\/evil that leads out of it$/],
    ['deep.tar', /^the archive has an entry a\/\.\.\/\.\.\/evil that leads out of it$/],
    ['link.tgz', /^the archive has a link evil that leads out of it, to \.\.\/\.\.\/etc$/],
    ['link.zip', /^the archive has a link evil that leads out of it, to \/etc\/passwd$/],
    ['hard.tar', /^the archive has a link evil that leads out of it, to \.\.\/\.\.\/etc\/passwd$/],
    ['through.tar', /^the archive has d as a link and as something else$/],
    ['pipe.tar', /^the archive has p, which is neither a file nor a folder nor a link$/],
    ['bomb.tgz', /^the archive unpacks to more than 200 times its size, as if it were made to fill a disk$/],
    ['large.tar', /^the archive unpacks to more than 28\.6 MiB$/],
    ['many.zip', /^the archive has more than 50 entries$/],
    [`web/Dockerfile#sha256:${'0'.repeat(64)}`, /^its checksum is sha256:[0-9a-f]{64}, not the one that was wanted$/],
    [`${server}/Dockerfile#sha256:${'0'.repeat(64)}`, /^its checksum is sha256:[0-9a-f]{64}, not the one that was wanted$/],
    [`${server}/Dockerfile#sha256:12`, /^a checksum is sha256: followed by 64 hex digits$/],
    [`${server}/Dockerfile#main:web`, /^after # stands a checksum, .* of a git repository the address ends with \.git$/],
    [`${server}/big`, /^it is larger than 97\.6 KiB$/],
    [`${server}/page`, /^it is a web page and no Dockerfile/],
    [`${server}/nowhere`, /^the server answers 404 Not Found$/],
    [`${server}/round`, /^the server sends from address to address, more than 2 times$/],
    [`${server}/odd`, /^the server sends on to file:\/\/\/etc\/passwd, which is not followed$/],
    ['http://ann:hunter2@127.0.0.1:1/x', /^http:\/\/127\.0\.0\.1:1\/x cannot be reached \(.*\)$/],
    ['classpath://clocker/Dockerfile', /^addresses with classpath: are not read here; write an address with https:, a path, or a git repository$/],
    [{ dockerfile: 'web', context: 'web/Dockerfile' }, /^web\/Dockerfile is neither a folder nor an archive, so nothing can be copied from it$/],
    [{ dockerfile: 'web', entrypoint: 'empty' }, /^empty is no script$/],
  ];
  for (const [source, message] of sentences) await refused(t, source, folder, message);
  assert.equal(existsSync(join(folder, 'evil')), false);
});

test('what changes while nobody looks is not sent, and nothing that was fetched stays', async (t) => {
  const folder = await folderOf(t, { Dockerfile: from, a: 'x', 'a.tgz': await tgz(web) });
  const before = new Set(await readdir(tmpdir()));
  const sources = new EntitySources();
  const first = await sources.read({ dockerfile: '.' }, folder);
  assert.equal(await sources.read({ dockerfile: '.' }, folder), first);
  const fetched = await sources.read({ dockerfile: 'a.tgz' }, folder);
  assert.equal(await sources.read({ dockerfile: 'a.tgz' }, folder), fetched);
  await writeFile(join(folder, 'a'), 'y');
  await assert.rejects(async () => buffer(await first.open(first.text)), { message: 'what it is built from has changed meanwhile; plan again' });
  const second = await sources.read({ dockerfile: '.' }, folder);
  assert.notEqual(second.digest, first.digest);
  await writeFile(join(folder, 'Dockerfile'), 'FROM other\n');
  const third = await sources.read({ dockerfile: '.' }, folder);
  assert.deepEqual([third.digest === second.digest, third.text], [true, 'FROM other\n']);
  sources.close();
  assert.deepEqual((await readdir(tmpdir())).filter((name) => name.startsWith('clocker-build-') && !before.has(name)), []);
});
