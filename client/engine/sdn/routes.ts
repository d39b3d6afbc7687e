// The routes of hosts, where a plan makes subnets there.

import type { Observed } from '#core/cluster/observed.ts';
import type { SdnPort } from './sdnPort.ts';

/** `unread` are sentences about hosts that could not be asked: there, networks alone are looked at. */
export async function withRoutes(observed: Observed, hosts: readonly string[], portOf: (host: string) => { readonly sdn: SdnPort } | undefined, signal: AbortSignal): Promise<{ readonly observed: Observed; readonly unread: readonly string[] }> {
  if (hosts.length === 0) return { observed, unread: [] };
  const read = new Map(await Promise.all(hosts.map(async (host) => [host, await portOf(host)?.sdn.routes(signal).catch(() => undefined)] as const)));
  const unread = hosts.filter((host) => read.get(host) === undefined).map((host) => `the routes of host ${host} could not be read: new subnets there keep off its networks alone`);
  return { observed: { ...observed, hosts: observed.hosts.map((host) => Object.assign({}, host, read.get(host.host) && { routes: read.get(host.host) })) }, unread };
}
