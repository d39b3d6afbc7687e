// The entities that an expression of a text can see, as far as the text alone says: who is meant, which ids there are, which
// sensors and config keys somebody has. For completion and hover: what is not known is left out, never reported.

import { parse } from '#core/dsl/parse.ts';
import { type Call, type Expression, type Link, plainName } from '#core/dsl/tree.ts';
import { textAt } from '#core/blueprint/tree.ts';
import type { YamlNode } from '#core/blueprint/yaml.ts';
import { type Parameter, parameterOf } from '#core/catalog/type.ts';
import type { CheckContext, Placed } from '#core/check/context.ts';

/** The entity that is read from this map. */
export function entityOf({ entities }: CheckContext, map: YamlNode | undefined): Placed | undefined {
  return map && entities.find(({ spec }) => spec.node === map);
}

/** The entities whose ids the function finds when called on `self`. */
export function entitiesFor(context: CheckContext, self: Placed | undefined, functionName: string): readonly Placed[] {
  const all = context.entities.filter(({ spec }) => spec.id !== undefined);
  if (!self) return functionName === 'application' ? [] : all;
  switch (functionName) {
    case 'child':
      return all.filter(({ parent }) => parent === self);
    case 'sibling':
      return all.filter((other) => other.parent === self.parent && other !== self);
    case 'descendant':
    case 'member':
      return all.filter((other) => other !== self && ancestry(other).includes(self));
    case 'ancestor':
      return all.filter((other) => other !== self && ancestry(self).includes(other));
    case 'application':
      return [];
    default:
      return all.filter((other) => rootOf(other) === rootOf(self));
  }
}

/** Whom a chain of calls ends at, beginning at `self`; nothing where the text does not say. */
export function follow(context: CheckContext, self: Placed | undefined, links: readonly Link[]): Placed | undefined {
  return links.reduce<Placed | undefined>((at, link, index) => (link.kind === 'call' && (at ?? index === 0) ? step(context, at, link) : undefined), self);
}

function step(context: CheckContext, at: Placed | undefined, call: Call): Placed | undefined {
  const name = plainName(call.name);
  switch (name) {
    case 'self':
      return at;
    case 'parent':
      return at?.parent;
    case 'root':
    case 'scopeRoot':
      return at && rootOf(at);
    case 'entity':
    case 'component':
    case 'child':
    case 'sibling':
    case 'descendant':
    case 'ancestor':
    case 'member': {
      const id = idIn(call);
      return id === undefined ? undefined : entitiesFor(context, at, name).find(({ spec }) => spec.id?.value === id);
    }
    default:
      return undefined;
  }
}

function idIn({ args }: Call): string | undefined {
  const last: Expression | undefined = args.at(-1);
  return last?.kind === 'string' ? last.value : last?.kind === 'word' && last.text !== '' ? last.text : undefined;
}

function ancestry(placed: Placed): readonly Placed[] {
  const found: Placed[] = [];
  for (let at = placed.parent; at; at = at.parent) found.push(at);
  return found;
}

function rootOf(placed: Placed): Placed {
  return ancestry(placed).at(-1) ?? placed;
}

/** A config key that an expression may ask an entity for. */
export interface KnownKey {
  readonly name: string;
  readonly parameter: Parameter | undefined;
  /** The entity of the text that gives it a value, or declares it; absent for one that only its type has. */
  readonly at: Placed | undefined;
}

/** Config keys of an entity: what is set on it or above it, declared there, or a parameter of its type. */
export function configKeysOf(placed: Placed): readonly KnownKey[] {
  const known = new Map<string, KnownKey>();
  const add = (name: string, parameter: Parameter | undefined, at: Placed | undefined): void => {
    if (!known.has(name)) known.set(name, { name, parameter, at });
  };
  for (const at of [placed, ...ancestry(placed)]) {
    for (const parameter of at.spec.parameters.flatMap(parameterOf)) add(parameter.name, parameter, at);
    for (const { key, written } of at.spec.config) {
      const parameter = at.members?.parameters.get(key) ?? at.members?.flags.get(key);
      if (parameter || written === 'config') add(parameter?.name ?? key, parameter, at);
    }
  }
  for (const parameter of placed.members?.parameters.values() ?? []) add(parameter.name, parameter, undefined);
  return [...known.values()];
}

export interface KnownSensor {
  readonly name: string;
  readonly type: string | undefined;
  readonly description: string | undefined;
}

/** Sensors of an entity: those of its type, and those that its initializers and enrichers name. */
export function sensorsOf({ members, spec }: Placed): readonly KnownSensor[] {
  const known = new Map<string, KnownSensor>();
  for (const { kind, config } of spec.adjuncts) {
    for (const { key, value } of config) {
      if (kind === 'initializer' && key === 'name' && config.some((other) => /^(?:targetType|static\.value|period|sensor\.type|sensorType)$/.test(other.key))) addSensor(known, textAt(value)?.value);
      if (kind === 'enricher' && /(?:^|\.)targetSensor$/.test(key)) addSensor(known, sensorIn(value));
    }
  }
  for (const { name, type, description } of members?.sensors.values() ?? []) known.set(name, { name, type, description });
  return [...known.values()];
}

function addSensor(known: Map<string, KnownSensor>, name: string | undefined): void {
  if (name !== undefined && name !== '') known.set(name, { name, type: undefined, description: undefined });
}

/** `$brooklyn:sensor("x")`, or the name alone. */
function sensorIn(value: YamlNode): string | undefined {
  const text = textAt(value)?.value;
  if (text === undefined || !text.startsWith('$brooklyn:')) return text;
  const { tree } = parse(text);
  const [call] = tree.kind === 'chain' ? tree.links : [];
  return call?.kind === 'call' && plainName(call.name) === 'sensor' ? idIn(call) : undefined;
}
