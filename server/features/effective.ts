// The value that a config key really has, and the value of an expression, as far as they are known before anything runs: for
// hovers. What looks secret is not said, nor what is made of it.

import { looksSecret } from '#core/blueprint/mask.ts';
import type { YamlScalar } from '#core/blueprint/yaml.ts';
import type { Placed } from '#core/check/context.ts';
import { printCoerced } from '#core/coerce/coerce.ts';
import type { Value } from '#core/coerce/value.ts';
import { canonical } from '#core/text/canonical.ts';
import { readValue } from '#core/dsl/read.ts';
import { valueBeforeRun } from '#core/resolve/constant.ts';
import type { Draft } from '#core/resolve/draft.ts';
import { effectiveConfig, type Effective } from '#core/resolve/effective.ts';
import { WrittenEntities } from '#core/resolve/written.ts';
import { code } from './describe.ts';
import type { BlueprintDocument } from './document.ts';
import { mayBeSaid, secretsIn, short } from './shownValues.ts';

/** A sentence about the config key of an entity; nothing where no value is known, or it may be a secret. */
export function effectiveSentence(document: BlueprintDocument, placed: Placed, key: string): string | undefined {
  const entities = new WrittenEntities(document.context);
  const draft = entities.of(placed);
  const effective = effectiveConfig(draft).get(key);
  if (!effective || looksSecret(key)) return undefined;
  const shown = shownValue(document, valueBeforeRun(effective, entities.scope), effective.node && document.text.slice(effective.node.span.start, effective.node.span.end));
  return shown === undefined ? undefined : `Effective value: ${code(shown)}, ${whereFrom(effective, draft)}.`;
}

/** The same about an expression, which stands in the value of `key` and is seen from an entity. */
export function resolvedSentence(document: BlueprintDocument, node: YamlScalar, placed: Placed, key: string): string | undefined {
  if (looksSecret(key)) return undefined;
  const { value, problems } = readValue(node, document.text);
  if (problems.length > 0) return undefined;
  const entities = new WrittenEntities(document.context);
  const draft = entities.of(placed);
  const known = valueBeforeRun({ key, value, at: draft, from: 'entity' }, entities.scope);
  const shown = shownValue(document, known, document.text.slice(node.span.start, node.span.end));
  return shown === undefined ? undefined : `Value, as far as it is known before anything runs: ${code(shown)}.`;
}

function shownValue({ reading }: BlueprintDocument, value: Value | undefined, written: string | undefined): string | undefined {
  if (value === undefined || value === null || (written !== undefined && !mayBeSaid(written))) return undefined;
  const text = typeof value === 'string' ? value : (printCoerced(value) ?? canonical(plain(value)));
  if (text === '') return undefined;
  // What stands here as it is can be read anyway.
  const isWritten = written !== undefined && /^[^\r\n{[$]*$/.test(written);
  return !isWritten && secretsIn(reading.root).some((secret) => text.includes(secret)) ? undefined : short(text);
}

/** As JSON has it; what JSON has no word for as it is written. */
function plain(value: Value): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, one]) => [typeof key === 'string' ? key : printCoerced(key), plain(one)]));
  return typeof value === 'object' || typeof value === 'bigint' ? printCoerced(value) : value;
}

function whereFrom({ from, at }: Effective, draft: Draft): string {
  switch (from) {
    case 'entity':
      return 'set here';
    case 'type':
      return `from the type ${code(draft.found?.type.id ?? '')}`;
    case 'parent':
      return `handed down by ${code(at.spec.id?.value ?? at.spec.name?.value ?? at.found?.type.id ?? 'the application')}`;
    case 'default':
      return 'the default';
  }
}
