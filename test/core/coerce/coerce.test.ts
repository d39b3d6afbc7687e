// Coercion: what each type makes of a text as written in YAML, the notes on values that surprise, and the sentences of refusals.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { parseYaml } from '#core/blueprint/yaml.ts';
import { coerce, printCoerced } from '#core/coerce/coerce.ts';
import { isQuorate, coerceQuorum } from '#core/coerce/quorum.ts';
import { parseType, printType, typeTable, type Type } from '#core/coerce/types.ts';
import { valueOf, type Coerced, type Outcome, type Value } from '#core/coerce/value.ts';

function typeOf(text: string): Type {
  const type = parseType(text);
  assert.ok(type.ok, text);
  return type.value;
}

function read(type: string, yaml: string): Outcome<Coerced> {
  const { root } = parseYaml(yaml);
  return coerce(root ? valueOf(root) : null, typeOf(type));
}

function check(type: string, yaml: string, printed: string, note = ''): void {
  const outcome = read(type, yaml);
  assert.ok(outcome.ok, `${type}: ${yaml}`);
  assert.equal(printCoerced(outcome.value) ?? JSON.stringify(outcome.value), printed);
  assert.equal(outcome.notes.join(' '), note);
}

function checkRefused(type: string, yaml: string, problem: string): void {
  const outcome = read(type, yaml);
  assert.ok(!outcome.ok, `${type}: ${yaml} is accepted`);
  assert.equal(outcome.problem, problem);
}

test('durations', () => {
  check('duration', '5 minutes', '5m');
  check('duration', '30s 1h', '1h 30s');
  check('duration', '1.5m', '1m 30s');
  check('duration', '"- 1m 1s"', '- 1m 1s');
  check('duration', 'forever', 'forever');
  check('duration', 'never', '-1ms');
  check('duration', '1:30', '90ms', 'Without a unit a duration is in milliseconds: this is 90ms.');
  check('duration', '1.5', '1ms 500us', 'Without a unit a duration is in milliseconds: this is 1ms 500us.');
  checkRefused('duration', '1m30s', '"1m30s" is not a duration: put a blank between its parts, as in "1m 30s".');
  checkRefused('duration', '-1m 1s', '"-1m 1s" is ambiguous: put a blank after the minus sign ("- 1m 1s") to negate all of it.');
  checkRefused('duration', '2 weeks', '"2 weeks" is not a duration: there is no unit for weeks; write days, for example 7d.');
  checkRefused('duration', 'off', 'The boolean false is not a duration; a bare off or no is a boolean in YAML: quote it as "off" to mean never.');
});

test('ports', () => {
  check('port', '8080', '8080');
  check('port', '"80, 8000+"', '80,8000-65535');
  check('port', '[80, [81, "90-92"]]', '80,81,90-92');
  check('port', '8090-8080', '8090-8080', 'The range runs downwards: 8090 is tried first, 8080 last.');
  check('port', '65536', '65536', '65536 is not a port that can be opened: ports run from 1 to 65535.');
  checkRefused('port', '1-65536', '"1-65536" goes beyond the ports there are: 65536 is not from 1 to 65535.');
  const example = 'write a port, a range or several: 8080, 8000-8010, 8000+ or "80,8000+"';
  checkRefused('port', '80/tcp', `"80/tcp" is not a port range; ${example}; a range is written with "-", and without a protocol.`);
  checkRefused('port', '8080.0', `The number 8080.0 is not a port; ${example}.`);
});

test('numbers and booleans', () => {
  check('integer', '1e3', '1000');
  check('integer', '" +7 "', '7');
  check('long', '9223372036854775807', '9223372036854775807');
  check('float', '"1.5f"', '1.5');
  check('boolean', '"Y"', 'true');
  check('char', '97', 'a', 'A number is read as the code of a character: 97 is "a". Quote it if the digit is meant.');
  checkRefused('byte', '128', '128 does not fit: the number must be from -128 to 127.');
  checkRefused('integer', '1.5', 'The number 1.5 is not a whole number; write it with digits alone, for example 3.');
  checkRefused('boolean', '"on"', '"on" in quotes is not a boolean; write it without quotes, or write true.');
  checkRefused('boolean', '1', 'The number 1 is not a boolean; write true or false (yes, no, t, f, y and n are understood too).');
});

test('texts', () => {
  check('string', '1e3', '1000.0');
  check('string', '"1.10"', '1.10');
  check('string', 'yes', 'true', 'Without quotes YAML makes a boolean of it: the text is "true".');
  checkRefused('string', '2016-05-01', 'YAML makes a date of it, and a date is not a text; put it in quotes: "2016-05-01".');
  checkRefused('string', '[a, b]', 'A list of 2 is not a text; write one value, in quotes where it holds ":" or "#".');
});

test('sizes', () => {
  check('size', '4GB', '4000000000');
  check('size', '1.5g', '1610612736');
  check('size:mb', '512', '512000000', 'Without a unit the size is counted in mb: 512000000 bytes.');
  const example = 'write a number and a unit (k, m, g, t, or kB, MB, GB, TB), for example 512m or 4GB';
  checkRefused('size', '512', `The number 512 has no unit; ${example}.`);
  checkRefused('size', '1Ki', `"1Ki" is not a size: "Ki" is not a unit; ${example}.`);
});

test('blocks of addresses', () => {
  check('cidr', '10/8', '10.0.0.0/8');
  check('cidr', '10.1.2.3/24', '10.1.2.0/24', 'Only the first 24 bits count: this is 10.1.2.0/24.');
  check('cidr', '256.0.0.0/8', '256.0.0.0/8', '"256.0.0.0/8" names no block: each number of an address is from 0 to 255.');
  checkRefused('cidr', '10.0.0.0/33', '"10.0.0.0/33" is not a block of addresses: the prefix is at most 32 bits long; write an address and the length of its prefix, for example 10.0.0.0/8.');
});

test('times', () => {
  check('date', '2016-05-01', '2016-05-01');
  check('timestamp', '"2016-05-01 12:00 +0100"', '2016-05-01T11:00:00Z');
  check('timestamp', '"20160501-120030"', '2016-05-01T12:00:30Z');
  check('instant', '"2016-05-01T12:00:30.5 Europe/London"', '2016-05-01T11:00:30.500Z');
  check('instant', '"May 1, 2016 3:05 pm"', '2016-05-01T15:05:00Z');
  check('instant', '"Sun May 01 12:00:00 UTC 2016"', '2016-05-01T12:00:00Z');
  check('date', '"2016-13-05"', '2017-01-05', 'There is no such day: this is read as 2017-01-05.');
  check('timestamp', 'now', 'now', 'This is the time at which it is read, another one each time.');
  checkRefused('timestamp', '"13/05/2016"', '"13/05/2016" is not a time; write for example "2016-05-01 12:00:00 +0000" (the year comes first).');
  checkRefused('instant', '2016-05-01', 'The date 2016-05-01 must be in quotes here, or YAML makes something else of it.');
});

test('lists, sets and maps', () => {
  check('list<integer>', '"1, 2"', '[1,2]');
  check('list', '"a: 1"', '[{}]');
  check('list<string>', String.raw`"\"a,b\", c"`, '["a,b","c"]');
  check('set', '[a, a, b]', '["a","b"]');
  checkRefused('list<integer>', '[1, x]', 'Element 2 is not of type integer: "x" is not a whole number; write it with digits alone, for example 3.');
  checkRefused('list', '3', 'The number 3 is not a list; write [3].');
  checkRefused('map', 'a=1', '"a=1" is not a map; write "key: value" with a colon and a blank.');
  checkRefused('map<string,integer>', '{ a: x }', 'The value of "a" is not of type integer: "x" is not a whole number; write it with digits alone, for example 3.');
});

test('addresses, quorums, predicates and constants', () => {
  check('hostandport', '"[::1]:80"', '[::1]:80');
  check('userhostport', '"root@h:22"', 'root@h:22');
  check('quorum', '"[[0,0],[1,1]]"', '[[0,0],[1,1]]');
  check('predicate', 'notNull', 'notNull');
  check('java.util.concurrent.TimeUnit', 'seconds', 'SECONDS');
  checkRefused('predicate', 'NotNull', '"NotNull" is not a predicate; write notNull.');
  checkRefused('url', 'htp://a', '"htp://a" is not a URL: the protocol "htp" is not known; use http, https, ftp or file.');
  checkRefused('entity', '3', 'The number 3 is not an entity; write an expression, for example $brooklyn:entity("db").');
  check('entity', 'db', 'db', 'A text is taken for the id that Brooklyn itself gave to an entity; to name one of this blueprint write an expression, for example $brooklyn:entity("db").');
});

test('a quorum counts', () => {
  const line = coerceQuorum([[0, 0], [5, 5], [10, 6]]);
  const atLeastOne = coerceQuorum('atLeastOneUnlessEmpty');
  assert.ok(line.ok && atLeastOne.ok);
  assert.deepEqual([isQuorate(line.value, 4, 5), isQuorate(line.value, 6, 10), isQuorate(line.value, 6, 15)], [false, true, false]);
  assert.deepEqual([isQuorate(atLeastOne.value, 0, 0), isQuorate(atLeastOne.value, 0, 3), isQuorate(atLeastOne.value, 1, 3)], [true, false, true]);
});

test('names of types', () => {
  const printed = (text: string): string => {
    const type = parseType(text);
    return type.ok ? printType(type.value) : type.problem;
  };
  assert.equal(printed('org.apache.brooklyn.util.time.Duration'), 'duration');
  assert.equal(printed('java.util.Map<java.lang.String, java.util.List<java.lang.Integer>>'), 'map<string,list<integer>>');
  assert.equal(printed('Bool'), 'boolean');
  assert.equal(printed('com.acme.Thing'), 'com.acme.Thing');
  assert.equal(printed('list<string'), '"list<string" is not a type: ">" is missing.');
  assert.equal(printed('map<string>'), 'A map has a type of keys and one of values: write map<string,integer>, say.');
  assert.match(printed('strnig'), /^"strnig" is not a type that is known here/);
  for (const { name, aliases } of typeTable) for (const alias of aliases) assert.equal(printed(alias), printed(name), alias);
});

test('the examples of every type are accepted by it', () => {
  for (const { name, examples } of typeTable) {
    for (const example of examples.filter((text) => !text.startsWith('$brooklyn:'))) assert.ok(read(name, example).ok, `${name}: ${example}`);
  }
});

const values = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.integer(),
    fc.double(),
    fc.bigInt(),
    fc.boolean(),
    fc.constant(null),
    fc.record({ dateMs: fc.integer() }),
    fc.record({ double: fc.integer() }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 3 }).map((entries) => new Map(entries)),
  ),
})).value;
/** Texts from what durations, ports, lists, dates and so on are made of. */
const texts = fc.array(fc.constantFrom('1', '80', '2016', '-', '.', ':', ',', ' ', '+', '/', 'm', 's', 'GB', '[', ']', '{', '}', '"', '\\', 'a', 'pm', 'Z', '@', '\n')).map((parts) => parts.join(''));
const types = fc.constantFrom(...typeTable.map(({ name }) => name), 'size:mb', 'list<integer>', 'list<string>', 'map<string,duration>').map(typeOf);

test('coerce never throws, and refuses with a sentence', () => {
  fc.assert(
    fc.property(fc.oneof(values, texts), types, (value, type) => {
      const outcome = coerce(value, type);
      if (!outcome.ok) assert.match(outcome.problem, /^[^a-z].*\.$/s);
    }),
    { numRuns: 5000 },
  );
});

test('long texts and deep lists are refused in good time', () => {
  assert.ok(!coerce(`${' '.repeat(50_000)}"`, typeOf('list')).ok);
  const deep = Array.from({ length: 5000 }).reduce<Value>((inner) => [inner], 80);
  assert.deepEqual(coerce(deep, typeOf('port')), { ok: false, problem: 'The lists of ports are nested too deeply.' });
});

test('what is printed is read again as the same', () => {
  const printable = ['integer', 'long', 'double', 'boolean', 'duration', 'port', 'cidr', 'quorum', 'predicate', 'timestamp', 'string'].map(typeOf);
  fc.assert(
    fc.property(fc.oneof(texts, fc.integer(), fc.double()), fc.constantFrom(...printable), (value, type) => {
      const outcome = coerce(value, type);
      const text = outcome.ok ? printCoerced(outcome.value) : undefined;
      // Parts of a millisecond have no unit that is read, and of a list of port lists only the ports are kept.
      if (!outcome.ok || text === undefined || text === '' || /[un]s$/.test(text)) return;
      const again = coerce(text, type);
      assert.ok(again.ok, text);
      if (type.name === 'duration') assert.equal(printCoerced(again.value), text);
      else assert.deepEqual(again.value, outcome.value);
    }),
    { numRuns: 5000 },
  );
});
