// Which networks of an application must be made and which are no longer used. An application's own bridge is made with its first
// container, on each host for itself; a network across hosts is one thing that a manager of their Swarm makes and takes away.
// Further networks are made wherever the application that declares them has containers.

import type { DesiredNetwork, Driver, NetworkSettings, NetworkTraits } from '#core/cluster/network.ts';
import type { Observed, ObservedHost, ObservedNetwork } from '#core/cluster/observed.ts';
import type { Wanted } from '#core/plan/want.ts';
import type { Action } from '#core/plan/plan.ts';
import type { Refusal } from '#core/plan/refusal.ts';
import { printBlock, readBlock } from '#core/sdn/address.ts';
import { ofOwnNetwork } from '#core/sdn/own.ts';
import { spans } from '#core/sdn/swarm.ts';

export interface NetworkChanges {
  readonly missing: readonly Action[];
  readonly unused: readonly Action[];
  readonly refusals: readonly Refusal[];
  /** Sentences about networks that stay. */
  readonly keeps: readonly string[];
}

interface Need extends DesiredNetwork {
  readonly host: string;
  readonly entity: string;
  /** The subnet that somebody asks for. */
  readonly cidr?: string | undefined;
}

export function networkChanges(wanted: Wanted, observed: Observed): NetworkChanges {
  const missing: Action[] = [];
  const unused: Action[] = [];
  const refusals: Refusal[] = [];
  const keeps: string[] = [];
  const needs = needsOf(wanted, observed);
  for (const names of spans(observed.hosts)) {
    const hosts = observed.hosts.filter(({ host }) => names.includes(host));
    const managers = hosts.filter((host) => host.state.kind === 'up' && host.isReadOnly !== true && host.swarm?.isManager === true);
    const here = needs.filter(({ host }) => names.includes(host));
    const made = new Set<string>();
    for (const { host, entity, cidr, ...network } of here) {
      const { networkName, driver, networkId } = network;
      const where = driver === 'overlay' ? hosts : hosts.filter((one) => one.host === host);
      const key = driver === 'overlay' ? networkName : `${host} ${networkName}`;
      const [there] = where.flatMap(({ networks = [] }) => networks.filter((one) => one.networkName === networkName));
      if (made.has(key) || (driver === 'bridge' && networkId === undefined)) continue;
      made.add(key);
      if (there) {
        const problem = differs(network, cidr, there);
        if (problem !== undefined) refusals.push({ entity, reason: problem });
        continue;
      }
      const [manager] = managers;
      if (driver !== 'overlay') missing.push({ kind: 'createNetwork', host, network });
      else if (manager) missing.push({ kind: 'createNetwork', host: manager.host, network });
      else refusals.push({ entity, reason: `network ${networkId ?? networkName} cannot be made: ${hosts.some(({ swarm }) => swarm) ? `no manager of the Swarm of ${names.join(', ')} can be reached; ${advice(hosts)}` : `it is to be an overlay, and host ${host} is in no Swarm; make a docker cloud of its hosts, or leave network.driver out`}` });
    }
    const wantedNames = (among: readonly string[]): ReadonlySet<string> => new Set(needs.filter(({ host }) => among.includes(host)).map(({ networkName }) => networkName));
    const removal = (host: string, network: ObservedNetwork, among: readonly ObservedHost[]): void => {
      const { networkName, driver, networkId } = network;
      // Whoever was taken off it for the time being finds it again, with its addresses.
      if (networkId === undefined && wanted.containers.some(({ entity }) => wanted.assignments && ofOwnNetwork(wanted.assignments, entity)?.isConnected === false)) return;
      const other = among.flatMap(({ containers }) => containers).find(({ networks, owner }) => networks?.includes(networkName) === true && owner?.application !== wanted.application);
      if (other && networkId !== undefined) keeps.push(`network ${networkId} stays on ${host}, because ${other.containerName} is on it`);
      else unused.push({ kind: 'removeNetwork', host, networkName, driver, ...(networkId !== undefined && { networkId }) });
    };
    for (const host of hosts) for (const network of ofApplication(wanted.application, ({ driver }) => driver !== 'overlay', host)) if (!wantedNames([host.host]).has(network.networkName)) removal(host.host, network, [host]);
    const seen = new Set<string>();
    for (const manager of managers) {
      for (const network of ofApplication(wanted.application, ({ driver }) => driver === 'overlay', manager)) {
        if (seen.has(network.networkName) || wantedNames(names).has(network.networkName)) continue;
        seen.add(network.networkName);
        removal(manager.host, network, hosts);
      }
    }
  }
  return { missing, unused, refusals, keeps };
}

/** What is used, and what is declared; on each host or, across hosts, on one of them. */
function needsOf({ application, containers, networks = [] }: Wanted, observed: Observed): readonly Need[] {
  const ownerOf = (networkId: string | undefined): string =>
    networkId === undefined || networks.some((declared) => declared.networkId === networkId) ? application : (observed.hosts.flatMap((host) => host.networks ?? []).find((network) => network.networkId === networkId)?.application ?? '');

  const declared = networks.map(({ host, entity, networkName, driver, networkId, settings, subnet }): Need => ({ host, entity, cidr: settings?.cidr, ...desiredNetwork({ networkName, driver, application, networkId, settings, subnet }) }));
  const used = containers.flatMap(({ host, entity, networks: on }) =>
    // What gets no subnet has been refused.
    on.flatMap(({ networkName, driver, networkId, settings, subnet }): readonly Need[] =>
      settings?.cidr !== undefined && subnet === undefined ? [] : [{ host, entity, ...desiredNetwork({ networkName, driver, application: ownerOf(networkId), networkId, settings, subnet }) }]));
  return [...declared, ...used];
}

interface Asked {
  readonly networkName: string;
  readonly application: string;
  readonly driver: Driver;
  readonly networkId?: string | undefined;
  readonly settings?: NetworkSettings | undefined;
  readonly subnet?: DesiredNetwork['subnet'] | undefined;
}

export function desiredNetwork({ networkName, application, driver, networkId, settings, subnet }: Asked): DesiredNetwork {
  const traits = settings && traitsOf(settings);
  return { networkName, application, driver, ...(networkId !== undefined && { networkId }), ...(subnet && { subnet }), ...(traits && Object.keys(traits).length > 0 && { traits }), ...(settings?.cidr !== undefined && { isGiven: true }) };
}

function traitsOf({ isInternal, isEncrypted, parent, options }: NetworkSettings): NetworkTraits {
  return { ...(isInternal === true && { isInternal }), ...(isEncrypted === true && { isEncrypted }), ...(parent !== undefined && { parent }), ...(options && Object.keys(options).length > 0 && { options }) };
}

/** A network cannot be changed, only made anew once nothing is on it. */
function differs({ networkId, application, traits = {} }: DesiredNetwork, cidr: string | undefined, there: ObservedNetwork): string | undefined {
  if (networkId === undefined) return undefined;
  if (there.application !== application) return `network ${networkId} belongs to ${there.application === '' ? 'nobody\'s blueprint: somebody made it' : `application ${there.application}`}; take the declaration out to join it, or choose another network.id`;
  const block = cidr === undefined ? undefined : readBlock(cidr);
  if (sameTraits(traits, there) && (block === undefined || printBlock(block) === there.subnet?.cidr)) return undefined;
  return `network ${networkId} is there with other settings, and a network cannot be changed; take its containers off it and remove it (clocker network rm ${networkId}), or choose another network.id`;
}

function sameTraits(traits: NetworkTraits, there: ObservedNetwork): boolean {
  return (['isInternal', 'isEncrypted', 'parent'] as const).every((trait) => (there.traits?.[trait] ?? false) === (traits[trait] ?? false));
}

function ofApplication(application: string, isMeant: (network: ObservedNetwork) => boolean, { state, networks = [] }: ObservedHost): readonly ObservedNetwork[] {
  return state.kind === 'up' ? networks.filter((network) => network.application === application && isMeant(network)) : [];
}

function advice(hosts: readonly ObservedHost[]): string {
  const down = hosts.filter(({ swarm, state }) => swarm?.isManager === true && state.kind !== 'up').map(({ host }) => host);
  return down.length > 0 ? `bring ${down.join(' or ')} back` : 'add a host that is one, or run "docker swarm leave" on them';
}
