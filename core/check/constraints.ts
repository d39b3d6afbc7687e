// Constraints of parameters against the values given: `required`, `regex` and the like. What a catalog item defines may still
// get its values where it is used, so there only values that stand are judged.

import { looksSecret } from '#core/blueprint/mask.ts';
import { type YamlNode, parseYaml } from '#core/blueprint/yaml.ts';
import type { Parameter } from '#core/catalog/type.ts';
import type { CheckContext, Placed } from '#core/check/context.ts';
import { parameterOfKey } from '#core/check/values.ts';
import { coerce } from '#core/coerce/coerce.ts';
import { parseConstraint, violation, type Known } from '#core/coerce/constraints.ts';
import { parseType } from '#core/coerce/types.ts';
import { valueOf } from '#core/coerce/value.ts';
import { constraintViolated } from '#core/diagnostics/constraintViolated.ts';
import { invalidParameter } from '#core/diagnostics/invalidParameter.ts';
import { report } from '#core/diagnostics/rule.ts';
import { holdsExpression } from '#core/dsl/read.ts';
import type { Diagnostic } from '#core/text/diagnostic.ts';

export function checkConstraints({ entities }: CheckContext): readonly Diagnostic[] {
  return entities.flatMap((placed) => [...declarations(placed), ...violations(placed)]);
}

/** Declarations that cannot be: a constraint that nobody knows. */
function declarations({ spec }: Placed): readonly Diagnostic[] {
  return spec.parameters.flatMap(({ constraints }) => {
    if (!constraints || (constraints.kind === 'scalar' && constraints.value === null)) return [];
    const parsed = parseConstraint(valueOf(constraints));
    return parsed.ok ? [] : [report(invalidParameter, constraints.span, parsed.problem)];
  });
}

function violations(placed: Placed): readonly Diagnostic[] {
  const { spec, members, isDefinition, isMember, kind } = placed;
  if (kind !== 'entity' || !spec.type) return [];
  return [...(members?.parameters.values() ?? [])].flatMap((parameter) => {
    if (parameter.constraints === undefined) return [];
    const constraint = parseConstraint(valueOf(nodeOf(parameter.constraints)));
    if (!constraint.ok) return [];
    const { known, node } = stateOf(placed, parameter);
    if (known.state === 'unset' && (isDefinition || isMember)) return [];
    const sentence = violation(constraint.value, known, (key) => {
      const other = parameterOfKey(placed, key);
      return other ? stateOf(placed, other).known : { state: 'unknown' };
    });
    if (sentence === undefined) return [];
    const value = node?.kind === 'scalar' && !looksSecret(parameter.name) ? ` (it is ${JSON.stringify(node.text)})` : '';
    return [report(constraintViolated, node?.span ?? spec.type?.span ?? spec.node.span, `${parameter.name}: ${sentence}${value}`)];
  });
}

interface State {
  readonly known: Known;
  /** The value as the entity itself gives it. */
  readonly node?: YamlNode;
}

function stateOf(placed: Placed, parameter: Parameter): State {
  const own = placed.spec.config.findLast(({ key }) => parameterOfKey(placed, key)?.name === parameter.name);
  if (own) return { known: judged(own.value, parameter), node: own.value };
  for (const type of placed.members?.lineage ?? []) {
    for (const [key, value] of Object.entries(type.config)) if (parameterOfKey(placed, key)?.name === parameter.name) return { known: judged(nodeOf(value), parameter) };
  }
  for (let above = placed.parent; above; above = above.parent) {
    const { spec, members } = above;
    if (spec.config.some(({ key }) => key === parameter.name) || members?.lineage.some(({ config }) => Object.hasOwn(config, parameter.name))) return { known: { state: 'unknown' } };
  }
  return { known: parameter.default === undefined ? { state: 'unset' } : judged(nodeOf(parameter.default), parameter) };
}

function judged(node: YamlNode, parameter: Parameter): Known {
  if (holdsExpression(node)) return { state: 'unknown' };
  if (node.kind === 'scalar' && node.value === null) return { state: 'unset' };
  const type = parseType(parameter.type ?? 'string');
  if (!type.ok) return { state: 'unknown' };
  const coerced = coerce(valueOf(node), type.value);
  return coerced.ok ? { state: 'known', value: coerced.value } : { state: 'unknown' };
}

/** Plain data as a YAML tree: JSON is YAML. */
function nodeOf(value: unknown): YamlNode {
  return parseYaml(JSON.stringify(value)).root ?? { kind: 'scalar', span: { start: 0, end: 0 }, value: null, text: '', style: 'plain' };
}
