// A read blueprint and a catalog -> an application, ready to be planned. What cannot be deployed is said in diagnostics that
// only planning and deploying show: a blueprint may be right though Clocker has nothing to run for it.

import type { Application, ClusterSize, Entity, EntityBuild, EntityWait, Gate, LiveWorld, RunningWorld, SensorWait } from '#core/blueprint/application.ts';
import type { Reading } from '#core/blueprint/read.ts';
import { valueOf as entryValue } from '#core/blueprint/tree.ts';
import type { Quarantine } from '#core/cluster/aside.ts';
import type { Catalog } from '#core/catalog/catalog.ts';
import { withOwnItems } from '#core/catalog/own.ts';
import { notDeployable } from '#core/diagnostics/notDeployable.ts';
import { report } from '#core/diagnostics/rule.ts';
import { wrongValue } from '#core/diagnostics/wrongValue.ts';
import type { DockerfileSource } from '#core/image/imageBuild.ts';
import { isDockerCloud } from '#core/resolve/cloud.ts';
import { runsContainer } from '#core/resolve/container.ts';
import { all, isShell, slug, type Draft } from '#core/resolve/draft.ts';
import { evaluate } from '#core/dsl/evaluate.ts';
import type { Value as Given } from '#core/dsl/value.ts';
import { effectiveConfig, type Config, type Effective } from '#core/resolve/effective.ts';
import { withLinks } from '#core/resolve/links.ts';
import { locationsOf } from '#core/resolve/locations.ts';
import { lookAt, type KeyWait, type Look } from '#core/resolve/look.ts';
import { circleSentence, edgesBehind, edgesOf, momentOfWait, orderly, type Edge } from '#core/resolve/waits.ts';
import { adjunctsOf } from '#core/resolve/adjuncts.ts';
import { feedsIn, liveEntities } from '#core/resolve/live.ts';
import { isCluster, membersOf, startingRules, withMembers } from '#core/resolve/members.ts';
import { scopeOf } from '#core/resolve/scope.ts';
import { isFeed } from '#core/sensors/feeds.ts';
import { circleText, Sensing } from '#core/sensors/sensing.ts';
import { limitsOf } from '#core/sensors/waiting.ts';
import { isAboutReaching } from '#core/sensors/sensors.ts';
import { canonical } from '#core/text/canonical.ts';
import type { Diagnostic } from '#core/text/diagnostic.ts';
import { span, type Span } from '#core/text/span.ts';

export interface Resolution {
  /** Absent where there is no plan; otherwise as much as could be understood. */
  readonly application: Application | undefined;
  /** An error here means: not to be deployed as it is. */
  readonly diagnostics: readonly Diagnostic[];
}

/** `sizes` are numbers of members that take the place of those that clusters begin with, by the cluster's key. */
export function resolve(reading: Reading, catalog: Catalog, sizes?: ReadonlyMap<string, number>): Resolution {
  const { plan, text } = reading;
  const own = withOwnItems(catalog, reading);
  if (!plan || (plan.children.length === 0 && !plan.type)) {
    return { application: undefined, diagnostics: [report(notDeployable, span(0, 0), 'there are no services here: a blueprint that can be deployed has a list of services, each with a type')] };
  }
  const name = plan.name?.value ?? plan.id?.value;
  const root = withMembers(plan, text, own, sizes);
  const id = slug(name ?? titleOf(root));
  const diagnostics: Diagnostic[] = [];
  // The application itself is no entity of its own, unless its one type stands at the top.
  const drafts = all(root).filter((entity) => (entity !== root || plan.type !== undefined) && !isPartOfCloud(entity));
  const runs = new Set(drafts.filter((entity) => !isDockerCloud(entity) && !isShell(entity) && runsContainer(effectiveConfig(entity))).map(({ key }) => key));
  const before = lookAt(root, id, 'what is written', runs, own);
  const running = lookAt(root, id, asIfAllRan(before, id), runs, own);
  for (const entity of drafts) {
    const look = before.get(entity);
    if (!look) continue;
    // The image of `docker:IMAGE` has no value of its own; what is wrong with it is said of the type.
    const said = look.problems.filter(({ effective: { node, from }, kind }) => kind === 'unavailable' || node !== undefined || from !== 'entity');
    for (const { effective, message, kind } of said) {
      diagnostics.push(kind === 'wrong' ? report(wrongValue, effective.node?.span ?? placeOf(entity), message) : report(notDeployable, effective.node?.span ?? placeOf(entity), `${effective.key} ${message}`));
    }
    for (const wait of look.waits) {
      const problem = waitProblem(wait, running.get(entity)?.waits ?? []);
      if (problem !== undefined) diagnostics.push(report(notDeployable, wait.effective.node?.span ?? placeOf(entity), `${wait.effective.key} ${problem}`));
    }
    const isSaid = look.problems.length > 0 || look.waits.length > 0;
    if (!look.container && !look.cloud && !look.network && !isSaid && entity.children.length === 0 && entity.describedMembers.length === 0) diagnostics.push(report(notDeployable, placeOf(entity), reasonFor(entity, effectiveConfig(entity))));
  }
  const order = orderOf(drafts, root, { id, runs, before, catalog: own });
  if ('circle' in order) {
    const [first] = order.circle;
    const at = drafts.find(({ key }) => key === first?.from) ?? root;
    diagnostics.push(report(notDeployable, first?.wait?.effective.node?.span ?? placeOf(at), `nothing could start first: ${circleSentence(order.circle)}; take one of these values from somewhere else`));
  }
  const edges = 'edges' in order ? order.edges : [];
  diagnostics.push(...circlesOf(root, { id, runs, before, catalog: own }));
  // The application itself has sensors and effectors, too.
  const everyone = all(root);
  const clusters = drafts.filter(isCluster);
  const atRest = scopeOf(root);
  const ruleOf = (effective: Effective): Given | undefined => {
    const outcome = evaluate(effective.value, { self: atRest(effective.at) });
    return outcome.state === 'value' ? outcome.value : undefined;
  };
  const rules = new Map(clusters.map((cluster) => [cluster, startingRules(cluster, ruleOf)]));
  const quarantineOf = ({ parent, ordinal }: Draft): Quarantine | undefined => {
    const rule = parent && ordinal !== undefined ? rules.get(parent) : undefined;
    return parent && rule?.quarantines === true ? { cluster: parent.key, mayFail: membersOf(parent).length - rule.quorum } : undefined;
  };
  const entitiesIn = (looks: ReadonlyMap<Draft, Look>): readonly Entity[] => {
    const links = new Map(drafts.map((entity) => [entity.key, looks.get(entity)?.links ?? []]));
    return withLinks(drafts.map((entity) => entityOf(entity, root, looks.get(entity), edges, quarantineOf(entity))), (key) => links.get(key) ?? []);
  };
  const networks = drafts.flatMap((entity) => before.get(entity)?.network ?? []);
  const clouds = drafts.flatMap((entity) => before.get(entity)?.cloud ?? []);
  const logins = drafts.flatMap((entity) => before.get(entity)?.login ?? []);
  const sources = [...new Set([...before.values()].flatMap((look) => look.sources))];
  const builds = buildsIn(before);
  const mayChange = edges.length > 0 || [...before.values()].some(({ waits }) => waits.length > 0) || sources.length > 0 || builds.length > 0;
  return {
    application: {
      id,
      name: name ?? titleOf(root),
      entities: entitiesIn(before),
      ...(clouds.length > 0 && { clouds }),
      ...(logins.length > 0 && { logins }),
      ...(networks.length > 0 && { networks }),
      ...(sources.length > 0 && { sources }),
      ...(builds.length > 0 && { builds }),
      ...(mayChange && { settle: (world: RunningWorld) => entitiesIn(lookAt(root, id, world, runs, own)) }),
      ...(clusters.length > 0 && {
        clusters: clusters.map((cluster): ClusterSize => Object.assign({ entity: cluster.key, size: membersOf(cluster).length }, startingRules(cluster, ruleOf))),
        resized: (others: ReadonlyMap<string, number>) => resolve(reading, catalog, others).application,
      }),
      ...(everyone.some((entity) => adjunctsOf(entity, own).some(isFeed)) && { feeds: (world: LiveWorld) => feedsIn(root, everyone, id, runs, own, world) }),
      live: (world) => liveEntities(root, everyone, id, runs, own, world),
      blueprint: text,
    },
    diagnostics,
  };
}

/** Each source once. */
function buildsIn(looks: ReadonlyMap<Draft, Look>): readonly EntityBuild[] {
  const found = new Map<string, { readonly source: DockerfileSource; readonly entities: string[] }>();
  for (const [{ key }, { build }] of looks) {
    if (build === undefined) continue;
    const known = found.get(canonical(build)) ?? { source: build, entities: [] };
    known.entities.push(key);
    found.set(canonical(build), known);
  }
  return [...found.values()];
}

/** Enrichers that make sensors of each other. */
function circlesOf(root: Draft, { id, runs, catalog }: Known): readonly Diagnostic[] {
  const enriching = all(root).filter((entity) => adjunctsOf(entity, catalog).some(({ kind }) => kind === 'enricher'));
  if (enriching.length === 0) return [];
  const sensing = new Sensing(root, { application: id, catalog, runs });
  for (const entity of enriching) for (const name of sensing.names(entity)) sensing.sensor(entity, name);
  return sensing.circles().map((circle) => {
    const at = enriching.find(({ key }) => circle.some((place) => place.entity === key)) ?? root;
    const place = adjunctsOf(at, catalog).find(({ kind, span: known }) => kind === 'enricher' && known !== undefined)?.span;
    return report(notDeployable, place ?? placeOf(at), `these sensors would be made of themselves: ${circleText(circle)}; take one of these values from somewhere else`);
  });
}

/** What describes the hosts, the network and the containers of a cloud is part of it, and nothing of its own. */
function isPartOfCloud({ parent }: Draft): boolean {
  for (let above = parent; above; above = above.parent) if (isDockerCloud(above)) return true;
  return false;
}

function titleOf(root: Draft): string {
  return root.children[0]?.spec.name?.value ?? root.children[0]?.key ?? 'application';
}

function plainWait({ entity, shown, timeoutMs, needsContainerOnly }: Edge): EntityWait {
  return { entity, shown, ...(timeoutMs !== undefined && { timeoutMs }), ...(needsContainerOnly && { needsContainerOnly }) };
}

function awaitOf({ entity, sensor, options }: KeyWait, before: Gate['before'] | undefined): SensorWait {
  return { entity, sensor, limits: limitsOf(options), ...(before !== undefined && { before }) };
}

function gateOf(edge: Edge): readonly Gate[] {
  const { before, isMutual } = edge;
  return before === undefined ? [] : [{ ...plainWait(edge), before, ...(isMutual && { isMutual }) }];
}

function entityOf(entity: Draft, root: Draft, look: Look | undefined, edges: readonly Edge[], quarantine: Quarantine | undefined): Entity {
  const own = edges.filter(({ from }) => from === entity.key);
  const once = own.filter((wait, index) => own.findIndex((other) => other.entity === wait.entity && other.shown === wait.shown && other.before === wait.before) === index);
  const waits = once.filter(({ before }) => before === undefined).map(plainWait);
  const gates = once.flatMap(gateOf);
  const momentOf = (wait: KeyWait): ReturnType<typeof momentOfWait> => momentOfWait(entity, wait);
  const pending = [...new Set([...(look?.waits ?? []).filter((wait) => momentOf(wait) === undefined).map((wait) => `${wait.entity}: ${wait.sensor}`), ...(look?.problems ?? []).map(({ effective, message }) => `${effective.key}: ${message}`)])];
  const reaches = [...new Set([...(look?.asked ?? []), ...(look?.waits ?? [])].filter((one) => one.entity !== entity.key && isAboutReaching(one.sensor)).map((one) => one.entity))];
  return {
    key: entity.key,
    name: entity.spec.name?.value ?? entity.spec.id?.value ?? entity.key,
    type: entity.found?.renamedTo ?? entity.spec.type?.value ?? '',
    locations: locationsOf(entity),
    ...(entity.parent && entity.parent !== root && { parent: entity.parent.key }),
    ...(look?.container && { container: look.container }),
    ...(look?.placement && { placement: look.placement }),
    ...(waits.length > 0 && { waits }),
    ...(gates.length > 0 && { gates }),
    ...(pending.length > 0 && { pending }),
    ...(entity.ordinal !== undefined && { memberIndex: entity.ordinal }),
    ...(quarantine && { quarantine }),
    ...(look && look.waits.length > 0 && { awaits: look.waits.map((wait) => awaitOf(wait, momentOf(wait))) }),
    ...(reaches.length > 0 && { reaches }),
    ...(entity.members?.lineage.some(({ id }) => id === 'same-server-entity') === true && { keepsTogether: true }),
  };
}

/** Keys whose values may come while deploying; everything else must be known before, so that a host can be chosen. */
const lateKeys = /^(?:docker\.container\.environment|shell\.env|docker\.image\.(?:entrypoint|commands)|templates?\..*|latch\..*|.*\.command)$/;

/** Why a wait will never end, or may not be; undefined where it will be met. */
function waitProblem({ effective: { key }, entity, sensor }: KeyWait, stillWaiting: readonly KeyWait[]): string | undefined {
  if (stillWaiting.some((other) => other.entity === entity && other.sensor === sensor)) return `waits for the sensor ${sensor} of ${entity}, which nothing gives a value; write the value itself, or take another sensor`;
  return lateKeys.test(key) ? undefined : `waits for the sensor ${sensor} of ${entity}, but it must be known before anything runs; write the value itself`;
}

/** Containers as they would be if they ran: which sensors they would have is all that is asked. */
function asIfAllRan(looks: ReadonlyMap<Draft, Look>, id: string): RunningWorld {
  const ports = new Map([...looks].map(([{ key }, { container }]) => [key, container?.publishedPorts ?? []]));
  const networks = [id, ...[...looks.values()].flatMap(({ network }) => network?.id ?? []), ...[...looks.values()].flatMap(({ container }) => container?.networks ?? [])];
  const any = { containerName: '-', host: '-', image: '-', state: 'running', health: 'none', addresses: { any: '0.0.0.0' }, createdAtMs: 0 } as const;
  return {
    container: (entity) => ({ ...any, containerId: entity, ports: (ports.get(entity) ?? []).map(({ port, hostPort = 1, protocol }) => ({ port, hostPort, protocol })) }),
    file: () => undefined,
    read: () => 'read',
    networks: () => networks.map((network) => ({ id: network, isOwn: network === id, networkName: 'any', driver: 'bridge', subnet: { cidr: '0.0.0.0/24', gateway: '0.0.0.1', range: '0.0.0.192/26' }, members: [] })),
  };
}

interface Known {
  readonly id: string;
  readonly runs: ReadonlySet<string>;
  readonly before: ReadonlyMap<Draft, Look>;
  readonly catalog: Catalog;
}

function orderOf(drafts: readonly Draft[], root: Draft, { id, runs, before, catalog }: Known): ReturnType<typeof orderly> {
  const nothing = lookAt(root, id, 'nothing', runs, catalog);
  const named = new Map(drafts.map((entity) => [entity.key, entity]));
  return orderly(
    drafts.flatMap((entity) => {
      const unknown = before.get(entity)?.waits ?? [];
      const isHard = (wait: KeyWait): boolean => wait.sensor.startsWith('service.') || unknown.some((other) => other.entity === wait.entity && other.sensor === wait.sensor);
      if (!runs.has(entity.key)) return [];
      const waited = edgesOf(entity, nothing.get(entity)?.waits ?? [], isHard, runs, (key) => (key === root.key ? root : named.get(key)));
      const behind = edgesBehind(entity, before.get(entity)?.asked ?? [], runs);
      const linked = (before.get(entity)?.links ?? []).filter((link) => link.entity !== entity.key && runs.has(link.entity)).map((link): Edge => ({ from: entity.key, entity: link.entity, shown: `${link.entity}: linked as ${link.alias}`, isHard: false }));
      return [...waited, ...linked, ...behind.filter((edge) => !waited.some((other) => other.entity === edge.entity))];
    }),
  );
}

function reasonFor({ spec, found }: Draft, config: Config): string {
  const type = spec.type?.value ?? 'this entity';
  if (!found) return `${type} is a type that Clocker does not know, so there is nothing to run; use docker:IMAGE or a built-in type, or add the catalog that defines it to the workspace`;
  if (found.type.runsOnDocker !== false && config.has('docker.image.base')) return `${type} has nothing to run: give it a launch.command, or an image (docker.image.name)`;
  return `nothing runs in a container for ${type}; give it children, or use docker:IMAGE or a type that has an image`;
}

function placeOf(entity: Draft): Span {
  // What a type brings along stands in another text: the entity of this blueprint it belongs to is what a person can change.
  let current = entity;
  while (current.parent && current.source !== rootOf(current).source) current = current.parent;
  const { type, node } = current.spec;
  const first = entryValue(node, 'type');
  return type?.span ?? first?.span ?? span(node.span.start, node.span.start);
}

function rootOf(entity: Draft): Draft {
  let current = entity;
  while (current.parent) current = current.parent;
  return current;
}
