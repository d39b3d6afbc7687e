// Text -> expression. Accepts what Brooklyn's own parser accepts, quirks included; on anything else it says what is wrong and
// still gives a tree, so that a half-typed expression can be completed. Never throws; linear in the length of the text.

import { isIdentifierPart, isWhitespace } from '#core/dsl/characters.ts';
import { span, type Span } from '#core/text/span.ts';
import type { Chain, Expression, Link, Problem, Selector, StringLiteral, Suggestion, Word } from '#core/dsl/tree.ts';

export interface Parsed {
  /** The whole text as a tree; a word without text where there is nothing. */
  readonly tree: Expression;
  /** Empty, or all of them oddities, exactly when upstream accepts the text. Ordered by place. */
  readonly problems: readonly Problem[];
}

/** Deeper nesting is refused: no person writes it, and every reader of the tree may recurse. */
export const maxDepth = 300;

/** Problems after this many are not reported; the first ones explain the rest. */
const maxProblems = 20;

/** Parses the text of one expression. All places are offsets into `text`. */
export function parse(text: string): Parsed {
  return new Parser(text).parse();
}

class Parser {
  readonly #text: string;
  readonly #problems: Problem[] = [];
  #at = 0;
  /** The end of the text has been reported as a fault; what else is open there need not be. */
  #isCutShort = false;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): Parsed {
    const tree = this.#next(0);
    if (this.#at < this.#text.length) this.#reportRest();
    return { tree, problems: this.#problems.toSorted((a, b) => a.span.start - b.span.start) };
  }

  #next(depth: number): Expression {
    // Directly after `[`, another `[` is refused, but not after a space. That is upstream's grammar.
    const isAfterBracket = this.#text[this.#at - 1] === '[';
    this.#skipSpace();
    if (this.#at >= this.#text.length) {
      this.#report(span(this.#at, this.#at), 'The expression ends here; a function or a string in double quotes is missing.');
      return this.#emptyWord();
    }
    if (this.#text[this.#at] === '"') return this.#string();
    if (depth >= maxDepth) {
      this.#report(span(this.#at, this.#text.length), `The expression is nested more than ${maxDepth} levels deep.`);
      this.#isCutShort = true;
      this.#at = this.#text.length;
      return this.#emptyWord();
    }
    if (this.#text[this.#at] === '[') {
      if (isAfterBracket) this.#report(span(this.#at, this.#at + 1), 'A bracket cannot stand directly inside a bracket.');
      const start = this.#at;
      return this.#chain(start, [this.#bracket(depth)], depth);
    }
    const word = this.#word();
    if (word.text === '' && this.#text[this.#at] !== '(') {
      this.#report(this.#here(), `A function's name or a string in double quotes is expected here, not ${this.#shown()}.`, this.#quoting());
      return word;
    }
    if (this.#text[this.#at] !== '(') return word;
    if (word.text === '') this.#report(this.#here(), 'A function needs a name before its parentheses.');
    return this.#chain(word.span.start, [this.#call(word, depth)], depth);
  }

  /** Goes on after the first link of a chain, as long as `.` or `[` follow. */
  #chain(start: number, links: Link[], depth: number): Chain {
    for (;;) {
      // Space after the last link belongs to nobody: the chain's span ends with the link.
      const end = this.#at;
      this.#skipSpace();
      const character = this.#text[this.#at];
      if (character === '[') links.push(this.#bracket(depth));
      else if (character === '.') this.#afterDot(links, depth);
      else return { kind: 'chain', span: span(start, Math.max(end, start)), links };
    }
  }

  #afterDot(links: Link[], depth: number): void {
    const dot = this.#at++;
    this.#skipSpace();
    const character = this.#text[this.#at];
    if (character === '[') return;
    if (character === '"') {
      const key = this.#string();
      const mend = { title: 'Put it in brackets', span: span(dot, this.#at), newText: `[${this.#text.slice(key.span.start, key.span.end)}]` };
      this.#report(key.span, 'A string cannot follow a dot; write it in brackets, as ["key"].', mend);
      links.push({ kind: 'selector', span: span(dot, this.#at), key, isDotted: true });
      return;
    }
    const word = this.#word();
    if (this.#text[this.#at] === '(') {
      if (word.text === '') this.#report(this.#here(), 'A function needs a name before its parentheses.');
      links.push(this.#call(word, depth));
      return;
    }
    if (word.text === '') this.#report(span(dot, dot + 1), 'A function or a key is expected after the dot.');
    links.push({ kind: 'selector', span: span(dot, word.span.end), key: word, isDotted: true });
  }

  #call(name: Word, depth: number): Link {
    const open = this.#at++;
    const { items, commas, isClosed } = this.#items(open, false, name.text, depth);
    return { kind: 'call', span: span(name.span.start, this.#at), name: name.text, nameSpan: name.span, args: items, commas, isClosed, form: 'text' };
  }

  #bracket(depth: number): Selector {
    const open = this.#at++;
    const { items } = this.#items(open, true, '', depth);
    const place = span(open, this.#at);
    const [key, second] = items;
    if (key === undefined) this.#report(place, 'The brackets are empty; a key or an index is missing.');
    if (second !== undefined) {
      this.#report(span(second.span.start, second.span.end), 'Only the first value in the brackets is used; the text form has no lists.', undefined, true);
    }
    const fallback: Word = { kind: 'word', span: span(open + 1, open + 1), text: '' };
    return { kind: 'selector', span: place, key: key?.kind === 'string' || key?.kind === 'word' || key?.kind === 'chain' ? key : fallback, isDotted: false };
  }

  /** What stands between parentheses or brackets, up to and with the closing one. A comma may stand after the last; `)` closes a bracket too. */
  #items(open: number, isBracket: boolean, name: string, depth: number): { items: Expression[]; commas: number[]; isClosed: boolean } {
    const items: Expression[] = [];
    const commas: number[] = [];
    let isComplete = false;
    for (;;) {
      this.#skipSpace();
      const character = this.#text[this.#at];
      if (character === undefined) {
        const close = isBracket ? ']' : ')';
        const message = isBracket ? 'The bracket is not closed; ] is missing at the end.' : `The arguments of ${name} are not closed; ) is missing at the end.`;
        const end = this.#text.length;
        if (!this.#isCutShort) this.#report(span(open, open + 1), message, { title: `Insert ${close} at the end`, span: span(end, end), newText: close });
        return { items, commas, isClosed: false };
      }
      if (character === ')' || (character === ']' && isBracket)) {
        if (character === ')' && isBracket) this.#report(this.#here(), 'The bracket is closed by a parenthesis.', undefined, true);
        this.#at++;
        return { items, commas, isClosed: true };
      }
      if (character === ']') {
        this.#report(this.#here(), 'This bracket closes nothing; ) is expected.', { title: 'Replace ] by )', span: this.#here(), newText: ')' });
        this.#at++;
        return { items, commas, isClosed: true };
      }
      if (character === ',') {
        if (!isComplete) this.#report(this.#here(), 'An argument is missing before this comma.');
        isComplete = false;
        commas.push(this.#at++);
        continue;
      }
      if (isComplete && this.#isStrayAfterItem()) continue;
      const before = this.#at;
      const item = this.#next(depth + 1);
      // The parser stopped at something that is no part of any expression: step over it, or it would stop here for ever.
      if (this.#at === before) this.#skipJunk();
      items.push(item);
      isComplete = true;
    }
  }

  #string(): StringLiteral {
    const start = this.#at++;
    let value = '';
    for (;;) {
      const character = this.#text[this.#at];
      if (character === undefined) {
        const end = this.#text.length;
        this.#report(span(start, end), 'The string is not closed; a double quote is missing.', { title: 'Insert a double quote', span: span(end, end), newText: '"' });
        this.#isCutShort = true;
        this.#at = end;
        return { kind: 'string', span: span(start, end), value };
      }
      this.#at++;
      if (character === '"') return { kind: 'string', span: span(start, this.#at), value };
      value += character === '\\' ? this.#escape() : character;
    }
  }

  #escape(): string {
    const character = this.#text[this.#at++];
    switch (character) {
      case undefined:
        return '';
      case 'n':
        return '\n';
      case 't':
        return '\t';
      case 'r':
        return '\r';
      case '\\':
      case '"':
      case "'":
        return character;
      default: {
        const place = span(this.#at - 2, this.#at);
        const mend = { title: 'Double the backslash', span: span(place.start, place.start + 1), newText: '\\\\' };
        this.#report(place, `\\${character} is no escape in a string here; only \\n \\t \\r \\\\ \\" and \\' are.`, mend);
        return character;
      }
    }
  }

  #word(): Word {
    const start = this.#at;
    while (this.#at < this.#text.length && this.#isNamePart()) this.#at++;
    return { kind: 'word', span: span(start, this.#at), text: this.#text.slice(start, this.#at) };
  }

  #isNamePart(): boolean {
    const character = this.#text[this.#at] ?? '';
    // A dot belongs to a name only in `function.something`.
    return character === ':' || (character === '.' ? this.#text.startsWith('function', this.#at - 8) && this.#at >= 8 : isIdentifierPart(character));
  }

  /** Reports what stands where a comma should; true when it was no argument of its own and has been stepped over. */
  #isStrayAfterItem(): boolean {
    const character = this.#text[this.#at];
    const before = this.#text[this.#at - 1] ?? '';
    if (character !== '"' && !isWhitespace(before) && before !== ')' && before !== ']' && before !== '"') {
      const place = this.#junk();
      const start = this.#wordStart(this.#at);
      const whole = this.#text.slice(start, place.end);
      const mend = { title: `Write "${whole}"`, span: span(start, place.end), newText: `"${whole}"` };
      this.#report(place, `${this.#shown()} cannot stand in a word without quotes; write "${whole}".`, /["'\\]/.test(whole) ? undefined : mend);
      this.#skipJunk();
      return true;
    }
    if (character === '(' && isWhitespace(before)) {
      this.#report(this.#here(), "No space is allowed between a function's name and its parentheses.");
    } else {
      this.#report(this.#here(), 'A comma is missing before this argument.', { title: 'Insert a comma', span: span(this.#at, this.#at), newText: ', ' });
    }
    return false;
  }

  #reportRest(): void {
    const rest = span(this.#at, this.#text.length);
    const from = this.#at;
    const character = this.#text[this.#at] ?? '';
    let next = from;
    while (next < this.#text.length && isWhitespace(this.#text[next] ?? '')) next++;
    if (character === ')' || character === ']') this.#report(span(from, from + 1), `This ${character} closes nothing.`, { title: `Remove ${character}`, span: span(from, from + 1), newText: '' });
    else if (next > from && this.#text[next] === '(') {
      const mend = { title: 'Remove the space', span: span(from, next), newText: '' };
      this.#report(span(from, next), "No space is allowed between a function's name and its parentheses.", mend);
    } else if (next === this.#text.length && next > from) {
      this.#report(rest, 'Nothing may follow, not even a space.', { title: 'Remove the space', span: rest, newText: '' });
    } else if (character === '.' || character === '[') {
      this.#report(rest, `${character} must follow a function with its parentheses.`);
    } else {
      this.#report(rest, 'The expression ends before this; to join values, use formatString("%s...", ...).');
    }
  }

  #skipJunk(): void {
    this.#at = this.#junk().end;
  }

  /** From here to the next character that could end or separate an argument; at least one character. */
  #junk(): Span {
    let end = this.#at + 1;
    while (end < this.#text.length && !/[,()[\]"\s]/.test(this.#text[end] ?? '')) end++;
    return span(this.#at, end);
  }

  #wordStart(from: number): number {
    let start = from;
    while (start > 0 && !/[,()[\]"\s]/.test(this.#text[start - 1] ?? '')) start--;
    return start;
  }

  /** The mend for `'x'`, which is no string here. */
  #quoting(): Suggestion | undefined {
    const quote = this.#text[this.#at];
    if (quote !== "'" && quote !== '`') return undefined;
    const end = this.#text.indexOf(quote, this.#at + 1);
    if (end < 0 || this.#isQuotingReported) return undefined;
    const inner = this.#text.slice(this.#at + 1, end);
    if (/["\\]/.test(inner)) return undefined;
    return { title: 'Use double quotes', span: span(this.#at, end + 1), newText: `"${inner}"` };
  }

  /** Looking for the closing quote costs the rest of the text; after so many problems none is reported anyway. */
  get #isQuotingReported(): boolean {
    return this.#problems.length >= maxProblems;
  }

  #shown(): string {
    const character = this.#text[this.#at];
    return character === undefined ? 'the end' : character;
  }

  #here(): Span {
    return span(this.#at, Math.min(this.#at + 1, this.#text.length));
  }

  #emptyWord(): Word {
    return { kind: 'word', span: span(this.#at, this.#at), text: '' };
  }

  #skipSpace(): void {
    while (this.#at < this.#text.length && isWhitespace(this.#text[this.#at] ?? '')) this.#at++;
  }

  #report(place: Span, message: string, suggestion?: Suggestion, isOddity = false): void {
    if (this.#problems.length >= maxProblems) return;
    this.#problems.push({ span: place, message, ...(suggestion && { suggestion }), ...(isOddity && { isOddity }) });
  }
}
