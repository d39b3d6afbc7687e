// One run shares its lab between processes, and what a run made is gone after it, also when it was killed.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { engine, nestedHosts } from '../support/lab.ts';
import { dockerAt, eventually } from '../support/lab/docker.ts';
import { runLabel } from '../support/lab/run.ts';

const lab = new URL('../support/lab.ts', import.meta.url).href;

test('a second process of the run gets a host that nobody uses, and gives it back', async () => {
  const [mine] = await nestedHosts(1);
  const script = `const { nestedHosts } = await import('${lab}'); console.log((await nestedHosts(1))[0].name);`;
  const owner = { CLOCKER_LAB_OWNER: process.env['CLOCKER_LAB_OWNER'] ?? String(process.ppid) };
  const first = await node(script, owner);
  assert.match(first.said, /^host-\d+$/);
  assert.notEqual(first.said, mine?.name);
  assert.equal((await node(script, owner)).said, first.said);
});

test('what a killed run leaves behind is removed', async () => {
  const docker = dockerAt(await engine());
  const script = `const { nestedHosts, registry } = await import('${lab}'); const { runName } = await import('${new URL('lab/run.ts', lab).href}');
    await Promise.all([nestedHosts(1), registry()]); console.log(runName); process.kill(process.pid, 'SIGKILL');`;
  const { said: run, signal } = await node(script, { CLOCKER_LAB_OWNER: '', NODE_TEST_CONTEXT: undefined });
  assert.equal(signal, 'SIGKILL');
  assert.match(run, /^\d+-\d+$/);
  const filters = { label: [`${runLabel}=${run}`] };
  await eventually(async () => {
    assert.deepEqual((await docker.listContainers({ all: true, filters })).map((it) => it.Names), []);
    assert.deepEqual(await docker.listNetworks({ filters }), []);
  }, 15_000);
});

function node(script: string, env: NodeJS.ProcessEnv): Promise<{ readonly said: string; readonly signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (bytes: Buffer) => { said += bytes.toString(); });
    child.on('error', reject);
    child.on('close', (_code, signal) => resolve({ said: said.trim(), signal }));
  });
}
