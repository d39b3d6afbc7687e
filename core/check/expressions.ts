// `$brooklyn:` expressions: their syntax, their functions, and whether what they refer to exists. Seen from the entity they
// are written at, in the tree of the whole blueprint or of one catalog item.

import type { EntitySpec } from '#core/blueprint/spec.ts';
import type { YamlNode } from '#core/blueprint/yaml.ts';
import type { CheckContext } from '#core/check/context.ts';
import { diagnose } from '#core/diagnostics/expressions.ts';
import { check, findingOf } from '#core/dsl/check.ts';
import { readValue, holdsExpression } from '#core/dsl/read.ts';
import type { ScopeEntity } from '#core/dsl/scope.ts';
import { all, draft } from '#core/resolve/draft.ts';
import { scopeOf } from '#core/resolve/scope.ts';
import type { Diagnostic } from '#core/text/diagnostic.ts';

export function checkExpressions({ reading, catalog, entities }: CheckContext): readonly Diagnostic[] {
  const roots = entities.filter(({ parent }) => parent === undefined);
  return roots.flatMap(({ spec }) => {
    const root = draft(spec, reading.text, catalog);
    const scope = scopeOf(root, spec !== reading.plan);
    return all(root).flatMap((entity) => (entity.source === reading.text ? valuesOf(entity.spec).flatMap(({ node, key }) => findings(node, reading.text, scope(entity), key)) : []));
  });
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

function findings(node: YamlNode, source: string, self: ScopeEntity, key: string | undefined): readonly Diagnostic[] {
  if (!holdsExpression(node)) return [];
  const { value, problems } = readValue(node, source);
  const found = [...problems.map(findingOf), ...check(value, { self, ...(key !== undefined && { key }) })];
  return found.map(diagnose);
}
