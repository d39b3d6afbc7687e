// Docker contexts as its command line stores them.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { dockerFolder, readContexts } from '../../client/docker/contexts.ts';

test('contexts in the order of their names, with the files of their certificates; what makes no sense is left out', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'clocker-contexts-'));
  t.after(() => rm(folder, { recursive: true }));
  const id = (name: string): string => createHash('sha256').update(name).digest('hex');
  const write = async (name: string, text: string): Promise<void> => {
    await mkdir(join(folder, 'contexts/meta', id(name)), { recursive: true });
    await writeFile(join(folder, 'contexts/meta', id(name), 'meta.json'), text);
  };
  const meta = (name: string, docker: object): string => JSON.stringify({ Name: name, Metadata: { Description: 'D' }, Endpoints: { docker } });
  await write('rack', meta('rack', { Host: 'tcp://rack:2376', SkipTLSVerify: true }));
  await write('box', meta('box', { Host: 'ssh://me@box' }));
  await write('k8s', JSON.stringify({ Name: 'k8s', Endpoints: { kubernetes: { Host: 'https://k' } } }));
  await write('broken', '{');
  await mkdir(join(folder, 'contexts/meta/empty'));
  const tls = join(folder, 'contexts/tls', id('rack'), 'docker');
  await mkdir(tls, { recursive: true });
  for (const part of ['ca', 'cert', 'key']) await writeFile(join(tls, `${part}.pem`), '');
  assert.deepEqual(await readContexts(folder), [
    { name: 'box', description: 'D', host: { name: 'box', endpoint: 'ssh://me@box' }, skipsVerification: false },
    { name: 'rack', description: 'D', host: { name: 'rack', endpoint: 'tcp://rack:2376', tls: { ca: join(tls, 'ca.pem'), cert: join(tls, 'cert.pem'), key: join(tls, 'key.pem') } }, skipsVerification: true },
  ]);
  assert.deepEqual(await readContexts(join(folder, 'nowhere')), []);
});

test('where they are', () => {
  assert.equal(dockerFolder({ DOCKER_CONFIG: '/elsewhere' }), '/elsewhere');
  assert.equal(dockerFolder({ DOCKER_CONFIG: '' }), join(homedir(), '.docker'));
});
