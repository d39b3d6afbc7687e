// What can be said of an expression before anything runs: functions, arguments, and what they refer to. What only shows when
// it runs (a sensor that never gets a value) is not said. Finds, never throws; the wording is for a person.

import { arity, functionNamed, functions, parameterAt, signatureFor, signatureText, type DslFunction, type Parameter, type Receiver, type Result } from '#core/dsl/functions.ts';
import { checkArgument, checkTogether } from '#core/dsl/checkArguments.ts';
import { checkEntity, checkName, literalText } from '#core/dsl/checkReferences.ts';
import { relative, type ScopeEntity } from '#core/dsl/scope.ts';
import { unchain } from '#core/dsl/read.ts';
import { childrenOf, plainName, type Call, type Chain, type Expression, type Link, type Problem, type Suggestion } from '#core/dsl/tree.ts';
import { nearest } from '#core/text/nearest.ts';
import type { Finding } from '#core/dsl/finding.ts';
import type { Span } from '#core/text/span.ts';

export interface CheckScope {
  /** The entity that the expression is written at. */
  readonly self: ScopeEntity;
  /** The config key whose value it is, if it is one: needed to see that it refers to itself. */
  readonly key?: string;
}

/** Everything that can be found in one value. Without a scope, only functions and their arguments are looked at. Ordered by place. */
export function check(expression: Expression, scope?: CheckScope): readonly Finding[] {
  const { findings, references } = walk(expression, scope?.self);
  const recursive = scope?.key === undefined ? [] : recursions(references, scope.self, scope.key);
  return [...findings, ...recursive].toSorted((a, b) => a.span.start - b.span.start);
}

/** What reading found wrong, in the same shape as what checking finds. */
export function findingOf({ span, message, suggestion, isOddity }: Problem): Finding {
  return { kind: 'dsl-syntax', span, message, ...(suggestion && { suggestion }), ...(isOddity === true && { severity: 'warning' as const }) };
}

/** What a chain gives as far as that is known without running it: completion and hover ask. */
export function staticResult(links: readonly Link[], self: ScopeEntity | undefined): { readonly result: Result; readonly entity: ScopeEntity | undefined } | undefined {
  if (links.length === 0) return undefined;
  const last = links.at(-1);
  const span = { start: links[0]?.span.start ?? 0, end: last?.span.end ?? 0 };
  return new Walk(self).chain({ kind: 'chain', span, links });
}

interface ConfigReference {
  readonly entity: ScopeEntity;
  readonly key: string;
  readonly span: Span;
}

interface Known {
  readonly result: Result;
  /** The entity, where it is certain which. */
  readonly entity: ScopeEntity | undefined;
}

function walk(expression: Expression, self: ScopeEntity | undefined): { readonly findings: readonly Finding[]; readonly references: readonly ConfigReference[] } {
  const walking = new Walk(self);
  walking.expression(expression);
  return walking;
}

class Walk {
  readonly findings: Finding[] = [];
  readonly references: ConfigReference[] = [];
  readonly #self: ScopeEntity | undefined;

  constructor(self: ScopeEntity | undefined) {
    this.#self = self;
  }

  expression(expression: Expression): Known | undefined {
    if (expression.kind === 'chain') return this.chain(expression);
    for (const child of childrenOf(expression)) this.expression(child);
    return undefined;
  }

  chain(chain: Chain): Known | undefined {
    let known: Known | undefined;
    for (const [index, link] of chain.links.entries()) {
      if (link.kind === 'call') known = this.#call(link, known, index === 0);
      else {
        this.expression(link.key);
        if (index === 0) this.#add('wrong-arguments', link.span, 'A list cannot be written here; only the key form ($brooklyn:fn: [...]) takes lists.');
        known = { result: 'value', entity: undefined };
      }
    }
    return known;
  }

  #call(call: Call, receiver: Known | undefined, isFirst: boolean): Known {
    const unchained = isFirst ? unchain(call, (part) => this.#badPart(part)) : undefined;
    if (unchained) return this.chain(unchained) ?? { result: 'value', entity: undefined };
    const name = plainName(call.name);
    // What an entitySpec describes is an entity of its own, from which its expressions are seen; it is checked as such.
    if (name !== 'entitySpec') for (const arg of call.args) this.expression(arg);
    const known = functionNamed(name);
    const place: Receiver = isFirst ? 'start' : receiver?.result === 'entity' ? 'entity' : 'any';
    if (!known || !isCallable(known, place)) {
      this.#unknownFunction(call, name, known, place);
      return { result: 'value', entity: undefined };
    }
    // What a function takes first may stand before it, as in config("p").urlEncode().
    const isReceiverFirst = !isFirst && known.on.includes('any') && !(place === 'entity' && known.on.includes('entity'));
    const signature = signatureFor(known, call.args.length + (isReceiverFirst ? 1 : 0));
    if (!signature) {
      this.#wrongCount(call, known, isReceiverFirst);
      return { result: known.result, entity: undefined };
    }
    this.findings.push(...call.args.flatMap((arg, index) => checkArgument(arg, parameterAt(signature, index + (isReceiverFirst ? 1 : 0)), name)));
    if (!isReceiverFirst) this.findings.push(...checkTogether(call, name));
    return { result: known.result, entity: this.#refer(call, known, signature, isFirst ? this.#self : receiver?.entity) };
  }

  /** Looks at what the arguments name; gives the entity that the call leads to. */
  #refer(call: Call, known: DslFunction, signature: readonly Parameter[], base: ScopeEntity | undefined): ScopeEntity | undefined {
    const { name } = known;
    if (base === undefined) return undefined;
    if (name === 'self' || name === 'parent' || name === 'root' || name === 'scopeRoot') {
      const found = relative(base, name === 'self' ? 'this' : name);
      if (found === undefined && name === 'parent' && base.isFragment !== true) this.#add('out-of-scope-reference', call.nameSpan, 'This entity is the root of the application and has no parent.', undefined, 'warning');
      return found;
    }
    if (known.result === 'entity') {
      const { findings, entity } = checkEntity(call, name, base);
      this.findings.push(...findings);
      return entity;
    }
    if (signature.length === 2 && (name === 'config' || name === 'sensor') && call.args.length === 2) return undefined;
    const [first] = call.args;
    const text = first && literalText(first);
    if (first === undefined || text === undefined) return undefined;
    if (name === 'config') this.references.push({ entity: base, key: text, span: call.span });
    if (name === 'config' || name.startsWith('attributeWhenReady')) this.findings.push(...checkName(first, text, name === 'config' ? 'config key' : 'sensor', base));
    return undefined;
  }

  #badPart(part: Expression): void {
    this.#add('wrong-arguments', part.span, 'chain begins with an expression and goes on with { function: [arguments] } and "[key]"; this is neither.');
  }

  #unknownFunction(call: Call, name: string, known: DslFunction | undefined, place: Receiver): void {
    const candidates = functions.filter((other) => isCallable(other, place)).map((other) => other.name);
    const near = nearest(name, candidates);
    const suggestion = near === undefined ? undefined : rename(call, near);
    const span = wordOf(call);
    if (known && place !== 'start') this.#add('unknown-function', span, `${name} begins an expression; it cannot be called on something else.`, suggestion);
    else {
      const where = place === 'start' ? '' : place === 'entity' ? ' of an entity' : ' that can be called on a value';
      // On any value it may be a method of a Java object, which upstream allows for a few and Clocker for none.
      this.#add('unknown-function', span, `There is no function ${name}${where}${near === undefined ? '' : `; did you mean ${near}?`}`, suggestion, place === 'any' ? 'warning' : undefined);
    }
  }

  #wrongCount(call: Call, known: DslFunction, isReceiverFirst: boolean): void {
    const count = call.args.length;
    const forms = known.signatures.map((signature) => signatureText(known.name, isReceiverFirst ? signature.slice(1) : signature)).join(' or ');
    const counts = known.signatures.map(arity);
    const most = Math.max(...counts.map((each) => each.most)) - (isReceiverFirst ? 1 : 0);
    const extra = call.args[most];
    // What is too much is the place; where something is missing, the whole call is.
    const span = count > most && extra ? { start: extra.span.start, end: call.args.at(-1)?.span.end ?? extra.span.end } : call.span;
    this.#add('wrong-arguments', span, `${known.name} is called with ${count} ${count === 1 ? 'argument' : 'arguments'}; it is ${forms}.`);
  }

  #add(kind: Finding['kind'], span: Span, message: string, suggestion?: Suggestion, severity?: Finding['severity']): void {
    this.findings.push({ kind, span, message, ...(suggestion && { suggestion }), ...(severity && { severity }) });
  }
}

/** On a value everything may be called that can be called on an entity, for the value may be one. */
function isCallable({ on }: DslFunction, place: Receiver): boolean {
  return place === 'start' ? on.includes('start') : on.includes('entity') || on.includes('any');
}

function rename(call: Call, near: string): Suggestion {
  return { title: `Replace ${plainName(call.name)} by ${near}`, span: wordOf(call), newText: near };
}

/** Where the name stands, without the prefix. A quoted key of YAML ends with its quote, which is no part of the name. */
function wordOf({ name, nameSpan }: Call): Span {
  const around = nameSpan.end - nameSpan.start - name.length;
  const end = nameSpan.end - (around >= 2 ? Math.floor(around / 2) : 0);
  return { start: Math.max(nameSpan.start, end - plainName(name).length), end };
}

/** Which of the references lead back to the key itself, each followed through the config keys it is made of. */
function recursions(references: readonly ConfigReference[], self: ScopeEntity, key: string): Finding[] {
  const trails = new Map<ScopeEntity, Map<string, readonly ConfigReference[] | undefined>>();
  return references.flatMap((reference) => {
    const known = trails.get(reference.entity) ?? new Map<string, readonly ConfigReference[] | undefined>();
    trails.set(reference.entity, known);
    if (!known.has(reference.key)) known.set(reference.key, pathBack(reference, self, key));
    const trail = known.get(reference.key);
    if (trail === undefined) return [];
    const by = trail.length > 1 ? `, by way of ${trail.slice(0, -1).map((step) => step.key).join(', ')}` : '';
    return [{ kind: 'recursive-reference' as const, span: reference.span, message: `${key} refers to itself${by}; it would never get a value.` }];
  });
}

/** How many config keys are followed from one; a circle through more is not found. */
const maxFollowed = 200;

/** The references from one to the key, the last being the key itself; breadth first, each config key once. */
function pathBack(first: ConfigReference, self: ScopeEntity, key: string): readonly ConfigReference[] | undefined {
  interface Step {
    readonly reference: ConfigReference;
    readonly from: Step | undefined;
  }
  const visited = new Map<ScopeEntity, Set<string>>();
  const steps: Step[] = [{ reference: first, from: undefined }];
  for (let index = 0, followed = 0; index < steps.length && followed < maxFollowed; index++) {
    const step = steps[index];
    if (step === undefined) break;
    const { entity, key: name } = step.reference;
    if (entity === self && name === key) {
      const trail: ConfigReference[] = [];
      for (let back: Step | undefined = step; back !== undefined; back = back.from) trail.unshift(back.reference);
      return trail;
    }
    const keys = visited.get(entity) ?? new Set<string>();
    if (keys.has(name)) continue;
    visited.set(entity, keys.add(name));
    followed++;
    const set = entity.config(name);
    if (set === undefined) continue;
    for (const next of walk(set.value, set.at).references) steps.push({ reference: next, from: step });
  }
  return undefined;
}
