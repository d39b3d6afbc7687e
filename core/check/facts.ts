// What the rest of a text can see of an entity: its names, its type, which config keys it sets, and what its expressions refer to.
// Where that stays the same, nothing that is said elsewhere changes.

import type { EntitySpec } from '#core/blueprint/spec.ts';
import type { YamlNode } from '#core/blueprint/yaml.ts';
import { plainOf, type PlainValue } from '#core/catalog/plain.ts';
import { holdsExpression } from '#core/dsl/read.ts';

/** Equal for entities of which others see the same. */
export function factsOf(spec: EntitySpec): string {
  return JSON.stringify(facts(spec));
}

function facts({ context, type, id, name, config, parameters, adjuncts, children, specs }: EntitySpec): unknown {
  return [
    context,
    type?.value,
    id?.value,
    name?.value,
    config.map(({ key, written, value }) => [key, written, expressionIn(value)]),
    parameters.map((parameter) => [parameter.name?.value, parameter.type?.value, parameter.flag, parameter.default ? [expressionIn(parameter.default)] : []]),
    adjuncts.length,
    children.map(facts),
    specs.map(({ spec }) => facts(spec)),
  ];
}

/** Plain values are nobody else's business. */
function expressionIn(value: YamlNode): PlainValue {
  return holdsExpression(value) ? plainOf(value) : null;
}

/** Every id in the entity and in what belongs to it. */
export function idsIn(spec: EntitySpec, into = new Set<string>()): ReadonlySet<string> {
  if (spec.id) into.add(spec.id.value);
  for (const child of spec.children) idsIn(child, into);
  for (const { spec: member } of spec.specs) idsIn(member, into);
  return into;
}
