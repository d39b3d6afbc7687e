// An application with everything that is known of it before it runs, as plain data: each entity's effective config and where
// each value came from, expressions as trees, policies, networks, placement. schemas/application.schema.json describes it.

import { looksSecret } from '#core/blueprint/mask.ts';
import type { Reading } from '#core/blueprint/read.ts';
import type { AdjunctSpec } from '#core/blueprint/spec.ts';
import type { Catalog } from '#core/catalog/catalog.ts';
import { withOwnItems } from '#core/catalog/own.ts';
import { printCoerced } from '#core/coerce/coerce.ts';
import { print } from '#core/dsl/print.ts';
import { readValue } from '#core/dsl/read.ts';
import type { Expression, Scalar } from '#core/dsl/tree.ts';
import { all, draft, slug, type Draft } from '#core/resolve/draft.ts';
import { effectiveConfig } from '#core/resolve/effective.ts';
import { locationsOf } from '#core/resolve/locations.ts';

/** A value: plain data, or an expression in its canonical text with its tree. Maps are lists of pairs, since keys may be expressions. */
export type ModelValue =
  | { readonly kind: 'plain'; readonly value: string | number | boolean | null }
  /** The value of a key that looks secret, unless it is an expression. */
  | { readonly kind: 'secret' }
  | { readonly kind: 'expression'; readonly text: string; readonly tree: ModelExpression }
  | { readonly kind: 'list'; readonly items: readonly ModelValue[] }
  | { readonly kind: 'map'; readonly entries: readonly { readonly key: ModelValue; readonly value: ModelValue }[] };

/** Calls and selectors, each applied to the result of the one before. */
export type ModelExpression = readonly ({ readonly call: string; readonly args: readonly ModelValue[] } | { readonly select: ModelValue })[];

export interface ModelConfig {
  readonly key: string;
  /** The entity itself, its type, an entity above it, or the parameter's default. */
  readonly from: 'entity' | 'type' | 'parent' | 'default';
  /** The entity at which the value was written; expressions in it are seen from there. */
  readonly at: string;
  readonly value: ModelValue;
}

export interface ModelAdjunct {
  readonly kind: 'policy' | 'enricher' | 'initializer';
  readonly type: string;
  readonly config: readonly { readonly key: string; readonly value: ModelValue }[];
}

export interface ModelEntity {
  /** Unique in the application and the same on every reading of the same blueprint. */
  readonly key: string;
  readonly id?: string;
  readonly name?: string;
  /** The present name of the type; as written where it is unknown. Absent for the application itself. */
  readonly type?: string;
  readonly isTypeKnown: boolean;
  readonly parent?: string;
  /** The group whose members are made from this description. */
  readonly memberOf?: string;
  readonly locations: readonly string[];
  readonly config: readonly ModelConfig[];
  readonly adjuncts: readonly ModelAdjunct[];
  readonly sensors: readonly string[];
  readonly effectors: readonly string[];
}

export interface Model {
  readonly id: string;
  readonly name: string;
  /** The application first, each entity before those that belong to it. */
  readonly entities: readonly ModelEntity[];
}

/** Absent for a text that has no services. */
export function modelOf(reading: Reading, catalog: Catalog): Model | undefined {
  const { plan, text } = reading;
  if (!plan || (plan.children.length === 0 && !plan.type)) return undefined;
  const root = draft(plan, text, withOwnItems(catalog, reading));
  const name = plan.name?.value ?? plan.id?.value ?? root.key;
  return { id: slug(plan.id?.value ?? name), name, entities: all(root).map(entityOf) };
}

function entityOf(entity: Draft): ModelEntity {
  const { spec, found, members, parent } = entity;
  return {
    key: entity.key,
    isTypeKnown: spec.type === undefined || found !== undefined,
    locations: locationsOf(entity),
    config: [...effectiveConfig(entity).values()].map(({ key, from, at, value }) => ({ key, from, at: at.key, value: guarded(key, value) })),
    adjuncts: spec.adjuncts.flatMap((adjunct) => adjunctOf(adjunct, entity.source)),
    sensors: [...(members?.sensors.keys() ?? [])],
    effectors: [...(members?.effectors.keys() ?? [])],
    ...(spec.id && { id: spec.id.value }),
    ...(spec.name && { name: spec.name.value }),
    ...(spec.type && { type: found?.renamedTo ?? spec.type.value }),
    ...(parent && (entity.isMember ? { memberOf: parent.key } : { parent: parent.key })),
  };
}

function adjunctOf({ kind, type, config }: AdjunctSpec, source: string): readonly ModelAdjunct[] {
  return type ? [{ kind, type: type.value, config: config.map(({ key, value }) => ({ key, value: guarded(key, readValue(value, source).value) })) }] : [];
}

function guarded(key: string, value: Expression): ModelValue {
  return looksSecret(key) && value.kind !== 'chain' ? { kind: 'secret' } : valueOf(value);
}

function valueOf(expression: Expression): ModelValue {
  switch (expression.kind) {
    case 'string':
      return { kind: 'plain', value: expression.value };
    case 'word':
      return { kind: 'plain', value: expression.text };
    case 'scalar':
      return { kind: 'plain', value: scalarOf(expression.value) };
    case 'list':
      return { kind: 'list', items: expression.items.map(valueOf) };
    case 'map':
      return { kind: 'map', entries: expression.entries.map(({ key, value }) => ({ key: valueOf(key), value: guarded(key.kind === 'string' ? key.value : '', value) })) };
    case 'chain':
      return {
        kind: 'expression',
        text: print(expression),
        tree: expression.links.map((link) => (link.kind === 'call' ? { call: link.name, args: link.args.map(valueOf) } : { select: valueOf(link.key) })),
      };
  }
}

function scalarOf(value: Scalar['value']): string | number | boolean | null {
  return value === null || typeof value === 'number' || typeof value === 'boolean' ? value : (printCoerced(value) ?? '');
}
