// Completion: finds out where the cursor is, asks who knows what fits there, and puts it in place. Works on half-typed text.

import { type CompletionItem, type CompletionList, CompletionItemKind } from 'vscode-languageserver-types';

import { keyText, type Step } from '#core/blueprint/tree.ts';
import type { YamlMap } from '#core/blueprint/yaml.ts';
import { contextOf, type CheckContext } from '#core/check/context.ts';
import { cursorAt, marker, type Cursor } from '#core/complete/marked.ts';
import { entityOf } from '#core/complete/entities.ts';
import { functionNamed } from '#core/dsl/functions.ts';
import { span, type Span } from '#core/text/span.ts';
import type { BlueprintDocument, EditorAbilities, Supposed } from '../document.ts';
import { type Draft, finish } from './draft.ts';
import { argumentsOf, completeExpression, functionDrafts } from './expressions.ts';
import type { Known, ValueSurroundings } from './known.ts';
import { elementsOf, namedThings } from './things.ts';
import { configKeys, flagKeys, functionKeys, isProperties, propertyKeys, vocabularyKeys } from './keys.ts';
import { beginnings, elementType, keyValues, parameterIn, parameterValues, types } from './values.ts';

const nothing: CompletionList = { isIncomplete: false, items: [] };

export function complete(document: BlueprintDocument, offset: number, abilities: EditorAbilities, known: Known = { hosts: [] }): CompletionList {
  const { text, catalog, uri } = document;
  let supposed: Supposed | undefined;
  const cursor = cursorAt(text, offset, (edit) => {
    supposed = document.suppose(edit);
    return supposed.reading;
  });
  if (!cursor) return nothing;
  const surroundings: ValueSurroundings = { ...known, catalog, uri, typed: cursor.typed };
  const context = cursor.reading === supposed?.reading ? supposed.context : contextOf(cursor.reading, catalog);
  const { node, entity } = cursor.place;
  if (node.kind === 'scalar' && node.text.startsWith('$brooklyn:') && node.text !== marker) {
    const escaped = { text, offset, isEscaped: node.style === 'double' };
    const { drafts, span: place } = completeExpression(escaped, node.text, marker, entity?.map, context, surroundings);
    return { isIncomplete: false, items: placed(drafts, cursor, place, document, abilities) };
  }
  // Other spellings are only offered for what is typed so far, so more may come with the next letter; so are the tags of an image.
  return { isIncomplete: cursor.typed === '' || cursor.typed.startsWith('docker:'), items: placed(draftsAt(cursor, context, surroundings), cursor, cursor.word, document, abilities) };
}

function placed(drafts: readonly Draft[], cursor: Cursor, place: Span, { lines }: BlueprintDocument, abilities: EditorAbilities): CompletionItem[] {
  const target = { range: lines.rangeOf(span(place.start, place.end)), before: cursor.needsSpace ? ' ' : '', column: cursor.column, lineIndent: cursor.lineIndent };
  return drafts.map((draft) => finish(draft, target, abilities));
}

function draftsAt(cursor: Cursor, context: CheckContext, surroundings: ValueSurroundings): readonly Draft[] {
  const { place, hasColon, isInFlow, typed } = cursor;
  const { spot } = place;
  const { catalog } = surroundings;
  const style = { hasColon, isInFlow, typed };
  switch (spot.kind) {
    case 'key':
      return [...vocabularyKeys(spot.holder, style), ...flagKeys(spot.holder, catalog, context, style)];
    case 'configKey':
      return configKeys(spot.holder, spot.map, catalog, context, style);
    case 'value':
      // Behind a dash alone, a text may begin as well as a map.
      if (spot.isKey && !(spot.isItem && lastIsItem(cursor))) return spot.isItem || hasColon ? [] : beginnings(spot.key, isInFlow, surroundings);
      return [...keyValues(spot.key, spot.holder, spot.isItem, surroundings), ...(['text', 'anything'].includes(spot.key.shape.kind) && typed.startsWith('$') ? expressions(typed) : [])];
    case 'configValue': {
      const call = callAround(place.steps);
      if (call) return [...argumentsOf(call.name, call.index, entityOf(context, place.entity?.map), context, surroundings), ...expressions(typed)];
      const known = parameterIn(spot.holder, spot.key, catalog, context);
      const type = known && (spot.depth === 0 ? known.parameter.type : elementType(known.parameter.type ?? 'string', spot.depth));
      const elements = elementsOf(spot.key, spot.holder, context);
      const isItem = place.steps.findLast((step) => 'list' in step) !== undefined && lastIsItem(cursor);
      const things = known && spot.depth === 0 && !spot.isKey ? namedThings(known.parameter, spot.holder, surroundings) : [];
      const values = known && (spot.depth === 0 || type !== undefined) ? parameterValues(spot.depth === 0 ? known.parameter : { name: spot.key, ...(type !== undefined && { type }) }) : [];
      const whole = expressions(typed);
      if (spot.isKey && spot.depth === 0 && isProperties(spot.key)) return [...propertyKeys(place.steps.at(-1), catalog, style), ...functionKeys(mapOf(place.steps.at(-1)), known?.parameter.type, style)];
      if (elements.length > 0 && (!spot.isKey || isItem)) return [...elements, ...expressions(typed)];
      if (!spot.isKey) return [...things, ...values, ...whole];
      return [...(isItem ? [...values, ...whole] : []), ...functionKeys(mapOf(place.steps.at(-1)), known?.parameter.type, style)];
    }
    case 'objectValue':
      return spot.key === 'type' ? types('object', surroundings) : [];
    case 'objectKey': {
      const offered = ['type', 'brooklyn.config', 'object.fields', 'constructor.args', 'factoryMethod.name', 'factoryMethod.args'];
      const used = new Set(spot.map.entries.map(({ key }) => (key.kind === 'scalar' ? key.text : '')));
      const ending = (name: string): string => (hasColon ? '' : name.endsWith('args') ? ': [$0]' : /config|fields/.test(name) ? ':\n  $0' : ': $0');
      return offered.filter((name) => !used.has(name)).map((label, rank) => ({ label, kind: CompletionItemKind.Property, rank, snippet: label + ending(label) }));
    }
    case 'unknown':
      return [];
  }
}

function mapOf(step: Step | undefined): YamlMap | undefined {
  return step && 'map' in step ? step.map : undefined;
}

/** The function whose argument this is, where it is written as the key of a map: `$brooklyn:config: x`, or a list of them. */
function callAround(steps: readonly Step[]): { readonly name: string; readonly index: number } | undefined {
  // Alone behind a dash the marker was made a key.
  const last = steps.at(-1);
  const way = last && 'map' in last && last.map.entries.length === 1 && keyText(last.entry) === marker ? steps.slice(0, -1) : steps;
  const item = way.at(-1);
  const step = item && 'list' in item ? way.at(-2) : item;
  if (!step || !('map' in step) || (way !== steps && step === item)) return undefined;
  const [, name] = /^\$brooklyn:([\w.]+)$/.exec(keyText(step.entry) ?? '') ?? [];
  return name === undefined || functionNamed(name) === undefined ? undefined : { name, index: item && 'list' in item ? item.index : 0 };
}

/** The marker was made a key, but it stands alone behind a dash: a plain value is as good. */
function lastIsItem({ place, hasColon }: Cursor): boolean {
  const last = place.steps.at(-1);
  const before = place.steps.at(-2);
  return !hasColon && last !== undefined && 'map' in last && last.map.entries.length === 1 && before !== undefined && 'list' in before;
}

/** Whole expressions, for who asks what may stand here or has begun one. Somebody who types `root` means the word, not `$brooklyn:root()`. */
function expressions(typed: string): readonly Draft[] {
  return typed === '' || typed.startsWith('$') ? functionDrafts('start', '$brooklyn:', false).map(later) : [];
}

function later(draft: Draft): Draft {
  return { ...draft, rank: draft.rank + 5000 };
}
