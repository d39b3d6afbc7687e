// Coercion: what a type makes of a value, exactly as Brooklyn has it. Expressions are evaluated before; a value that is not
// known yet does not come here.

import { coerceHostAndPort, coerceUri, coerceUrl, coerceUserAndHostAndPort, printAddress } from '#core/coerce/addresses.ts';
import { coerceCidr, printCidr } from '#core/coerce/cidr.ts';
import { coerceDate } from '#core/coerce/dates.ts';
import { coerceDuration, printDuration } from '#core/coerce/duration.ts';
import { unwrapList, unwrapMap, unwrapStrings } from '#core/coerce/jsonish.ts';
import { coerceBoolean, coerceChar, coerceFloating, coerceInteger, parseJavaDouble } from '#core/coerce/numbers.ts';
import { coercePorts, printPorts } from '#core/coerce/ports.ts';
import { coercePredicate } from '#core/coerce/predicate.ts';
import { coerceQuorum } from '#core/coerce/quorum.ts';
import { coerceSize } from '#core/coerce/size.ts';
import { printType, type Type } from '#core/coerce/types.ts';
import { accepted, describe, isDate, isList, isMap, isoDate, numberText, quote, refused, type Coerced, type Outcome, type Value } from '#core/coerce/value.ts';

/** Never throws. Unset (`null`) is accepted by every type and stays unset. */
export function coerce(value: Value, type: Type): Outcome<Coerced> {
  if (value === null) return accepted(null);
  switch (type.name) {
    case 'string':
      return coerceString(value);
    case 'boolean':
      return coerceBoolean(value);
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
      return coerceInteger(value, type.name);
    case 'float':
    case 'double':
      return coerceFloating(value, type.name);
    case 'number':
      return typeof value === 'string' ? coerceFloating(value, 'double') : coerceExact(value, 'number');
    case 'bigdecimal':
    case 'biginteger':
      return coerceExact(value, type.name);
    case 'char':
      return coerceChar(value);
    case 'list':
    case 'set':
      return coerceCollection(value, type);
    case 'map':
      return coerceMap(value, type);
    case 'duration':
      return coerceDuration(value);
    case 'date':
    case 'instant':
    case 'timestamp':
      return coerceDate(value, type.name);
    case 'port':
      return coercePorts(value);
    case 'cidr':
      return coerceCidr(value);
    case 'size':
      return coerceSize(value, type.unit);
    case 'quorum':
      return coerceQuorum(value);
    case 'predicate':
      return coercePredicate(value);
    case 'hostandport':
      return coerceHostAndPort(value);
    case 'userhostport':
      return coerceUserAndHostAndPort(value);
    case 'uri':
      return coerceUri(value);
    case 'url':
      return coerceUrl(value);
    case 'enum':
      return coerceEnum(value, type.constants);
    case 'entity':
      return coerceEntity(value);
    case 'wrapped':
    case 'any':
    case 'other':
      return accepted(value);
  }
}

/** A value as one would write it as text, such that coercing the text gives the value again; undefined for lists and maps. */
export function printCoerced(value: Coerced): string | undefined {
  if (value === null) return undefined;
  if (typeof value === 'string' || typeof value === 'boolean') return String(value);
  if (typeof value === 'number' || typeof value === 'bigint') return numberText(value);
  if (value instanceof Map || !('kind' in value)) {
    if ('double' in value) return numberText(value);
    return 'dateMs' in value ? isoDate(value.dateMs) : undefined;
  }
  switch (value.kind) {
    case 'duration':
      return printDuration(value);
    case 'port':
    case 'ports':
    case 'portList':
      return printPorts(value);
    case 'cidr':
      return printCidr(value);
    case 'address':
      return printAddress(value);
    case 'now':
      return 'now';
    case 'quorum':
      return value.name ?? String(value.minSize);
    case 'quorumLine':
      return JSON.stringify(value.points.map(({ size, required }) => [size, required]));
    case 'predicate':
      return typeof value.test === 'string' ? value.test : undefined;
  }
}

function coerceString(value: Value): Outcome<string> {
  if (typeof value === 'string') return accepted(value);
  if (typeof value === 'boolean') return accepted(String(value), `Without quotes YAML makes a boolean of it: the text is ${quote(String(value))}.`);
  if (isDate(value)) return refused(`YAML makes a date of it, and a date is not a text; put it in quotes: "${isoDate(value.dateMs)}".`);
  if (value === null || isList(value) || isMap(value)) return refused(`${describe(value)} is not a text; write one value, in quotes where it holds ":" or "#".`);
  if (typeof value === 'bigint' && BigInt.asIntN(64, value) !== value) return refused(`${value} is too large for a number that becomes a text; put it in quotes.`);
  return accepted(numberText(value));
}

/** A text is looked up as an id when deploying, so that it is not wrong, but hardly what is meant. */
function coerceEntity(value: Value): Outcome<Coerced> {
  const hint = 'write an expression, for example $brooklyn:entity("db")';
  if (typeof value === 'string') return accepted(value, `A text is taken for the id that Brooklyn itself gave to an entity; to name one of this blueprint ${hint}.`);
  return refused(`${describe(value)} is not an entity; ${hint}.`);
}

/** Java's numbers without limits. A double is shown as Java would. */
function coerceExact(value: Value, type: 'number' | 'bigdecimal' | 'biginteger'): Outcome<Coerced> {
  const wanted = type === 'biginteger' ? 'a whole number' : 'a number';
  if (typeof value === 'string') {
    const isOne = type === 'biginteger' ? /^[+-]?[0-9]{1,10000}$/.test(value) : parseJavaDouble(value) !== undefined && value === value.trim();
    if (isOne) return accepted(type === 'biginteger' ? BigInt(value.replace(/^\+/, '')) : value);
  }
  if (typeof value === 'bigint') return accepted(value);
  if (typeof value === 'number' && (type !== 'biginteger' || Number.isInteger(value))) return accepted(value);
  if (type !== 'biginteger' && typeof value === 'object' && value !== null && 'double' in value) return accepted(value);
  return refused(`${describe(value)} is not ${wanted}.`);
}

/** Brooklyn looks for the constant as written, in words joined by `-` or capitals, and in any case. */
function coerceEnum(value: Value, constants: readonly string[]): Outcome<string> {
  const known = `write one of ${constants.join(', ')}`;
  if (isList(value) || isMap(value) || isDate(value)) return refused(`${describe(value)} is not known here; ${known}.`);
  const text = typeof value === 'string' ? value : typeof value === 'boolean' || value === null ? String(value) : numberText(value);
  const snake = text.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').replaceAll('-', '_').toUpperCase();
  const found = constants.find((constant) => constant === text) ?? constants.find((constant) => [text.toUpperCase(), snake].includes(constant.toUpperCase()));
  return found === undefined ? refused(`${describe(value)} is not known here; ${known}.`) : accepted(found);
}

function coerceCollection(value: Value, type: Extract<Type, { readonly name: 'list' | 'set' }>): Outcome<Coerced> {
  const { of } = type;
  const isOfText = of?.name === 'string';
  const items = isList(value) ? value : typeof value === 'string' ? (isOfText ? unwrapStrings(value) : unwrapList(value)) : undefined;
  if (!items) {
    const hint = typeof value === 'string' ? 'the text cannot be read as one' : `write [${isMap(value) ? 'a, b' : describeItem(value)}]`;
    return refused(`${describe(value)} is not a ${type.name}; ${hint}.`);
  }
  const results: Coerced[] = [];
  const notes: string[] = [];
  for (const [index, item] of items.entries()) {
    const outcome: Outcome<Coerced> = of ? coerce(item, of) : accepted(item);
    if (!outcome.ok) return refused(`Element ${index + 1} is not of type ${of ? printType(of) : 'any'}: ${outcome.problem}`);
    results.push(outcome.value);
    notes.push(...outcome.notes);
  }
  return accepted(type.name === 'set' ? withoutRepeats(results) : results, ...notes);
}

function coerceMap(value: Value, type: Extract<Type, { readonly name: 'map' }>): Outcome<Coerced> {
  const map = isMap(value) ? value : typeof value === 'string' ? unwrapMap(value) : undefined;
  if (!map) {
    const hint = typeof value === 'string' && /^[^:{]*=/.test(value) ? 'write "key: value" with a colon and a blank' : 'write { key: value }';
    return refused(`${describe(value)} is not a map; ${hint}.`);
  }
  const notes = typeof value === 'string' && [...map.values()].includes(null) && value.includes('=') ? ['A "=" does not separate key and value: write a colon and a blank.'] : [];
  const result = new Map<Coerced, Coerced>();
  for (const [key, of] of map) {
    const newKey: Outcome<Coerced> = type.key ? coerce(key, type.key) : accepted(key);
    if (!newKey.ok) return refused(`A key is not of type ${type.key ? printType(type.key) : 'any'}: ${newKey.problem}`);
    const newValue: Outcome<Coerced> = type.of ? coerce(of, type.of) : accepted(of);
    if (!newValue.ok) return refused(`The value of ${describe(key)} is not of type ${type.of ? printType(type.of) : 'any'}: ${newValue.problem}`);
    result.set(newKey.value, newValue.value);
    notes.push(...newKey.notes, ...newValue.notes);
  }
  return accepted(result, ...notes);
}

function describeItem(value: Value): string {
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'number' || typeof value === 'bigint' ? numberText(value) : 'a';
}

/** Scalars that are equal count as one; lists and maps are kept. */
function withoutRepeats(values: readonly Coerced[]): Coerced[] {
  return [...new Set(values)];
}
