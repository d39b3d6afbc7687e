// The lab: real engines, several real hosts on one machine, a real registry, real images. One function each; everything is made when first asked for,
// shared by the files of one run, and removed when the run ends, however it ends. Tests of anything that touches Docker stand on it.

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type Docker from 'dockerode';
import { ensureEngine } from '../../scripts/engine.ts';
import { copyImage, dockerAt, eventually, execIn, exists, finished } from './lab/docker.ts';
import { ensureBusybox, ensureDebian, ensureHttp, ensureMachine } from './lab/images.ts';
import { locked, runFolder, runLabel, runName, startReaper, take } from './lab/run.ts';

/** A host of its own: a container in the outer engine with an engine in it. Killing it is a host's death, with everything that runs there. */
export interface LabHost {
  /** `host-1`, ...: also its host name, by which hosts reach one another. */
  readonly name: string;
  /** `unix://...`, as in `DOCKER_HOST`; still answers while the host is cut off from the network. */
  readonly endpoint: string;
  readonly socketPath: string;
  /** `tcp://ADDRESS:2375`: goes silent while the host is cut off. */
  readonly tcpEndpoint: string;
  /** In the lab's network; the same for the host's whole life. */
  readonly address: string;
  readonly docker: Docker;
  /** Power off: the host and all its containers die at once. */
  kill(): Promise<void>;
  /** Freezes the host and all its containers; connections stay open and silent. */
  pause(): Promise<void>;
  unpause(): Promise<void>;
  /** Cuts the host off from the other hosts and from the registries. */
  disconnect(): Promise<void>;
  reconnect(): Promise<void>;
  /** Power on again after `kill` (or off and on); resolves when its engine answers. What it stored is still there. */
  restart(): Promise<void>;
  /** Runs a command on the host itself; its output. */
  exec(command: readonly string[]): Promise<string>;
}

export interface LabRegistry {
  /** `127.0.0.1:PORT`, for the outer engine and for this machine. */
  readonly address: string;
  /** `ADDRESS:5000`, for the nested hosts. */
  readonly addressFromHosts: string;
  /** The certificate of its authority (PEM); undefined without TLS. */
  readonly ca: string | undefined;
  /** Makes a nested host trust its certificate. */
  trustOn(host: LabHost): Promise<void>;
  /** Copies an image of the outer engine into the registry. `as` is the repository and tag there: `shop/web:1`. */
  push(image: string, as: string): Promise<void>;
  stop(): Promise<void>;
}

const cacheFolder = fileURLToPath(new URL('../../.cache', import.meta.url));
let ready: Promise<{ readonly socketPath: string; readonly docker: Docker }> | undefined;

/** The unix socket of the outer engine, started if need be. */
export async function engine(): Promise<string> {
  return (await outer()).socketPath;
}

function outer(): Promise<{ readonly socketPath: string; readonly docker: Docker }> {
  ready ??= (async () => {
    const socketPath = await ensureEngine(cacheFolder);
    startReaper(socketPath);
    return { socketPath, docker: dockerAt(socketPath) };
  })();
  return ready;
}

/** Each of these gives the name of an image that is present in the outer engine and on `hosts`. */
export async function busyboxImage(hosts: readonly LabHost[] = []): Promise<string> {
  return await onHosts(await ensureBusybox((await outer()).docker), hosts);
}

/** Answers "it works" over HTTP on port 8080. */
export async function httpImage(hosts: readonly LabHost[] = []): Promise<string> {
  return await onHosts(await ensureHttp((await outer()).docker), hosts);
}

/** A whole Debian, in which `apt-get install` works. */
export async function debianImage(hosts: readonly LabHost[] = []): Promise<string> {
  return await onHosts(await ensureDebian((await outer()).docker), hosts);
}

async function onHosts(image: string, hosts: readonly LabHost[]): Promise<string> {
  const { docker } = await outer();
  await Promise.all(hosts.map((host) => copyImage(docker, host.docker, image)));
  return image;
}

const mine: Promise<LabHost>[] = [];

/**
 * `count` hosts that no other process uses, empty when this process gets them; asked again, the same ones, powered on and connected.
 * Started side by side, about 2 s; hosts that another file of the run has given back are reused.
 */
export async function nestedHosts(count: number): Promise<readonly LabHost[]> {
  const again = await Promise.all(mine.slice(0, count));
  const fresh = Array.from({ length: Math.max(0, count - mine.length) }, () => lease('host', 1));
  mine.push(...fresh.map((number) => host(number)));
  await Promise.all(again.map((it) => it.restart()));
  return await Promise.all(mine.slice(0, count));
}

/** The lowest number from `first` on that no living process of the run holds; the lease ends with this process. */
function lease(what: string, first: number): number {
  const folder = runFolder('leases');
  for (let number = first; ; number += 1) {
    if (take(join(folder, `${what}-${number}`))) return number;
  }
}

async function host(number: number): Promise<LabHost> {
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
    await wipe(inner);
  } else {
    await startNested(docker, {
      name: container.id,
      Hostname: name,
      Image: await ensureMachine(docker),
      Cmd: ['start-host'],
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
    pause: async () => { await container.pause(); },
    unpause: async () => { await container.unpause(); },
    disconnect: async () => { await lab.disconnect({ Container: container.id, Force: true }); },
    restart: powerOn,
    exec: async (command) => await execIn(container, command),
  };
}

/** Privileged where the engine may, else with every capability that is left on a sandboxed machine. */
async function startNested(docker: Docker, options: Docker.ContainerCreateOptions): Promise<void> {
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

/** Removes all that tests put on an engine of the lab, except the lab's own images. */
async function wipe(docker: Docker): Promise<void> {
  const containers = await docker.listContainers({ all: true });
  await Promise.all(containers.map((it) => docker.getContainer(it.Id).remove({ force: true, v: true })));
  const networks = await docker.listNetworks();
  await Promise.all(networks.filter((it) => !['bridge', 'host', 'none'].includes(it.Name)).map((it) => docker.getNetwork(it.Id).remove()));
  await docker.swarmLeave({ force: true }).catch(() => undefined);
  const { Volumes } = await docker.listVolumes();
  await Promise.all(Volumes.map((it) => docker.getVolume(it.Name).remove()));
  const images = await docker.listImages();
  const strangers = images.flatMap((it) => (it.RepoTags ?? [it.Id]).filter((tag) => !tag.startsWith('clocker-lab/')));
  for (const image of strangers) await docker.getImage(image).remove({ force: true });
}

/** This run's network; of its addresses .10 to .63 are hosts, .64 to .127 registries with TLS, .128 and above registries without. */
async function labNetwork(docker: Docker): Promise<{ readonly name: string; readonly prefix: string }> {
  const name = `clocker-lab-${runName}`;
  return await locked(`network-${runName}`, async () => {
    const known = (await docker.listNetworks({ filters: { name: [name] } })).find((it) => it.Name === name);
    const subnet = known?.IPAM?.Config?.[0]?.Subnet;
    if (subnet !== undefined) return { name, prefix: subnet.replace(/\.0\/24$/, '') };
    for (let third = process.pid % 250; ; third = (third + 1) % 250) {
      const prefix = `10.213.${third}`;
      try {
        await docker.createNetwork({ Name: name, IPAM: { Driver: 'default', Config: [{ Subnet: `${prefix}.0/24`, Gateway: `${prefix}.1` }] }, Labels: { [runLabel]: runName } });
        return { name, prefix };
      } catch (error) {
        if (!String(error).includes('overlap')) throw error;
      }
    }
  });
}

/** A registry of its own, empty. With `htpasswd` it asks for a log-in; with `tls` its certificate is known to nobody until `trustOn`. */
export async function registry(options: { readonly htpasswd?: { readonly username: string; readonly password: string }; readonly tls?: boolean } = {}): Promise<LabRegistry> {
  const { docker } = await outer();
  const network = await labNetwork(docker);
  const last = lease('registry', options.tls === true ? 64 : 128);
  const ip = `${network.prefix}.${last}`;
  const container = await docker.createContainer({
    name: `clocker-lab-${runName}-registry-${last}`,
    Image: await ensureMachine(docker),
    Cmd: ['start-registry'],
    Env: [`LAB_USER=${options.htpasswd?.username ?? ''}`, `LAB_PASSWORD=${options.htpasswd?.password ?? ''}`, `LAB_TLS=${options.tls === true ? ip : ''}`],
    Labels: { [runLabel]: runName },
    ExposedPorts: { '5000/tcp': {} },
    HostConfig: { NetworkMode: network.name, PortBindings: { '5000/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] } },
    NetworkingConfig: { EndpointsConfig: { [network.name]: { IPAMConfig: { IPv4Address: ip } } } },
  });
  await container.start();
  const { NetworkSettings } = await container.inspect();
  const address = `127.0.0.1:${NetworkSettings.Ports['5000/tcp']?.[0]?.HostPort}`;
  const addressFromHosts = `${ip}:5000`;
  await eventually(() => execIn(container, ['bash', '-c', ': < /dev/tcp/127.0.0.1/5000']), 20_000);
  const ca = options.tls === true ? await execIn(container, ['cat', '/lab/ca.pem']) : undefined;
  // An engine refuses a push without credentials, also where the registry wants none.
  const authconfig = { ...options.htpasswd ?? { username: '', password: '' }, serveraddress: address };

  return {
    address, addressFromHosts, ca,
    trustOn: async (host) => {
      const folder = `/etc/docker/certs.d/${addressFromHosts}`;
      await host.exec(['sh', '-c', `mkdir -p ${folder} && printf %s "$1" > ${folder}/ca.crt`, 'sh', ca ?? '']);
    },
    push: async (image, as) => {
      const colon = as.lastIndexOf(':');
      const [repo, tag] = colon < 0 ? [as, 'latest'] : [as.slice(0, colon), as.slice(colon + 1)];
      await docker.getImage(image).tag({ repo: `${address}/${repo}`, tag });
      const pushed = docker.getImage(`${address}/${repo}:${tag}`);
      await finished(await pushed.push({ authconfig }));
      await pushed.remove();
    },
    stop: async () => { await container.remove({ force: true, v: true }); },
  };
}
