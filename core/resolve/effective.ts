// The config that an entity really has: its own values, its type's, those of the entities above it, and defaults, in
// Brooklyn's order, maps merged where Brooklyn merges them. Values stay expressions; nothing is evaluated here.

import { isShell, type Draft } from '#core/resolve/draft.ts';
import { parameterFor } from '#core/catalog/catalog.ts';
import type { PlainValue } from '#core/catalog/plain.ts';
import { printCoerced } from '#core/coerce/coerce.ts';
import { print } from '#core/dsl/print.ts';
import { readValue } from '#core/dsl/read.ts';
import type { Expression, MapEntry } from '#core/dsl/tree.ts';
import { parseYaml, type YamlNode } from '#core/blueprint/yaml.ts';
import type { Span } from '#core/text/span.ts';

export interface Effective {
  /** The config key, whichever name was written. */
  readonly key: string;
  readonly value: Expression;
  /** The entity the value was written at: expressions in it are seen from there. */
  readonly at: Draft;
  readonly from: 'entity' | 'type' | 'parent' | 'default';
  /** Where the value stands in the blueprint; absent for what a type brings. */
  readonly node?: YamlNode;
  readonly keySpan?: Span;
}

export type Config = ReadonlyMap<string, Effective>;

const mergedKeys = new Set(['shell.env', 'provisioning.properties', 'files.preinstall', 'files.install', 'files.customize', 'files.runtime', 'templates.preinstall', 'templates.install', 'templates.customize', 'templates.runtime']);
/** What describes one container is not handed down to the containers below it. */
const ofOneContainer = /^docker\.(?:image|container|dockerfile|entrypoint|context)\.|^docker\.(?:host\.volumes|cpuShares|memory)$|\.command$|^(?:files|templates|latch|skip)\.|^(?:expanded)?(?:install|run)\.dir$|^pidFile$/;

const cache = new WeakMap<Draft, Config>();

export function effectiveConfig(entity: Draft): Config {
  const known = cache.get(entity);
  if (known) return known;
  const config = new Map<string, Effective>();
  const add = (effective: Effective): void => {
    const nearer = config.get(effective.key);
    if (!nearer) config.set(effective.key, effective);
    else if (mergedKeys.has(effective.key) && nearer.from !== 'default') config.set(effective.key, { ...nearer, value: merged(nearer.value, effective.value) });
  };
  for (const own of ownConfig(entity)) add(own);
  for (const type of entity.members?.lineage ?? []) {
    if (type.parent?.startsWith('docker:')) add({ key: 'docker.image.name', value: expressionOf(type.parent.slice('docker:'.length)), at: entity, from: 'type' });
    for (const [written, value] of Object.entries(type.config)) add({ key: canonical(entity, written), value: expressionOf(value), at: entity, from: 'type' });
  }
  if (entity.parent) {
    const above = effectiveConfig(entity.parent);
    const isContainer = entity.parent.found !== undefined && !isShell(entity.parent) && (above.has('docker.image.name') || above.has('docker.dockerfile.url') || above.has('launch.command'));
    for (const inherited of above.values()) {
      if (inherited.from !== 'default' && !(isContainer && ofOneContainer.test(inherited.key))) add({ ...inherited, from: 'parent' });
    }
  }
  for (const { name, default: value } of entity.members?.parameters.values() ?? []) if (value !== undefined && value !== null) add({ key: name, value: expressionOf(value), at: entity, from: 'default' });
  for (const { name, default: node } of entity.spec.parameters) if (name && node) add({ key: name.value, value: readValue(node, entity.source).value, at: entity, from: 'default', node });
  cache.set(entity, config);
  return config;
}

/** The entity's own values, the last written first; each under the name of its config key. */
function ownConfig(entity: Draft): readonly Effective[] {
  const values = entity.spec.config.toReversed().map(
    ({ key, keySpan, value }): Effective => ({ key: canonical(entity, key), value: readValue(value, entity.source).value, at: entity, from: 'entity', node: value, keySpan }),
  );
  const type = entity.spec.type;
  if (!type?.value.startsWith('docker:')) return values;
  const image: Expression = { kind: 'string', span: type.span, value: type.value.slice('docker:'.length) };
  return [{ key: 'docker.image.name', value: image, at: entity, from: 'entity' }, ...values];
}

function canonical(entity: Draft, written: string): string {
  return (entity.members && parameterFor(entity.members, written)?.name) ?? written;
}

const expressions = new Map<string, Expression>();
/** Types have a few hundred different values; whoever edits a catalog for long goes through more. */
const mostKnown = 5000;

/** A value that a type brings, as an expression. */
export function expressionOf(value: PlainValue): Expression {
  const text = JSON.stringify(value);
  const before = expressions.get(text);
  if (before) return before;
  const { root } = parseYaml(text);
  const expression: Expression = root ? readValue(root, text).value : { kind: 'scalar', span: { start: 0, end: 0 }, value: null };
  if (expressions.size >= mostKnown) expressions.clear();
  expressions.set(text, expression);
  return expression;
}

/** The nearer map's entries, and those of the farther one that it does not have. */
function merged(nearer: Expression, farther: Expression): Expression {
  if (nearer.kind !== 'map' || farther.kind !== 'map') return nearer;
  const keys = new Set(nearer.entries.map(keyOf));
  return { ...nearer, entries: [...farther.entries.filter((entry) => !keys.has(keyOf(entry))), ...nearer.entries] };
}

function keyOf({ key }: MapEntry): string {
  return key.kind === 'string' ? key.value : key.kind === 'scalar' ? (printCoerced(key.value) ?? '') : print(key);
}
