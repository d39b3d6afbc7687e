// The first command of the README, as a person runs it: it serves a VS Code, deploys a blueprint, prints what runs where, and
// leaves no process behind when it is stopped.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { engine } from '../support/lab.ts';
import { eventually } from '../support/lab/docker.ts';

const root = join(import.meta.dirname, '../..');

test('npm start serves VS Code, deploys, and ends with Ctrl-C', { timeout: 600_000 }, async () => {
  const DOCKER_HOST = `unix://${await engine()}`;
  const folder = mkdtempSync(join(tmpdir(), 'clocker-start-'));
  const blueprint = join(folder, 'greeting.blueprint.yaml');
  const port = await freePort();
  writeFileSync(blueprint, `name: greeting\nservices:\n- type: docker:clocker/hello:1\n  id: web\n  env: { GREETING: Good day }\n  portBindings: { ${port}: 80 }\n`);
  const child = spawn(process.execPath, ['scripts/start.mjs', '--no-open', '--deploy', blueprint], { cwd: root, env: { ...process.env, DOCKER_HOST }, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => { printed += String(bytes); });
  try {
    await eventually(async () => { assert.match(printed, /greeting +web +localhost +running +clocker\/hello:1 +\d+->80\/tcp[\s\S]*Press Ctrl-C to stop/); }, 400_000);
    const address = /http:\/\/127\.0\.0\.1:\d+\/\?folder=\S+/.exec(printed)?.[0];
    assert.ok(address, printed);
    assert.equal((await fetch(address)).status, 200);
    assert.match(await (await fetch(`http://127.0.0.1:${port}/cgi-bin/page`)).text(), /Good day/);
    child.kill('SIGINT');
    const [code] = (await once(child, 'exit')) as [number | null];
    assert.equal(code, 0, printed);
    await assert.rejects(fetch(address), 'the workbench is served no more');
  } finally {
    child.kill('SIGKILL');
    await promisify(execFile)(process.execPath, [join(root, 'dist/cli.cjs'), 'delete', 'greeting', '--yes'], { env: { ...process.env, DOCKER_HOST } });
    rmSync(folder, { recursive: true });
  }
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
