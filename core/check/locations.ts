// Locations, in every form they have: what is wrong in their text or their settings.

import { entryOf, nounOf } from '#core/blueprint/tree.ts';
import type { YamlNode } from '#core/blueprint/yaml.ts';
import type { CheckContext } from '#core/check/context.ts';
import { valueOf } from '#core/coerce/value.ts';
import { invalidLocation } from '#core/diagnostics/invalidLocation.ts';
import { report } from '#core/diagnostics/rule.ts';
import { holdsExpression } from '#core/dsl/read.ts';
import { parseLocation } from '#core/location/location.ts';
import type { Diagnostic } from '#core/text/diagnostic.ts';
import { span } from '#core/text/span.ts';

export function checkLocations({ entities, reading }: CheckContext): readonly Diagnostic[] {
  return entities.flatMap(({ spec }) => {
    const single = entryOf(spec.node, 'location')?.value;
    if (single?.kind === 'list') return [report(invalidLocation, single.span, `location must be one text or one map, not ${nounOf(single)}; several go under locations`)];
    return spec.locations.flatMap((node) => problemsOf(node, reading.text));
  });
}

function problemsOf(node: YamlNode, text: string): readonly Diagnostic[] {
  // A placeholder or an expression is filled in by somebody else.
  if (holdsExpression(node) || (node.kind === 'scalar' && /[$%]\{|%s|<[^>]*>/.test(node.text))) return [];
  const scalar = node.kind === 'map' ? node.entries[0]?.key : node;
  const at = scalar?.kind === 'scalar' && text.startsWith(scalar.text, scalar.span.start) ? scalar.span.start : undefined;
  return parseLocation(valueOf(node)).problems.map(({ span: place, problem, replacement }) => {
    const where = at !== undefined && place ? span(at + place.start, at + place.end) : (scalar?.span ?? node.span);
    const fixes = at !== undefined && place && replacement !== undefined ? [{ title: `Change to ${replacement}`, edits: [{ span: where, newText: replacement }] }] : [];
    return report(invalidLocation, where, problem, { fixes });
  });
}
