// The values of an entity's sensors, as far as they are known: from its config and type, and from its container where one was
// observed. What only a program inside can tell is not here.

import { addressOf } from '#core/cluster/network.ts';
import type { ObservedContainer } from '#core/cluster/observed.ts';
import { coercePorts, portsIn } from '#core/coerce/ports.ts';
import { readValue } from '#core/dsl/read.ts';
import type { Expression } from '#core/dsl/tree.ts';
import { asData, isThing, type Value } from '#core/dsl/value.ts';
import type { Draft } from '#core/resolve/draft.ts';
import { effectiveConfig, expressionOf } from '#core/resolve/effective.ts';
import { isCluster } from '#core/resolve/members.ts';

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
}

/** Undefined where the sensor has no value (yet). A sensor about being up is true: whoever asks for it starts after the entity is up. */
export function sensorOf(entity: Draft, name: string, world: SensorWorld): Value | undefined {
  const container = world.container(entity);
  return general(entity, name, world) ?? (container && observed(entity, name, container, world)) ?? declared(entity, name, world) ?? ofConfig(entity, name, world);
}

/** Sensors by which another entity is reached over the network. */
export function isAboutReaching(name: string): boolean {
  return /^host\.|^hostandport$|^docker\.container\.addresses$|\.mapped\.subnet$/.test(name);
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
      return true;
    case 'service.state':
      return 'running';
    case 'group.members.count':
      return entity.found && isCluster(entity) ? entity.describedMembers.length : undefined;
    case 'proxy.serverpool.targets':
      return targets(entity, world);
    default:
      break;
  }
  if (!world.hasContainer(entity)) return undefined;
  switch (name) {
    case 'host.name':
    case 'host.subnet.hostname':
      return entity.key;
    default: {
      if (/^service\.process\.isRunning$/.test(name)) return true;
      const [, portSensor] = /^(.+)\.mapped\.subnet$/.exec(name) ?? [];
      const port = portSensor === undefined ? undefined : world.sensor(entity, portSensor);
      return typeof port === 'number' ? `${entity.key}:${port}` : undefined;
    }
  }
}

/** The members that a load balancer spreads requests over, each with its name and port; those of the group that it belongs to where none is given. */
function targets(entity: Draft, world: SensorWorld): Value | undefined {
  const pool = effectiveConfig(entity).get('loadbalancer.serverpool');
  const value = pool && world.evaluate(pool.value, pool.at);
  const given = value !== undefined && value !== null && isThing(value) && value.kind === 'entity' ? world.named(value.entity.key) : undefined;
  const group = given ?? (entity.parent && isCluster(entity.parent) ? entity.parent : undefined);
  if (!group) return undefined;
  const found = [...group.describedMembers, ...group.children].filter((member) => member !== entity && world.hasContainer(member)).flatMap((member): [Value, Value][] => {
    const [name, port] = [world.sensor(member, 'host.subnet.hostname'), world.sensor(member, 'http.port')];
    return typeof name === 'string' && typeof port === 'number' ? [[member.key, `${name}:${port}`]] : [];
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
  for (const { kind, type, config } of entity.spec.adjuncts) {
    if (kind !== 'initializer' || !/^(?:static-sensor|(?:.*\.)?StaticSensor)$/.test(type?.value ?? '')) continue;
    const entry = (key: string): Value | undefined => {
      const found = config.find((one) => one.key === key);
      return found && world.evaluate(readValue(found.value, entity.source).value, entity);
    };
    if (entry('name') === name) return entry('static.value');
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
