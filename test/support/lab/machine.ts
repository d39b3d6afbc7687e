// A machine with an SSH server and no Docker, as a cloud lends them: a container of the outer engine.

import { startNested } from './hosts.ts';
import { dockerAt, eventually, execIn } from './docker.ts';
import { ensureMachine } from './images.ts';
import { lease, outer } from './outer.ts';
import { runLabel, runName } from './run.ts';

export interface LabMachine {
  readonly address: string;
  /** As it stands in known_hosts. */
  readonly publicKey: string;
  exec(command: readonly string[]): Promise<string>;
  remove(): Promise<void>;
}

/** `publicKey` is let in as root. */
export async function machineWithoutDocker(publicKey: string): Promise<LabMachine> {
  const docker = dockerAt((await outer()).socketPath);
  const name = `clocker-lab-${runName}-machine-${lease('machine', 1)}`;
  const script = `dpkg --force-depends --remove docker.io >/dev/null 2>&1; rm -f /usr/sbin/policy-rc.d
    mkdir -p /run/sshd /root/.ssh; echo '${publicKey}' > /root/.ssh/authorized_keys; ssh-keygen -q -t ed25519 -N '' -f /srv/key
    exec /usr/sbin/sshd -D -h /srv/key -o UsePAM=no -o StrictModes=no -o PermitRootLogin=yes`;
  await startNested(docker, { name, Hostname: 'machine', Image: await ensureMachine(docker), Entrypoint: ['sh', '-c', script], Cmd: [], Labels: { [runLabel]: runName }, HostConfig: { Tmpfs: { '/run': 'exec' } } });
  const container = docker.getContainer(name);
  const exec = (command: readonly string[]): Promise<string> => execIn(container, command);
  await eventually(() => exec(['sh', '-c', 'pgrep -x sshd || ls /proc/*/exe -l | grep -q /usr/sbin/sshd']), 20_000);
  const [key = ''] = /^\S+ \S+/.exec(await exec(['cat', '/srv/key.pub'])) ?? [];
  const { NetworkSettings: { Networks } } = await container.inspect();
  return { address: Networks['bridge']?.IPAddress ?? '', publicKey: key, exec, remove: async () => { await container.remove({ force: true, v: true }); } };
}
