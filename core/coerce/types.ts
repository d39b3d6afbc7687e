// The types that a parameter or config key may have: ONE table of names, aliases and sentences, from which completion and
// hover are made too, and the parser of type names with their generics.

import { quote, refused, type Outcome, accepted } from '#core/coerce/value.ts';

/** `entity` and `other` are types whose values are no plain data, or that are known to a catalog alone: nothing is checked. */
export type TypeName =
  | 'string' | 'boolean' | 'byte' | 'char' | 'short' | 'integer' | 'long' | 'float' | 'double' | 'number' | 'bigdecimal' | 'biginteger'
  | 'list' | 'set' | 'map' | 'duration' | 'timestamp' | 'instant' | 'date' | 'port' | 'cidr' | 'size' | 'quorum' | 'predicate' | 'timeunit'
  | 'hostandport' | 'userhostport' | 'uri' | 'url' | 'wrapped' | 'entity' | 'any';

export type Type =
  | { readonly name: Exclude<TypeName, 'list' | 'set' | 'map' | 'size' | 'timeunit'> }
  | { readonly name: 'list' | 'set'; readonly of?: Type }
  | { readonly name: 'map'; readonly key?: Type; readonly of?: Type }
  /** `unit` is what a number without one is counted in: `mb`. */
  | { readonly name: 'size'; readonly unit?: string }
  | { readonly name: 'enum'; readonly constants: readonly string[] }
  | { readonly name: 'other'; readonly javaName: string };

export interface TypeEntry {
  readonly name: TypeName;
  /** Every other way to write it. Short names are understood in any case, Java's only as they are. */
  readonly aliases: readonly string[];
  readonly description: string;
  /** Values as one writes them in YAML. */
  readonly examples: readonly string[];
}

export const typeTable: readonly TypeEntry[] = [
  { name: 'string', aliases: ['java.lang.String', 'java.lang.CharSequence'], description: 'A text. Numbers and booleans become text as Java prints them; lists and maps are refused.', examples: ['hello', '"1.10"'] },
  { name: 'boolean', aliases: ['bool', 'java.lang.Boolean'], description: 'True or false. In quotes also yes, no, t, f, y, n; never 0, 1, "on" or "off".', examples: ['true', 'false'] },
  { name: 'byte', aliases: ['java.lang.Byte'], description: 'A whole number from -128 to 127.', examples: ['7'] },
  { name: 'char', aliases: ['character', 'java.lang.Character'], description: 'One character.', examples: ['a'] },
  { name: 'short', aliases: ['java.lang.Short'], description: 'A whole number from -32768 to 32767.', examples: ['80'] },
  { name: 'integer', aliases: ['int', 'java.lang.Integer'], description: 'A whole number of 32 bits.', examples: ['3'] },
  { name: 'long', aliases: ['java.lang.Long'], description: 'A whole number of 64 bits.', examples: ['9999999999'] },
  { name: 'float', aliases: ['java.lang.Float'], description: 'A number with a fraction, kept with about seven digits.', examples: ['0.5'] },
  { name: 'double', aliases: ['java.lang.Double'], description: 'A number with a fraction.', examples: ['0.75'] },
  { name: 'number', aliases: ['java.lang.Number'], description: 'A number of any kind.', examples: ['3', '0.5'] },
  { name: 'bigdecimal', aliases: ['java.math.BigDecimal'], description: 'A number with a fraction, as long as it needs to be; quote it where it is long.', examples: ['"0.10"'] },
  { name: 'biginteger', aliases: ['java.math.BigInteger'], description: 'A whole number, as long as it needs to be.', examples: ['18446744073709551616'] },
  { name: 'list', aliases: ['java.util.List', 'java.util.Collection', 'java.lang.Iterable', 'java.util.ArrayList'], description: 'A list. A text such as "a, b" or "[a, b]" is read as one.', examples: ['[a, b]', '"a, b"'] },
  { name: 'set', aliases: ['java.util.Set', 'java.util.LinkedHashSet', 'java.util.HashSet'], description: 'A list in which nothing occurs twice.', examples: ['[a, b]'] },
  { name: 'map', aliases: ['java.util.Map', 'java.util.LinkedHashMap', 'java.util.HashMap'], description: 'Keys and values. A text such as "a: 1, b: 2" is read as one; "a=1" is not.', examples: ['{ a: 1 }', '"a: 1, b: 2"'] },
  { name: 'duration', aliases: ['org.apache.brooklyn.util.time.Duration', 'brooklyn.util.time.Duration', 'java.time.Duration'], description: 'A span of time: number and unit (ms, s, m, h, d), several with a blank between. Without a unit it is in milliseconds.', examples: ['30s', '1h 30m', 'forever', 'never'] },
  { name: 'timestamp', aliases: ['org.apache.brooklyn.util.time.Timestamp'], description: 'A moment. Without a zone it is UTC.', examples: ['"2016-05-01 12:00:00 +0000"', 'now'] },
  { name: 'instant', aliases: ['java.time.Instant'], description: 'A moment. Quote it: a bare date is refused.', examples: ['"2016-05-01 12:00:00 +0000"', 'now'] },
  { name: 'date', aliases: ['java.util.Date'], description: 'A moment; a number is milliseconds since 1970.', examples: ['2016-05-01', '"2016-05-01 12:00"'] },
  { name: 'port', aliases: ['portrange', 'org.apache.brooklyn.api.location.PortRange', 'brooklyn.location.PortRange'], description: 'A port, a range of ports or a list of those; the first free one is taken.', examples: ['8080', '8080+', '8000-8010', '"80,8000+"'] },
  { name: 'cidr', aliases: ['org.apache.brooklyn.util.net.Cidr', 'brooklyn.util.net.Cidr'], description: 'A block of IPv4 addresses.', examples: ['10.0.0.0/8', '192.168.1.0/24'] },
  { name: 'size', aliases: ['bytesize', 'org.apache.brooklyn.util.core.units.ByteSize'], description: 'A size of memory or disk. k, m, g, t and KiB ... TiB count in 1024; kB, MB, GB, TB in 1000.', examples: ['512m', '4GB', '1.5GiB'] },
  { name: 'quorum', aliases: ['org.apache.brooklyn.util.collections.QuorumCheck', 'org.apache.brooklyn.core.entity.lifecycle.QuorumCheck', 'brooklyn.util.collections.QuorumCheck'], description: 'How many members of a group must be up: all, allAndAtLeastOne, atLeastOne, atLeastOneUnlessEmpty, alwaysHealthy, a number, or points of a line.', examples: ['atLeastOne', '2', '[[0,0],[1,1]]'] },
  { name: 'predicate', aliases: ['com.google.common.base.Predicate', 'java.util.function.Predicate', 'org.apache.brooklyn.util.core.predicates.DslPredicates$DslPredicate'], description: 'A test of a value: alwaysTrue, alwaysFalse, isNull, notNull, or a map of tests.', examples: ['notNull', '{ glob: "a*" }', '{ less-than: 5 }'] },
  { name: 'timeunit', aliases: ['java.util.concurrent.TimeUnit'], description: 'A unit of time, in any case.', examples: ['SECONDS', 'minutes'] },
  { name: 'hostandport', aliases: ['com.google.common.net.HostAndPort'], description: 'A host, and a port where there is one.', examples: ['example.org', '"example.org:80"'] },
  { name: 'userhostport', aliases: ['org.apache.brooklyn.util.net.UserAndHostAndPort'], description: 'A user at a host, and a port where there is one.', examples: ['root@example.org', '"root@example.org:22"'] },
  { name: 'uri', aliases: ['java.net.URI'], description: 'A URI. A blank text is unset.', examples: ['http://example.org/a'] },
  { name: 'url', aliases: ['java.net.URL'], description: 'A URL of a known protocol (http, https, ftp, file, jar, mailto).', examples: ['http://example.org/a'] },
  { name: 'wrapped', aliases: ['wrapped-value', 'wrappedvalue', 'org.apache.brooklyn.core.resolve.jackson.WrappedValue'], description: 'A value that is resolved when it is used: anything.', examples: ['hello'] },
  { name: 'entity', aliases: ['org.apache.brooklyn.api.entity.Entity', 'brooklyn.entity.Entity'], description: 'An entity: always given by an expression.', examples: ['$brooklyn:entity("db")'] },
  { name: 'any', aliases: ['object', 'java.lang.Object'], description: 'Anything, as it is.', examples: ['hello', '{ a: 1 }'] },
];

const timeUnits = ['NANOSECONDS', 'MICROSECONDS', 'MILLISECONDS', 'SECONDS', 'MINUTES', 'HOURS', 'DAYS'];
const byName = new Map(typeTable.flatMap((entry) => [entry.name, ...entry.aliases].map((name) => [name, entry] as const)));
/** Nothing real is nested deeper. */
const deepest = 50;

/** The entry of a type name without generics. */
export function typeEntry(name: string): TypeEntry | undefined {
  return byName.get(name.trim()) ?? byName.get(name.trim().toLowerCase());
}

/** Reads `string`, `java.util.Map`, `list<map<string,integer>>`, `size:mb`. A name with a dot that is not in the table is a type of its own. */
export function parseType(text: string): Outcome<Type> {
  const read = readType(text, 0, 0);
  if (typeof read === 'string') return refused(read);
  return read.at === text.length ? accepted(read.type) : refused(`${quote(text)} is not a type: ${quote(text.slice(read.at))} is left over.`);
}

/** In the table's own words: `list<integer>`. */
export function printType(type: Type): string {
  if (type.name === 'list' || type.name === 'set') return type.of ? `${type.name}<${printType(type.of)}>` : type.name;
  if (type.name === 'map') return type.key && type.of ? `map<${printType(type.key)},${printType(type.of)}>` : 'map';
  if (type.name === 'size') return type.unit === undefined ? 'size' : `size:${type.unit}`;
  if (type.name === 'enum') return type.constants === timeUnits ? 'timeunit' : type.constants.join('|');
  return type.name === 'other' ? type.javaName : type.name;
}

function readType(text: string, from: number, depth: number): { type: Type; at: number } | string {
  if (depth > deepest) return 'The type is nested too deeply.';
  const [word = ''] = /^[^<>,]*/.exec(text.slice(from)) ?? [];
  let at = from + word.length;
  const parameters: Type[] = [];
  if (text[at] === '<') {
    do {
      const parameter = readType(text, at + 1, depth + 1);
      if (typeof parameter === 'string') return parameter;
      parameters.push(parameter.type);
      at = parameter.at;
    } while (text[at] === ',');
    if (text[at] !== '>') return `${quote(text)} is not a type: ">" is missing.`;
    at++;
    while (text[at] === ' ') at++;
  }
  const type = named(word.trim(), parameters);
  return typeof type === 'string' ? type : { type, at };
}

function named(word: string, parameters: readonly Type[]): Type | string {
  const [first, second] = parameters;
  const [, unit] = /^(?:size|bytesize):([A-Za-z]+)$/i.exec(word) ?? [];
  if (unit !== undefined) return { name: 'size', unit };
  const entry = typeEntry(word);
  if (word === '?' || (!entry && parameters.length > 0)) return word === '' ? 'A type is missing its name.' : { name: 'other', javaName: word };
  if (!entry) return /^[A-Za-z_$][\w$-]*(?:[.:][\w$.-]+)+$/.test(word) ? { name: 'other', javaName: word } : unknown(word);
  const { name } = entry;
  if (name === 'list' || name === 'set') {
    if (parameters.length > 1) return `A ${name} has one type of elements, not ${parameters.length}: write ${name}<string>, say.`;
    return first ? { name, of: first } : { name };
  }
  if (name === 'map') {
    if (parameters.length === 1 || parameters.length > 2) return 'A map has a type of keys and one of values: write map<string,integer>, say.';
    return first && second ? { name, key: first, of: second } : { name };
  }
  if (name === 'timeunit') return { name: 'enum', constants: timeUnits };
  if (name === 'size') return { name };
  // Java's Predicate<T>, Class<T> and so on: what they are of is not checked.
  return { name };
}

function unknown(word: string): string {
  return word === '' ? 'A type is missing its name; write string, say.' : `${quote(word)} is not a type that is known here; known are ${typeTable.map(({ name }) => name).join(', ')}, and those of the catalog.`;
}
