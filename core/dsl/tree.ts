// The tree of a `$brooklyn:` expression, with places. The text form makes strings, words and chains; scalars, lists and maps
// come from YAML, as arguments of the key form (`$brooklyn:fn: [...]`). Places are offsets into whatever text the reader was given.

import type { Span } from '#core/text/span.ts';
import type { ScalarValue } from '#core/blueprint/yaml.ts';
import type { WholeDouble } from '#core/coerce/value.ts';

export const prefix = '$brooklyn:';

export type Expression = StringLiteral | Word | Chain | Scalar | ListValue | MapValue;

/** `"x"`, quotes in the span; or a plain YAML string. */
export interface StringLiteral {
  readonly kind: 'string';
  readonly span: Span;
  readonly value: string;
}

/** A bare word: the constant `0`, `true`, `x`, or a function's name without parentheses. Empty where something is still to be typed. */
export interface Word {
  readonly kind: 'word';
  readonly span: Span;
  readonly text: string;
}

/** Calls and selectors, each applied to the result of the one before; the first is applied to the entity the expression stands at. Never empty. */
export interface Chain {
  readonly kind: 'chain';
  readonly span: Span;
  readonly links: readonly Link[];
}

export type Link = Call | Selector;

export interface Call {
  readonly kind: 'call';
  readonly span: Span;
  /** As written: `$brooklyn:config`, `config`, `function.regexReplacement`. */
  readonly name: string;
  readonly nameSpan: Span;
  readonly args: readonly Expression[];
  /** Offsets of the commas between the arguments (text form only): which argument an offset belongs to. */
  readonly commas: readonly number[];
  /** False while the closing parenthesis is missing. */
  readonly isClosed: boolean;
  /** `text` is `f("x")`; `key` is `$brooklyn:f: x` in YAML. */
  readonly form: 'text' | 'key';
}

/** `.k`, `["k"]`, `[0]`, or `[f()]` where the key is itself an expression. */
export interface Selector {
  readonly kind: 'selector';
  readonly span: Span;
  readonly key: StringLiteral | Word | Chain;
  readonly isDotted: boolean;
}

/** A YAML scalar that is not a string. */
export interface Scalar {
  readonly kind: 'scalar';
  readonly span: Span;
  readonly value: Exclude<ScalarValue, string> | WholeDouble;
}

export interface ListValue {
  readonly kind: 'list';
  readonly span: Span;
  readonly items: readonly Expression[];
}

export interface MapValue {
  readonly kind: 'map';
  readonly span: Span;
  /** The last of equal keys wins. */
  readonly entries: readonly MapEntry[];
}

export interface MapEntry {
  readonly key: Expression;
  readonly value: Expression;
}

/** A change that would mend what is reported: `newText` in place of `span`. */
export interface Suggestion {
  readonly title: string;
  readonly span: Span;
  readonly newText: string;
}

/** What a text has wrong as an expression. An `oddity` is accepted but hardly meant; all others are errors. */
export interface Problem {
  readonly span: Span;
  readonly message: string;
  readonly isOddity?: boolean;
  readonly suggestion?: Suggestion;
}

/** True for text that Brooklyn reads as an expression; one space before the prefix and it is a plain string. */
export function isExpression(text: string): boolean {
  return text.startsWith(prefix);
}

/** A function's name without the prefix, which is optional everywhere but at the start. */
export function plainName(name: string): string {
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}

/** What an expression directly consists of, in the order written. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'string':
    case 'word':
    case 'scalar':
      return [];
    case 'chain':
      return expression.links.flatMap((link) => (link.kind === 'call' ? link.args : [link.key]));
    case 'list':
      return expression.items;
    case 'map':
      return expression.entries.flatMap(({ key, value }) => [key, value]);
  }
}
