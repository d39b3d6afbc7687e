// What every check is given: the reading, the catalog, and all entities of the text in one list, each with its way up.

import type { Reading } from '#core/blueprint/read.ts';
import type { EntitySpec } from '#core/blueprint/spec.ts';
import type { Catalog, Found, Members } from '#core/catalog/catalog.ts';
import { withOwnItems } from '#core/catalog/own.ts';
import type { Draft } from '#core/resolve/draft.ts';
import type { ScopeOf } from '#core/resolve/scope.ts';

/** One entity of the text: of the plan, of a member spec, or of a catalog item's definition. */
export interface Placed {
  readonly spec: EntitySpec;
  /** What it is: anything but an entity only where a catalog item defines it. */
  readonly kind: 'entity' | 'policy' | 'enricher' | 'initializer' | 'location' | 'bean';
  readonly parent: Placed | undefined;
  /** How its type was understood; absent for an unknown type and for the application itself. */
  readonly found: Found | undefined;
  readonly members: Members | undefined;
  /** True for what a catalog item defines: values may still be given where it is used. */
  readonly isDefinition: boolean;
  /** True for an entity that a config value describes; it becomes a member, not a child, of its parent. */
  readonly isMember: boolean;
}

export interface CheckContext {
  readonly reading: Reading;
  readonly catalog: Catalog;
  readonly entities: readonly Placed[];
  /** The tree of an entity that stands at the top, where somebody keeps it from one edit to the next. */
  readonly treeOf?: (spec: EntitySpec) => KeptTree | undefined;
}

export interface KeptTree {
  readonly draft: Draft;
  readonly scope: ScopeOf;
}

export function contextOf(reading: Reading, outer: Catalog): CheckContext {
  const catalog = withOwnItems(outer, reading);
  const { plan } = reading;
  const application = hasPlan(reading) && plan ? placedAlone(plan, catalog) : undefined;
  return {
    reading,
    catalog,
    entities: [
      ...(application && plan ? [application, ...plan.children.flatMap((child) => placed(child, application, catalog)), ...plan.specs.flatMap(({ spec }) => placed(spec, application, catalog, { isMember: true }))] : []),
      ...definitionsOf(reading).flatMap(({ definition, kind }) => placed(definition, undefined, catalog, { isDefinition: true, kind })),
    ],
  };
}

/** True where the text describes an application, if only half of one. */
export function hasPlan({ plan }: Reading): boolean {
  return plan !== undefined && (plan.children.length > 0 || plan.type !== undefined);
}

/** What the catalog items of a text are, leaving out the text itself where it is the item. */
export function definitionsOf({ items, root }: Reading): readonly { readonly definition: EntitySpec; readonly kind: Placed['kind'] }[] {
  return items.flatMap(({ definition, itemType }) => (definition && definition.node !== root ? [{ definition, kind: kindOf(itemType) }] : []));
}

type Manner = Partial<Pick<Placed, 'isDefinition' | 'isMember' | 'kind'>>;

/** An entity and all that belongs to it, each before its own. */
export function placed(spec: EntitySpec, parent: Placed | undefined, catalog: Catalog, manner: Manner = {}): readonly Placed[] {
  const made = placedAlone(spec, catalog, parent, manner);
  const { isDefinition } = made;
  return [made, ...spec.children.flatMap((child) => placed(child, made, catalog, { isDefinition })), ...spec.specs.flatMap(({ spec: member }) => placed(member, made, catalog, { isDefinition, isMember: true }))];
}

/** Without what belongs to it. */
export function placedAlone(spec: EntitySpec, catalog: Catalog, parent?: Placed, { isDefinition = false, isMember = false, kind = 'entity' }: Manner = {}): Placed {
  const found = spec.type && catalog.find(spec.type.value);
  return { spec, kind, parent, found, members: found && catalog.membersOf(found.type), isDefinition, isMember };
}

function kindOf(itemType = 'entity'): Placed['kind'] {
  switch (itemType) {
    case 'policy':
    case 'enricher':
    case 'initializer':
    case 'location':
    case 'bean':
      return itemType;
    default:
      return 'entity';
  }
}
