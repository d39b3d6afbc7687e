// Installs a Docker Engine on a machine behind SSH where there is none, with the packages of its own system (Debian, Ubuntu), and
// starts it where it does not run. What it does is one small program there, whose output is told as it goes.

import { StringDecoder } from 'node:string_decoder';
import type { HostConfig } from '#core/host/config.ts';
import { readEndpoint } from '#core/host/endpoint.ts';
import type { Credentials } from '../../engine/ports.ts';
import { Unreachable } from '../transport/problems.ts';
import { SshLink } from './link.ts';
import { routeTo } from './target.ts';

/** Ends with the code of the first thing that stands in the way, see `problems`. */
const program = `
say() { echo "clocker: $*"; }
if [ "$(id -u)" = 0 ]; then as_root=; elif sudo -n true 2>/dev/null; then as_root="sudo -n"; else as_root=none; fi
is_up() { $as_root docker version >/dev/null 2>&1; }
if ! command -v dockerd >/dev/null 2>&1 && ! [ -x /usr/sbin/dockerd ] && ! [ -x /usr/bin/dockerd ]; then
  [ "$as_root" = none ] && exit 81
  command -v apt-get >/dev/null 2>&1 || exit 82
  say "installing Docker"
  export DEBIAN_FRONTEND=noninteractive
  $as_root apt-get -qq update >&2 || exit 83
  say "installing packages"
  $as_root apt-get -qq install -y --no-install-recommends docker.io iptables iproute2 ca-certificates >&2 || exit 83
fi
if [ "$as_root" != none ] && ! is_up; then
  say "starting Docker"
  if [ -d /run/systemd/system ]; then $as_root systemctl start docker >&2 || exit 84
  else
    # Without an init system, or where that may not set limits, the engine runs by itself.
    $as_root service docker start >&2 || $as_root sh -c 'setsid dockerd >> /var/log/docker.log 2>&1 < /dev/null &'
  fi
  for try in $(seq 1 60); do is_up && break; sleep 0.5; done
  is_up || exit 84
fi
if [ "$as_root" = "sudo -n" ] && ! id -nG | grep -qw docker; then
  say "adding the user to the group docker"
  $as_root usermod -aG docker "$(id -un)" >&2 || exit 85
fi
exit 0
`;

const problems: Readonly<Record<number, string>> = {
  81: 'there is no Docker Engine, and its user may not install one: log in as root there, allow the user sudo without a password, or install Docker yourself',
  82: 'there is no Docker Engine, and it is neither Debian nor Ubuntu (there is no apt-get); install Docker there, see https://docs.docker.com/engine/install/',
  83: 'Docker could not be installed there',
  84: 'Docker was installed there, but does not start',
  85: 'its user could not be added to the group docker',
};

/** Nothing to do for a machine that is not behind SSH. Throws an Error with a sentence. When `signal` aborts nobody waits any more; what has begun there goes on. */
export async function ensureEngine({ endpoint: text, identityFile }: HostConfig, credentials: Credentials, onDetail: (detail: string) => void, signal: AbortSignal): Promise<void> {
  const read = readEndpoint(text);
  if (!('endpoint' in read) || read.endpoint.kind !== 'ssh') return;
  const link = await SshLink.connect(await routeTo(read.endpoint, identityFile), credentials);
  const stop = (): void => link.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    let words = '';
    const socket = await link.exec(`sh -c '${program.replaceAll("'", String.raw`'\''`)}'`, (code, stderr) => {
      words = stderr.trim().split('\n').at(-1) ?? '';
      if (code === 0) return undefined;
      const problem = problems[code ?? -1] ?? `the program that looks after Docker there ended with code ${code ?? 'unknown'}`;
      return new Unreachable(`${text}: ${problem}${code !== undefined && code >= 83 && words !== '' ? ` (${words})` : ''}`);
    });
    const decoder = new StringDecoder();
    for await (const bytes of socket) {
      if (!(bytes instanceof Uint8Array)) continue;
      for (const line of decoder.write(Buffer.from(bytes)).split('\n')) if (line.startsWith('clocker: ')) onDetail(line.slice('clocker: '.length));
    }
    signal.throwIfAborted();
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    link.close();
  }
}
