// Nested hosts: containers of the outer engine with an engine in each, started, found again and emptied. `nestedHosts` in ../lab.ts lends them.

import { join } from 'node:path';
import type Docker from 'dockerode';
import type { LabHost } from '../lab.ts';
import { dockerAt, eventually, execIn, exists } from './docker.ts';
import { ensureMachine } from './images.ts';
import { labNetwork, outer } from './outer.ts';
import { runFolder, runLabel, runName } from './run.ts';

/** Host `number` of this run, powered on, connected and empty. */
export async function openHost(number: number): Promise<LabHost> {
  const { docker } = await outer();
  const network = await labNetwork(docker);
  const name = `host-${number}`;
  const folder = runFolder(name);
  const socketPath = join(folder, 'docker.sock');
  const address = `${network.prefix}.${9 + number}`;
  const container = docker.getContainer(`clocker-lab-${runName}-${name}`);
  const inner = dockerAt(socketPath);
  const lab = docker.getNetwork(network.name);

  const answers = async (): Promise<void> => {
    await eventually(() => inner.ping(), 30_000);
  };
  const reconnect = async (): Promise<void> => {
    const { NetworkSettings: { Networks } } = await container.inspect();
    if (Networks[network.name] === undefined) await lab.connect({ Container: container.id, EndpointConfig: { IPAMConfig: { IPv4Address: address }, Aliases: [name] } });
  };
  const powerOn = async (): Promise<void> => {
    const { State } = await container.inspect();
    if (State.Paused) await container.unpause();
    await reconnect();
    if (!State.Running) await container.start();
    await answers();
  };

  if (await exists(container)) {
    await powerOn();
    const isWorn = (await wasInSwarm(inner)) || !(await execIn(container, ['ls', '/sys/class/net'])).includes('eth0');
    const isWiped = await wipe(inner).then(() => true, () => false);
    // An engine that was hurt may hold on to something until it starts anew; one that was in a Swarm is not always heard of by the
    // members of the next one; and a host that was cut off comes back with its network under another name.
    if (isWorn || !isWiped) {
      await container.restart({ t: 0 });
      await answers();
      await wipe(inner);
      await inner.getNetwork(swarmTrace).remove().catch(() => undefined);
    }
  } else {
    await startNested(docker, {
      name: container.id,
      Hostname: name,
      Image: await ensureMachine(docker),
      // The engine may die alone: then it is started again, and the host lives on.
      Cmd: ['sh', '-c', 'while :; do sh -c start-host; sleep 0.3; done'],
      Env: [`LAB_GROUP=${process.getgid?.() ?? 0}`, `LAB_INSECURE=${network.prefix}.128/25`],
      Labels: { [runLabel]: runName },
      HostConfig: { Binds: [`${folder}:/lab`], Tmpfs: { '/run': 'exec' }, NetworkMode: network.name },
      NetworkingConfig: { EndpointsConfig: { [network.name]: { IPAMConfig: { IPv4Address: address }, Aliases: [name] } } },
    });
    await answers();
  }

  return {
    name, socketPath, address, docker: inner, reconnect,
    endpoint: `unix://${socketPath}`,
    tcpEndpoint: `tcp://${address}:2375`,
    kill: async () => { await container.kill(); },
    killEngine: async () => {
      await execIn(container, ['sh', '-c', 'kill -9 "$(cat /run/dockerd.pid)"']);
      await answers();
    },
    pause: async () => { await container.pause(); },
    unpause: async () => { await container.unpause(); },
    disconnect: async () => { await lab.disconnect({ Container: container.id, Force: true }); },
    restart: powerOn,
    exec: async (command) => await execIn(container, command),
  };
}

/** Privileged where the engine may, else with every capability that is left on a sandboxed machine. */
export async function startNested(docker: Docker, options: Docker.ContainerCreateOptions): Promise<void> {
  const privileged = await docker.createContainer({ ...options, HostConfig: { ...options.HostConfig, Privileged: true } });
  try {
    await privileged.start();
  } catch {
    await privileged.remove({ force: true, v: true });
    const unconfined = await docker.createContainer({
      ...options,
      HostConfig: {
        ...options.HostConfig,
        Binds: [...options.HostConfig?.Binds ?? [], '/sys/fs/cgroup:/sys/fs/cgroup:rw'],
        CapAdd: capabilities.split(' '),
        SecurityOpt: ['seccomp=unconfined', 'apparmor=unconfined'],
        MaskedPaths: [],
        ReadonlyPaths: [],
        DeviceCgroupRules: ['a *:* rwm'],
      },
    });
    await unconfined.start();
  }
}

const capabilities = 'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW '
  + 'IPC_LOCK IPC_OWNER SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_NICE SYS_TIME MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP SYSLOG';

/** For `docker run`, what a nested engine needs where the engine makes no privileged containers; it does elsewhere, too. */
export const nestedFlags = [
  ...capabilities.split(' ').map((name) => `--cap-add ${name}`), '--security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined',
  "--device-cgroup-rule='a *:* rwm' -v /sys/fs/cgroup:/sys/fs/cgroup:rw --tmpfs /run:exec",
];

/** What an engine keeps of a Swarm that it has left. */
const swarmTrace = 'docker_gwbridge';

async function wasInSwarm(docker: Docker): Promise<boolean> {
  return (await docker.listNetworks()).some(({ Name }) => Name === swarmTrace);
}

/** Removes all that tests put on an engine of the lab, except the lab's own images. */
async function wipe(docker: Docker): Promise<void> {
  const containers = await docker.listContainers({ all: true });
  await Promise.all(containers.map((it) => docker.getContainer(it.Id).remove({ force: true, v: true })));
  await docker.swarmLeave({ force: true }).catch(() => undefined);
  const networks = await docker.listNetworks();
  await Promise.all(networks.filter((it) => !['bridge', 'host', 'none', swarmTrace].includes(it.Name)).map((it) => docker.getNetwork(it.Id).remove()));
  const { Volumes } = await docker.listVolumes();
  await Promise.all(Volumes.map((it) => docker.getVolume(it.Name).remove()));
  const images = await docker.listImages();
  // An image without a name is listed as "<none>:<none>" by some engines, or with null for its names.
  const namesOf = (names: readonly string[] | null | undefined): readonly string[] => (names ?? []).filter((name) => !name.startsWith('<none>'));
  const strangers = images.flatMap((it) => (namesOf(it.RepoTags).length > 0 ? namesOf(it.RepoTags) : [it.Id]).filter((tag) => !tag.startsWith('clocker-lab/')));
  for (const image of strangers) {
    await docker.getImage(image).remove({ force: true }).catch((error: unknown) => {
      // It went with one that was built on it.
      if (!(error instanceof Error && 'statusCode' in error && error.statusCode === 404)) throw error;
    });
  }
}
