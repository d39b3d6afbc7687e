// What every check is given: the reading, the catalog, and all entities of the text in one list, each with its way up.

import type { Reading } from '#core/blueprint/read.ts';
import type { EntitySpec } from '#core/blueprint/spec.ts';
import type { Catalog, Found, Members } from '#core/catalog/catalog.ts';

/** One entity of the text: of the plan, of a member spec, or of a catalog item's definition. */
export interface Placed {
  readonly spec: EntitySpec;
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

export function contextOf(reading: Reading, catalog: Catalog): CheckContext {
  const entities: Placed[] = [];
  const visit = (spec: EntitySpec, parent: Placed | undefined, isDefinition: boolean, isMember: boolean): void => {
    const found = spec.type && catalog.find(spec.type.value);
    const placed = { spec, parent, found, members: found && catalog.membersOf(found.type), isDefinition, isMember };
    entities.push(placed);
    for (const child of spec.children) visit(child, placed, isDefinition, false);
    for (const { spec: member } of spec.specs) visit(member, placed, isDefinition, true);
  };
  if (reading.plan && (reading.plan.children.length > 0 || reading.plan.type)) visit(reading.plan, undefined, false, false);
  for (const { definition } of reading.items) if (definition && definition.node !== reading.root) visit(definition, undefined, true, false);
  return { reading, catalog, entities };
}
