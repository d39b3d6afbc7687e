// `$brooklyn:` expressions: their syntax, their functions, and whether what they refer to exists. Seen from the entity they
// are written at, in the tree of the whole blueprint or of one catalog item.

import type { EntitySpec } from '#core/blueprint/spec.ts';
import type { YamlNode } from '#core/blueprint/yaml.ts';
import { diagnose } from '#core/diagnostics/expressions.ts';
import { check, findingOf } from '#core/dsl/check.ts';
import { readValue, holdsExpression } from '#core/dsl/read.ts';
import type { ScopeEntity } from '#core/dsl/scope.ts';
import type { Draft } from '#core/resolve/draft.ts';
import type { ScopeOf } from '#core/resolve/scope.ts';
import type { Diagnostic } from '#core/text/diagnostic.ts';

/** Those of the entities given; what types bring along stands in other texts and is left out. */
export function checkExpressions(entities: readonly Draft[], scope: ScopeOf, text: string): readonly Diagnostic[] {
  return entities.flatMap((entity) => (entity.source === text ? valuesOf(entity.spec).flatMap(({ node, key }) => findings(node, text, () => scope(entity), key)) : []));
}

interface WrittenValue {
  readonly node: YamlNode;
  /** The config key, for a value of the entity's own config. */
  readonly key?: string;
}

function valuesOf(spec: EntitySpec): readonly WrittenValue[] {
  return [
    ...spec.config.map(({ value, key }) => ({ node: value, key })),
    ...spec.adjuncts.flatMap(({ config }) => config.map(({ value }) => ({ node: value }))),
    ...spec.parameters.flatMap((parameter) => (parameter.default ? [{ node: parameter.default }] : [])),
  ];
}

function findings(node: YamlNode, source: string, self: () => ScopeEntity, key: string | undefined): readonly Diagnostic[] {
  if (!holdsExpression(node)) return [];
  const { value, problems } = readValue(node, source);
  const found = [...problems.map(findingOf), ...check(value, { self: self(), ...(key !== undefined && { key }) })];
  return found.map(diagnose);
}
