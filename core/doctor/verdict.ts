// Why A cannot reach B: the checks in their order, and the first thing that is broken with what to do about it.

import type { Answer, Facts, Listener, Party } from '#core/doctor/facts.ts';
import { ownNames } from '#core/sdn/own.ts';

export interface Check {
  /** What was looked at: "db runs". */
  readonly what: string;
  readonly isWell: boolean;
}

export interface Verdict {
  /** Those that were made, in their order; the last one is broken where there is an answer. */
  readonly checks: readonly Check[];
  /** A sentence without its full stop; absent where nothing is broken. */
  readonly broken?: string;
  /** What to do about it: a sentence without its full stop. */
  readonly advice?: string;
}

interface Broken {
  readonly broken: string;
  readonly advice: string;
}

interface Step {
  readonly what: string;
  /** Undefined where it is well, `unknown` where it was not looked at. */
  readonly problem: Broken | 'unknown' | undefined;
}

export function verdict(facts: Facts): Verdict {
  const checks: Check[] = [];
  for (const { what, problem } of steps(facts)) {
    if (problem === 'unknown') continue;
    checks.push({ what, isWell: problem === undefined });
    if (problem !== undefined) return { checks, ...problem };
  }
  return { checks };
}

/** The networks that both are on, those first that have both addresses. */
export function sharedNetworks(a: Party, b: Party): readonly string[] {
  return Object.keys(a.addresses).filter((name) => b.addresses[name] !== undefined);
}

function steps(facts: Facts): readonly Step[] {
  const { a, b, name, resolved, hostsFile, hasRoute, listeners, tried, fromItself } = facts;
  const shared = sharedNetworks(a, b);
  const right = shared.flatMap((network) => b.addresses[network] ?? []);
  return [
    { what: `${a.entity} runs on ${a.host}`, problem: notRunning(a) },
    { what: `${b.entity} runs on ${b.host}`, problem: notRunning(b) },
    { what: `both are on a network: ${shared.join(', ')}`, problem: shared.length > 0 ? undefined : notTogether(a, b) },
    { what: `${name} resolves to ${right.join(' or ')}`, problem: resolved === undefined ? 'unknown' : misnamed(facts, resolved.addresses, hostsFile ?? [], right) },
    { what: `there is a route to ${right[0] ?? b.entity}`, problem: hasRoute === undefined ? 'unknown' : hasRoute ? undefined : { broken: `${a.entity} has no route to ${right[0] ?? b.entity}`, advice: `something has changed the routes inside the container of ${a.entity}; restart it` } },
    ...(tried ?? []).map(({ port, answer }): Step => ({
      what: `port ${port} of ${b.entity} is open`,
      problem: answer === 'open' ? undefined : closed(facts, port, answer, listeners, fromItself?.find((one) => one.port === port)?.answer),
    })),
    { what: `${b.entity} listens`, problem: tried === undefined || tried.length > 0 || listeners === undefined || listeners.length > 0 ? 'unknown' : { broken: `nothing in the container of ${b.entity} listens on any TCP port`, advice: `see its log for why its program does not` } },
  ];
}

function notRunning({ entity, host, hostProblem, state, exitCode }: Party): Broken | undefined {
  if (hostProblem !== undefined) return { broken: `${entity} is on host ${host}, which ${hostProblem}`, advice: `bring ${host} back, or deploy without it` };
  if (state === 'running') return undefined;
  const how = state === 'exited' ? `has ended${exitCode === undefined ? '' : ` with exit code ${exitCode}`}` : state === 'created' ? 'has never been started' : `is ${state}`;
  return { broken: `${entity} does not run: its container on ${host} ${how}`, advice: state === 'paused' ? `resume it: start ${entity}` : `see its log for why, then start ${entity} or deploy again` };
}

function notTogether(a: Party, b: Party): Broken {
  const list = ({ addresses }: Party): string => Object.keys(addresses).join(', ') || 'none';
  return { broken: `no network has both: ${a.entity} is on ${list(a)}, ${b.entity} on ${list(b)}`, advice: adviceFor(a, b) };
}

function adviceFor(a: Party, b: Party): string {
  const isOnOwn = ({ application, addresses }: Party): boolean => ownNames(application).some((name) => addresses[name] !== undefined);
  const [off, ...others] = a.application === b.application ? [a, b].filter((party) => !isOnOwn(party)) : [];
  if (off && others.length === 0) return `bring ${off.entity} back onto its application's own network: clocker network connect ${off.application} ${off.application} ${off.entity}`;
  if (a.host === b.host || a.application !== b.application) return 'connect one of them to a network of the other: clocker network connect';
  return `${a.host} and ${b.host} are in no common Swarm, so no network spans them; make them a docker cloud, or put both on one host`;
}

function misnamed({ a, b, name }: Facts, addresses: readonly string[] | undefined, hostsFile: readonly string[], right: readonly string[]): Broken | undefined {
  const wrong = hostsFile.find((address) => !right.includes(address));
  if (wrong !== undefined) return { broken: `${name} is ${wrong} in the file /etc/hosts of ${a.entity}, and not ${right.join(' or ')}`, advice: `take it out of that file, or restart ${a.entity}, which makes the file anew` };
  if (hostsFile.length > 0) return undefined;
  if (addresses === undefined) return { broken: `the name server of ${a.entity} does not answer`, advice: `its Docker Engine answers names; restart ${a.entity}, or the engine on ${a.host}` };
  if (addresses.length === 0) return { broken: `${a.entity} knows no name ${name}`, advice: `${b.entity} has no such name on the networks of ${a.entity}; deploy the application again, or use one of its names` };
  const stray = addresses.find((address) => !right.includes(address));
  if (stray === undefined) return undefined;
  return addresses.some((address) => right.includes(address))
    ? { broken: `${name} leads to ${stray}, too, which is not ${b.entity}`, advice: `another container on the network has the alias ${name}; take it away from that one` }
    : { broken: `${name} leads to ${stray}, and ${b.entity} has ${right.join(' and ')}`, advice: `another container on the network has the alias ${name}, or the Swarm has not forgotten an earlier one; restart ${b.entity}` };
}

function betweenHosts(a: Party, b: Party, isEncrypted: boolean): string {
  if (a.host === b.host) return `look for a firewall rule on ${a.host} between containers`;
  const ways = `let ${a.host} and ${b.host} reach each other: UDP 4789 and 7946, TCP 7946 and 2377`;
  return isEncrypted ? `what goes between them is encrypted, which the kernels of both hosts must be able to (ESP: modprobe esp4); ${ways}, and IP protocol 50; or do without (network.encrypted, or sdn.network.encrypted of their cloud)` : ways;
}

function closed({ a, b, isEncrypted }: Facts, port: number, answer: Answer, listeners: readonly Listener[] | undefined, fromItself: Answer | undefined): Broken {
  const here = (listeners ?? []).filter((one) => one.port === port);
  const local = here.filter(({ address }) => address === '127.0.0.1' || address === '::1');
  const who = here.flatMap(({ process }) => process ?? [])[0] ?? 'its program';
  if (listeners !== undefined && here.length === 0) {
    const others = listeners.map((one) => `${one.process ?? 'a program'} on ${one.port}`);
    return { broken: `nothing in the container of ${b.entity} listens on port ${port}${others.length === 0 ? '' : `; what listens there: ${others.join(', ')}`}`, advice: others.length === 0 ? `see the log of ${b.entity} for why its program does not` : 'use a port that is listened on, or see the log for why its program does not listen there' };
  }
  if (here.length > 0 && local.length === here.length) return { broken: `${who} in the container of ${b.entity} listens on port ${port} for itself alone (${here[0]?.address ?? ''})`, advice: `have it listen on all addresses (0.0.0.0)` };
  if (fromItself === 'open') return { broken: `port ${port} of ${b.entity} is open from inside and ${answer} from ${a.entity}`, advice: betweenHosts(a, b, isEncrypted === true) };
  return { broken: `port ${port} of ${b.entity} is ${answer}${here.length > 0 ? `, though ${who} listens` : ''}`, advice: `look for a firewall rule in the container of ${b.entity}, and at its log` };
}
