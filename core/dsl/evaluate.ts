// Expression -> value, seen from an entity, or what it waits for, or why it cannot be. Decides nothing about waiting: sensors
// that are not ready are named, and whoever runs things asks again. Recursion is found, never run into.

import { functionNamed, scopeWord, signatureFor, signatureText, type ScopeWord } from '#core/dsl/functions.ts';
import { format } from '#core/dsl/formatString.ts';
import { describeObject } from '#core/dsl/object.ts';
import { all, andThen, failure, value, type Outcome } from '#core/dsl/outcome.ts';
import { print } from '#core/dsl/print.ts';
import { unchain } from '#core/dsl/read.ts';
import { replaceAll } from '#core/dsl/regex.ts';
import { ancestors, find, findApplication, inScope, relative, rootOf, type ScopeEntity } from '#core/dsl/scope.ts';
import { renderTemplate } from '#core/dsl/template.ts';
import { plainName, type Call, type Chain, type Expression, type Selector } from '#core/dsl/tree.ts';
import { asText, isList, isMap, isThing, kindOf, type Value } from '#core/dsl/value.ts';
import { allowingOnFire, defaultWhenReady, isReady, mayNotWait, readWhenReady, type WhenReady } from '#core/dsl/whenReady.ts';
import type { Span } from '#core/text/span.ts';

export interface World {
  /** The entity that the expression is written at. */
  readonly self: ScopeEntity;
  /** The roots of all applications of the cloud, for application(); the own one is always seen. */
  readonly applications?: readonly ScopeEntity[];
  /** The value of a secret, at the moment it is used; leave it out everywhere else, and secrets stay references. */
  readonly secret?: (provider: string, key: string) => string | undefined;
}

/** Evaluates an expression or any value with expressions in it. */
export function evaluate(expression: Expression, world: World): Outcome {
  return run(expression, { world, self: world.self, trail: [], depth: 0 });
}

/** The value of a config key as `config("key")` at the entity gives it; nothing (`null`) when it is not set. */
export function evaluateConfig(entity: ScopeEntity, key: string, world: World): Outcome {
  return config(entity, key, { start: 0, end: 0 }, { world, self: entity, trail: [], depth: 0 });
}

interface Context {
  readonly world: World;
  readonly self: ScopeEntity;
  /** The config keys being resolved, outermost first: asking for one of them again would never end. */
  readonly trail: readonly { readonly entity: ScopeEntity; readonly key: string }[];
  /** How many expressions stand in one another here, those of config keys on the way included. */
  readonly depth: number;
}

/** Longer trails of config keys that refer to each other are refused; each step recurses here. */
const maxTrail = 100;

/** As deep as an expression may be, and room for some that it refers to; bounds the recursion. */
const maxLevels = 500;

function run(expression: Expression, outer: Context): Outcome {
  if (outer.depth > maxLevels) return failure('recursive', expression.span, `The value is made of more than ${maxLevels} expressions in one another.`);
  const context = { ...outer, depth: outer.depth + 1 };
  switch (expression.kind) {
    case 'string':
      return value(expression.value);
    case 'word':
      return value(expression.text);
    case 'scalar':
      return value(expression.value);
    case 'list':
      return andThen(together(expression.items, context), value);
    case 'map':
      return runMap(expression.entries, context);
    case 'chain':
      return runChain(expression, context);
  }
}

function runMap(entries: readonly { readonly key: Expression; readonly value: Expression }[], context: Context): Outcome {
  const keys = all(entries.map(({ key }) => run(key, context)));
  const values = all(entries.map((entry) => run(entry.value, context)));
  if (keys.state !== 'value') return keys;
  if (values.state !== 'value') return values;
  return value(new Map(keys.values.map((key, index) => [key, values.values[index] ?? null])));
}

/** A list of the values of several expressions. */
function together(expressions: readonly Expression[], context: Context): Outcome {
  const outcome = all(expressions.map((expression) => run(expression, context)));
  return outcome.state === 'value' ? value(outcome.values) : outcome;
}

function runChain(chain: Chain, context: Context): Outcome {
  let so: Outcome | undefined;
  // An entity that was searched for may belong to another application (by way of application()); one that a value holds may not.
  let isSearched = true;
  for (const [index, link] of chain.links.entries()) {
    if (so !== undefined && so.state !== 'value') return so;
    const receiver = so?.value;
    if (link.kind === 'selector') so = select(receiver, link, context);
    else if (receiver === undefined) so = start(link, context);
    else if (receiver === null) return failure('nothing', link.span, `${print({ ...chain, links: chain.links.slice(0, index) })} is nothing, so ${plainName(link.name)} cannot be called on it.`);
    else so = callOn(receiver, link, context, isSearched);
    isSearched = link.kind === 'call' && functionNamed(plainName(link.name))?.result === 'entity';
  }
  return so ?? failure('syntax', chain.span, 'The expression is empty.');
}

function start(call: Call, context: Context): Outcome {
  const name = plainName(call.name);
  const chained = unchain(call);
  if (chained) return runChain(chained, context);
  const known = functionNamed(name);
  if (known?.on.includes('start') !== true) return failure('noFunction', call.nameSpan, `There is no function ${name}.`);
  if (signatureFor(known, call.args.length) === undefined) return wrongCount(call, name);
  if (name === 'literal') return literal(call);
  return andThen(together(call.args, context), (args) => apply(context.self, name, isList(args) ? args : [], call, context));
}

function callOn(receiver: Value, call: Call, context: Context, isSearched: boolean): Outcome {
  const name = plainName(call.name);
  const known = functionNamed(name);
  const entity = isThing(receiver) && receiver.kind === 'entity' ? receiver.entity : undefined;
  const args = together(call.args, context);
  if (args.state !== 'value') return args;
  const values = isList(args.value) ? args.value : [];
  if (entity !== undefined && known?.on.includes('entity') === true) {
    if (!isSearched && rootOf(entity) !== rootOf(context.self)) return foreign(entity, call.span);
    return signatureFor(known, values.length) ? apply(entity, name, values, call, context) : wrongCount(call, name);
  }
  // What a function takes first may also stand before it: config("p").urlEncode().
  if (known?.on.includes('any') === true && signatureFor(known, values.length + 1)) return apply(context.self, name, [receiver, ...values], call, context);
  if (known?.on.includes('any') === true) return wrongCount(call, name);
  return failure('noFunction', call.nameSpan, `There is no function ${name} on ${kindOf(receiver)}.`);
}

function wrongCount(call: Call, name: string): Outcome {
  const forms = functionNamed(name)?.signatures.map((signature) => signatureText(name, signature)).join(' or ') ?? name;
  return failure('arguments', call.span, `${name} is called with ${call.args.length} ${call.args.length === 1 ? 'argument' : 'arguments'}; it is ${forms}.`);
}

function apply(entity: ScopeEntity, name: string, args: readonly Value[], call: Call, context: Context): Outcome {
  const [first = null, second = null, third = null] = args;
  switch (name) {
    case 'self':
      return relation(entity, 'this', call.span);
    case 'parent':
    case 'root':
    case 'scopeRoot':
      return relation(entity, name, call.span);
    case 'entity':
      return search(entity, 'global', first, call, context);
    case 'child':
    case 'sibling':
    case 'descendant':
    case 'ancestor':
      return search(entity, name, first, call, context);
    case 'member':
      return search(entity, 'members', first, call, context);
    case 'application':
      return search(entity, 'applications', first, call, context);
    case 'component':
      return args.length === 1 ? search(entity, 'global', first, call, context) : component(entity, first, second, call, context);
    case 'config':
      return args.length === 1 ? config(entity, asText(first), call.span, context) : configOf(first, asText(second), call, context);
    case 'attributeWhenReady':
      return args.length === 1 ? sensorValue(entity, first, defaultWhenReady, call) : withOptions(entity, first, second, call);
    case 'attributeWhenReadyAllowingOnFire':
      return sensorValue(entity, first, allowingOnFire, call);
    case 'sensor':
      return value(args.length === 1 ? { kind: 'sensor', name: asText(first) } : { kind: 'sensor', name: asText(second), type: asText(first) });
    case 'entityId':
      return value(entity.key);
    case 'location':
      return location(entity, args.length === 0 ? 0 : first, call);
    case 'template':
      return template(entity, asText(first), second, call, context);
    case 'formatString': {
      const formatted = format(asText(first), args.slice(1));
      return formatted.ok ? value(formatted.text) : failure('arguments', call.span, formatted.problem);
    }
    case 'regexReplacement': {
      const replaced = replaceAll(asText(first), asText(second), asText(third));
      return replaced.ok ? value(replaced.text) : failure('arguments', call.span, replaced.problem);
    }
    case 'function.regexReplacement':
      return value({ kind: 'function', name: 'regexReplacement', pattern: asText(first), replacement: asText(second) });
    case 'urlEncode':
      return value(first === null ? null : urlEncode(asText(first)));
    case 'external':
      return external(asText(first), asText(second), call, context);
    case 'entitySpec':
      return isMap(first) ? value({ kind: 'spec', spec: first }) : failure('arguments', call.span, `entitySpec takes a map, not ${kindOf(first)}.`);
    case 'object': {
      const described = describeObject(first);
      return typeof described === 'string' ? failure('arguments', call.span, described) : value(described);
    }
    default:
      return failure('noFunction', call.nameSpan, name === 'chain' ? 'chain begins with an expression, and goes on with { function: [arguments] } and "[key]".' : `There is no function ${name}.`);
  }
}

/** What literal was given, as it was written. */
function literal(call: Call): Outcome {
  const [given] = call.args;
  return given === undefined ? wrongCount(call, 'literal') : value(unread(given));
}

function unread(given: Expression): Value {
  switch (given.kind) {
    case 'string':
      return given.value;
    case 'word':
      return given.text;
    case 'scalar':
      return given.value;
    case 'list':
      return given.items.map(unread);
    case 'map':
      return new Map(given.entries.map((entry) => [unread(entry.key), unread(entry.value)]));
    case 'chain':
      return print(given);
  }
}

function relation(entity: ScopeEntity, scope: 'this' | 'parent' | 'root' | 'scopeRoot', span: Span): Outcome {
  const found = relative(entity, scope);
  return found ? value({ kind: 'entity', entity: found }) : failure('noEntity', span, `${nameOf(entity)} has no ${scope}.`);
}

function component(entity: ScopeEntity, scope: Value, id: Value, call: Call, context: Context): Outcome {
  const word = scopeWord(asText(scope));
  if (word === undefined) return failure('arguments', call.args[0]?.span ?? call.span, `${asText(scope)} is no scope.`);
  if (word === 'this' || word === 'parent' || word === 'root' || word === 'scopeRoot') return relation(entity, word, call.span);
  return search(entity, word, id, call, context);
}

function search(entity: ScopeEntity, scope: Exclude<ScopeWord, 'this' | 'parent' | 'root' | 'scopeRoot'>, id: Value, call: Call, { world }: Context): Outcome {
  if (isThing(id) && id.kind === 'entity') {
    const isIn = scope === 'applications' ? id.entity.parent === undefined : inScope(entity, scope).includes(id.entity);
    return isIn ? value(id) : failure('outOfScope', call.span, `${nameOf(id.entity)} is not in scope '${scope}' of ${nameOf(entity)}.`);
  }
  const wanted = asText(id);
  if (id === null || wanted.trim() === '') return failure('arguments', call.span, `${plainName(call.name)} needs the id of an entity, and got none.`);
  const found = scope === 'applications' ? findApplication([...(world.applications ?? []), rootOf(entity)], wanted) : find(entity, scope, wanted);
  if (found) return value({ kind: 'entity', entity: found });
  const where = scope === 'global' ? `in the application of ${nameOf(entity)}` : scope === 'applications' ? 'among the applications' : `in scope '${scope}' of ${nameOf(entity)}`;
  return failure('noEntity', call.span, `No entity has the id '${wanted}' ${where}.`);
}

function config(entity: ScopeEntity, key: string, span: Span, context: Context): Outcome {
  if (context.trail.some((step) => step.entity === entity && step.key === key)) {
    return failure('recursive', span, `The config key ${key} of ${nameOf(entity)} refers to itself${context.trail.length > 1 ? `, by way of ${context.trail.map((step) => step.key).join(', ')}` : ''}.`);
  }
  if (context.trail.length >= maxTrail) return failure('recursive', span, `More than ${maxTrail} config keys refer to each other, the last being ${key} of ${nameOf(entity)}.`);
  const set = entity.config(key);
  if (set === undefined) return value(null);
  return run(set.value, { ...context, self: set.at, trail: [...context.trail, { entity, key }] });
}

function configOf(object: Value, key: string, call: Call, context: Context): Outcome {
  if (isThing(object) && object.kind === 'entity') return rootOf(object.entity) === rootOf(context.self) ? config(object.entity, key, call.span, context) : foreign(object.entity, call.span);
  if (isThing(object) && object.kind === 'object') return value(object.config.get(key) ?? null);
  return failure('arguments', call.span, `config cannot ask ${kindOf(object)} for ${key}; it asks entities and objects.`);
}

function withOptions(entity: ScopeEntity, sensor: Value, given: Value, call: Call): Outcome {
  const options = readWhenReady(given);
  return options ? sensorValue(entity, sensor, options, call) : failure('arguments', call.span, `The options of attributeWhenReady are a map, not ${kindOf(given)}.`);
}

function sensorValue(entity: ScopeEntity, sensor: Value, options: WhenReady, call: Call): Outcome {
  const name = isThing(sensor) && sensor.kind === 'sensor' ? sensor.name : asText(sensor);
  const present = entity.sensor(name);
  if (isReady(present, options)) return value(present);
  if (mayNotWait(options)) return failure('mayNotWait', call.span, `The sensor ${name} of ${nameOf(entity)} has no value yet, and waiting is not permitted (timeout: 0).`);
  return { state: 'waiting', waits: [{ entity, sensor: name, options }], secrets: [] };
}

function location(entity: ScopeEntity, index: Value, call: Call): Outcome {
  const number = Number(asText(index));
  if (!Number.isInteger(number) || number < 0) return failure('arguments', call.span, `location takes a number from 0, not ${asText(index)}.`);
  const names = [entity, ...ancestors(entity)].find(({ locations }) => locations.length > 0)?.locations ?? [];
  const name = names[number];
  if (name === undefined) return failure('arguments', call.span, `${nameOf(entity)} has ${names.length} ${names.length === 1 ? 'location' : 'locations'}, but index ${number} is asked for.`);
  return value({ kind: 'location', name });
}

function template(entity: ScopeEntity, text: string, substitutions: Value, call: Call, context: Context): Outcome {
  if (substitutions !== null && !isMap(substitutions)) return failure('arguments', call.span, `The substitutions of template are a map, not ${kindOf(substitutions)}.`);
  return renderTemplate(text, {
    span: call.span,
    names: new Map(substitutions === null ? [] : [...substitutions].map(([key, item]) => [asText(key), item])),
    entity,
    config: (of, key) => (rootOf(of) === rootOf(context.self) ? config(of, key, call.span, context) : foreign(of, call.span)),
  });
}

function external(provider: string, key: string, call: Call, { world }: Context): Outcome {
  if (world.secret === undefined) return { state: 'secret', secrets: [{ provider, key }] };
  const secret = world.secret(provider, key);
  return secret === undefined ? failure('noSecret', call.span, `No provider ${provider} has a secret ${key}.`) : value(secret);
}

function select(receiver: Value | undefined, link: Selector, context: Context): Outcome {
  if (receiver === undefined || receiver === null) return failure('nothing', link.span, 'There is nothing to take a part of.');
  return andThen(run(link.key, context), (key) => part(receiver, key, link.span, context));
}

function part(receiver: Value, key: Value, span: Span, context: Context): Outcome {
  const name = asText(key);
  if (isList(receiver)) {
    const item = /^[+-]?\d+$/.test(name) ? receiver[Number(name)] : undefined;
    return item === undefined ? failure('arguments', span, `The list has ${receiver.length} ${receiver.length === 1 ? 'item' : 'items'}, counted from 0, and no ${name}.`) : value(item);
  }
  // A number as a key of YAML is a number to Java, but in an expression it is a text; upstream finds nothing then, we look for both.
  if (isMap(receiver)) return value(receiver.get(key) ?? [...receiver].find(([candidate]) => asText(candidate) === name)?.[1] ?? null);
  if (isThing(receiver) && receiver.kind === 'entity') return config(receiver.entity, name, span, context);
  if (isThing(receiver) && receiver.kind === 'object') return value(receiver.config.get(name) ?? receiver.fields.get(name) ?? null);
  return failure('arguments', span, `${kindOf(receiver)} has no part ${name}.`);
}

function foreign(entity: ScopeEntity, span: Span): Outcome {
  return failure('outOfScope', span, `${nameOf(entity)} is not in scope 'global': it belongs to another application.`);
}

/** As Java's URLEncoder: a space is `+`, and only letters, digits and `.-*_` stay. */
export function urlEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replaceAll('%20', '+')
    .replaceAll(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

function nameOf({ id, name, key }: ScopeEntity): string {
  return id ?? name ?? key;
}
