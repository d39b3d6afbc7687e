// `clocker network ls|create|rm|connect|disconnect|inspect`: the networks there are, and who is on them, while applications run.

import type { Driver, NetworkSettings } from '#core/cluster/network.ts';
import type { Observed } from '#core/cluster/observed.ts';
import type { NetworkChange } from '#core/plan/networkChange.ts';
import { readAddress, readBlock, readRange } from '#core/sdn/address.ts';
import { readBlock6 } from '#core/sdn/address6.ts';
import { nearest } from '#core/text/nearest.ts';
import { seenNetworks, traitWords, type SeenNetwork } from '#core/view/networks.ts';
import { carryOut, needsConsent } from './carryOut.ts';
import { hostOptions, UsageError, type Command, type ExitCode, type Invocation } from './command.ts';
import { findApplication } from './delete.ts';
import { withCloud } from './hosts.ts';
import { table } from './table.ts';

export const networkCommand: Command = {
  name: 'network',
  operands: 'ls | inspect NETWORK | create NETWORK | rm NETWORK | connect NETWORK APP [ENTITY...] | disconnect NETWORK APP [ENTITY...]',
  operandCount: { least: 1, most: 100 },
  sentence: 'show, make and remove networks; bring the entities of a running application onto one and off it',
  options: [...hostOptions, 'on', 'cidr', 'gateway', 'reserved', 'ipv6', 'internal', 'encrypted', 'driver', 'parent', 'address', 'alias', 'json', 'yes'],
  run: async (invocation) => {
    const { operands: [verb = '', ...rest] } = invocation;
    const found = verbs[verb];
    if (found === undefined) {
      const meant = nearest(verb, Object.keys(verbs));
      throw new UsageError(`clocker network ${verb}: ${meant === undefined ? `the commands are ${Object.keys(verbs).join(', ')}` : `did you mean ${meant}?`}`);
    }
    if (rest.length < found.least || rest.length > found.most) throw new UsageError(`clocker network ${verb} takes ${found.operands === '' ? 'nothing' : found.operands}`);
    return found.run(invocation, rest);
  },
};

interface Verb {
  readonly operands: string;
  readonly least: number;
  readonly most: number;
  readonly run: (invocation: Invocation, operands: readonly string[]) => Promise<ExitCode>;
}

const verbs: Readonly<Record<string, Verb>> = {
  ls: { operands: '', least: 0, most: 0, run: ls },
  inspect: { operands: 'NETWORK', least: 1, most: 1, run: inspect },
  create: { operands: 'NETWORK', least: 1, most: 1, run: async (invocation, [network = '']) => change(invocation, `Create network ${network}`, () => ({ kind: 'create', network, settings: settingsOf(invocation), ...driverOf(invocation), ...(invocation.on !== undefined && { hosts: [invocation.on] }) })) },
  rm: { operands: 'NETWORK', least: 1, most: 1, run: async (invocation, [network = '']) => change(invocation, `Remove network ${network}`, () => ({ kind: 'remove', network })) },
  connect: { operands: 'NETWORK APP [ENTITY...]', least: 2, most: 100, run: connect },
  disconnect: { operands: 'NETWORK APP [ENTITY...]', least: 2, most: 100, run: disconnect },
};

async function ls(invocation: Invocation): Promise<ExitCode> {
  const { terminal, isJson } = invocation;
  return withCloud<ExitCode>(invocation, async ({ observed }) => {
    const networks = seenNetworks(observed);
    if (isJson) {
      terminal.print(JSON.stringify(networks, undefined, 2));
      return 0;
    }
    const rows = networks.map((network) => [network.id, [network.driver, ...traitWords(network)].join(', '), network.subnets.join(' '), ownerText(network), network.hosts.join(' '), String(network.members.length)]);
    const lines = rows.length === 0 ? ['There is no network of ours on these hosts; clocker network create NAME makes one.'] : table([['NETWORK', 'PROVIDER', 'ADDRESSES', 'OF', 'HOSTS', 'CONTAINERS'], ...rows]);
    for (const line of lines) terminal.print(line);
    return 0;
  });
}

async function inspect(invocation: Invocation, [id = '']: readonly string[]): Promise<ExitCode> {
  const { terminal, isJson } = invocation;
  return withCloud<ExitCode>(invocation, async ({ observed }) => {
    const found = networksNamed(id, observed);
    if (isJson) {
      terminal.print(JSON.stringify(found, undefined, 2));
      return 0;
    }
    for (const network of found) {
      terminal.print(`${network.id}: ${[network.driver, ...network.subnets, ...traitWords(network)].join(', ')}; ${ownerText(network)}; on ${network.hosts.join(', ')} as ${network.networkName}`);
      const rows = network.members.map(({ entity, application, containerName, address, host, state }) => [entity === undefined ? containerName : `${entity}.${application ?? ''}`, address ?? '-', host, state]);
      for (const line of rows.length === 0 ? ['Nothing is on it.'] : table([['NAME', 'ADDRESS', 'HOST', 'STATE'], ...rows])) terminal.print(line);
    }
    return 0;
  });
}

async function connect(invocation: Invocation, [network = '', name = '', ...entities]: readonly string[]): Promise<ExitCode> {
  const { address, alias } = invocation.asked;
  if (address !== undefined && readAddress(address) === undefined) throw new UsageError(`--address: "${address}" is no address; write one like 10.1.0.20`);
  return change(invocation, `Connect ${[name, ...entities].join(' ')} to network ${network}`, (observed) => ({ kind: 'connect', network, application: findApplication(observed, name).application, ...(entities.length > 0 && { entities }), ...(address !== undefined && { address }), ...(alias.length > 0 && { aliases: alias }) }));
}

async function disconnect(invocation: Invocation, [network = '', name = '', ...entities]: readonly string[]): Promise<ExitCode> {
  return change(invocation, `Disconnect ${[name, ...entities].join(' ')} from network ${network}`, (observed) => ({ kind: 'disconnect', network, application: findApplication(observed, name).application, ...(entities.length > 0 && { entities }) }));
}

async function change(invocation: Invocation, question: string, make: (observed: Observed) => NetworkChange): Promise<ExitCode> {
  needsConsent(invocation);
  return withCloud(invocation, async (cloud) => carryOut(await invocation.terminal.planning(() => cloud.planNetwork(make(cloud.observed))), cloud, question, invocation, question));
}

function networksNamed(id: string, observed: Observed): readonly SeenNetwork[] {
  const all = seenNetworks(observed);
  const found = all.filter((network) => network.id === id || network.networkName === id);
  if (found.length > 0) return found;
  const meant = nearest(id, all.map((network) => network.id));
  throw new Error(`there is no network ${id}${meant === undefined ? '' : `; did you mean ${meant}?`}`);
}

function ownerText({ isShared, application }: SeenNetwork): string {
  if (!isShared) return `own network of ${application}`;
  return application === '' ? 'made by hand' : `declared by ${application}`;
}

function settingsOf({ asked: { cidr, gateway, reserved, ipv6, isInternal, isEncrypted, parent } }: Invocation): NetworkSettings {
  if (cidr !== undefined && readBlock(cidr) === undefined) throw new UsageError(`--cidr: "${cidr}" is no block of addresses; write one like 10.1.0.0/24`);
  if (cidr === undefined && (gateway !== undefined || reserved.length > 0)) throw new UsageError('--gateway and --reserved are places in a block; give --cidr, too');
  if (gateway !== undefined && readAddress(gateway) === undefined) throw new UsageError(`--gateway: "${gateway}" is no address; write one like 10.1.0.1`);
  const wrong = reserved.find((text) => readRange(text) === undefined);
  if (wrong !== undefined) throw new UsageError(`--reserved: "${wrong}" is neither an address nor a block nor a range; write it like 10.1.0.10-10.1.0.20`);
  if (ipv6 !== undefined && readBlock6(ipv6) === undefined) throw new UsageError(`--ipv6: "${ipv6}" is no block of IPv6 addresses; write one like fd00:1::/64`);
  return { ...(cidr !== undefined && { cidr }), ...(gateway !== undefined && { gateway }), ...(reserved.length > 0 && { reserved }), ...(ipv6 !== undefined && { ipv6 }), ...(isInternal && { isInternal }), ...(isEncrypted && { isEncrypted }), ...(parent !== undefined && { parent }) };
}

function driverOf({ asked: { driver } }: Invocation): { readonly driver?: Driver } {
  if (driver === undefined) return {};
  if (driver === 'overlay' || driver === 'bridge' || driver === 'macvlan') return { driver };
  throw new UsageError(`--driver: ${driver} is no provider of networks; take overlay, bridge or macvlan`);
}
