// Values and what Brooklyn's own coercion makes of them.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { parseYaml } from '#core/blueprint/yaml.ts';
import { coerce, printCoerced } from '#core/coerce/coerce.ts';
import { portsIn } from '#core/coerce/ports.ts';
import { parseType, type Type } from '#core/coerce/types.ts';
import { doubleText, numberText, valueOf, type Coerced, type Value } from '#core/coerce/value.ts';

export interface CoercionRow {
  readonly type: string;
  readonly yaml: string;
  readonly result?: string;
  readonly error?: boolean;
}

export function coercionRows(file: string): readonly CoercionRow[] {
  const rows: unknown = JSON.parse(readFileSync(file, 'utf8'));
  assert.ok(Array.isArray(rows));
  return rows.map((row) => {
    assert.ok(isRow(row));
    return row;
  });
}

/** Brooklyn's answer; the moment of `now` is another one on every reading. */
export function wantedOf(row: CoercionRow): string | undefined {
  return row.error ? 'refused' : row.yaml === 'now' ? `${row.result?.split(' ')[0]} now` : row.result;
}

function isRow(row: unknown): row is CoercionRow {
  return typeof row === 'object' && row !== null && 'type' in row && 'yaml' in row && typeof row.yaml === 'string';
}

/** What ours makes of it, in the words of the data. */
export function answerOf(row: CoercionRow): string {
  const type = parseType(row.type);
  assert.ok(type.ok, row.type);
  // Sizes are texts to Brooklyn, whatever YAML would make of them.
  const value = type.value.name === 'size' ? row.yaml : yamlValue(row.yaml);
  if (value === undefined) return 'refused';
  const outcome = coerce(value, type.value);
  if (!outcome.ok) assert.match(outcome.problem, /^\S.{10,}[.!]$/s, 'a problem is a sentence');
  return outcome.ok ? javaText(outcome.value, type.value) : 'refused';
}

function yamlValue(text: string): Value | undefined {
  const { root, diagnostics } = parseYaml(text);
  if (diagnostics.some(({ severity }) => severity === 'error')) return undefined;
  return root ? valueOf(root) : null;
}

const javaNames: Partial<Record<Type['name'], string>> = {
  boolean: 'Boolean', integer: 'Integer', long: 'Long', short: 'Short', byte: 'Byte', char: 'Character', string: 'String', map: 'LinkedHashMap', set: 'LinkedHashSet',
  instant: 'Instant', date: 'Date', timestamp: 'Timestamp', cidr: 'Cidr', enum: 'TimeUnit', hostandport: 'HostAndPort', userhostport: 'UserAndHostAndPort', uri: 'URI',
  predicate: '', bigdecimal: 'BigDecimal', biginteger: 'BigInteger',
};

/** The value as the data has it: Java's class and Java's text. */
function javaText(value: Coerced, type: Type): string {
  if (value === null) return 'null';
  const shown = `${javaNames[type.name] ?? type.name} `;
  if (type.name === 'size' && typeof value === 'number') return numberText(value);
  if (type.name === 'double' && typeof value === 'number') return `Double ${doubleText(value)}`;
  if (type.name === 'float' && typeof value === 'number') return `Float ${doubleText(shortestFloat(value))}`;
  if (type.name === 'list') return `${type.of ? 'ArrayList' : 'UnmodifiableRandomAccessList'} ${itemText(value)}`;
  if (typeof value === 'object' && 'kind' in value) {
    switch (value.kind) {
      case 'now':
        return `${shown}now`;
      case 'duration':
        return `ms=${Math.trunc(value.ms)} (${printCoerced(value)?.replace('- ', '-')})`;
      case 'port':
      case 'ports':
      case 'portList': {
        const ports = portsIn(value);
        const className = { port: 'SinglePort', ports: 'LinearPortRange', portList: 'AggregatePortRange' }[value.kind];
        const last = ports.length > 1 ? ` last=${ports.at(-1)}` : '';
        return `${className} ${printCoerced(value)} first=${ports[0] ?? 'none'} count=${Math.max(1, ports.length)}${last}`;
      }
      case 'quorum': {
        const name = value.name === undefined ? '' : `${value.name};`;
        return `NumericQuorumCheck QuorumCheck[${name}require=${value.minSize},${doubleText(100 * value.minRatio)}%${value.allowEmpty ? '|0' : ''}]`;
      }
      case 'quorumLine':
        return `LinearRangeQuorumCheck LinearRangeQuorumCheck[[${value.points.map(({ size, required }) => `(${doubleText(size)},${doubleText(required)})`).join(', ')}]]`;
      case 'predicate':
        return ` Predicates.${typeof value.test === 'string' ? value.test : 'map'}()`;
      case 'address':
      case 'cidr':
        return shown + printCoerced(value);
    }
  }
  if (typeof value === 'object' && 'dateMs' in value) return shown + dateText(value.dateMs, type.name);
  return shown + itemText(value);
}

function dateText(dateMs: number, type: Type['name']): string {
  const iso = new Date(dateMs).toISOString();
  if (type === 'instant') return iso.replace('.000Z', 'Z');
  if (type === 'timestamp') return iso.replace('T', ' ').replace('Z', '');
  const [day = '', date = '', month = '', year = ''] = new Date(dateMs).toUTCString().replace(',', '').split(' ');
  return `${day} ${month} ${date} ${iso.slice(11, 19)} UTC ${year}`;
}

function itemText(value: Coerced): string {
  if (Array.isArray(value)) return `[${value.map(itemText).join(', ')}]`;
  if (value instanceof Map) return `{${[...value].map(([key, of]) => `${itemText(key)}=${itemText(of)}`).join(', ')}}`;
  return printCoerced(value) ?? 'null';
}

/** The fewest digits that give the same float. */
function shortestFloat(value: number): number {
  for (let digits = 1; digits < 10; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}
