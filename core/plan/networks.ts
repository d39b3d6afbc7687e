// Which networks of an application must be made and which are no longer used. A bridge is made with its first container, on
// each host for itself; a network across hosts is one thing that a manager of their Swarm makes and takes away.

import type { Driver } from '#core/cluster/network.ts';
import type { Observed, ObservedHost } from '#core/cluster/observed.ts';
import type { Wanted } from '#core/plan/diff.ts';
import type { Action, Refusal } from '#core/plan/plan.ts';
import { spans } from '#core/sdn/swarm.ts';

export interface NetworkChanges {
  readonly missing: readonly Action[];
  readonly unused: readonly Action[];
  readonly refusals: readonly Refusal[];
}

export function networkChanges(wanted: Wanted, observed: Observed): NetworkChanges {
  const missing: Action[] = [];
  const unused: Action[] = [];
  const refusals: Refusal[] = [];
  for (const names of spans(observed.hosts)) {
    const hosts = observed.hosts.filter(({ host }) => names.includes(host));
    const managers = hosts.filter((host) => host.state.kind === 'up' && host.isReadOnly !== true && host.swarm?.isManager === true);
    const here = wanted.containers.filter(({ host }) => names.includes(host));
    const there = new Set(hosts.flatMap(({ networks = [] }) => networks.map(({ networkName }) => networkName)));
    const first = new Map(here.flatMap(({ application, entity, networks }) => networks.flatMap((network) => (network.driver === 'overlay' ? [[network.networkName, { application, entity, subnet: network.subnet }] as const] : []))));
    for (const [networkName, { application, entity, subnet }] of first) {
      if (there.has(networkName)) continue;
      const [manager] = managers;
      if (manager) missing.push({ kind: 'createNetwork', host: manager.host, network: { networkName, application, driver: 'overlay', ...(subnet && { subnet }) } });
      else refusals.push({ entity, reason: `network ${networkName} cannot be made: no manager of the Swarm of ${names.join(', ')} can be reached; ${advice(hosts)}` });
    }
    const wantedNames = (among: readonly string[]): ReadonlySet<string> =>
      new Set(wanted.containers.filter(({ host }) => among.includes(host)).flatMap(({ networks }) => networks.map(({ networkName }) => networkName)));
    const removal = (host: string, networkName: string, driver: Driver): Action => ({ kind: 'removeNetwork', host, networkName, driver });
    for (const { host, networkName } of ofApplication(wanted.application, 'bridge', hosts)) if (!wantedNames([host]).has(networkName)) unused.push(removal(host, networkName, 'bridge'));
    const overlays = new Map(ofApplication(wanted.application, 'overlay', managers).map(({ networkName, host }) => [networkName, host]));
    for (const [networkName, host] of overlays) if (!wantedNames(names).has(networkName)) unused.push(removal(host, networkName, 'overlay'));
  }
  return { missing, unused, refusals };
}

/** What is on hosts that answer. */
function ofApplication(application: string, driver: Driver, hosts: readonly ObservedHost[]): readonly { readonly host: string; readonly networkName: string }[] {
  return hosts.flatMap(({ host, state, networks = [] }) =>
    state.kind === 'up' ? networks.filter((network) => network.application === application && network.driver === driver).map(({ networkName }) => ({ host, networkName })) : []);
}

function advice(hosts: readonly ObservedHost[]): string {
  const down = hosts.filter(({ swarm, state }) => swarm?.isManager === true && state.kind !== 'up').map(({ host }) => host);
  return down.length > 0 ? `bring ${down.join(' or ')} back` : 'add a host that is one, or run "docker swarm leave" on them';
}
