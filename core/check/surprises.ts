// Plain scalars that YAML 1.1 reads otherwise than people do: `010` is 8, `1:30` is 90, `1.10` is 1.1, a date is no text.

import type { YamlEntry, YamlNode, YamlScalar } from '#core/blueprint/yaml.ts';
import { keyText } from '#core/blueprint/tree.ts';
import { outOfRange } from '#core/diagnostics/outOfRange.ts';
import { report } from '#core/diagnostics/rule.ts';
import { unquotedVersion } from '#core/diagnostics/unquotedVersion.ts';
import { yamlSurprise } from '#core/diagnostics/yamlSurprise.ts';
import type { Diagnostic, Fix } from '#core/text/diagnostic.ts';

/** Those in a tree; nodes that are `leftOut` are not looked into. */
export function checkSurprises(root: YamlNode | undefined, leftOut: Pick<ReadonlySet<YamlNode>, 'has'>): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const visit = (node: YamlNode, entry: YamlEntry | undefined): void => {
    if ((node.kind !== 'scalar' && node.aliased) || leftOut.has(node)) return;
    switch (node.kind) {
      case 'scalar':
        if (!node.aliased) diagnostics.push(...surprise(node, entry && keyText(entry)));
        return;
      case 'list':
        for (const item of node.items) visit(item, entry);
        return;
      case 'map':
        for (const inner of node.entries) {
          if (inner.merged) continue;
          visit(inner.key, undefined);
          visit(inner.value, inner);
        }
        return;
    }
  };
  if (root) visit(root, undefined);
  return diagnostics;
}

function surprise(scalar: YamlScalar, key: string | undefined): readonly Diagnostic[] {
  const { text, value, span } = scalar;
  const fixes: readonly Fix[] = [{ title: `Quote it: "${text}"`, edits: [{ span, newText: `"${text}"` }] }];
  if (scalar.style === 'plain' && typeof value === 'number' && key !== undefined && /^\d+\.\d+$/.test(text) && /(?:^|[._])(?:version|tag)$/i.test(key)) {
    return [report(unquotedVersion, span, `this version is read as the number ${value}; quote it`, { fixes })];
  }
  const read = typeof value === 'number' || typeof value === 'bigint' ? String(value) : 'another value';
  switch (scalar.surprise ?? 'none') {
    case 'octal':
      return [report(yamlSurprise, span, `${text} starts with 0, so YAML reads it as octal: ${read}; quote it to keep it as it is`, { fixes })];
    case 'sexagesimal':
      return [report(yamlSurprise, span, `${text} is read to base 60, as ${read}; quote it to keep it as it is`, { fixes })];
    case 'date':
      return [report(yamlSurprise, span, `${text} is read as a date, not as a text; quote it to keep it as it is`, { fixes })];
    case 'out-of-range':
      return [report(outOfRange, span, `${text} is no number that Brooklyn accepts; quote it to have it as a text`, { fixes })];
    case 'trailing-zero':
    case 'underscores':
    case 'none':
    default:
      // A number is a number: `0.50` and `1_000` surprise only where a text is wanted.
      return [];
  }
}
