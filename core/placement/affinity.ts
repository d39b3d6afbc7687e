// Affinity rules: Clocker's small language that says beside which entities an entity may be placed. Read here with their
// mistakes and places, and matched against the application entities on a host; which hosts there are is decided elsewhere.

import type { Span } from '#core/text/span.ts';

/** A rule without a parameter compares with the entity that is being placed. `not` turns a rule around. */
export type AffinityRule =
  | { readonly verb: 'TYPE' | 'ID' | 'APPLICATION'; readonly not: boolean; readonly parameter?: string }
  | { readonly verb: 'NAME' | 'PREDICATE'; readonly not: boolean; readonly parameter: string }
  /** `NOT EMPTY`: a host without entities is refused. `EMPTY` says what holds anyway. */
  | { readonly verb: 'EMPTY'; readonly not: boolean };

export type AffinityVerb = AffinityRule['verb'];

/** The verbs with a sentence each, and what follows them: for completion and hover. */
export const affinityVerbs: readonly { readonly verb: AffinityVerb; readonly parameter: 'optional' | 'required' | 'none'; readonly description: string; readonly example: string }[] = [
  { verb: 'TYPE', parameter: 'optional', description: 'Everything on the host is of this type, or of the type of the entity itself.', example: 'NOT TYPE' },
  { verb: 'NAME', parameter: 'required', description: 'Everything on the host has this in its name, in any case.', example: 'NAME web' },
  { verb: 'ID', parameter: 'optional', description: 'Everything on the host has this id, or the id of the entity itself.', example: 'NOT ID db' },
  { verb: 'APPLICATION', parameter: 'optional', description: 'Everything on the host belongs to this application, or to the application of the entity itself.', example: 'APPLICATION' },
  { verb: 'PREDICATE', parameter: 'required', description: 'Everything on the host satisfies this Java predicate, which is known to Brooklyn alone.', example: 'PREDICATE com.acme.OnlyTests' },
  { verb: 'EMPTY', parameter: 'none', description: 'The host may be empty, which is allowed anyway; NOT EMPTY refuses an empty host.', example: 'NOT EMPTY' },
];

export interface AffinityProblem {
  /** The wrong part, in the text of its rule or in the whole text, as `parseAffinityRules` was given it. */
  readonly span: Span;
  readonly problem: string;
  /** What to write in place of the part. Empty: leave it away. */
  readonly replacement?: string;
}

export interface ReadRule {
  /** Absent where the text is no rule. */
  readonly rule?: AffinityRule;
  readonly span: Span;
  readonly problems: readonly AffinityProblem[];
}

/** The entities on a host, and the one to be placed, as rules see them. */
export interface AffinityEntity {
  readonly id: string;
  readonly name: string;
  /** As in the catalog: `docker:redis:7`, `org.apache.brooklyn.entity.webapp.tomcat.TomcatServer`. */
  readonly type: string;
  /** Id of its application. */
  readonly application: string;
}

/** The rules of one text, separated by line breaks or commas; blank ones are left out. */
export function parseAffinityRules(text: string): readonly ReadRule[] {
  const rules: ReadRule[] = [];
  for (const { 0: piece, index } of text.matchAll(/[^\n\r,]+/g)) if (piece.trim() !== '') rules.push(readRule(piece, index));
  return rules;
}

/** One rule, an element of a list. */
export function parseAffinityRule(text: string): ReadRule {
  return readRule(text, 0);
}

export function printAffinityRule(rule: AffinityRule): string {
  const parameter = rule.verb === 'EMPTY' ? undefined : rule.parameter;
  return [...(rule.not ? ['NOT'] : []), rule.verb, ...(parameter === undefined ? [] : [parameter])].join(' ');
}

/**
 * Why `placed` may not go to a host with these application entities; undefined where it may. `rules` are those of the entity,
 * the host and the cloud together: every entity on the host must satisfy every rule.
 */
export function affinityRefusal(rules: readonly AffinityRule[], placed: AffinityEntity, onHost: readonly AffinityEntity[]): string | undefined {
  const conflict = affinityConflict(rules, placed, onHost);
  if (conflict === undefined) return undefined;
  const { rule, entity } = conflict;
  if (entity === undefined) return 'is empty, and the rule NOT EMPTY refuses that';
  return rule.verb === 'PREDICATE' ? `cannot be judged: ${rule.parameter} is a Java class` : `has ${entity.name} on it, which the rule ${printAffinityRule(rule)} refuses`;
}

/** The first rule that does not hold, and the entity it does not hold for; without an entity it is NOT EMPTY. `onHost` may be a part of what is there. */
export function affinityConflict(rules: readonly AffinityRule[], placed: AffinityEntity, onHost: readonly AffinityEntity[], isEmpty = onHost.length === 0): { readonly rule: AffinityRule; readonly entity?: AffinityEntity } | undefined {
  for (const rule of rules) {
    if (isEmpty && rule.verb === 'EMPTY' && rule.not) return { rule };
    for (const entity of onHost) if (!satisfies(rule, placed, entity)) return { rule, entity };
  }
  return undefined;
}

/** Whether a rule of `placed` accepts the entity beside it. */
export function satisfies(rule: AffinityRule, placed: AffinityEntity, entity: AffinityEntity): boolean {
  switch (rule.verb) {
    case 'TYPE':
      return isOfType(entity.type, rule.parameter ?? placed.type) !== rule.not;
    case 'NAME':
      return entity.name.toLowerCase().includes(rule.parameter.toLowerCase()) !== rule.not;
    case 'ID':
      return (entity.id === (rule.parameter ?? placed.id)) !== rule.not;
    case 'APPLICATION':
      return (entity.application === (rule.parameter ?? placed.application)) !== rule.not;
    case 'PREDICATE':
      return false;
    case 'EMPTY':
      return true;
  }
}

/** Equal in full, or one is the simple name of the other; in any case. */
function isOfType(type: string, wanted: string): boolean {
  const [a, b] = [type.toLowerCase(), wanted.toLowerCase()];
  return a === b || simpleName(a) === simpleName(b);
}

/** `tomcatserver` of `org.example.TomcatServer`; of an image all of it, since its dots separate nothing. */
function simpleName(type: string): string {
  return type.includes(':') || type.includes('/') ? type : type.slice(type.lastIndexOf('.') + 1);
}

interface Token {
  readonly text: string;
  readonly span: Span;
}

function readRule(text: string, offset: number): ReadRule {
  const tokens: Token[] = [...text.matchAll(/\S+/g)].map((match) => ({ text: match[0], span: { start: offset + match.index, end: offset + match.index + match[0].length } }));
  const problems: AffinityProblem[] = [];
  const span = { start: tokens[0]?.span.start ?? offset, end: tokens.at(-1)?.span.end ?? offset + text.length };
  const complain = (place: Span, problem: string, replacement?: string): void => {
    problems.push({ span: place, problem, ...(replacement === undefined ? {} : { replacement }) });
  };
  const give = (rule?: AffinityRule): ReadRule => ({ ...(rule ? { rule } : {}), span, problems });

  // SAME was documented and shipped in examples, though never read by Clocker: it says what a rule means without it.
  let not = false;
  let words = tokens;
  const [first] = tokens;
  if (first && /^(?:not|same)$/i.test(first.text)) {
    not = first.text.toUpperCase() === 'NOT';
    words = tokens.slice(1);
  }
  const [verbToken, parameterToken, ...more] = words;
  if (!verbToken) {
    complain(span, first ? `After ${first.text} comes a verb: ${verbList()}.` : `The rule is empty; it begins with a verb: ${verbList()}.`);
    return give();
  }
  if (first && /^(?:not|same)$/i.test(verbToken.text)) {
    complain(verbToken.span, `${first.text} and ${verbToken.text} do not go together; keep one of them.`, '');
    return give();
  }
  const entry = affinityVerbs.find(({ verb }) => verb === verbToken.text.toUpperCase());
  if (!entry) {
    const near = nearestVerb(verbToken.text);
    const hint = near === undefined ? `there are ${verbList()}.` : `did you mean ${near}?`;
    complain(verbToken.span, `"${verbToken.text}" is not a verb of an affinity rule; ${hint}`, near);
    return give();
  }
  const { verb } = entry;
  const extra = entry.parameter === 'none' ? [parameterToken, ...more].filter((token) => token !== undefined) : more;
  const [firstExtra] = extra;
  if (firstExtra) {
    const place = { start: firstExtra.span.start, end: extra.at(-1)?.span.end ?? firstExtra.span.end };
    complain(place, `The rule ends before "${firstExtra.text}": ${verb} takes ${entry.parameter === 'none' ? 'nothing' : 'one word'} after it. Write each rule on a line of its own.`, '');
  }
  const parameter = parameterToken?.text;
  switch (verb) {
    case 'EMPTY':
      return give({ verb, not });
    case 'TYPE':
    case 'ID':
    case 'APPLICATION':
      return give(parameter === undefined ? { verb, not } : { verb, not, parameter });
    case 'NAME':
    case 'PREDICATE':
      if (parameter !== undefined) return give({ verb, not, parameter });
      complain(verbToken.span, verb === 'NAME' ? 'NAME needs a part of a name after it, for example NAME web.' : 'PREDICATE needs the name of a class after it.');
      return give();
  }
}

function verbList(): string {
  return affinityVerbs.map(({ verb }) => verb).join(', ');
}

/** The verb that begins the same, or differs in at most two letters. */
function nearestVerb(word: string): AffinityVerb | undefined {
  const upper = word.toUpperCase();
  if (upper.length > 20) return undefined;
  const ranked = affinityVerbs
    .filter(({ verb }) => verb.startsWith(upper) || Math.abs(verb.length - upper.length) <= 2)
    .map(({ verb }) => ({ verb, far: upper.length > 2 && verb.startsWith(upper) ? 0 : distance(upper, verb) }))
    .filter(({ verb, far }) => far <= Math.min(2, verb.length - 2))
    .toSorted((a, b) => a.far - b.far);
  return ranked[0]?.verb;
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let at = 1; at <= a.length; at++) {
    const next = [at];
    for (let to = 1; to <= b.length; to++) {
      const change = (row[to - 1] ?? 0) + (a[at - 1] === b[to - 1] ? 0 : 1);
      next.push(Math.min(change, (row[to] ?? 0) + 1, (next[to - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
