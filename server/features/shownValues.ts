// Values beside the text, in hints and hovers: how they are shown, and which of them must not be.

import { looksSecret } from '#core/blueprint/mask.ts';
import { keyText } from '#core/blueprint/tree.ts';
import type { YamlNode } from '#core/blueprint/yaml.ts';

/** What is longer is cut: a hint stands in a line of code. */
const longest = 60;
/** Shorter secrets are found in other texts by accident. */
const shortestSecret = 4;

/** False where a value, as it is written, names something secret, or is none that could be shown. */
export function mayBeSaid(written: string): boolean {
  return ![...written.matchAll(/["']([^"']+)["']/g)].some(([, word = '']) => looksSecret(word)) && !/\$brooklyn:(?:external|entitySpec|object)\b/.test(written);
}

/** The texts of values under keys that look secret. */
export function secretsIn(root: YamlNode | undefined): readonly string[] {
  const found = new Set<string>();
  const add = (texts: readonly string[]): void => texts.forEach((text) => found.add(text));
  for (const entry of root?.kind === 'map' ? root.entries : []) {
    const isSecret = looksSecret(keyText(entry) ?? '');
    // Entries of the outermost lists are many, and few of them change.
    if (entry.value.kind !== 'list' || isSecret) add(secretsOf(entry.value, isSecret));
    else for (const item of entry.value.items) add(keptSecretsOf(item));
  }
  return [...found];
}

const keptSecrets = new WeakMap<YamlNode, readonly string[]>();

function keptSecretsOf(entry: YamlNode): readonly string[] {
  const known = keptSecrets.get(entry) ?? secretsOf(entry, false);
  keptSecrets.set(entry, known);
  return known;
}

function secretsOf(node: YamlNode, isSecret: boolean): readonly string[] {
  if (node.kind === 'scalar') return isSecret && node.text.length >= shortestSecret ? [node.text] : [];
  if (node.kind === 'list') return node.items.flatMap((item) => secretsOf(item, isSecret));
  return node.entries.flatMap((entry) => secretsOf(entry.value, isSecret || looksSecret(keyText(entry) ?? '')));
}

export function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  // Half of a character is none.
  return line.length > longest ? `${line.slice(0, longest).replace(/[\uD800-\uDBFF]$/, '')}…` : line;
}
