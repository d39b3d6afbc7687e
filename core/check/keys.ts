// Config keys that nothing reads, though one with nearly the same name would be; keys by an older name; keys given twice.

import { isNearlyReserved } from '#core/blueprint/read.ts';
import type { ConfigValue } from '#core/blueprint/spec.ts';
import { keyIn, vocabulary } from '#core/blueprint/vocabulary.ts';
import type { CheckContext, Placed } from '#core/check/context.ts';
import { parameterOfKey } from '#core/check/values.ts';
import { oldKeyName } from '#core/diagnostics/oldKeyName.ts';
import { report } from '#core/diagnostics/rule.ts';
import { unknownKey } from '#core/diagnostics/unknownKey.ts';
import type { Diagnostic } from '#core/text/diagnostic.ts';
import { distance, nearest } from '#core/text/nearest.ts';
import { dockerType } from '#core/catalog/catalog.ts';

/** `isUsed` says whether an expression anywhere in the text asks for a key. */
export function checkKeys({ entities }: CheckContext, isUsed: (key: string) => boolean): readonly Diagnostic[] {
  return entities.flatMap((placed) => placed.spec.config.flatMap((value) => checkKey(value, placed, isUsed)));
}

function checkKey(value: ConfigValue, placed: Placed, isUsed: (key: string) => boolean): readonly Diagnostic[] {
  const { key, keySpan } = value;
  const parameter = parameterOfKey(placed, key);
  if (parameter) {
    if (!parameter.deprecatedNames?.includes(key) || key === parameter.flag) return [];
    return [
      report(oldKeyName, keySpan, `${key} is an old name of ${parameter.name}`, {
        fixes: [{ title: `Change to ${parameter.name}`, edits: [{ span: keySpan, newText: parameter.name }] }],
      }),
    ];
  }
  const { spec, members } = placed;
  // Without the whole type one cannot say that nothing reads the key; and expressions may read any key.
  if (!members?.isWhole || isUsed(key) || key.startsWith('$brooklyn:') || isNearlyReserved(key)) return [];
  const reserved = value.written === 'direct' ? vocabulary.entity.keys.filter(({ name }) => !spec.node.entries.some((entry) => entry.key.kind === 'scalar' && keyIn('entity', entry.key.text)?.name === name)).map(({ name }) => name) : [];
  const flags = value.written === 'config' ? [] : members.flags.keys();
  const suggestion = nearest(key, [...reserved, ...flags, ...members.parameters.keys(), ...spec.parameters.flatMap(({ name }) => (name ? [name.value] : []))].filter((name) => isTypo(key, name)));
  if (suggestion !== undefined) {
    return [
      report(unknownKey, keySpan, `nothing reads the key ${key}; did you mean ${suggestion}?`, {
        fixes: [{ title: `Change to ${suggestion}`, edits: [{ span: keySpan, newText: suggestion }] }],
      }),
    ];
  }
  if (placed.found?.type.id !== dockerType || value.written !== 'direct') return [];
  return [report(unknownKey, keySpan, `nothing reads the key ${key} of a container; put it under brooklyn.config if an expression of yours does`)];
}

/** A slip of the finger, not another word: short words by one letter, longer ones by two, and the digits equal. */
function isTypo(written: string, meant: string): boolean {
  const digits = (text: string): string => text.replaceAll(/\D/g, '');
  const most = written.length < 6 ? 1 : 2;
  return written.length >= 3 && Math.abs(written.length - meant.length) <= most && digits(written) === digits(meant) && distance(written.toLowerCase(), meant.toLowerCase(), most) <= most;
}

/** Keys that an expression or a template of the text asks for. What lines of it ask for, the text asks for. */
export function keysUsedIn(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/config(?:\(\s*\\?["']|\[\s*\\?["'])([^"'\\\r\n]+)/g)].map((match) => match[1] ?? ''));
}
