// The container in which an engine lives, as Docker's JSON. Privileged where the parent allows that; else with every capability
// that a sandboxed machine has left.

import type { ContainerCreateOptions, HostConfig } from 'dockerode';
import { nestedContainerName, type NestedHost } from '#core/cloud/nestedHost.ts';
import { labelsOfNested } from './labels.ts';

/**
 * Starts the engine, on its socket alone. Its containers live in cgroups below its own, so that freezing or limiting the host
 * holds for them too; with cgroup v2 a group with members has no children, so the members move aside first. Docker's own image
 * has a program that does more of this.
 */
const startEngine = `
mount -t securityfs none /sys/kernel/security 2>/dev/null
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  mount -o remount,rw /sys/fs/cgroup 2>/dev/null
  mkdir -p /sys/fs/cgroup/init
  xargs -rn1 < /sys/fs/cgroup/cgroup.procs > /sys/fs/cgroup/init/cgroup.procs 2>/dev/null
  sed -e 's/ / +/g' -e 's/^/+/' < /sys/fs/cgroup/cgroup.controllers > /sys/fs/cgroup/cgroup.subtree_control
  parent=/docker
else
  parent=$(sed -n 's/^[0-9]*:freezer://p' /proc/self/cgroup)/inner
fi
rm -f /var/run/docker.pid /var/run/docker.sock /var/run/docker/containerd/containerd.pid
set -- dockerd --cgroup-parent "$parent" -H unix:///var/run/docker.sock
command -v dockerd-entrypoint.sh >/dev/null && set -- dockerd-entrypoint.sh "$@"
exec "$@"
`;

const capabilities = [
  'CHOWN', 'DAC_OVERRIDE', 'DAC_READ_SEARCH', 'FOWNER', 'FSETID', 'KILL', 'SETGID', 'SETUID', 'SETPCAP', 'LINUX_IMMUTABLE', 'NET_BIND_SERVICE', 'NET_BROADCAST', 'NET_ADMIN', 'NET_RAW',
  'IPC_LOCK', 'IPC_OWNER', 'SYS_CHROOT', 'SYS_PTRACE', 'SYS_PACCT', 'SYS_ADMIN', 'SYS_NICE', 'SYS_TIME', 'MKNOD', 'LEASE', 'AUDIT_WRITE', 'AUDIT_CONTROL', 'SETFCAP', 'SYSLOG',
];

export interface Machine {
  readonly host: NestedHost;
  readonly image: string;
  /** The cloud's network on the parent, and the host's address there, which never changes. */
  readonly network: string;
  readonly address: string;
  readonly isPrivileged: boolean;
  readonly cgroupVersion: '1' | '2';
}

/** Container and volume have the same name. */
export function machineOptions({ host, image, network, address, isPrivileged, cgroupVersion }: Machine): ContainerCreateOptions {
  const name = nestedContainerName(host.host);
  const labels = labelsOfNested(host);
  return {
    name,
    Image: image,
    Hostname: host.host,
    Entrypoint: ['sh', '-c', startEngine],
    Cmd: [],
    Labels: labels,
    StopSignal: 'SIGTERM',
    HostConfig: {
      ...(isPrivileged ? { Privileged: true } : unconfined(cgroupVersion)),
      ...(host.cores === undefined ? {} : { NanoCpus: host.cores * 1e9 }),
      ...(host.memoryBytes === undefined ? {} : { Memory: host.memoryBytes }),
      RestartPolicy: { Name: 'unless-stopped' },
      Tmpfs: { '/run': 'exec' },
      NetworkMode: network,
      Mounts: [{ Type: 'volume', Source: name, Target: '/var/lib/docker' }],
    },
    NetworkingConfig: { EndpointsConfig: { [network]: { IPAMConfig: { IPv4Address: address }, Aliases: [host.host] } } },
  };
}

function unconfined(cgroupVersion: '1' | '2'): HostConfig {
  return {
    CapAdd: [...capabilities],
    SecurityOpt: ['seccomp=unconfined', 'apparmor=unconfined'],
    MaskedPaths: [],
    ReadonlyPaths: [],
    DeviceCgroupRules: ['a *:* rwm'],
    // With version 2 a container has groups of its own to write to; those of the whole machine must not be moved.
    ...(cgroupVersion === '1' ? { Binds: ['/sys/fs/cgroup:/sys/fs/cgroup:rw'] } : { CgroupnsMode: 'private' as const }),
  };
}
