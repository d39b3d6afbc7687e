// Plans for what people tell running entities to do: stop, start, restart. Containers stay what they are; only whether they run
// changes.

import { startsFirst, type Application, type Entity } from '#core/blueprint/application.ts';
import { isAside } from '#core/cluster/aside.ts';
import type { DesiredContainer } from '#core/cluster/desired.ts';
import type { Observed, ObservedContainer, ObservedHost } from '#core/cluster/observed.ts';
import { specHash, specParts } from '#core/cluster/specHash.ts';
import { hostProblem, seal } from '#core/plan/diff.ts';
import type { Action, Plan } from '#core/plan/plan.ts';
import type { Refusal } from '#core/plan/refusal.ts';

/** `reload` makes load balancers read their configuration again, written anew. */
export type Operation = 'start' | 'stop' | 'restart' | 'reload';

interface Found {
  readonly entity: Entity;
  readonly host: ObservedHost;
  readonly container: ObservedContainer;
}

/** `entities` are keys of entities with containers. What waits for others stops before them and starts after them. */
export function operate(operation: Operation, application: Application, entities: readonly string[], observed: Observed): Plan {
  const refusals: Refusal[] = [];
  const containersOf = (key: string): readonly Found[] => {
    const entity = application.entities.find((one) => one.key === key);
    const containers = observed.hosts.flatMap((host) => host.containers.flatMap((container) => (container.owner?.application === application.id && container.owner.entity === key && !isAside(container.containerName) ? [{ host, container }] : [])));
    return entity ? containers.map(({ host, container }) => ({ entity, host, container })) : [];
  };
  const found = entities.flatMap(containersOf);
  for (const key of entities) if (containersOf(key).length === 0) refusals.push({ entity: key, reason: `${key} has no container; deploy the application again` });
  for (const { entity, host, container } of found) {
    const refuse = (reason: string): number => refusals.push({ entity: entity.key, reason: `container ${container.containerName} ${reason}` });
    if (host.state.kind !== 'up') refuse(`is on host ${host.host}, which ${hostProblem(host)}`);
    else if (host.isReadOnly === true) refuse(`is on host ${host.host}, which is read-only; take readOnly away from its configuration`);
    else if (operation !== 'stop' && container.isUnfinished === true) refuse('is not installed to the end; deploy the application again');
  }
  const stops = operation === 'start' || operation === 'reload' ? [] : inOrder(found.filter(({ container }) => runs(container))).toReversed();
  const starts = operation === 'stop' || operation === 'reload' ? [] : inOrder(found.filter(({ container }) => operation === 'restart' || !runs(container)));
  const actions: Action[] = [
    ...stops.map((one): Action => Object.assign({ kind: 'stop' as const, ...subject(one) }, (one.entity.waits ?? one.entity.gates) && { waits: startsFirst(one.entity) })),
    ...starts.map((one): Action => ({ kind: 'start', ...subject(one), container: asItIs(one, application) })),
  ];
  const changed = new Set([...stops, ...starts]);
  const touched = [...changed].map(({ entity }) => entity.key);
  const followers = application.entities.filter(({ key, container }) => (operation === 'reload' ? entities.includes(key) : !entities.includes(key) && container?.lifecycle?.course?.follow?.members.some((member) => touched.includes(member)) === true));
  for (const one of followers.flatMap(({ key }) => containersOf(key))) {
    if (!runs(one.container) || one.host.state.kind !== 'up' || one.host.isReadOnly === true || one.container.isUnfinished === true) continue;
    const reasons = operation === 'reload' ? ['its configuration is written anew'] : touched.map((key) => `${key} is ${operation === 'stop' ? 'stopped' : operation === 'start' ? 'started' : 'restarted'}`);
    actions.push({ kind: 'reload', ...subject(one), container: asItIs(one, application), reasons });
  }
  return seal({ application: application.id, applicationName: application.name, actions, refusals, unchanged: operation === 'reload' ? 0 : found.filter((one) => !changed.has(one)).length });
}

function runs({ state }: ObservedContainer): boolean {
  return state === 'running' || state === 'restarting' || state === 'paused';
}

function subject({ entity, host, container }: Found): { readonly host: string; readonly containerId: string; readonly containerName: string; readonly entity: string } {
  return { host: host.host, containerId: container.containerId, containerName: container.containerName, entity: entity.key };
}

/** The container as the blueprint has it; it is there, so nothing is made of this. */
function asItIs({ entity, host, container }: Found, { id, name }: Application): DesiredContainer {
  const spec = entity.container ?? { image: container.image, env: {}, openPorts: [], publishedPorts: [], mounts: [] };
  return {
    host: host.host,
    containerName: container.containerName,
    application: id,
    applicationName: name,
    entity: entity.key,
    entityName: entity.name,
    spec,
    specHash: specHash(specParts(id, entity.key, spec)),
    placedBecause: 'it is there',
    networks: [],
    ...(entity.waits && { waits: entity.waits }),
    ...(entity.gates && { gates: entity.gates }),
  };
}

/** Each after those of its entity's waits, otherwise as given. */
function inOrder(found: readonly Found[]): readonly Found[] {
  const left = [...found];
  const done: Found[] = [];
  while (left.length > 0) {
    const next = left.findIndex(({ entity }) => !left.some((other) => other.entity !== entity && startsFirst(entity).some((wait) => wait.entity === other.entity.key)));
    done.push(...left.splice(Math.max(next, 0), 1));
  }
  return done;
}
