// Filling in a FreeMarker text from an entity: `${config['k']}`, `${attribute['s']}`, `${entity.displayName}`, names given
// beside it. Used by template(...) and for template files. Sensors that are waited for are all named at once, as far as the text can be filled.

import { callBuiltin } from '#core/dsl/templateBuiltins.ts';
import { parseTemplate, TemplateFault, type Piece, type Term } from '#core/dsl/templateTree.ts';
import { all, failure, value, type Outcome } from '#core/dsl/outcome.ts';
import { ancestors, rootOf, type ScopeEntity } from '#core/dsl/scope.ts';
import { asText, isList, isMap, isThing, isWholeDouble, kindOf, type Value } from '#core/dsl/value.ts';
import { defaultWhenReady, isReady } from '#core/dsl/whenReady.ts';
import type { Span } from '#core/text/span.ts';

export interface TemplateData {
  /** Where the text stands: for errors. */
  readonly span: Span;
  /** Names that the text may use besides the entity's. */
  readonly names: ReadonlyMap<string, Value>;
  readonly entity: ScopeEntity;
  /** The value of a config key of an entity, expressions resolved. */
  readonly config: (entity: ScopeEntity, key: string) => Outcome;
}

/** The text filled in; or what it waits for; or an error in one sentence. Never throws. */
export function renderTemplate(text: string, data: TemplateData): Outcome {
  try {
    const rendering = new Rendering(data);
    const outcomes = rendering.pieces(parseTemplate(text), new Map());
    const joined = all(outcomes);
    return joined.state === 'value' ? value(joined.values.map(asText).join('')) : joined;
  } catch (error) {
    if (error instanceof Interruption) return error.outcome;
    if (error instanceof TemplateFault) return failure('template', data.span, `The template cannot be filled in: ${error.message}`);
    throw error;
  }
}

/** Something to be asked for parts by name: `config`, `attribute`. What is asked for with dots is tried as one name: `config.a.b` is `config['a.b']`. */
interface Lookup {
  readonly lookup: (key: string) => Value | undefined;
  readonly path: string;
}

type Found = Value | Lookup | undefined;

/** A part of the text cannot be had yet. */
class Interruption extends Error {
  readonly outcome: Outcome;
  constructor(outcome: Outcome) {
    super('not yet');
    this.outcome = outcome;
  }
}

type Variables = Map<string, Value>;

/** A text may loop in loops; past this many pieces it is a mistake. */
const maxPieces = 200_000;

class Rendering {
  readonly #data: TemplateData;
  readonly #assigned: Variables = new Map();
  #count = 0;

  constructor(data: TemplateData) {
    this.#data = data;
  }

  pieces(pieces: readonly Piece[], variables: Variables): Outcome[] {
    return pieces.flatMap((piece) => {
      if (++this.#count > maxPieces) throw new TemplateFault(`it has more than ${maxPieces} pieces.`);
      try {
        return this.#piece(piece, variables);
      } catch (error) {
        // The others are filled in all the same, so that everything that is waited for is known at once.
        if (error instanceof Interruption && piece.kind === 'print') return [error.outcome];
        throw error;
      }
    });
  }

  #piece(piece: Piece, variables: Variables): Outcome[] {
    switch (piece.kind) {
      case 'text':
        return [value(piece.text)];
      case 'print':
        return [value(printed(this.#value(piece.expression, variables)))];
      case 'if': {
        const branch = piece.branches.find(({ condition }) => condition === undefined || this.#truth(condition, variables));
        return branch ? this.pieces(branch.body, variables) : [];
      }
      case 'list':
        return this.#list(piece, variables);
      case 'sep':
        return variables.get(' isLast') === true ? [] : this.pieces(piece.body, variables);
      case 'assign':
        this.#assigned.set(piece.name, this.#value(piece.value, variables));
        return [];
    }
  }

  #list({ source, names, body, otherwise }: Extract<Piece, { kind: 'list' }>, variables: Variables): Outcome[] {
    const given = this.#value(source, variables);
    const rows: (readonly Value[])[] = isMap(given) ? [...given].map(([key, item]) => [key, item]) : isList(given) ? given.map((item) => [item]) : [];
    if (!isMap(given) && !isList(given)) throw new TemplateFault(`<#list> goes through lists and maps, not ${kindOf(given)}.`);
    if (rows.length === 0) return this.pieces(otherwise, variables);
    const [first = ''] = names;
    return rows.flatMap((row, index) => {
      const inner: Variables = new Map(variables);
      for (const [column, name] of names.entries()) inner.set(name, row[column] ?? null);
      const isLast = index === rows.length - 1;
      inner.set(`${first}_index`, index).set(`${first}_has_next`, !isLast).set(' isLast', isLast);
      return this.pieces(body, inner);
    });
  }

  /** The value of a term that must have one. */
  #value(term: Term, variables: Variables): Value {
    const found = this.#find(term, variables);
    if (found === undefined || isLookup(found)) throw new TemplateFault(`${shown(term)} has no value; write ${shown(term)}!"..." for what to use then.`);
    return found;
  }

  #truth(term: Term, variables: Variables): boolean {
    const given = this.#value(term, variables);
    if (typeof given !== 'boolean') throw new TemplateFault(`${shown(term)} is ${kindOf(given)}, where true or false is wanted.`);
    return given;
  }

  #find(term: Term, variables: Variables): Found {
    switch (term.kind) {
      case 'constant':
        return term.value;
      case 'name':
        return this.#name(term.name, variables);
      case 'part':
        return this.#part(term, variables);
      case 'default': {
        const found = this.#maybe(term.of, variables);
        return found ?? (term.otherwise ? this.#value(term.otherwise, variables) : '');
      }
      case 'exists':
        return this.#maybe(term.of, variables) !== undefined;
      case 'builtin':
        return this.#builtin(term, variables);
      case 'not':
        return !this.#truth(term.of, variables);
      case 'minus':
        return -this.#number(term.of, variables);
      case 'binary':
        return this.#binary(term, variables);
      case 'sequence':
        return term.items.map((item) => this.#value(item, variables));
      case 'hash':
        return new Map(term.entries.map(([key, item]) => [this.#value(key, variables), this.#value(item, variables)]));
    }
  }

  #maybe(term: Term, variables: Variables): Value | undefined {
    const found = this.#find(term, variables);
    return found === undefined || found === null || isLookup(found) ? undefined : found;
  }

  #name(name: string, variables: Variables): Found {
    const given = variables.get(name) ?? this.#assigned.get(name) ?? this.#data.names.get(name);
    return given === undefined ? this.#ofEntity(this.#data.entity, name) : (given ?? undefined);
  }

  #ofEntity(entity: ScopeEntity, name: string): Found {
    switch (name) {
      case 'entity':
        return { kind: 'entity', entity };
      case 'config':
        return { path: '', lookup: (key) => this.#config(entity, key) };
      case 'attribute':
      case 'sensor':
        return { path: '', lookup: (key) => entity.sensor(key) ?? undefined };
      case 'attributeWhenReady':
        return { path: '', lookup: (key) => waitedFor(entity, key) };
      case 'children':
        return entity.children.map((child) => ({ kind: 'entity', entity: child }));
      case 'members':
        return (entity.members ?? []).map((member) => ({ kind: 'entity', entity: member }));
      case 'name':
      case 'displayName':
        return entity.name ?? entity.id ?? entity.key;
      case 'id':
        return entity.key;
      case 'parent':
        return entity.parent && { kind: 'entity', entity: entity.parent };
      case 'application':
        return { kind: 'entity', entity: rootOf(entity) };
      case 'location': {
        const [location] = [entity, ...ancestors(entity)].find(({ locations }) => locations.length > 0)?.locations ?? [];
        return location === undefined ? undefined : { kind: 'location', name: location };
      }
      case 'driver':
      case 'mgmt':
      case 'javaSysProps':
        throw new TemplateFault(`${name} belongs to Brooklyn's own server and has no counterpart here.`);
      default:
        return undefined;
    }
  }

  #config(entity: ScopeEntity, key: string): Value | undefined {
    const outcome = this.#data.config(entity, key);
    if (outcome.state !== 'value') throw new Interruption(outcome);
    return outcome.value ?? undefined;
  }

  #part({ of, key }: Extract<Term, { kind: 'part' }>, variables: Variables): Found {
    const owner = this.#find(of, variables);
    const name = this.#value(key, variables);
    if (owner === undefined || owner === null) return undefined;
    const text = asText(name);
    if (isLookup(owner)) {
      const path = owner.path === '' ? text : `${owner.path}.${text}`;
      return owner.lookup(path) ?? { lookup: owner.lookup, path };
    }
    if (isList(owner)) return typeof name === 'number' ? owner[name] : undefined;
    if (isMap(owner)) return owner.get(name) ?? [...owner].find(([candidate]) => asText(candidate) === text)?.[1];
    if (isThing(owner) && owner.kind === 'entity') return this.#ofEntity(owner.entity, text);
    if (isThing(owner) && owner.kind === 'location') return text === 'name' || text === 'displayName' ? owner.name : undefined;
    if (typeof owner === 'string' && typeof name === 'number') return owner[name];
    throw new TemplateFault(`${shown(of)} is ${kindOf(owner)}, which has no part ${text}.`);
  }

  #builtin({ of, name, args }: Extract<Term, { kind: 'builtin' }>, variables: Variables): Value {
    const given = this.#maybe(of, variables);
    if (name === 'has_content') return given !== undefined && given !== '' && !(isList(given) && given.length === 0) && !(isMap(given) && given.size === 0);
    if (name === 'if_exists' || (name === 'default' && given === undefined)) return given ?? (args[0] ? this.#value(args[0], variables) : '');
    if (name === 'default' && given !== undefined) return given;
    if (name === 'then') {
      const [yes, no] = args;
      const chosen = this.#truth(of, variables) ? yes : no;
      return chosen ? this.#value(chosen, variables) : '';
    }
    if ((name === 'index' || name === 'has_next') && of.kind === 'name') return this.#value({ kind: 'name', name: `${of.name}_${name}` }, variables);
    return callBuiltin(name, this.#value(of, variables), args.map((arg) => this.#value(arg, variables)));
  }

  #binary({ operator, left, right }: Extract<Term, { kind: 'binary' }>, variables: Variables): Value {
    if (operator === '&&') return this.#truth(left, variables) && this.#truth(right, variables);
    if (operator === '||') return this.#truth(left, variables) || this.#truth(right, variables);
    if (operator === '+') return sum(this.#value(left, variables), this.#value(right, variables));
    if (operator === '==' || operator === '=' || operator === '!=') return isSame(this.#value(left, variables), this.#value(right, variables)) === (operator !== '!=');
    const [a, b] = [this.#number(left, variables), this.#number(right, variables)];
    switch (operator) {
      case '-':
        return a - b;
      case '*':
        return a * b;
      case '/':
        if (b === 0) throw new TemplateFault(`${shown(right)} is zero, and nothing can be divided by it.`);
        return a / b;
      case '%':
        if (b === 0) throw new TemplateFault(`${shown(right)} is zero, and nothing can be divided by it.`);
        return Math.trunc(a) % Math.trunc(b);
      case '..':
        return range(a, b);
      case '<':
      case 'lt':
        return a < b;
      case '<=':
      case 'lte':
        return a <= b;
      case '>':
      case 'gt':
        return a > b;
      default:
        return a >= b;
    }
  }

  #number(term: Term, variables: Variables): number {
    const given = this.#value(term, variables);
    const number = numberOf(given);
    if (number === undefined) throw new TemplateFault(`${shown(term)} is ${kindOf(given)}, where a number is wanted; ?number makes one of a text.`);
    return number;
  }
}

function waitedFor(entity: ScopeEntity, sensor: string): Value {
  const present = entity.sensor(sensor);
  if (isReady(present, defaultWhenReady)) return present;
  throw new Interruption({ state: 'waiting', waits: [{ entity, sensor, options: defaultWhenReady }], secrets: [] });
}

function isLookup(found: Exclude<Found, undefined>): found is Lookup {
  return typeof found === 'object' && found !== null && 'lookup' in found;
}

function printed(given: Value): string {
  if (isList(given) || isMap(given)) throw new TemplateFault(`${kindOf(given)} cannot be printed; go through it with <#list>, or use ?join.`);
  return asText(given);
}

function numberOf(given: Value): number | undefined {
  if (isWholeDouble(given)) return given.double;
  return typeof given === 'number' || typeof given === 'bigint' ? Number(given) : undefined;
}

function sum(a: Value, b: Value): Value {
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x !== undefined && y !== undefined) return x + y;
  if (isList(a) && isList(b)) return [...a, ...b];
  if (isMap(a) && isMap(b)) return new Map([...a, ...b]);
  return printed(a) + printed(b);
}

function isSame(a: Value, b: Value): boolean {
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x !== undefined && y !== undefined) return x === y;
  if (typeof a !== typeof b) throw new TemplateFault(`${kindOf(a)} and ${kindOf(b)} cannot be compared.`);
  return asText(a) === asText(b);
}

function range(from: number, to: number): Value {
  if (Math.abs(to - from) > 10_000) throw new TemplateFault('a range has more than 10,000 numbers.');
  const step = from <= to ? 1 : -1;
  return Array.from({ length: Math.abs(to - from) + 1 }, (_, index) => from + index * step);
}

/** A term as it was written, roughly: for sentences. */
function shown(term: Term): string {
  switch (term.kind) {
    case 'name':
      return term.name;
    case 'constant':
      return JSON.stringify(term.value);
    case 'part':
      return term.key.kind === 'constant' && typeof term.key.value === 'string' ? `${shown(term.of)}['${term.key.value}']` : `${shown(term.of)}[${shown(term.key)}]`;
    case 'builtin':
      return `${shown(term.of)}?${term.name}`;
    case 'default':
    case 'exists':
    case 'not':
    case 'minus':
      return shown(term.of);
    case 'binary':
      return `${shown(term.left)} ${term.operator} ${shown(term.right)}`;
    case 'sequence':
      return 'the list';
    case 'hash':
      return 'the map';
  }
}
