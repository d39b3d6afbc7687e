// The docker clouds that a text describes, by the names under which blueprints use them as a location: for completion.

import type { Reading } from '#core/blueprint/read.ts';
import type { EntitySpec } from '#core/blueprint/spec.ts';
import { textAt } from '#core/blueprint/tree.ts';

/** A name that an expression makes is not known here. */
export function cloudsIn({ plan, items, text }: Reading): readonly string[] {
  // Most texts describe none.
  if (!/dynamicLocation\.name|locationName/.test(text)) return [];
  const found: string[] = [];
  const visit = (spec: EntitySpec): void => {
    if (/docker-?infrastructure/i.test(spec.type?.value ?? '')) {
      const name = textAt(spec.config.findLast(({ key }) => key === 'entity.dynamicLocation.name' || key === 'locationName')?.value)?.value;
      if (name !== undefined && !name.startsWith('$brooklyn:')) found.push(name);
    }
    for (const child of [...spec.children, ...spec.specs.map((one) => one.spec)]) visit(child);
  };
  if (plan) visit(plan);
  for (const { definition } of items) if (definition && definition !== plan) visit(definition);
  return found;
}
