// What goes over the wire to an engine: a real one, with somebody in between who writes down the first line of every request.

import assert from 'node:assert/strict';
import { connect, createServer } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { busyboxImage, engine } from '../support/lab.ts';
import { application, cloudOf, deleted, deployed } from './support.ts';

test('neither values of the environment nor blueprints are in the addresses of requests', async (t) => {
  const socketPath = await engine();
  const folder = await mkdtemp(join(tmpdir(), 'clocker-wire-'));
  const requests: string[] = [];
  const server = createServer((client) => {
    const way = connect(socketPath);
    client.on('data', (bytes) => requests.push(...(bytes.toString('latin1').match(/^(?:GET|POST|DELETE|HEAD|PUT) \S+/gm) ?? [])));
    client.pipe(way).pipe(client);
    for (const end of [client, way]) end.on('error', () => {}).on('close', () => [client, way].forEach((one) => one.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(join(folder, 'engine.sock'), resolve));
  t.after(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });
  const cloud = await cloudOf(t, { name: 'rack', endpoint: `unix://${join(folder, 'engine.sock')}` });
  const id = `wire-${process.pid}`;
  await deployed(cloud, application(id, await busyboxImage(), { front: { env: { GREETING: 'hello-from-the-environment' } } }, `name: ${id}\n# ${'said-in-the-blueprint '.repeat(40)}\n`));
  await deleted(cloud, id);
  const made = requests.filter((request) => request.includes('/create'));
  const brief = made.map((request) => request.replace(id, 'ID').replace(/^POST \/(?:v[\d.]+\/)?/, ''));
  assert.deepEqual(brief.toSorted(), ['containers/create?name=ID-front', 'containers/create?name=clocker-lock-ID', 'containers/create?name=clocker-lock-ID', 'networks/create?', 'volumes/create?'].toSorted());
  assert.deepEqual(requests.filter((request) => /hello-from|said-in/.test(request)), []);
});
