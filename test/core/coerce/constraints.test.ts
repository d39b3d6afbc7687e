// Constraints of parameters: how they are read, refused and checked.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { parseYaml } from '#core/blueprint/yaml.ts';
import { constraintWords, parseConstraint, printConstraint, violation, type Known } from '#core/coerce/constraints.ts';
import { expandBraces, matchesGlob } from '#core/coerce/glob.ts';
import { valueOf, type Value } from '#core/coerce/value.ts';

function yamlValue(yaml: string): Value {
  const { root } = parseYaml(yaml);
  return root ? valueOf(root) : null;
}

function known(yaml: string | undefined): Known {
  if (yaml === undefined) return { state: 'unset' };
  if (yaml.startsWith('$brooklyn:')) return { state: 'unknown' };
  const value = yamlValue(yaml);
  return typeof value === 'string' || typeof value === 'number' ? { state: 'known', value } : { state: 'unset' };
}

/** `config` holds `this`, the value checked, and its neighbours; `wrong` is the sentence, or empty. */
function check(constraints: string, config: Readonly<Record<string, string>>, wrong = ''): void {
  const constraint = parseConstraint(yamlValue(constraints));
  assert.ok(constraint.ok, constraints);
  assert.equal(violation(constraint.value, known(config['this']), (key) => known(config[key])) ?? '', wrong);
}

function checkRead(constraints: string, answer: string): void {
  const constraint = parseConstraint(yamlValue(constraints));
  assert.equal(constraint.ok ? printConstraint(constraint.value) : constraint.problem, answer);
}

test('constraints are read in every form', () => {
  checkRead('required', 'required');
  checkRead('[required, { regex: "a.*" }]', 'all of (required; regex: a.*)');
  checkRead('{ any: [isBlank, { glob: "*.war" }] }', 'any of (isBlank; glob: *.war)');
  checkRead('{ or: [required] }', 'any of (required)');
  checkRead('{ requiredUnlessAnyOf: [a, b] }', 'requiredUnlessAnyOf: a, b');
  checkRead(`'requiredIf("other.key")'`, 'requiredIf: other.key');
  checkRead(`'Predicates.and(isNonBlank(), matchesRegex("a\\"b"))'`, 'all of (required; regex: a"b)');
  checkRead('- $brooklyn:object: { type: com.acme.Test }', 'expression');
});

test('what is no constraint is refused', () => {
  checkRead('Required', '"Required" is not a constraint; write required.');
  checkRead('{ regex: a, glob: b }', 'A constraint written as a map has exactly one key, not 2; write a list of maps instead.');
  checkRead('3', 'The number 3 is not a constraint; write a word such as required, a list of them, or a map of one key such as { regex: "[a-z]+" }.');
  checkRead('regex', 'The constraint regex takes exactly one pattern; write regex: "[a-z]+".');
  checkRead('{ forbiddenIf: [a, b] }', 'The constraint forbiddenIf takes exactly one name of a config key; write forbiddenIf: other.key.');
  checkRead('{ glob: "{a,b" }', '"{a,b" is not a glob: A brace "{" is not closed.');
  checkRead('regex(', '"regex(" is not a constraint; write { regex: "[a-z]+" }, say.');
  const answer = parseConstraint('minimum');
  assert.match(answer.ok ? '' : answer.problem, /^"minimum" is not a constraint; known are required, /);
});

test('a value of its own', () => {
  check('required', {}, 'A value is required, and it must not be empty.');
  check('required', { this: '""' }, 'A value is required, and it must not be empty.');
  check('required', { this: '0' });
  check('required', { this: '$brooklyn:config("x")' });
  check('notNull', {}, 'A value is required.');
  check('regex: my.*', { this: 'wrong' }, 'The value must be a text that matches the regular expression my.*');
  check('regex: my.*', { this: 'myOwn' });
  check('regex: my.*', {});
  check('regex: (?i)MY.*', { this: 'myOwn' });
  check('regex: a++', { this: 'b' });
  check('glob: "{a,b}?.war"', { this: 'b1.war' });
  check('glob: "{a,b}?.war"', { this: 'c1.war' }, 'The value must be a text that matches the glob {a,b}?.war');
  check('urlExists', { this: 'http://example.org' });
  check('alwaysFalse', { this: 'x' }, 'No value is allowed here.');
});

test('a value and its neighbours', () => {
  check('requiredIf: a', { a: '1' }, 'A value is required, because a is set.');
  check('requiredIf: a', {});
  check('requiredUnless: a', {}, 'A value is required, unless a is set.');
  check('requiredUnlessAnyOf: [a, b, c]', {}, 'A value is required, unless a, b or c is set.');
  check('requiredUnlessAnyOf: [a, b]', { b: '1' });
  check('requiredUnlessAnyOf: [a, b]', { b: '$brooklyn:config("x")' });
  check('forbiddenIf: a', { this: '1', a: '1' }, 'No value is allowed, because a is set.');
  check('forbiddenUnless: a', { this: '1' }, 'No value is allowed, unless a is set.');
  check('forbiddenUnless: a', { this: '1', a: '$brooklyn:config("x")' });
  check('forbiddenUnlessAnyOf: [a, b]', { this: '1', a: '1' });
});

test('several constraints', () => {
  check('[{ forbiddenIf: a }, { requiredUnless: a }]', {}, 'The value must satisfy all of (forbiddenIf: a; requiredUnless: a).');
  check('[{ forbiddenIf: a }, { requiredUnless: a }]', { a: '1' });
  check('any: [{ glob: "a*" }, { glob: "b*" }]', { this: 'b' });
  check('any: [{ glob: "a*" }, { glob: "b*" }]', { this: 'c' }, 'The value must satisfy any of (glob: a*; glob: b*).');
  check('any: [{ glob: "a*" }, urlExists]', { this: 'c' });
});

test('globs', () => {
  assert.deepEqual(expandBraces('a{,b{1,2}}c'), ['ac', 'ab1c', 'ab2c']);
  assert.equal(expandBraces('{a,b}'.repeat(20)), 'The braces stand for more than 1000 patterns.');
  assert.deepEqual(['', 'a', 'a/b', 'ba'].map((text) => matchesGlob('*a*', text)), [false, true, true, true]);
  assert.equal(matchesGlob(`${'*a'.repeat(50)}b`, 'a'.repeat(2000)), false);
});

test('every word has an example that is read as it', () => {
  for (const { name, example } of constraintWords) {
    const constraint = parseConstraint(yamlValue(example));
    assert.ok(constraint.ok && constraint.value.kind === name, example);
  }
});

test('reading a constraint never throws', () => {
  const parts = fc.constantFrom('required', 'regex', 'any', '(', ')', '"', "'", ',', '{', '}', '[', ']', ': ', 'a', '\\', '\n', ' ');
  fc.assert(
    fc.property(fc.array(parts), (words) => {
      const text = words.join('');
      const constraint = parseConstraint(text);
      if (constraint.ok) violation(constraint.value, { state: 'known', value: 'a' }, () => ({ state: 'unset' }));
      else assert.match(constraint.problem, /^[^a-z].*\.$/s);
    }),
  );
});
