// A version is a text, also where it looks like a number: `version: 7` in quotes.

import { keyText } from '#core/blueprint/tree.ts';
import type { YamlNode, YamlScalar } from '#core/blueprint/yaml.ts';
import type { Edit } from '#core/text/diagnostic.ts';

/** The versions and tags of a text that YAML reads as something else than a text, in the order written. */
export function unquotedVersions(root: YamlNode | undefined): readonly YamlScalar[] {
  const found: YamlScalar[] = [];
  const visit = (node: YamlNode): void => {
    if (node.kind === 'scalar' || node.aliased) return;
    if (node.kind === 'list') return node.items.forEach(visit);
    for (const entry of node.entries) {
      const { value, merged } = entry;
      if (merged) continue;
      if (value.kind !== 'scalar') visit(value);
      else if (!value.aliased && value.style === 'plain' && value.value !== null && typeof value.value !== 'string' && /(?:^|[._])(?:version|tag)$/i.test(keyText(entry) ?? '')) found.push(value);
    }
  };
  if (root) visit(root);
  return found;
}

/** The value becomes the characters as they are written. */
export function quote({ span, text }: YamlScalar): Edit {
  return { span, newText: `"${text}"` };
}
