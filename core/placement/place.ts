// Decides on which host each container of an application goes, with the reason; where no host can take it, says for every
// host why not. A container that exists stays where it is. What must then be done is the planner's business.

import type { Application, ContainerSpec, Entity } from '#core/blueprint/application.ts';
import type { DesiredContainer } from '#core/cluster/desired.ts';
import type { Observed, ObservedContainer, ObservedHost } from '#core/cluster/observed.ts';
import { specHash, specParts } from '#core/cluster/specHash.ts';
import { companionsOf, type Companion } from '#core/placement/together.ts';
import type { Refusal } from '#core/plan/plan.ts';
import { nearest } from '#core/text/nearest.ts';

export interface Placement {
  /** In the order of the application's entities. */
  readonly containers: readonly DesiredContainer[];
  readonly refusals: readonly Refusal[];
}

/** `blueprint` is the text to keep with the containers, already free of secrets. */
export function place(application: Application, observed: Observed, blueprint?: string): Placement {
  const placed: DesiredContainer[] = [];
  const refusals: Refusal[] = [];
  const companions = companionsOf(application.entities);
  for (const entity of application.entities) {
    if (entity.container === undefined) continue;
    const request: Request = { application, entity, spec: entity.container, containerName: containerName(application.id, entity.key), placed, companions: companions.get(entity.key) ?? [] };
    const choice = choose(request, observed.hosts);
    if ('refusal' in choice) refusals.push({ entity: entity.key, reason: choice.refusal });
    else placed.push(desired(request, choice, blueprint));
  }
  return { containers: placed, refusals };
}

export function containerName(application: string, entity: string): string {
  return `${application}-${entity}`;
}

interface Request {
  readonly application: Application;
  readonly entity: Entity;
  readonly spec: ContainerSpec;
  readonly containerName: string;
  /** What this same placement has decided so far. */
  readonly placed: readonly DesiredContainer[];
  /** Who must be on the same host. */
  readonly companions: readonly Companion[];
}

type Choice = { readonly host: string; readonly because: string } | { readonly refusal: string };

function choose(request: Request, hosts: readonly ObservedHost[]): Choice {
  if (hosts.length === 0) return { refusal: 'there is no host; add one' };
  const { locations } = request.entity;
  const unknown = locations.find((location) => located(location, hosts) === undefined);
  if (unknown !== undefined) return { refusal: unknownLocation(unknown, hosts) };
  const wherever = locations.length === 0 ? hosts : locations.flatMap((location) => located(location, hosts) ?? []);
  const [company] = request.companions.flatMap(({ entity, because: why }) => request.placed.filter((other) => other.entity === entity).map(({ host }) => ({ host, entity, why })));
  const allowed = company === undefined ? wherever : wherever.filter(({ host }) => host === company.host);
  if (company !== undefined && allowed.length === 0) return { refusal: `it must go on ${company.host}, where ${company.entity} is (${company.why}), but the blueprint says ${locations.join(', ')}; give both the same location` };
  const home = homeOf(request, allowed);
  const objections = (home === undefined ? allowed : [home]).map((host) => ({ host, reason: objection(host, request) }));
  const fitting = objections.filter(({ reason }) => reason === undefined).map(({ host }) => host);
  // Locations are in the order of the blueprint's preference; without any, all hosts are equal.
  const best = locations.length > 0 ? fitting[0] : fitting.toSorted((a, b) => load(a, request) - load(b, request))[0];
  if (best === undefined) return { refusal: explain(objections, home !== undefined) };
  if (company !== undefined && home === undefined && hosts.length > 1) return { host: best.host, because: `${company.entity} is there: ${company.why}` };
  return { host: best.host, because: because(best, { isHome: home !== undefined, locations, hosts, fitting }) };
}

interface Grounds {
  readonly isHome: boolean;
  readonly locations: readonly string[];
  readonly hosts: readonly ObservedHost[];
  readonly fitting: readonly ObservedHost[];
}

function because({ host }: ObservedHost, { isHome, locations, hosts, fitting }: Grounds): string {
  if (isHome) return `it is already on ${host}`;
  if (locations.length > 0) return locations.includes(host) ? `the blueprint says ${host}` : `${host} is the local host`;
  if (hosts.length === 1) return `${host} is the only host`;
  return fitting.length === 1 ? `only ${host} can take it` : `${host} has the fewest containers`;
}

/** A host's own name wins; `localhost` is otherwise the first host on a local socket. */
function located(location: string, hosts: readonly ObservedHost[]): ObservedHost | undefined {
  return hosts.find((host) => host.host === location) ?? (location === 'localhost' ? hosts.find((host) => /^(?:unix:|\/)/.test(host.endpoint)) : undefined);
}

function unknownLocation(location: string, hosts: readonly ObservedHost[]): string {
  const names = hosts.map((host) => host.host);
  const meant = nearest(location, names);
  return `there is no host ${location}; ${meant === undefined ? `the hosts are ${names.join(', ')}` : `did you mean ${meant}?`}`;
}

/** Where the entity's container is now, if it may stay there. One on a host that is up counts first, then one that runs. */
function homeOf(request: Request, allowed: readonly ObservedHost[]): ObservedHost | undefined {
  const rank = (host: ObservedHost, container: ObservedContainer): number =>
    (host.state.kind === 'up' ? 0 : 4) + (container.state === 'running' ? 0 : 2) + (container.containerName === request.containerName ? 0 : 1);
  return allowed
    .flatMap((host) => host.containers.filter((container) => container.state !== 'removing' && isOf(container, request)).map((container) => ({ host, rank: rank(host, container) })))
    .toSorted((a, b) => a.rank - b.rank)[0]?.host;
}

function isOf(container: ObservedContainer, request: Request): boolean {
  return container.owner?.application === request.application.id && container.owner.entity === request.entity.key;
}

/** Containers of ours on the host, those of this placement that are not there yet included. */
function load(host: ObservedHost, request: Request): number {
  const ours = host.containers.filter((container) => container.owner !== undefined);
  const coming = request.placed.filter((other) => other.host === host.host && !ours.some((container) => container.containerName === other.containerName));
  return ours.length + coming.length;
}

/** Why the host cannot take the container; undefined when it can. */
function objection(host: ObservedHost, request: Request): string | undefined {
  if (host.state.kind === 'down') return `the host is down: ${host.state.problem}`;
  if (host.state.kind === 'connecting') return 'the host has not answered yet';
  // What is there already may stay; whether it must change is seen when the plan is made.
  if (host.isReadOnly === true && !host.containers.some((container) => isOf(container, request))) return 'the host is read-only';
  const namesake = host.containers.find((container) => container.containerName === request.containerName);
  if (namesake !== undefined && !isOf(namesake, request)) {
    return `there is already a container named ${request.containerName}, ${madeBy(namesake)}; rename or remove it, or give the entity another id`;
  }
  for (const { hostPort, protocol } of request.spec.publishedPorts) {
    if (hostPort === undefined) continue;
    const sibling = request.placed.find((other) => other.host === host.host && other.spec.publishedPorts.some((port) => port.hostPort === hostPort && port.protocol === protocol));
    if (sibling !== undefined) return `port ${hostPort} of the host is already taken by ${sibling.entity} of this application; choose another port for one of them`;
    const holder = host.containers.find((container) => holds(container, hostPort, protocol) && container.owner?.application !== request.application.id);
    if (holder !== undefined) return `port ${hostPort} of the host is already taken by container ${holder.containerName}, ${madeBy(holder)}; choose another port or stop that container`;
  }
  return undefined;
}

function holds(container: ObservedContainer, hostPort: number, protocol: 'tcp' | 'udp'): boolean {
  return container.ports.some((port) => port.hostPort === hostPort && port.protocol === protocol);
}

function madeBy(container: ObservedContainer): string {
  return container.owner === undefined ? 'which Clocker did not make' : `which belongs to application ${container.owner.applicationName}`;
}

function explain(objections: readonly { readonly host: ObservedHost; readonly reason: string | undefined }[], isHome: boolean): string {
  const reasons = objections.map(({ host, reason }) => `${host.host}: ${reason ?? ''}`);
  if (isHome) return `its container stays where it is, but on ${reasons.join('; ')}`;
  return reasons.length === 1 ? `it cannot go on ${reasons.join('')}` : `no host can take it; ${reasons.join('; ')}`;
}

function desired(request: Request, choice: { readonly host: string; readonly because: string }, blueprint: string | undefined): DesiredContainer {
  const { application, entity, spec } = request;
  return {
    host: choice.host,
    containerName: request.containerName,
    application: application.id,
    applicationName: application.name,
    entity: entity.key,
    entityName: entity.name,
    spec,
    specHash: specHash(specParts(application.id, entity.key, spec)),
    placedBecause: choice.because,
    ...(blueprint === undefined ? {} : { blueprint }),
    ...(entity.waits && { waits: entity.waits }),
    ...(entity.pending && { pending: entity.pending }),
  };
}
