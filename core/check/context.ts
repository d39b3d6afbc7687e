// What every check is given: the reading, the catalog, and all entities of the text in one list, each with its way up.

import type { Reading } from '#core/blueprint/read.ts';
import type { EntitySpec } from '#core/blueprint/spec.ts';
import type { Catalog, Found, Members } from '#core/catalog/catalog.ts';
import { withOwnItems } from '#core/catalog/own.ts';

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
}

export function contextOf(reading: Reading, outer: Catalog): CheckContext {
  const catalog = withOwnItems(outer, reading);
  const entities: Placed[] = [];
  const visit = (spec: EntitySpec, parent: Placed | undefined, isDefinition: boolean, isMember: boolean, kind: Placed['kind'] = 'entity'): void => {
    const found = spec.type && catalog.find(spec.type.value);
    const placed: Placed = { spec, kind, parent, found, members: found && catalog.membersOf(found.type), isDefinition, isMember };
    entities.push(placed);
    for (const child of spec.children) visit(child, placed, isDefinition, false);
    for (const { spec: member } of spec.specs) visit(member, placed, isDefinition, true);
  };
  if (reading.plan && (reading.plan.children.length > 0 || reading.plan.type)) visit(reading.plan, undefined, false, false);
  for (const { definition, itemType } of reading.items) if (definition && definition.node !== reading.root) visit(definition, undefined, true, false, kindOf(itemType));
  return { reading, catalog, entities };
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
