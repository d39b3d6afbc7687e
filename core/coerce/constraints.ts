// Constraints of parameters: read as data from the blueprint, and checked against a value and its neighbours. A value that is
// not known yet (an expression) violates nothing.

import { expandBraces, matchesGlob } from '#core/coerce/glob.ts';
import { accepted, describe, isList, isMap, quote, refused, type Coerced, type Outcome, type Value } from '#core/coerce/value.ts';

const plainKinds = ['required', 'notNull', 'isBlank', 'urlExists', 'alwaysTrue', 'alwaysFalse'] as const;
const patternKinds = ['regex', 'glob'] as const;
const oneKeyKinds = ['requiredIf', 'requiredUnless', 'forbiddenIf', 'forbiddenUnless'] as const;
const anyKeyKinds = ['requiredUnlessAnyOf', 'forbiddenUnlessAnyOf'] as const;
const groupKinds = ['all', 'any'] as const;

type PlainKind = (typeof plainKinds)[number];
type PatternKind = (typeof patternKinds)[number];
type KeysKind = (typeof oneKeyKinds)[number] | (typeof anyKeyKinds)[number];

export type Constraint =
  | { readonly kind: PlainKind }
  | { readonly kind: PatternKind; readonly pattern: string }
  /** `keys` are names of other config keys of the same entity. */
  | { readonly kind: KeysKind; readonly keys: readonly string[] }
  | { readonly kind: (typeof groupKinds)[number]; readonly of: readonly Constraint[] }
  /** A predicate made by an expression: known to the cloud alone. */
  | { readonly kind: 'expression' };

/** Every word a constraint may be, with a sentence: for completion and hover. */
export const constraintWords: readonly { readonly name: Exclude<Constraint['kind'], 'expression'>; readonly description: string; readonly example: string }[] = [
  { name: 'required', description: 'There must be a value, and it must not be an empty text.', example: '- required' },
  { name: 'notNull', description: 'There must be a value.', example: '- notNull' },
  { name: 'regex', description: 'The whole text must match the regular expression.', example: '- regex: "[a-z]+"' },
  { name: 'glob', description: 'The whole text must match the glob: *, ? and {a,b}.', example: '- glob: "*.war"' },
  { name: 'requiredIf', description: 'There must be a value if the other key has one.', example: '- requiredIf: other.key' },
  { name: 'requiredUnless', description: 'There must be a value unless the other key has one.', example: '- requiredUnless: other.key' },
  { name: 'requiredUnlessAnyOf', description: 'There must be a value unless one of the other keys has one.', example: '- requiredUnlessAnyOf: [a.key, b.key]' },
  { name: 'forbiddenIf', description: 'There must be no value if the other key has one.', example: '- forbiddenIf: other.key' },
  { name: 'forbiddenUnless', description: 'There must be no value unless the other key has one.', example: '- forbiddenUnless: other.key' },
  { name: 'forbiddenUnlessAnyOf', description: 'There must be no value unless one of the other keys has one.', example: '- forbiddenUnlessAnyOf: [a.key, b.key]' },
  { name: 'any', description: 'One of the constraints must hold.', example: '- any: [{ glob: "a*" }, { glob: "b*" }]' },
  { name: 'all', description: 'All of the constraints must hold; a list means the same.', example: '- all: [required, { glob: "a*" }]' },
  { name: 'isBlank', description: 'The text must be blank.', example: '- isBlank' },
  { name: 'urlExists', description: 'Something must answer at the URL; checked when deploying.', example: '- urlExists' },
  { name: 'alwaysTrue', description: 'Holds for every value.', example: '- alwaysTrue' },
  { name: 'alwaysFalse', description: 'Holds for no value.', example: '- alwaysFalse' },
];

/** Other names upstream takes, those it prints itself included. */
const synonyms: Readonly<Record<string, string>> = {
  and: 'all', or: 'any', isNonBlank: 'required', matchesRegex: 'regex', matchesGlob: 'glob',
  'Predicates.and': 'all', 'Predicates.or': 'any', 'Predicates.notNull': 'notNull', 'Predicates.alwaysTrue': 'alwaysTrue', 'Predicates.alwaysFalse': 'alwaysFalse',
};

/** What is known of a config key: its coerced value, that it is unset, or nothing yet. */
export type Known = { readonly state: 'known'; readonly value: Coerced } | { readonly state: 'unset' } | { readonly state: 'unknown' };

/** Reads the value of `constraints`: a word, a list (all of which hold) or a map of one key. */
export function parseConstraint(value: Value): Outcome<Constraint> {
  if (isList(value)) return parseGroup('all', value);
  if (typeof value === 'string') return value.startsWith('$brooklyn:') ? accepted({ kind: 'expression' }) : parseCall(value);
  if (!isMap(value)) return refused(`${describe(value)} is not a constraint; write a word such as required, a list of them, or a map of one key such as { regex: "[a-z]+" }.`);
  const [entry] = value;
  if (!entry || value.size !== 1) return refused(`A constraint written as a map has exactly one key, not ${value.size}; write a list of maps instead.`);
  const [name, argument] = entry;
  if (typeof name !== 'string') return refused(`${describe(name)} is not a constraint; write a word such as required.`);
  if (name.startsWith('$brooklyn:')) return accepted({ kind: 'expression' });
  return parseNamed(name, isList(argument) ? argument : [argument]);
}

/** What the value violates, as a sentence; undefined where it violates nothing or too little is known. */
export function violation(constraint: Constraint, value: Known, other: (key: string) => Known): string | undefined {
  // Unset is judged only by constraints that speak of being set.
  if (value.state === 'unset' && !speaksOfUnset(constraint)) return undefined;
  return holds(constraint, value, other) === false ? sentence(constraint) : undefined;
}

export function printConstraint(constraint: Constraint): string {
  switch (constraint.kind) {
    case 'regex':
    case 'glob':
      return `${constraint.kind}: ${constraint.pattern}`;
    case 'all':
    case 'any':
      return `${constraint.kind} of (${constraint.of.map(printConstraint).join('; ')})`;
    case 'requiredIf':
    case 'requiredUnless':
    case 'requiredUnlessAnyOf':
    case 'forbiddenIf':
    case 'forbiddenUnless':
    case 'forbiddenUnlessAnyOf':
      return `${constraint.kind}: ${constraint.keys.join(', ')}`;
    case 'required':
    case 'notNull':
    case 'isBlank':
    case 'urlExists':
    case 'alwaysTrue':
    case 'alwaysFalse':
    case 'expression':
      return constraint.kind;
  }
}

function parseGroup(kind: 'all' | 'any', values: readonly Value[]): Outcome<Constraint> {
  const of: Constraint[] = [];
  for (const value of values) {
    const part = parseConstraint(value);
    if (!part.ok) return part;
    of.push(part.value);
  }
  const [only] = of;
  return accepted(only && kind === 'all' && of.length === 1 ? only : { kind, of });
}

function parseNamed(written: string, args: readonly Value[]): Outcome<Constraint> {
  const name = Object.hasOwn(synonyms, written) ? (synonyms[written] ?? written) : written;
  const plain = plainKinds.find((kind) => kind === name);
  if (plain) return accepted({ kind: plain });
  const group = groupKinds.find((kind) => kind === name);
  if (group) return parseGroup(group, args);
  const pattern = patternKinds.find((kind) => kind === name);
  const oneKey = oneKeyKinds.find((kind) => kind === name);
  const anyKey = anyKeyKinds.find((kind) => kind === name);
  const texts = args.map((arg) => (typeof arg === 'string' || typeof arg === 'number' || typeof arg === 'boolean' ? String(arg) : undefined)).filter((text) => text !== undefined);
  const [text] = texts;
  if ((pattern || oneKey) && (text === undefined || args.length !== 1)) {
    return refused(`The constraint ${written} takes exactly one ${pattern ? 'pattern' : 'name of a config key'}; write ${written}: ${pattern ? '"[a-z]+"' : 'other.key'}.`);
  }
  if (pattern && text !== undefined) return patternProblem(pattern, text) ?? accepted({ kind: pattern, pattern: text });
  if (oneKey && text !== undefined) return accepted({ kind: oneKey, keys: [text] });
  if (anyKey) return texts.length === args.length ? accepted({ kind: anyKey, keys: texts }) : refused(`The constraint ${written} takes names of config keys; write ${written}: [a.key, b.key].`);
  const near = constraintWords.find((word) => word.name.toLowerCase() === name.toLowerCase());
  return refused(`${quote(written)} is not a constraint; ${near ? `write ${near.name}` : `known are ${constraintWords.map((word) => word.name).join(', ')}`}.`);
}

/** `regex("a.*")`, `any(required, glob("a*"))`: the form in which upstream prints constraints. */
function parseCall(text: string): Outcome<Constraint> {
  if (!text.includes('(')) return parseNamed(text, []);
  const parser = new CallParser(text);
  const value = parser.value(0);
  return value === undefined || !parser.isAtEnd ? refused(`${quote(text)} is not a constraint; write { regex: "[a-z]+" }, say.`) : parseConstraint(value);
}

class CallParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#take(/\s*/y) !== undefined && this.#at === this.#text.length;
  }

  value(depth: number): Value | undefined {
    if (depth > 50) return undefined;
    this.#take(/\s*/y);
    const quoted = this.#take(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/y);
    if (quoted !== undefined) return quoted.slice(1, -1).replace(/\\(.)/gs, '$1');
    const name = this.#take(/[\w.-]+/y);
    if (name === undefined || this.#take(/\s*\(\s*/y) === undefined) return name;
    const args: Value[] = [];
    while (this.#take(/\s*\)\s*/y) === undefined) {
      if (args.length > 0 && this.#take(/\s*,/y) === undefined) return undefined;
      const arg = this.value(depth + 1);
      if (arg === undefined) return undefined;
      args.push(arg);
    }
    return args.length === 0 ? name : new Map([[name, args]]);
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }
}

function patternProblem(kind: PatternKind, pattern: string): { readonly ok: false; readonly problem: string } | undefined {
  const wrong = kind === 'glob' ? expandBraces(pattern) : undefined;
  return typeof wrong === 'string' ? refused(`${quote(pattern)} is not a glob: ${wrong}`) : undefined;
}

function speaksOfUnset(constraint: Constraint): boolean {
  if (constraint.kind === 'all' || constraint.kind === 'any') return constraint.of.some(speaksOfUnset);
  return constraint.kind.startsWith('required') || constraint.kind === 'notNull' || constraint.kind.startsWith('forbidden');
}

/** True, false, or undefined where that is not known yet. */
function holds(constraint: Constraint, value: Known, other: (key: string) => Known): boolean | undefined {
  switch (constraint.kind) {
    case 'all':
    case 'any': {
      const decisive = constraint.kind === 'any';
      const answers = new Set(constraint.of.map((part) => holds(part, value, other)));
      return answers.has(decisive) ? decisive : answers.has(undefined) ? undefined : !decisive;
    }
    case 'requiredIf':
    case 'requiredUnless':
    case 'requiredUnlessAnyOf':
    case 'forbiddenIf':
    case 'forbiddenUnless':
    case 'forbiddenUnlessAnyOf':
      return holdsWith(constraint.kind, value, constraint.keys.map((key) => other(key).state));
    case 'required':
    case 'notNull':
    case 'isBlank':
    case 'urlExists':
    case 'alwaysTrue':
    case 'alwaysFalse':
    case 'regex':
    case 'glob':
      return value.state === 'unknown' ? undefined : holdsAlone(constraint, value.state === 'known' ? value.value : null);
    case 'expression':
      return undefined;
  }
}

function holdsWith(kind: KeysKind, value: Known, others: readonly Known['state'][]): boolean | undefined {
  // Unless all of the others are known, upstream assumes that the value is valid.
  if (value.state === 'unknown' || others.includes('unknown')) return undefined;
  const isSet = value.state === 'known';
  const otherIsSet = others.includes('known');
  switch (kind) {
    case 'requiredIf':
      return isSet || !otherIsSet;
    case 'requiredUnless':
    case 'requiredUnlessAnyOf':
      return isSet || otherIsSet;
    case 'forbiddenIf':
      return !isSet || !otherIsSet;
    case 'forbiddenUnless':
    case 'forbiddenUnlessAnyOf':
      return !isSet || otherIsSet;
  }
}

function holdsAlone(constraint: Extract<Constraint, { readonly kind: PlainKind | PatternKind }>, value: Coerced): boolean | undefined {
  switch (constraint.kind) {
    case 'required':
      return value !== null && value !== '';
    case 'notNull':
      return value !== null;
    case 'alwaysTrue':
    case 'alwaysFalse':
      return constraint.kind === 'alwaysTrue';
    case 'urlExists':
      return undefined;
    case 'isBlank':
      return value === null || (typeof value === 'string' && value.trim() === '');
    case 'regex':
      return typeof value === 'string' && matchesRegex(constraint.pattern, value);
    case 'glob':
      return typeof value === 'string' && matchesGlob(constraint.pattern, value);
  }
}

/** Undefined for an expression that only Java understands. */
function matchesRegex(pattern: string, text: string): boolean | undefined {
  const [, flags = '', rest = ''] = /^(?:\(\?([ims]+)\))?(.*)$/s.exec(pattern) ?? [];
  for (const dialect of ['u', '']) {
    try {
      return new RegExp(`^(?:${rest})$`, dialect + flags).test(text);
    } catch {
      // Not in this dialect.
    }
  }
  return undefined;
}

function sentence(constraint: Constraint): string {
  switch (constraint.kind) {
    case 'required':
      return 'A value is required, and it must not be empty.';
    case 'notNull':
      return 'A value is required.';
    case 'isBlank':
      return 'The value must be blank.';
    case 'alwaysTrue':
    case 'alwaysFalse':
    case 'urlExists':
    case 'expression':
      return 'No value is allowed here.';
    case 'regex':
      return `The value must be a text that matches the regular expression ${constraint.pattern}`;
    case 'glob':
      return `The value must be a text that matches the glob ${constraint.pattern}`;
    case 'requiredIf':
      return `A value is required, because ${names(constraint.keys, 'and')} is set.`;
    case 'requiredUnless':
    case 'requiredUnlessAnyOf':
      return `A value is required, unless ${names(constraint.keys, 'or')} is set.`;
    case 'forbiddenIf':
      return `No value is allowed, because ${names(constraint.keys, 'and')} is set.`;
    case 'forbiddenUnless':
    case 'forbiddenUnlessAnyOf':
      return `No value is allowed, unless ${names(constraint.keys, 'or')} is set.`;
    case 'all':
    case 'any':
      return `The value must satisfy ${printConstraint(constraint)}.`;
  }
}

function names(keys: readonly string[], joint: string): string {
  return keys.length < 2 ? keys.join('') : `${keys.slice(0, -1).join(', ')} ${joint} ${keys.at(-1)}`;
}
