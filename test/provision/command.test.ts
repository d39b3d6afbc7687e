// Hosts that a program makes: what it is asked, what it may answer, and what is said of one that goes wrong.

import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { HostRequest } from '#core/cloud/cloud.ts';
import { connectDocker } from '../../client/docker/dockerHost.ts';
import { CommandProvisioner } from '../../client/provision/command.ts';
import { engine, machineImage } from '../support/lab.ts';
import { nestedFlags } from '../support/lab/hosts.ts';
import { labCloud, runLabel, runName } from '../support/lab/run.ts';

const endpoint = `unix://${await engine()}`;
const folder = await mkdtemp(join(tmpdir(), 'clocker-program-'));
after(() => rm(folder, { recursive: true }));
const log = join(folder, 'log');
const request: HostRequest = { cloud: 'far', name: 'far-1', minCores: 2, minMemoryBytes: 1024, labels: ['disk=ssd'], regions: ['north', 'south'], zones: [] };

/** A provisioner whose program does this; what it is asked goes into the log, line by line. */
async function made(script: string): Promise<CommandProvisioner> {
  const program = join(folder, 'program');
  await writeFile(program, `#!/bin/sh\nread asked; echo "$asked" >> ${log}\n${script}\n`);
  await chmod(program, 0o755);
  await writeFile(log, '');
  return new CommandProvisioner({ name: 'far', hosts: [], placement: { strategies: [], affinityRules: [] } }, { kind: 'command', command: [program] }, (host) => connectDocker(host));
}

async function asked(): Promise<readonly unknown[]> {
  return (await readFile(log, 'utf8')).trimEnd().split('\n').map((line): unknown => JSON.parse(line));
}

async function refused(script: string, sentence: RegExp): Promise<void> {
  const provisioner = await made(script);
  await assert.rejects(provisioner.provision(request, () => undefined, new AbortController().signal), (error: Error) => {
    assert.match(error.message, sentence);
    return true;
  });
}

test('a host is made, listed and released; standard error is progress', async () => {
  const provisioner = await made(`
case "$asked" in
  *'"action":"provision"'*) echo "asking for a machine" >&2; echo '{"endpoint": "${endpoint}", "labels": {"size": "small"}}';;
  *'"action":"list"'*) echo '{"hosts": [{"name": "far-1", "endpoint": "${endpoint}"}]}';;
esac`);
  const told: string[] = [];
  const host = await provisioner.provision(request, (detail) => told.push(detail), new AbortController().signal);
  assert.deepEqual(host, { name: 'far-1', endpoint, labels: { region: 'north', disk: 'ssd', size: 'small' } });
  assert.deepEqual(told, ['asking for a machine']);
  assert.deepEqual(await provisioner.find(new AbortController().signal), [{ name: 'far-1', endpoint }]);
  await provisioner.release(host);
  assert.deepEqual(await asked(), [{ action: 'provision', ...request }, { action: 'list', cloud: 'far' }, { action: 'release', cloud: 'far', name: 'far-1', endpoint }]);
});

test('what goes wrong is one sentence, and the program is asked to clean up', async () => {
  await refused('case "$asked" in *provision*) echo "no quota left" >&2; exit 3;; esac', /^the program \S+program ended with code 3 when asked to provision: no quota left$/);
  assert.deepEqual((await asked()).at(-1), { action: 'release', cloud: 'far', name: 'far-1' });
  await refused('echo made it', /is to print JSON on standard output and nothing else, but printed: made it$/);
  await refused('true', /but printed nothing$/);
  await refused('echo "{}"', /printed a host that makes no sense: a host needs an endpoint; it is to print \{"endpoint": \.\.\., "labels": \{\.\.\.\}\}$/);
  await refused(`echo '{"endpoint": "gopher://x"}'`, /makes no sense: no Docker Engine is reached by gopher:\/\//);
  await refused('exit 1', /ended with code 1 when asked to provision; it said nothing on standard error; what it may have made could not be taken away again: the program/);
  const nowhere = new CommandProvisioner({ name: 'far', hosts: [], placement: { strategies: [], affinityRules: [] } }, { kind: 'command', command: [join(folder, 'nowhere')] }, (host) => connectDocker(host));
  await assert.rejects(nowhere.find(new AbortController().signal), /^Error: the program \S+nowhere is not there; correct the cloud's command$/);
});

test('a cancelled program is ended, and then asked to clean up', async () => {
  const provisioner = await made('case "$asked" in *provision*) echo begun >&2; exec sleep 30;; esac');
  const cancel = new AbortController();
  await assert.rejects(provisioner.provision(request, () => cancel.abort(), cancel.signal), { name: 'AbortError' });
  assert.deepEqual((await asked()).at(-1), { action: 'release', cloud: 'far', name: 'far-1' });
});

test('the example makes a host with an engine, knows it again, and takes it away', async (t) => {
  const cloud = labCloud('program');
  const environment = { DOCKER_HOST: endpoint, IMAGE: await machineImage(), FLAGS: [...nestedFlags, `--label ${runLabel}=${runName}`].join(' ') };
  const command = ['env', ...Object.entries(environment).map(([name, value]) => `${name}=${value}`), join(import.meta.dirname, '../../examples/provisioners/container.sh')];
  const provisioner = new CommandProvisioner({ name: cloud, hosts: [], placement: { strategies: [], affinityRules: [] } }, { kind: 'command', command }, (host) => connectDocker(host));
  const signal = t.signal;
  const host = await provisioner.provision({ ...request, cloud, name: `${cloud}-1`, regions: [], labels: [] }, () => undefined, signal);
  t.after(() => provisioner.release(host));
  assert.match(host.endpoint, /^tcp:\/\/127\.0\.0\.1:\d+$/);
  assert.deepEqual(host.labels, { made: 'container' });
  const port = connectDocker(host);
  t.after(() => port.close());
  assert.equal((await port.about(signal)).hostname, `${cloud}-1`);
  assert.deepEqual(await provisioner.find(signal), [{ name: `${cloud}-1`, endpoint: host.endpoint, insecure: true }]);
  await provisioner.release(host);
  await provisioner.release(host);
  assert.deepEqual(await provisioner.find(signal), []);
});
