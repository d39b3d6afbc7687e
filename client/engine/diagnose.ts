// Finds out why one entity cannot reach another: looks from inside both containers, in the order in which things are needed, and no
// further than the first that is broken. What that means is decided in core.

import type { FoundEntity } from '#core/cluster/find.ts';
import { hostProblem } from '#core/plan/diff.ts';
import type { Facts, Party } from '#core/doctor/facts.ts';
import { leadsTo, listenersIn } from '#core/doctor/listeners.ts';
import { sharedNetworks } from '#core/doctor/verdict.ts';
import { messageOf } from './failure.ts';
import type { Insider } from './insiderPort.ts';
import type { HostPort } from './ports.ts';

const answerWithinMs = 1500;

/** `port` undefined: those that B declares, or else those on which it listens. Throws an Error with a sentence where nothing can be looked at. */
export async function factsOf(a: FoundEntity, b: FoundEntity, port: number | undefined, portOf: (host: string) => HostPort | undefined): Promise<Facts> {
  const parties = { a: partyOf(a), b: partyOf(b) };
  const [network] = sharedNetworks(parties.a, parties.b);
  const isEncrypted = a.host.host !== b.host.host && a.host.networks?.some(({ networkName, traits }) => networkName === network && traits?.isEncrypted === true) === true;
  const facts = { ...parties, name: a.application === b.application ? b.entity : `${b.entity}.${b.application}`, ...(isEncrypted && { isEncrypted }) };
  const address = facts.b.addresses[network ?? ''];
  if (![facts.a, facts.b].every(({ state, hostProblem: problem }) => state === 'running' && problem === undefined) || address === undefined) return facts;
  const [inA, inB] = await Promise.all([enter(a, portOf), enter(b, portOf)]);
  try {
    const [addresses, hosts, route, tcp, tcp6, owners] = await Promise.all([inA.resolve(facts.name), inA.show('/etc/hosts'), inA.show('/proc/net/route'), inB.show('/proc/net/tcp'), inB.show('/proc/net/tcp6'), inB.owners()]);
    const listeners = listenersIn(tcp, tcp6, owners);
    const declared = b.container.ports.filter(({ protocol }) => protocol === 'tcp').map((one) => one.port);
    // Docker's own name server listens in there, too, for the container itself.
    const heard = listeners.filter((one) => !one.address.startsWith('127.') && one.address !== '::1').map((one) => one.port);
    const ports = port === undefined ? [...new Set(declared.length > 0 ? declared : heard)] : [port];
    const tries = (from: Insider): Promise<{ readonly port: number; readonly answer: 'open' | 'refused' | 'silent' | 'unreachable' }[]> =>
      Promise.all(ports.map(async (one) => ({ port: one, answer: await from.connect(address, one, answerWithinMs) })));
    const [tried, fromItself] = await Promise.all([tries(inA), tries(inB)]);
    return { ...facts, resolved: { addresses }, hostsFile: named(hosts, facts.name), hasRoute: leadsTo(route, address), listeners: listeners.filter((one) => !one.address.startsWith('127.0.0.11')), tried, fromItself };
  } finally {
    await Promise.all([inA, inB].map((insider) => insider.leave().catch(() => {})));
  }
}

function partyOf({ application, entity, host, container }: FoundEntity): Party {
  const { state, exitCode, addresses } = container;
  return { application, entity, host: host.host, state, addresses, ...(exitCode !== undefined && { exitCode }), ...(host.state.kind !== 'up' && { hostProblem: hostProblem(host) }) };
}

async function enter({ entity, host, container: { containerId } }: FoundEntity, portOf: (host: string) => HostPort | undefined): Promise<Insider> {
  if (host.isReadOnly === true) throw new Error(`host ${host.host} is read-only, so nobody can look from inside ${entity}`);
  const port = portOf(host.host);
  if (port === undefined) throw new Error(`host ${host.host} is not configured any more`);
  try {
    return await port.insider.enter({ containerId });
  } catch (error) {
    throw new Error(`look from inside ${entity}: ${messageOf(error)}`, { cause: error });
  }
}

/** The addresses that a file of hosts gives a name. */
function named(text: string, name: string): readonly string[] {
  return text.split('\n').map((line) => line.replace(/#.*/, '').trim().split(/\s+/)).filter(([, ...names]) => names.includes(name)).flatMap(([address]) => address ?? []);
}
