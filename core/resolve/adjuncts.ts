// The policies, enrichers and initializers of an entity: its own and those that its type brings along, each with the present
// name of its type and its config under the names of the config keys, defaults included.

import { read } from '#core/blueprint/read.ts';
import type { AdjunctSpec } from '#core/blueprint/spec.ts';
import { parameterFor, type Catalog } from '#core/catalog/catalog.ts';
import { readValue } from '#core/dsl/read.ts';
import type { Expression } from '#core/dsl/tree.ts';
import type { Draft } from '#core/resolve/draft.ts';
import { expressionOf } from '#core/resolve/effective.ts';
import type { Span } from '#core/text/span.ts';

export interface Adjunct {
  readonly kind: AdjunctSpec['kind'];
  /** The ids of its type and of those it is made from, nearest first; only the type as written where it is not known. */
  readonly lineage: readonly string[];
  readonly config: ReadonlyMap<string, Expression>;
  /** The entity that has it: expressions in the config are seen from there. */
  readonly at: Draft;
  /** Where its type stands in the blueprint; absent for what a type brings. */
  readonly span?: Span | undefined;
}

const known = new WeakMap<Draft, { readonly spec: unknown; readonly adjuncts: readonly Adjunct[] }>();

export function adjunctsOf(entity: Draft, catalog: Catalog): readonly Adjunct[] {
  const before = known.get(entity);
  if (before?.spec === entity.spec) return before.adjuncts;
  const own = entity.spec.adjuncts.flatMap((spec) => adjunct(spec, entity, entity.source, catalog).map((made) => Object.assign(made, { span: spec.type?.span })));
  const ofTypes = (entity.members?.lineage ?? []).flatMap(({ adjuncts }) => (adjuncts === undefined ? [] : brought(adjuncts).flatMap((spec) => adjunct(spec, entity, adjuncts, catalog))));
  const adjuncts = [...own, ...ofTypes];
  known.set(entity, { spec: entity.spec, adjuncts });
  return adjuncts;
}

/** Whether it is of this type or of one made from it. */
export function isA({ lineage }: Adjunct, type: string): boolean {
  return lineage.includes(type);
}

const readTexts = new Map<string, readonly AdjunctSpec[]>();

function brought(text: string): readonly AdjunctSpec[] {
  const specs = readTexts.get(text) ?? read(text).plan?.children[0]?.adjuncts ?? [];
  readTexts.set(text, specs);
  return specs;
}

function adjunct({ kind, type, config }: AdjunctSpec, at: Draft, source: string, catalog: Catalog): readonly Adjunct[] {
  if (!type) return [];
  const found = catalog.find(type.value);
  const members = found && catalog.membersOf(found.type);
  const values = new Map<string, Expression>();
  for (const { key, value } of config) values.set((members && parameterFor(members, key)?.name) ?? key, readValue(value, source).value);
  for (const { config: ofType } of members?.lineage ?? []) {
    for (const [written, value] of Object.entries(ofType)) {
      const key = (members && parameterFor(members, written)?.name) ?? written;
      if (!values.has(key)) values.set(key, expressionOf(value));
    }
  }
  for (const { name, default: value } of members?.parameters.values() ?? []) if (value !== undefined && value !== null && !values.has(name)) values.set(name, expressionOf(value));
  return [{ kind, lineage: members ? members.lineage.map(({ id }) => id) : [type.value], config: values, at }];
}
