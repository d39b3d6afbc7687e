// What is on the hosts that is none of ours: containers, a network, a volume with data, an image. Nothing that happens to a deployment changes it.

import assert from 'node:assert/strict';
import type Docker from 'dockerode';
import type { LabHost } from '../support/lab.ts';
import { eventually, execIn } from '../support/lab/docker.ts';

/** Of one host, in words that can be compared. */
export interface Strangers {
  readonly containerIds: readonly string[];
  readonly containers: readonly string[];
  readonly networkId: string;
  readonly mark: string;
}

const markCommand = ['cat', '/data/mark'];

export async function addStrangers(host: LabHost, image: string): Promise<Strangers> {
  const { docker } = host;
  await docker.createVolume({ Name: 'stranger' });
  const network: unknown = await docker.createNetwork({ Name: 'stranger' });
  const networkId = typeof network === 'object' && network !== null ? String(Reflect.get(network, 'id')) : '';
  await docker.getImage(image).tag({ repo: 'stranger', tag: '1' });
  const running = await docker.createContainer({
    name: 'stranger', Image: 'stranger:1', Cmd: ['sh', '-c', '[ -e /data/mark ] || cat /proc/sys/kernel/random/uuid > /data/mark; sleep 1000000'],
    HostConfig: { NetworkMode: 'stranger', Mounts: [{ Type: 'volume', Source: 'stranger', Target: '/data' }], RestartPolicy: { Name: 'always' } },
  });
  await running.start();
  const created = await docker.createContainer({ name: 'stranger-too', Image: image });
  const mark = await eventually(() => execIn(running, markCommand), 5000);
  assert.notEqual(mark, '');
  const containerIds = [running.id, created.id];
  return { containerIds, containers: await describe(docker, containerIds), networkId, mark };
}

/** The same after their host was hurt: they may have ended and started again, and nothing else. */
export async function lookAgain({ docker }: LabHost, before: Strangers): Promise<Strangers> {
  return { ...before, containers: await describe(docker, before.containerIds) };
}

export async function checkStrangers({ docker }: LabHost, { containerIds, containers, networkId, mark }: Strangers, said: (what: string) => string): Promise<void> {
  assert.deepEqual(await describe(docker, containerIds), containers, said('strangers'));
  assert.deepEqual((await docker.listNetworks()).filter(({ Name }) => Name === 'stranger').map(({ Id }) => Id), [networkId], said("the strangers' network"));
  assert.equal(await execIn(docker.getContainer(containerIds[0] ?? ''), markCommand), mark, said("the data of the strangers' volume"));
}

/** One that always runs is waited for. */
function describe(docker: Docker, containerIds: readonly string[]): Promise<readonly string[]> {
  return Promise.all(containerIds.map((id) => eventually(async () => {
    const { Name, State, Image, HostConfig, NetworkSettings, Mounts } = await docker.getContainer(id).inspect();
    if (HostConfig.RestartPolicy?.Name === 'always' && !State.Running) throw new Error('a stranger does not run');
    return [Name, State.Status, State.StartedAt, Image, ...Object.keys(NetworkSettings.Networks), ...Mounts.map(({ Name: volume }) => volume)].join(' ');
  }, 30_000)));
}
