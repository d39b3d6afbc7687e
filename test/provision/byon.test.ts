// Machines that one brings oneself, behind real SSH servers: joined when they are needed, with Docker installed where there is none,
// remembered by themselves, and released.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { HostRequest } from '#core/cloud/cloud.ts';
import { connectDocker } from '../../client/docker/dockerHost.ts';
import { ensureEngine } from '../../client/docker/ssh/installEngine.ts';
import { noCredentials } from '../../client/engine/ports.ts';
import { ByonProvisioner } from '../../client/provision/byon.ts';
import { nestedHosts } from '../support/lab.ts';
import { machineWithoutDocker } from '../support/lab/machine.ts';
import { sshHome, sshServer } from '../support/lab/ssh.ts';

const home = await sshHome(after);
const [[host], bare] = await Promise.all([nestedHosts(1), machineWithoutDocker(home.publicKey)]);
after(() => bare.remove());
assert.ok(host !== undefined);
const server = await sshServer(host);
await server.admit(home.publicKey);
await home.write('known_hosts', `${server.address} ${server.publicKey}\n${bare.address} ${bare.publicKey}\n`);
const ready = `ssh://deployer@${server.address}`;
const empty = `ssh://root@${bare.address}`;
const signal = new AbortController().signal;

function pool(cloud: string, ...endpoints: readonly string[]): ByonProvisioner {
  return new ByonProvisioner({ name: cloud, hosts: [], placement: { strategies: [], affinityRules: [] } }, { kind: 'byon', endpoints }, (config) => connectDocker(config), (config, onDetail, stop) => ensureEngine(config, noCredentials, onDetail, stop));
}

function asked(cloud: string, number: number, more: Partial<HostRequest> = {}): HostRequest {
  return { cloud, name: `${cloud}-${number}`, minCores: 0, minMemoryBytes: 0, labels: [], regions: [], zones: [], ...more };
}

test('a machine that has Docker is joined first, once, and known again', async () => {
  const machines = pool('mine', ready);
  assert.deepEqual(await machines.provision(asked('mine', 1), () => undefined, signal), { name: 'mine-1', endpoint: ready });
  assert.deepEqual(await machines.provision(asked('mine', 1), () => undefined, signal), { name: 'mine-1', endpoint: ready });
  assert.deepEqual(await pool('mine', ready).find(signal), [{ name: 'mine-1', endpoint: ready }]);
  assert.deepEqual(await pool('yours', ready).find(signal), []);
  await assert.rejects(machines.provision(asked('mine', 2), () => undefined, signal), { message: `none of the machines of mine can be joined: ${ready} is mine-1 of mine` });
  await assert.rejects(pool('yours', ready).provision(asked('yours', 1), () => undefined, signal), { message: `none of the machines of yours can be joined: ${ready} is mine-1 of mine` });
  await machines.release({ name: 'mine-1', endpoint: ready });
  assert.deepEqual(await machines.find(signal), []);
});

test('a machine that is not what is asked for is not joined', async () => {
  const machines = pool('mine', ready);
  await assert.rejects(machines.provision(asked('mine', 1, { minCores: 1000 }), () => undefined, signal), /has \d+ cores, and 1000 are wanted$/);
  await assert.rejects(machines.provision(asked('mine', 1, { regions: ['north'] }), () => undefined, signal), /has not the label region=north; a machine's labels are those of its engine \(dockerd --label\)$/);
  assert.deepEqual(await machines.find(signal), []);
});

test('where nothing can be installed, it is said what to do', async () => {
  const machines = pool('mine', `ssh://nobody@${bare.address}`, 'ssh://root@127.0.0.1:9');
  await assert.rejects(machines.provision(asked('mine', 1), () => undefined, signal), /^Error: none of the machines of mine can be joined: ssh:\/\/nobody@.*; ssh:\/\/root@127\.0\.0\.1:9 nothing listens at ssh:\/\/root@127\.0\.0\.1:9: the connection was refused/);
});

test('Docker is installed where there is none', async (t) => {
  const machines = pool('mine', empty);
  const told: string[] = [];
  const beganMs = performance.now();
  assert.deepEqual(await machines.provision(asked('mine', 1), (detail) => told.push(detail), signal), { name: 'mine-1', endpoint: empty });
  t.diagnostic(`from no Docker to a host in ${Math.round(performance.now() - beganMs)} ms`);
  for (const detail of ['installing Docker', 'starting Docker']) assert.ok(told.includes(`${empty}: ${detail}`), told.join('\n'));
  assert.deepEqual(await machines.find(signal), [{ name: 'mine-1', endpoint: empty }]);
});
