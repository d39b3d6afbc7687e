// Clocker's own words about placement: strategies given as objects, affinity rules, headroom.

import { keyText, mapAt, textAt, valueOf, type Located } from '#core/blueprint/tree.ts';
import type { YamlNode, YamlScalar } from '#core/blueprint/yaml.ts';
import type { CheckContext, Placed } from '#core/check/context.ts';
import { checkName } from '#core/check/types.ts';
import { parameterOfKey } from '#core/check/values.ts';
import { headroomConflict } from '#core/diagnostics/headroomConflict.ts';
import { invalidAffinityRule } from '#core/diagnostics/invalidAffinityRule.ts';
import { report } from '#core/diagnostics/rule.ts';
import { holdsExpression } from '#core/dsl/read.ts';
import { parseAffinityRules } from '#core/placement/affinity.ts';
import type { Diagnostic } from '#core/text/diagnostic.ts';
import { span } from '#core/text/span.ts';

export function checkPlacement(context: CheckContext): readonly Diagnostic[] {
  return context.entities.flatMap((placed) => [
    ...placed.spec.config.flatMap(({ key, value }) => {
      const name = parameterOfKey(placed, key)?.name ?? key;
      if (name === 'affinity.rules' || key === 'affinityRules') return scalarsOf(value).flatMap((rule) => affinity(rule, context));
      return name === 'docker.container.strategies' || name === 'docker.container.strategy' ? strategies(value, context) : [];
    }),
    ...headroom(placed),
  ]);
}

function affinity(scalar: YamlScalar, { reading }: CheckContext): readonly Diagnostic[] {
  if (holdsExpression(scalar)) return [];
  // Only in a text that stands in the file as it is are the rule's own places those of the file.
  const at = reading.text.startsWith(scalar.text, scalar.span.start) ? scalar.span.start : reading.text.startsWith(scalar.text, scalar.span.start + 1) ? scalar.span.start + 1 : undefined;
  const same = /\bSAME\s+/i.exec(scalar.text);
  const synonyms = same ? [sameIsSuperfluous(scalar, same, at)] : [];
  return [...synonyms, ...parseAffinityRules(scalar.text).flatMap(({ problems }) =>
    problems.map(({ span: place, problem, replacement }) => {
      const where = at === undefined ? scalar.span : span(at + place.start, at + place.end);
      const fixes = at === undefined || replacement === undefined ? [] : [{ title: replacement === '' ? 'Leave it away' : `Change to ${replacement}`, edits: [{ span: where, newText: replacement }] }];
      return report(invalidAffinityRule, where, problem, { fixes });
    }),
  )];
}

function sameIsSuperfluous(scalar: YamlScalar, same: RegExpExecArray, at: number | undefined): Diagnostic {
  const message = 'SAME says nothing here: a rule without NOT compares for sameness anyway, and Clocker before 2.0 refuses the word';
  if (at === undefined) return report(invalidAffinityRule, scalar.span, message, { severity: 'information' });
  const start = at + same.index;
  const fix = { title: 'Leave it away', edits: [{ span: span(start, start + same[0].length), newText: '' }] };
  return report(invalidAffinityRule, span(start, start + 'SAME'.length), message, { severity: 'information', fixes: [fix] });
}

function strategies(value: YamlNode, context: CheckContext): readonly Diagnostic[] {
  const items = value.kind === 'list' ? value.items : [value];
  return items.flatMap((item) => {
    const object = item.kind === 'map' ? item.entries.find((entry) => keyText(entry) === '$brooklyn:object') : undefined;
    const type = typeOfObject(object?.value);
    return type ? checkName(type, 'bean', context) : [];
  });
}

/** The type that `$brooklyn:object` names: the argument may be a map or a list of one map. */
function typeOfObject(node: YamlNode | undefined): Located<string> | undefined {
  const map = mapAt(node?.kind === 'list' ? node.items[0] : node);
  return map && textAt(valueOf(map, 'type', 'object_type', 'objectType'));
}

function headroom(placed: Placed): readonly Diagnostic[] {
  const given = (name: string): Placed['spec']['config'][number] | undefined => placed.spec.config.findLast(({ key }) => (parameterOfKey(placed, key)?.name ?? key) === name);
  const count = given('docker.container.cluster.headroom.count');
  const percent = given('docker.container.cluster.headroom.percent');
  const number = (value: YamlNode | undefined): number | undefined => (value?.kind === 'scalar' && typeof value.value === 'number' ? value.value : undefined);
  const diagnostics: Diagnostic[] = [];
  // Zero switches headroom off, so that it conflicts with nothing.
  if (count && percent && number(count.value) !== 0 && number(percent.value) !== 0) {
    const second = count.keySpan.start < percent.keySpan.start ? percent : count;
    diagnostics.push(report(headroomConflict, second.keySpan, 'headroom is given as a count and as a share; keep one of the two'));
  }
  const share = number(percent?.value);
  if (percent && share !== undefined && (share < 0 || share >= 1)) diagnostics.push(report(headroomConflict, percent.value.span, `a share of headroom lies between 0 and 1, so ${share} is none; for a tenth write 0.1`));
  const most = number(count?.value);
  if (count && most !== undefined && (most < 0 || !Number.isInteger(most))) diagnostics.push(report(headroomConflict, count.value.span, `headroom is a number of containers, at least 1, not ${most}`));
  return diagnostics;
}

function scalarsOf(value: YamlNode): readonly YamlScalar[] {
  if (value.kind === 'scalar') return [value];
  return value.kind === 'list' ? value.items.flatMap(scalarsOf) : [];
}
