// What is under the cursor in an expression, half-typed or not: for completion, hover, signature help and definitions.

import { parse } from '#core/dsl/parse.ts';
import { childrenOf, plainName, type Call, type Expression, type Link } from '#core/dsl/tree.ts';
import { span, touches, type Span } from '#core/text/span.ts';

/** A call that the cursor is inside the parentheses of. */
export interface Enclosing {
  readonly call: Call;
  /** Which argument the cursor is in, from 0. */
  readonly index: number;
  /** What the call is made on: the links before it. Empty at the start of an expression. */
  readonly receiver: readonly Link[];
}

export type Located = { readonly enclosing: readonly Enclosing[] } & (
  | {
      /** A function's name, or a place where one may begin. `receiver` is what it is called on, empty at a start. */
      readonly kind: 'function';
      readonly receiver: readonly Link[];
      /** What is typed before the cursor, without the prefix. */
      readonly prefix: string;
      /** What a completion replaces: the whole name without the prefix. */
      readonly span: Span;
      /** False while it has no parentheses. */
      readonly isCall: boolean;
    }
  | {
      /** Inside a quoted argument, or a plain text of the key form. */
      readonly kind: 'text';
      readonly prefix: string;
      /** What a completion replaces: what is between the quotes. */
      readonly span: Span;
    }
  | {
      /** Inside brackets after a value, or after a dot: `function` is reported for the latter as well, for it may become one. */
      readonly kind: 'selector';
      readonly receiver: readonly Link[];
      readonly prefix: string;
      readonly span: Span;
    }
  /** Nothing that could be named: between arguments, after a closing parenthesis. */
  | { readonly kind: 'nothing'; readonly span: Span }
);

/** Finds what is at `offset` in the text of one expression. */
export function locate(text: string, offset: number): Located {
  return locateIn(parse(text).tree, text, offset);
}

/** The same in a tree that has been read; `text` is what its places refer to. The innermost call is the last of `enclosing`. */
export function locateIn(tree: Expression, text: string, offset: number): Located {
  const enclosing: Enclosing[] = [];
  let current: Expression = tree;
  for (;;) {
    const step = descend(current, text, offset, enclosing);
    if (!('next' in step)) return { ...step.found, enclosing };
    current = step.next;
  }
}

type Plain = Located extends infer L ? (L extends unknown ? Omit<L, 'enclosing'> : never) : never;
type Step = { readonly next: Expression } | { readonly found: Plain };

function descend(current: Expression, text: string, offset: number, enclosing: Enclosing[]): Step {
  switch (current.kind) {
    case 'word':
      return { found: { kind: 'function', receiver: [], ...named(current.text, current.span, offset), isCall: false } };
    case 'string':
      return { found: inText(current.span, text, offset) };
    case 'chain':
      return inChain(current.links, text, offset, enclosing);
    case 'scalar':
      return { found: nothing(offset) };
    case 'list':
    case 'map': {
      const child = childrenOf(current).find((candidate) => touches(candidate.span, offset));
      return child ? { next: child } : { found: nothing(offset) };
    }
  }
}

function inChain(links: readonly Link[], text: string, offset: number, enclosing: Enclosing[]): Step {
  // Of two links that touch the cursor the later is meant, unless the cursor is still in the name of the earlier.
  const index = links.findLastIndex((link) => link.span.start <= offset && (offset < link.span.end || isOpenEnd(link, offset)));
  const link = links[index];
  const receiver = links.slice(0, Math.max(index, 0));
  if (link === undefined) return { found: nothing(offset) };
  if (link.kind === 'selector') {
    if (link.key.kind === 'chain') return { next: link.key };
    const isWord = link.key.kind === 'word';
    const { prefix, span: place } = isWord ? named(link.key.kind === 'word' ? link.key.text : '', link.key.span, offset) : inText(link.key.span, text, offset);
    return { found: link.isDotted ? { kind: 'function', receiver, prefix, span: place, isCall: false } : { kind: 'selector', receiver, prefix, span: place } };
  }
  if (touches(link.nameSpan, offset)) return { found: { kind: 'function', receiver, ...named(link.name, link.nameSpan, offset), isCall: true } };
  const argument = link.args.find((candidate) => touches(candidate.span, offset) && !isAfterString(candidate, text, offset));
  const position = link.form === 'key' ? Math.max(0, argument ? link.args.indexOf(argument) : link.args.length) : link.commas.filter((comma) => comma < offset).length;
  enclosing.push({ call: link, index: position, receiver });
  if (argument) return { next: argument };
  const isFree = link.form === 'text' && !link.args.some((candidate) => touches(candidate.span, offset));
  return { found: isFree ? { kind: 'function', receiver: [], prefix: '', span: span(offset, offset), isCall: false } : nothing(offset) };
}

/** True when the cursor is at the end of something that is still being typed. */
function isOpenEnd(link: Link, offset: number): boolean {
  if (link.kind === 'call') return !link.isClosed && offset <= link.span.end;
  return link.isDotted && offset === link.span.end;
}

function isAfterString(candidate: Expression, text: string, offset: number): boolean {
  return candidate.kind === 'string' && offset === candidate.span.end && isClosed(candidate.span, text);
}

/** True when the quoted string in the span has its closing quote. */
function isClosed({ start, end }: Span, text: string): boolean {
  const quote = text[start];
  if (quote !== '"') return quote === "'" && end - start > 1 && text[end - 1] === "'";
  let backslashes = 0;
  while (text[end - 2 - backslashes] === '\\') backslashes++;
  return end - start > 1 && text[end - 1] === '"' && backslashes % 2 === 0;
}

function inText(place: Span, text: string, offset: number): Plain & { readonly kind: 'text' } {
  const quote = /^(?:\\?"|')/.exec(text.slice(place.start, place.start + 2))?.[0] ?? '';
  const start = Math.min(place.start + quote.length, place.end);
  const isShut = quote !== '' && (isClosed(place, text) || text.slice(start, place.end).endsWith(quote));
  const end = Math.max(start, isShut ? place.end - quote.length : place.end);
  return { kind: 'text', prefix: text.slice(start, Math.max(start, Math.min(offset, end))), span: span(start, end) };
}

function named(name: string, place: Span, offset: number): { readonly prefix: string; readonly span: Span } {
  const plain = plainName(name);
  const start = Math.max(place.start, place.end - plain.length);
  return { prefix: plain.slice(0, Math.max(0, offset - start)), span: span(start, place.end) };
}

function nothing(offset: number): Plain {
  return { kind: 'nothing', span: span(offset, offset) };
}
