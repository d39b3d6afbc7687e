// Where the files of entities come from: paths beside the blueprint, folders, the web, the blueprint itself.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { extract } from 'tar-stream';
import { readSource } from '../../client/sources.ts';

const folder = await mkdtemp(join(tmpdir(), 'clocker-'));
test.after(() => rm(folder, { recursive: true }));
await mkdir(join(folder, 'app/views'), { recursive: true });
await mkdir(join(folder, 'app/.git'));
await writeFile(join(folder, 'app/server.js'), 'serve()');
await writeFile(join(folder, 'app/views/index.ejs'), '<p>ü</p>');
await writeFile(join(folder, 'app/.git/HEAD'), 'ref');

async function unpacked(base64: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  const archive = extract();
  archive.end(Buffer.from(base64, 'base64'));
  for await (const entry of archive) files[entry.header.name] = await text(entry);
  return files;
}

test('a path is one beside the blueprint, or a whole one', async () => {
  assert.equal((await readSource('app/server.js', folder)).text, 'serve()');
  assert.equal((await readSource(join(folder, 'app/server.js'), '/')).text, 'serve()');
  assert.equal((await readSource(pathToFileURL(join(folder, 'app/server.js')).href)).text, 'serve()');
});

test('a folder is a .tar of what is in it, the same bytes for the same files', async () => {
  const { base64 } = await readSource('app', folder);
  assert.deepEqual(await unpacked(base64), { 'server.js': 'serve()', 'views/index.ejs': '<p>ü</p>' });
  await utimes(join(folder, 'app/server.js'), 1, 1);
  assert.equal((await readSource('app', folder)).base64, base64);
});

test('the web and the blueprint itself', async (t) => {
  const server = createServer((request, response) => response.writeHead(request.url === '/there' ? 200 : 404).end('from afar'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const base = `http://127.0.0.1:${address.port}`;
  assert.equal((await readSource(`${base}/there`)).text, 'from afar');
  await assert.rejects(readSource(`${base}/gone`), { message: 'the server answers 404 Not Found' });
  assert.equal((await readSource('data:,a%20b')).text, 'a b');
});

test('what is not there, and what is not read', async () => {
  await assert.rejects(readSource('nothing.war', folder), { message: `there is no file ${join(folder, 'nothing.war')}` });
  await assert.rejects(readSource('classpath://hello.war'), /addresses with classpath: are not read here/);
});
