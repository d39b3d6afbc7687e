// `clocker images push|pull|transfer`: images to and from registries, and from host to host, with what is done in bytes.

import { parseReference } from '#core/image/reference.ts';
import type { Cloud } from '../engine/cloud.ts';
import { messageOf } from '../engine/failure.ts';
import { UsageError, type ExitCode, type Invocation } from './command.ts';
import { withCloud } from './hosts.ts';

/** How often is told what is done so far. */
const toldEveryMs = 1000;

export async function push(invocation: Invocation, [image = '', as = image]: readonly string[]): Promise<ExitCode> {
  checked(image);
  const { registry } = checked(as);
  return withCloud<ExitCode>(invocation, async (cloud) => {
    const host = invocation.on ?? (await holder(cloud, image));
    const where = registry ?? 'Docker Hub';
    return shipped(invocation, [host], async (onDetail, signal) => {
      await cloud.pushImage(known(host, cloud), image, as, { signal, onDetail: (detail) => onDetail(host, detail) });
      return [{ host, said: `pushed ${as} to ${where}` }];
    });
  });
}

export async function pull(invocation: Invocation, [image = '']: readonly string[]): Promise<ExitCode> {
  checked(image);
  return withCloud<ExitCode>(invocation, async (cloud) => {
    const hosts = receivers(cloud, invocation.on === undefined ? [] : [invocation.on]);
    return shipped(invocation, hosts, (onDetail, signal) => Promise.all(hosts.map(async (host) => {
      try {
        await cloud.pullImage(host, image, { signal, onDetail: (detail) => onDetail(host, detail) });
        return { host, said: `pulled ${image}` };
      } catch (error) {
        return { host, problem: messageOf(error) };
      }
    })));
  });
}

export async function transfer(invocation: Invocation, [image = '']: readonly string[]): Promise<ExitCode> {
  checked(image);
  return withCloud<ExitCode>(invocation, async (cloud) => {
    const from = invocation.from === undefined ? undefined : known(invocation.from, cloud);
    const hosts = receivers(cloud, invocation.to).filter((host) => host !== from);
    return shipped(invocation, hosts, async (onDetail, signal) => (await cloud.transferImage(image, from, hosts, { signal, onDetail })).map((sent) => {
      if (sent.kind === 'failed') return sent;
      return { host: sent.host, said: sent.kind === 'there' ? `has ${image} already` : `has ${image} now (${(sent.bytes / 1e6).toFixed(1)} MB sent)` };
    }));
  });
}

type Result = { readonly host: string } & ({ readonly said: string } | { readonly problem: string });

async function shipped({ terminal, isJson }: Invocation, hosts: readonly string[], work: (onDetail: (host: string, detail: string) => void, signal: AbortSignal) => Promise<readonly Result[]>): Promise<ExitCode> {
  const told = new Map<string, number>();
  const onDetail = (host: string, detail: string): void => {
    if (performance.now() - (told.get(host) ?? -toldEveryMs) < toldEveryMs || !/MB/.test(detail)) return;
    told.set(host, performance.now());
    terminal.tell(`  ${host}: ${detail}`);
  };
  const results = await terminal.cancellable(() => terminal.complain('cancelling'), async (signal) => {
    try {
      return await work(onDetail, signal);
    } catch (error) {
      const problem = signal.aborted ? 'cancelled' : messageOf(error);
      return hosts.length === 1 ? [{ host: hosts[0] ?? '', problem }] : [{ host: '', problem }];
    }
  });
  for (const result of results) {
    if ('problem' in result) terminal.complain(result.host === '' ? result.problem : `${result.host}: ${result.problem}`);
    else if (!isJson) terminal.print(`${result.host}: ${result.said}`);
  }
  if (isJson) terminal.print(JSON.stringify(results, undefined, 2));
  return results.some((result) => 'problem' in result) ? 1 : 0;
}

function receivers(cloud: Cloud, given: readonly string[]): readonly string[] {
  if (given.length > 0) return given.map((host) => known(host, cloud));
  const hosts = cloud.observed.hosts.filter(({ state, isReadOnly }) => state.kind === 'up' && isReadOnly !== true).map(({ host }) => host);
  if (hosts.length === 0) throw new Error('there is no host to bring an image to');
  return hosts;
}

/** The host to push from, where nobody named one. */
async function holder(cloud: Cloud, image: string): Promise<string> {
  const { signal } = new AbortController();
  const found = await cloud.hostWith(image, signal);
  if (found === undefined) throw new Error(`image ${image} is on none of the hosts that are up; pull or build it on one of them first`);
  return found;
}

function known(host: string, { observed: { hosts } }: Cloud): string {
  if (!hosts.some((one) => one.host === host)) throw new Error(`there is no host ${host}; the hosts are ${hosts.map((one) => one.host).join(', ')}`);
  return host;
}

function checked(image: string): { readonly registry?: string } {
  const parsed = parseReference(image);
  if (!parsed.ok) throw new UsageError(`${image}: ${parsed.problem}`);
  return parsed.value;
}
