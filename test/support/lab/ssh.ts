// SSH servers on the lab's hosts: Debian's own sshd in front of a real engine's socket, with keys made for it, and a log to count by.

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LabHost } from '../lab.ts';
import { eventually } from './docker.ts';

export interface SshServer {
  readonly address: string;
  readonly port: number;
  /** May open the engine's socket; `guest` may not. */
  readonly user: 'deployer';
  /** `ssh-ed25519 AAAA...`: as it stands in known_hosts, after the name. */
  readonly publicKey: string;
  readonly fingerprint: string;
  /** Lets in whoever has this public key, as both users. */
  admit(publicKey: string): Promise<void>;
  /** Connections that are open now. */
  connections(): Promise<number>;
  /** How often somebody was let in since it was started. */
  logins(): Promise<number>;
  log(): Promise<string>;
  /** Ends every connection from the server's side; the server goes on. */
  cut(): Promise<void>;
  stop(): Promise<void>;
}

export interface SshServerOptions {
  readonly port?: number;
  /** Lines of sshd_config. */
  readonly config?: readonly string[];
}

/** A server of its own on the host: the same port again is a new server with a new key. */
export async function sshServer(host: LabHost, { port = 22, config = [] }: SshServerOptions = {}): Promise<SshServer> {
  const folder = `/srv/ssh-${port}`;
  const sh = (script: string): Promise<string> => host.exec(['sh', '-ec', script]);
  const stop = async (): Promise<void> => {
    await sh(`[ ! -e ${folder}/pid ] || kill "$(cat ${folder}/pid)" || true; ${endSessions}; rm -rf ${folder}`);
  };
  await stop();
  const lines = [
    `Port ${port}`, `HostKey ${folder}/key`, `PidFile ${folder}/pid`, 'AuthorizedKeysFile /srv/authorized-%u', 'StrictModes no', 'UsePAM no', 'PasswordAuthentication no',
    'KbdInteractiveAuthentication no', 'LogLevel VERBOSE', 'MaxAuthTries 6', 'UseDNS no', ...config,
  ];
  await sh(`
    mkdir -p /run/sshd ${folder}
    for user in deployer guest; do id $user >/dev/null 2>&1 || { useradd -m -s /bin/sh $user; usermod -p '*' $user; }; done
    usermod -aG "$LAB_GROUP" deployer
    ln -sf /lab/docker.sock /var/run/docker.sock
    ssh-keygen -q -t ed25519 -N '' -f ${folder}/key
    cat > ${folder}/config <<'END'
${lines.join('\n')}
END
    /usr/sbin/sshd -f ${folder}/config -E ${folder}/log`);
  const [publicKey = ''] = /^\S+ \S+/.exec(await sh(`cat ${folder}/key.pub`)) ?? [];
  const [fingerprint = ''] = /SHA256:\S+/.exec(await sh(`ssh-keygen -lf ${folder}/key.pub`)) ?? [];
  await eventually(() => sh(`grep -q "Server listening" ${folder}/log`), 5000);
  return {
    address: host.address, port, user: 'deployer', publicKey, fingerprint, stop,
    admit: async (key) => { await sh(`for user in deployer guest; do echo '${key}' >> /srv/authorized-$user; done`); },
    connections: async () => Number(await sh(`ss -Htn state established sport = :${port} | wc -l`)),
    logins: async () => Number(await sh(`grep -c "^Accepted publickey for " ${folder}/log || true`)),
    log: () => sh(`cat ${folder}/log`),
    cut: async () => { await sh(endSessions); },
  };
}

/** The processes that serve those who are in. */
const endSessions = 'for it in /proc/[0-9]*; do case "$(tr "\\0" " " < $it/cmdline 2>/dev/null)" in "sshd: deployer"*|"sshd: guest"*) kill -9 ${it#/proc/} || true;; esac; done';

export interface SshHome {
  readonly folder: string;
  readonly publicKey: string;
  readonly keyFile: string;
  /** Replaces a file in `.ssh`: `config`, `known_hosts`. */
  write(file: string, text: string): Promise<void>;
}

/** A home of its own with a key, in which this process and what it starts live until the test ends. */
export async function sshHome(after: (work: () => Promise<void>) => void): Promise<SshHome> {
  const folder = await mkdtemp(join(tmpdir(), 'clocker-home-'));
  const before = { HOME: process.env['HOME'], SSH_AUTH_SOCK: process.env['SSH_AUTH_SOCK'] };
  after(async () => {
    for (const [name, value] of Object.entries(before)) if (value === undefined) delete process.env[name]; else process.env[name] = value;
    await rm(folder, { recursive: true });
  });
  process.env['HOME'] = folder;
  delete process.env['SSH_AUTH_SOCK'];
  const write = async (file: string, text: string): Promise<void> => {
    await mkdir(join(folder, '.ssh'), { recursive: true, mode: 0o700 });
    await writeFile(join(folder, '.ssh', file), text, { mode: 0o600 });
  };
  await write('config', '');
  const keyFile = join(folder, '.ssh/id_ed25519');
  const publicKey = await makeKey(keyFile);
  return { folder, publicKey, keyFile, write };
}

/** A new key in this file and beside it (`.pub`); gives the public one. */
export async function makeKey(file: string, passphrase = ''): Promise<string> {
  const run = promisify(execFile);
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-C', 'test', '-f', file]);
  return (await run('ssh-keygen', ['-yf', file, ...(passphrase === '' ? [] : ['-P', passphrase])])).stdout.trim();
}
