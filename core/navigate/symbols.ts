// What a text contributes to a search through the whole workspace: its application, entities and catalog items.

import type { Reading } from '#core/blueprint/read.ts';
import type { EntitySpec } from '#core/blueprint/spec.ts';
import type { Span } from '#core/text/span.ts';

export interface FoundSymbol {
  readonly name: string;
  readonly kind: 'application' | 'entity' | 'item';
  /** The application or item around it. */
  readonly container: string | undefined;
  readonly span: Span;
  readonly isDeprecated: boolean;
}

export function symbolsIn({ plan, items, root }: Reading): readonly FoundSymbol[] {
  const found: FoundSymbol[] = [];
  const visit = (spec: EntitySpec, kind: FoundSymbol['kind'], container: string | undefined): void => {
    const title = spec.id ?? spec.name ?? (kind === 'application' ? undefined : spec.type);
    if (title && title.value !== '') found.push({ name: title.value, kind, container, span: title.span, isDeprecated: false });
    const inside = kind === 'application' ? (spec.name ?? spec.id)?.value : container;
    for (const child of [...spec.children, ...spec.specs.map((one) => one.spec)]) visit(child, 'entity', inside);
  };
  if (plan && (plan.children.length > 0 || plan.type)) visit(plan, 'application', undefined);
  for (const { id, definition, isDeprecated } of items) {
    if (id && id.value !== '') found.push({ name: id.value, kind: 'item', container: undefined, span: id.span, isDeprecated });
    if (definition && definition.node !== root) for (const child of [...definition.children, ...definition.specs.map((one) => one.spec)]) visit(child, 'entity', id?.value);
  }
  return found;
}

/** How well a name fits what is typed, 0 best; nothing where its letters are not all there in their order. Case counts for nothing. */
export function fit(typed: string, name: string): number | undefined {
  const wanted = typed.toLowerCase();
  const given = name.toLowerCase();
  if (given === wanted) return 0;
  const at = given.indexOf(wanted);
  if (at === 0) return 1;
  if (at > 0) return /[^\p{L}\p{N}]$/u.test(given.slice(0, at)) ? 2 : 3;
  let next = 0;
  for (const character of given) if (next < wanted.length && wanted.startsWith(character, next)) next += character.length;
  return next >= wanted.length ? 4 : undefined;
}
