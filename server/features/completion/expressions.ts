// What to offer inside of an expression: functions where one may begin or follow a dot, ids, config keys, sensors and scope
// words inside of the quotes of an argument.

import { CompletionItemKind } from 'vscode-languageserver-types';

import type { YamlMap } from '#core/blueprint/yaml.ts';
import type { Parameter as ConfigKey } from '#core/catalog/type.ts';
import type { CheckContext, Placed } from '#core/check/context.ts';
import { configKeysOf, entitiesFor, entityOf, follow, sensorsOf } from '#core/complete/entities.ts';
import { slotAt, type Slot } from '#core/complete/slot.ts';
import { functionNamed, functions, parameterAt, scopeWords, signatureText, type ArgumentKind, type DslFunction, type Parameter, type Receiver } from '#core/dsl/functions.ts';
import { type Link, plainName } from '#core/dsl/tree.ts';
import { span, type Span } from '#core/text/span.ts';
import { entityMarkdown, parameterMarkdown, scopeMarkdown, sensorMarkdown } from '../describe.ts';
import { type Draft, escapeSnippet } from './draft.ts';
import type { ValueSurroundings } from './known.ts';
import { types } from './values.ts';

export interface InExpression {
  readonly drafts: readonly Draft[];
  /** What of the document they replace. */
  readonly span: Span;
}

/** `value` is the scalar's content with the marker in it; `entity` the map of the entity that the expression is seen from. */
export function completeExpression(
  { text, offset, isEscaped }: { readonly text: string; readonly offset: number; readonly isEscaped: boolean },
  value: string,
  marker: string,
  entity: YamlMap | undefined,
  context: CheckContext,
  surroundings: ValueSurroundings,
): InExpression {
  const slot = slotAt(value.slice(0, value.indexOf(marker) + marker.length), marker);
  if (!slot) return { drafts: [], span: span(offset, offset) };
  const self = entityOf(context, entity);
  if (slot.kind === 'string') return inString(slot, self, text, offset, isEscaped, context, surroundings);
  const word = wordAround(text, offset, /\w/);
  const hasParenthesis = text.charAt(word.end) === '(';
  const drafts = slot.kind === 'dot' ? functionDrafts(receiverOf(slot.links), '', hasParenthesis, isEscaped) : [...functionDrafts('start', '', hasParenthesis, isEscaped), ...wholeArguments(slot, self, context, surroundings, isEscaped)];
  return { drafts, span: word };
}

/** Functions that may stand there, with the parentheses and the quotes that they need. `prefix` goes before the name. */
export function functionDrafts(receiver: Receiver | 'nothing', prefix: string, hasParenthesis: boolean, isEscaped = false): readonly Draft[] {
  const quote = isEscaped ? String.raw`\\"` : '"';
  return functions.flatMap((known, index) => {
    if (known.isKeyFormOnly || known.name === 'object' || receiver === 'nothing' || !fits(known, receiver)) return [];
    const { name, signatures } = known;
    const [signature = []] = signatures;
    const needed = signature.filter(({ isOptional, isRest }) => isOptional !== true && isRest !== true);
    const parentheses = hasParenthesis ? '' : `(${needed.map((parameter, at) => argumentSnippet(parameter, at + 1, quote)).join(', ')}${signature.some(({ isRest }) => isRest) ? ', $0' : ''})`;
    return [
      {
        label: prefix + name,
        kind: CompletionItemKind.Function,
        detail: signatureText(name, signature),
        snippet: escapeSnippet(prefix + name) + parentheses,
        rank: index,
        asksAgain: needed.length > 0 && !hasParenthesis,
        subject: { about: 'function', of: '', name },
      },
    ];
  });
}

function fits({ on }: DslFunction, receiver: Receiver): boolean {
  return on.includes(receiver) || (receiver !== 'start' && on.includes('any'));
}

function argumentSnippet({ kind }: Parameter, stop: number, quote: string): string {
  const isQuoted: readonly ArgumentKind[] = ['entityId', 'configKey', 'sensorName', 'typeName', 'text', 'pattern', 'scope'];
  return isQuoted.includes(kind) ? `${quote}$${stop}${quote}` : `$${stop}`;
}

/** What the last call gives decides which functions can follow. What a sensor or a config key holds may be an entity. */
function receiverOf(links: readonly Link[]): Receiver | 'nothing' {
  const last = links.at(-1);
  const result = last?.kind === 'call' ? functionNamed(plainName(last.name))?.result : 'value';
  switch (result) {
    case 'entity':
    case 'value':
    case undefined:
      return 'entity';
    case 'text':
    case 'location':
    case 'object':
      return 'any';
    case 'sensor':
    case 'spec':
    case 'function':
    case 'secret':
      return 'nothing';
  }
}

/** Arguments with their quotes, where nothing of them is typed yet. */
function wholeArguments(slot: Slot, self: Placed | undefined, context: CheckContext, surroundings: ValueSurroundings, isEscaped: boolean): readonly Draft[] {
  const quote = isEscaped ? '\\"' : '"';
  return argumentDrafts(slot, self, context, surroundings).map((draft) => Object.assign(draft, { label: `"${draft.label}"`, snippet: escapeSnippet(quote + draft.label + quote), filter: draft.label, rank: 0 }));
}

function inString(slot: Slot, self: Placed | undefined, text: string, offset: number, isEscaped: boolean, context: CheckContext, surroundings: ValueSurroundings): InExpression {
  const word = wordAround(text, offset, /[^"\\\r\n]/);
  const after = text.slice(word.end);
  const isClosed = after.startsWith('"') || after.startsWith('\\"');
  // Without a closing quote the rest of the line is not part of the word, whatever it is.
  const place = isClosed ? word : span(word.start, wordAround(text, offset, /[\w.-]/).end);
  const quote = isEscaped ? '\\"' : '"';
  const closing = isClosed ? '' : quote + (text.charAt(place.end) === ')' ? '' : ')');
  return { drafts: argumentDrafts(slot, self, context, surroundings).map((draft) => Object.assign(draft, { snippet: escapeSnippet(draft.label + closing) })), span: place };
}

/** Arguments of a function that is written as the key of a map, as plain values. */
export function argumentsOf(name: string, index: number, self: Placed | undefined, context: CheckContext, surroundings: ValueSurroundings): readonly Draft[] {
  const parameters = (functionNamed(name)?.signatures ?? []).flatMap((signature) => parameterAt(signature, index) ?? []);
  return drafted(name, [], parameters, self, context, surroundings);
}

function argumentDrafts({ call, links, parameters }: Slot, self: Placed | undefined, context: CheckContext, surroundings: ValueSurroundings): readonly Draft[] {
  return drafted(plainName(call?.name ?? ''), links, parameters, self, context, surroundings);
}

function drafted(name: string, links: readonly Link[], parameters: readonly Parameter[], self: Placed | undefined, context: CheckContext, surroundings: ValueSurroundings): readonly Draft[] {
  const target = follow(context, self, links);
  const kinds = new Set(parameters.map(({ kind }) => kind));
  return [...kinds].flatMap((kind) => {
    switch (kind) {
      case 'entityId':
        if (name === 'application') return (surroundings.applications?.() ?? []).map((id): Draft => ({ label: id, kind: CompletionItemKind.Module, detail: 'application', rank: 0 }));
        return entitiesFor(context, target, name).map(entityDraft);
      case 'configKey':
        return target ? configKeysOf(target).map(({ name: key, parameter, at }, index) => keyDraft(key, parameter, at, target, index)) : [];
      case 'sensorName':
        return target ? sensorsOf(target).map(({ name: sensor, type, description }, index): Draft => ({ label: sensor, kind: CompletionItemKind.Event, detail: `sensor${type === undefined ? '' : `, ${type}`}`, rank: index, markdown: sensorMarkdown(sensor, type, description) })) : [];
      case 'scope':
        return Object.keys(scopeWords).filter(isScopeWord).map((word): Draft => ({ label: word, kind: CompletionItemKind.Keyword, detail: scopeWords[word], rank: 500, markdown: scopeMarkdown(word) }));
      case 'typeName':
        return types('entity', surroundings).filter(({ kind: shown }) => shown === CompletionItemKind.Class);
      case 'index':
      case 'text':
      case 'pattern':
      case 'map':
      case 'list':
      case 'objectWithConfig':
      case 'objectPlan':
      case 'whenReadyOptions':
      case 'anything':
        return [];
    }
  });
}

function entityDraft(placed: Placed): Draft {
  const { id, name, type } = placed.spec;
  return { label: id?.value ?? '', kind: CompletionItemKind.Reference, detail: [name?.value, type?.value].filter((part) => part !== undefined).join(' · '), rank: 0, markdown: entityMarkdown(placed) };
}

function keyDraft(label: string, parameter: ConfigKey | undefined, at: Placed | undefined, target: Placed, index: number): Draft {
  // What the text sets is asked for more often than what a type has in store.
  const rank = (at === target ? 0 : at ? 200 : 400) + Math.min(index, 199);
  return { label, kind: CompletionItemKind.Field, detail: parameter?.type ?? (at ? 'set here' : 'config key'), rank, ...(parameter && { markdown: parameterMarkdown(parameter, undefined) }) };
}

function isScopeWord(word: string): word is keyof typeof scopeWords {
  return Object.hasOwn(scopeWords, word);
}

function wordAround(text: string, offset: number, character: RegExp): Span {
  let start = offset;
  while (start > 0 && character.test(text.charAt(start - 1))) start--;
  let end = offset;
  while (end < text.length && character.test(text.charAt(end))) end++;
  return span(start, end);
}
