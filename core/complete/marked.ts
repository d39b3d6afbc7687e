// Where the cursor is in a half-typed text: a marker word is put in place of the word at the cursor, the text is read again, and
// the marker is looked up in the tree. Where the text is too broken for that, only the lines that enclose the cursor are read.

import { read, type Reading } from '#core/blueprint/read.ts';
import { placeAt, type Place } from '#core/complete/place.ts';
import { type Edit, applyEdits } from '#core/text/diagnostic.ts';
import { span, type Span } from '#core/text/span.ts';

/** Nobody writes this, and YAML has no opinion about it. */
export const marker = 'cL0cKeRmArKeR';

export interface Cursor {
  readonly place: Place;
  /** The marked text, read; places in it before the marker are those of the text. */
  readonly reading: Reading;
  /** The word under the cursor in the original text: what a completion replaces. Empty where there is none. */
  readonly word: Span;
  /** What of the word stands before the cursor. */
  readonly typed: string;
  /** A colon follows the word: it is a key already. */
  readonly hasColon: boolean;
  /** The cursor is right behind the colon of a key: what is inserted needs a space first. */
  readonly needsSpace: boolean;
  /** The word stands inside of `{}` or `[]`. */
  readonly isInFlow: boolean;
  /** Column at which the word starts, and at which its line starts to have text. */
  readonly column: number;
  readonly lineIndent: number;
}

/** `readAfter` gives the reading of the text after an edit. Nothing in a comment, in a block of text, or where nothing can be made of what surrounds the cursor. */
export function cursorAt(text: string, offset: number, readAfter = (edit: Edit): Reading => read(applyEdits(text, [edit]))): Cursor | undefined {
  const near = text.slice(Math.max(0, offset - 10_000), offset);
  const line = near.slice(Math.max(near.lastIndexOf('\n'), near.lastIndexOf('\r')) + 1);
  const lineStart = offset - line.length;
  if (isInComment(line)) return undefined;
  const word = wordAt(text, lineStart, offset);
  const before = text.slice(lineStart, word.start);
  const rest = /^[^\r\n]*/.exec(text.slice(word.end))?.[0] ?? '';
  const hasColon = /^["']?:(?:\s|$)/.test(rest);
  const needsSpace = word.start === word.end && /[^\s:]["']?:$/.test(before);
  const isBare = /^\s*(?:[-?] +)*$/.test(before) && /^\s*(?:#.*)?$/.test(rest);
  const insertion = (needsSpace ? ' ' : '') + marker + (isBare ? ':' : '');
  const at = word.start + (needsSpace ? 1 : 0);
  const found = locate(readAfter({ span: word, newText: insertion }), at) ?? locateInOutline(text, lineStart, `${before}${insertion}${isBare ? '' : rest}`, at - lineStart);
  if (!found) return undefined;
  const { steps } = found.place;
  return {
    ...found,
    word,
    typed: text.slice(word.start, offset),
    hasColon,
    needsSpace,
    isInFlow: steps.some((step) => ['{', '['].includes(found.reading.text.charAt(('map' in step ? step.map : step.list).span.start))),
    column: word.start - lineStart,
    lineIndent: (/^ */.exec(before)?.[0] ?? '').length,
  };
}

/** The characters around the offset that belong together: types with dots, dashes and colons are one word. */
function wordAt(text: string, lineStart: number, offset: number): Span {
  let start = offset;
  if (endsInColonOfItsOwn(text.slice(lineStart, offset))) start--;
  while (start > lineStart && isWordCharacter(text, start - 1)) start--;
  // The dot after a call is not part of the function's name.
  if (text.charAt(start) === '.' && start < offset && /[)\]]/.test(text.charAt(start - 1))) start++;
  let end = offset;
  while (end < text.length && isWordCharacter(text, end)) end++;
  return span(start, end);
}

/** `docker:` and `$brooklyn:` as values: the colon at the cursor belongs to the word, not to a key. */
function endsInColonOfItsOwn(line: string): boolean {
  const [, before = '', word = ''] = /^(.*?)([^\s,[\]{}"'#()]+:)$/.exec(line) ?? [];
  return word === '$brooklyn:' || word === 'docker:' || (word !== '' && /:\s+["']?$/.test(before));
}

function isWordCharacter(text: string, at: number): boolean {
  const character = text.charAt(at);
  if (/[\s,[\]{}"'#()]/.test(character)) return false;
  return character !== ':' || /[^\s"']/.test(text.charAt(at + 1));
}

function locate(reading: Reading, at: number): { readonly place: Place; readonly reading: Reading } | undefined {
  const { text: marked } = reading;
  const place = placeAt(reading, at + 1);
  if (place?.node.kind !== 'scalar' || place.spot.kind === 'unknown') return undefined;
  const { text, style } = place.node;
  const isExpression = text.startsWith('$brooklyn:') && text.includes(marker);
  if (!isExpression && (style === 'block' || text !== marker)) return undefined;
  // A word without a colon makes one key with the line below it: the tree is not what was meant.
  const isTorn = place.steps.some((step) => 'map' in step && /[\r\n]/.test(marked.slice(step.entry.key.span.start, step.entry.key.span.end)));
  if (isTorn) return undefined;
  return { place, reading };
}

/** The same with the lines that enclose the cursor alone, and of those beside them the ones that say a type or an id. */
function locateInOutline(text: string, lineStart: number, markedLine: string, column: number): { readonly place: Place; readonly reading: Reading } | undefined {
  const kept: string[] = [];
  let open = startOf(markedLine);
  for (const line of text.slice(0, lineStart).split(/\r\n|\r|\n/).toReversed()) {
    if (/^\s*(?:#.*)?$/.test(line)) continue;
    const start = startOf(line);
    const isOpen = /^ *(?:- +)*[\w.$:-]+:\s*$/.test(line);
    const isPlain = /^ *(?:- +)*(?:type|id|name|serviceType): +[\w$][\w.:/@-]*\s*$/.test(line);
    const isBeside = !open.isItem && start.column === open.column;
    const isParent = isOpen && (open.isItem ? start.column <= open.dash && start.dash !== open.dash : start.column < open.column);
    if (isBeside && (isPlain || isOpen)) kept.unshift(line);
    else if (isBeside && start.isItem) kept.unshift(`${' '.repeat(start.dash)}- ${marker}Beside:`);
    else if (isParent) kept.unshift(line);
    if ((isBeside && start.isItem) || isParent) open = start;
  }
  const head = kept.map((line) => `${line}\n`).join('');
  return locate(read(`${head}${markedLine}\n`), head.length + column);
}

interface LineStart {
  /** Of the first character that is neither a space nor the dash of a list. */
  readonly column: number;
  readonly isItem: boolean;
  /** Column of the first dash; meaningless where there is none. */
  readonly dash: number;
}

function startOf(line: string): LineStart {
  const column = (/^ *(?:- +)*/.exec(line)?.[0] ?? '').length;
  const dash = line.slice(0, column).indexOf('-');
  return { column, isItem: dash >= 0, dash };
}

function isInComment(line: string): boolean {
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    if (quote !== '') {
      if (character === '\\' && quote === '"') at++;
      else if (character === quote) quote = '';
    } else if ((character === '"' || character === "'") && /(?:^|[\s,[{(])$/.test(line.slice(0, at))) quote = character;
    else if (character === '#' && /(?:^|\s)$/.test(line.slice(0, at))) return true;
  }
  return false;
}
