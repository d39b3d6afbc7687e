// The values of an entity's sensors, as far as they are known: from its config and type, from its container where one was
// observed, from what was read inside it, and from enrichers. sensing.ts asks here.

import { addressOf } from '#core/cluster/network.ts';
import { copiesAll, enriched, shownOnMember, targetsOf, type EnricherWorld } from '#core/enrich/enrich.ts';
import type { ObservedContainer } from '#core/cluster/observed.ts';
import { coercePorts, portsIn } from '#core/coerce/ports.ts';
import type { Expression } from '#core/dsl/tree.ts';
import { asData, isThing, type Value } from '#core/dsl/value.ts';
import { isA, type Adjunct } from '#core/resolve/adjuncts.ts';
import type { Draft } from '#core/resolve/draft.ts';
import { effectiveConfig, expressionOf } from '#core/resolve/effective.ts';
import { isCluster, membersOf } from '#core/resolve/members.ts';
import { stateTogether, type ServiceState } from '#core/sensors/condition.ts';
import { isFeed } from '#core/sensors/feeds.ts';
import { containerNetworkNames, containerNetworkSensor, isNetwork, networkSensor } from '#core/sensors/networkSensors.ts';
import type { NetworkSight } from '#core/sdn/sight.ts';

export interface SensorWorld {
  /** The application's id. */
  readonly application: string;
  /** Whether the entity has a container, or will have one. */
  readonly hasContainer: (entity: Draft) => boolean;
  /** Its container, where it runs. */
  readonly container: (entity: Draft) => ObservedContainer | undefined;
  /** Another sensor, of any entity: what `sensorOf` gives for it. */
  readonly sensor: (entity: Draft, name: string) => Value | undefined;
  /** The draft of an entity, by key. */
  readonly named: (key: string) => Draft | undefined;
  /** An expression seen from the entity; undefined where it has no value (yet). */
  readonly evaluate: (expression: Expression, at: Draft) => Value | undefined;
  readonly adjuncts: (entity: Draft) => readonly Adjunct[];
  /** What was read of a sensor whose value only a command or a server tells. */
  readonly read: (entity: Draft, name: string) => Value | undefined;
  /** Those that are there. */
  readonly networks: () => readonly NetworkSight[];
  /** Whether a member of a pool gets requests. */
  readonly serves: (entity: Draft) => boolean;
  /** How an entity with a container is doing; absent where everything counts as up: whoever asks for such a sensor starts after the entity is up. */
  readonly state?: (entity: Draft) => ServiceState;
}

/** Undefined where the sensor has no value (yet). */
export function sensorOf(entity: Draft, name: string, world: SensorWorld): Value | undefined {
  const enrichers = enrichersOf(entity, world);
  const made = enrichers.length === 0 ? undefined : enriched(entity, name, enrichers, enricherWorld(world));
  return made ?? shownByGroup(entity, name, world) ?? bareSensorOf(entity, name, world);
}

/** The names of all sensors that an entity may have. */
export function sensorNames(entity: Draft, world: SensorWorld): readonly string[] {
  return [...new Set([...namesWith(entity, world, enrichersOf), ...(entity.parent ? targets(groupEnrichers(entity, world), world) : [])])];
}

function namesWith(entity: Draft, world: SensorWorld, enrichers: typeof enrichersOf): readonly string[] {
  return [...bareNames(entity, world), ...targets(enrichers(entity, world), world)];
}

function targets(enrichers: readonly Adjunct[], world: SensorWorld): readonly string[] {
  return enrichers.flatMap((enricher) => targetsOf(enricher, enricherWorld(world)));
}

/** Those that give sensors to the entity itself. */
function enrichersOf(entity: Draft, world: SensorWorld): readonly Adjunct[] {
  return world.adjuncts(entity).filter((adjunct) => adjunct.kind === 'enricher' && !isA(adjunct, 'propagate-to-members'));
}

/** Those of the group that an entity is a member of which give sensors to its members. */
function groupEnrichers({ isMember, parent }: Draft, world: SensorWorld): readonly Adjunct[] {
  return isMember && parent ? world.adjuncts(parent).filter((adjunct) => isA(adjunct, 'propagate-to-members')) : [];
}

function enricherWorld(world: SensorWorld): EnricherWorld {
  return {
    sensor: world.sensor,
    bare: (entity, name) => bareSensorOf(entity, name, world),
    names: (entity) => namesWith(entity, world, (one) => enrichersOf(one, world).filter((enricher) => !copiesAll(enricher))),
    named: world.named,
    config: (enricher, key) => {
      const expression = enricher.config.get(key);
      return expression && world.evaluate(expression, enricher.at);
    },
  };
}

function shownByGroup(entity: Draft, name: string, world: SensorWorld): Value | undefined {
  const enrichers = groupEnrichers(entity, world);
  return enrichers.length === 0 || !entity.parent ? undefined : shownOnMember(entity.parent, name, enrichers, enricherWorld(world));
}

function bareSensorOf(entity: Draft, name: string, world: SensorWorld): Value | undefined {
  const container = world.container(entity);
  // What is read has no other value before it was.
  if (initializers(entity, world).some((one) => isFeed(one) && nameOf(one, world) === name)) return world.read(entity, name) ?? undefined;
  const ofNetworks = isNetwork(entity) ? networkSensor(entity, name, { networks: world.networks(), valueOf: ({ value, at }) => world.evaluate(value, at) }) : container && containerNetworkSensor(container, name, world.networks);
  return ofNetworks ?? general(entity, name, world) ?? (container && observed(entity, name, container, world)) ?? declared(entity, name, world) ?? ofConfig(entity, name, world);
}

/** Sensors that every entity with a container has, besides those that its type tells of. */
const ofEveryContainer = ['host.name', 'host.address', 'host.subnet.hostname', 'host.subnet.address', 'docker.network.ids', 'docker.network.addresses'];

function bareNames(entity: Draft, world: SensorWorld): readonly string[] {
  const ofAll = ['entity.id', 'application.id', 'catalog.id', 'service.isUp', 'service.state'];
  const declaredOnes = initializers(entity, world).flatMap((one) => nameOf(one, world) ?? []);
  const ofType = [...(entity.members?.sensors.keys() ?? [])];
  const mapped = ofType.flatMap((name) => (entity.members?.parameters.get(name)?.type === 'port' ? [`mapped.${name}`, `${name}.mapped.subnet`] : []));
  return [...new Set([...ofAll, ...(world.hasContainer(entity) ? [...ofEveryContainer, ...containerNetworkNames(world.container(entity), world.networks)] : []), ...ofType, ...mapped, ...declaredOnes])];
}

/** Initializers that give a sensor. */
function initializers(entity: Draft, world: SensorWorld): readonly Adjunct[] {
  return world.adjuncts(entity).filter((adjunct) => adjunct.kind === 'initializer' && isA(adjunct, 'add-sensor'));
}

function nameOf({ config, at }: Adjunct, world: SensorWorld): string | undefined {
  const expression = config.get('name');
  const name = expression && world.evaluate(expression, at);
  return typeof name === 'string' ? name : undefined;
}

/** How an entity is doing; of a group, by its parts. */
export function conditionOf(entity: Draft, world: SensorWorld): ServiceState {
  if (!world.state) return 'running';
  const parts = (one: Draft): readonly ServiceState[] => [
    ...(world.hasContainer(one) ? [world.state?.(one) ?? 'running'] : []),
    ...[...one.children, ...one.describedMembers].flatMap(parts),
  ];
  return world.hasContainer(entity) ? world.state(entity) : stateTogether(parts(entity));
}

/** Sensors that are known as soon as the container runs, whatever goes on in it. */
export function isKnownOnceThere(name: string): boolean {
  return /^host\.|^hostandport$|^docker\.(?:container|network)\.|^port\.list$|^mapped\.|\.mapped\.subnet$/.test(name);
}

/** Sensors by which another entity is reached over the network. */
export function isAboutReaching(name: string): boolean {
  return /^host\.|^hostandport$|^docker\.container\.addresses$|^docker\.network\.(?!ids$)|\.mapped\.subnet$/.test(name);
}

function general(entity: Draft, name: string, world: SensorWorld): Value | undefined {
  switch (name) {
    case 'entity.id':
      return entity.key;
    case 'application.id':
      return world.application;
    case 'catalog.id':
      return entity.found?.type.id;
    case 'service.isUp':
      return conditionOf(entity, world) === 'running';
    case 'service.state':
      return conditionOf(entity, world);
    case 'group.members.count':
      return entity.found && isCluster(entity) ? membersOf(entity).length : undefined;
    case 'proxy.serverpool.targets':
      return poolTargets(entity, world);
    default:
      break;
  }
  if (!world.hasContainer(entity)) return undefined;
  switch (name) {
    case 'host.name':
    case 'host.subnet.hostname':
      return entity.key;
    default: {
      if (/^service\.process\.isRunning$/.test(name)) return conditionOf(entity, world) === 'running';
      const [, portSensor] = /^(.+)\.mapped\.subnet$/.exec(name) ?? [];
      const port = portSensor === undefined ? undefined : world.sensor(entity, portSensor);
      return typeof port === 'number' ? `${entity.key}:${port}` : undefined;
    }
  }
}

/** The members that a load balancer spreads requests over, each with its name and port; those of the group that it belongs to where none is given. */
function poolTargets(entity: Draft, world: SensorWorld): Value | undefined {
  const chosen = effectiveConfig(entity).get('loadbalancer.serverpool');
  const value = chosen && world.evaluate(chosen.value, chosen.at);
  const given = value !== undefined && value !== null && isThing(value) && value.kind === 'entity' ? world.named(value.entity.key) : undefined;
  const group = given ?? (entity.parent && isCluster(entity.parent) ? entity.parent : undefined);
  if (!group) return undefined;
  const named = (key: string): string | undefined => {
    const effective = effectiveConfig(entity).get(key);
    const sensor = effective && world.evaluate(effective.value, effective.at);
    if (sensor === undefined || sensor === null) return undefined;
    return isThing(sensor) ? (sensor.kind === 'sensor' ? sensor.name : undefined) : typeof sensor === 'string' ? sensor : undefined;
  };
  const whole = named('member.sensor.hostandport');
  const [host = 'host.subnet.hostname', port = 'http.port'] = [named('member.sensor.hostname'), named('member.sensor.portNumber')];
  const pool = [...group.describedMembers, ...group.children].filter((member) => member !== entity && world.hasContainer(member) && world.serves(member));
  const found = pool.flatMap((member): [Value, Value][] => {
    const both = whole === undefined ? undefined : world.sensor(member, whole);
    if (typeof both === 'string') return [[member.key, both]];
    const [name, number] = [world.sensor(member, host), world.sensor(member, port)];
    return typeof name === 'string' && typeof number === 'number' ? [[member.key, `${name}:${number}`]] : [];
  });
  return new Map(found);
}

function observed(entity: Draft, name: string, container: ObservedContainer, world: SensorWorld): Value | undefined {
  const published = container.ports.filter(({ hostPort }) => hostPort !== undefined);
  switch (name) {
    case 'host.address':
    case 'host.subnet.address':
      return addressOf(container.addresses, world.application);
    case 'docker.container.id':
      return container.containerId;
    case 'docker.container.name':
      return container.containerName;
    case 'docker.container.running':
      return container.state === 'running';
    case 'docker.container.paused':
      return container.state === 'paused';
    case 'docker.container.addresses':
      return Object.values(container.addresses);
    case 'docker.container.openPorts':
    case 'port.list':
      return [...new Set(container.ports.map(({ port }) => port))];
    case 'docker.container.portBindings':
      return new Map(published.map(({ port, hostPort = 0 }) => [hostPort, port]));
    case 'hostandport': {
      const [first] = container.ports;
      return first && `${entity.key}:${first.port}`;
    }
    default: {
      const [, portSensor] = /^mapped\.(.+)$/.exec(name) ?? [];
      const port = portSensor === undefined ? undefined : world.sensor(entity, portSensor);
      return published.find((one) => one.port === port)?.hostPort;
    }
  }
}

/** Static sensors of the blueprint, and those that the type works out of others. */
function declared(entity: Draft, name: string, world: SensorWorld): Value | undefined {
  for (const one of initializers(entity, world)) {
    const value = isA(one, 'static-sensor') && nameOf(one, world) === name ? one.config.get('static.value') : undefined;
    if (value) return world.evaluate(value, one.at);
  }
  const made = entity.members?.sensors.get(name)?.value;
  return made === undefined ? undefined : world.evaluate(expressionOf(made), entity);
}

/** A sensor of the same name as a config key shows its value; of a range of ports the one that is used. */
function ofConfig(entity: Draft, name: string, world: SensorWorld): Value | undefined {
  const effective = effectiveConfig(entity).get(name);
  if (!effective || entity.members?.sensors.has(name) !== true) return undefined;
  const value = world.evaluate(effective.value, effective.at);
  const data = value === undefined ? undefined : asData(value);
  if (data === undefined || data === null) return undefined;
  if (entity.members.parameters.get(name)?.type !== 'port') return data;
  const ports = coercePorts(data);
  return ports.ok ? portsIn(ports.value, 1)[0] : undefined;
}
