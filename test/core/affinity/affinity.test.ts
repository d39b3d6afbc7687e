// Affinity rules: how they are read, what is wrong in them, and which hosts they refuse.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import {
  affinityRefusal, affinityVerbs, parseAffinityRule, parseAffinityRules, printAffinityRule, type AffinityEntity, type AffinityRule,
} from '#core/placement/affinity.ts';

/** The rules as they are printed, joined by `; `. */
function check(text: string, printed: string): void {
  const rules = parseAffinityRules(text);
  assert.deepEqual(rules.flatMap(({ problems }) => problems), []);
  assert.equal(rules.map(({ rule }) => (rule ? printAffinityRule(rule) : '?')).join('; '), printed);
}

/** `marked` has the wrong part in angle brackets; `mended` is the text with the replacement. */
function checkWrong(marked: string, problem: string, mended?: string): void {
  const text = marked.replace('<', '').replace('>', '');
  const [found, ...more] = parseAffinityRules(text).flatMap(({ problems }) => problems);
  assert.ok(found && more.length === 0, text);
  const { start, end } = found.span;
  assert.equal(`${text.slice(0, start)}<${text.slice(start, end)}>${text.slice(end)}`, marked);
  assert.equal(found.problem, problem);
  assert.equal(found.replacement === undefined ? undefined : text.slice(0, start) + found.replacement + text.slice(end), mended);
}

const tomcat = { id: 'web', name: 'Web server', type: 'org.apache.brooklyn.entity.webapp.tomcat.TomcatServer', application: 'shop' };
const solr = { id: 'solr', name: 'Search', type: 'docker:solr:9', application: 'shop' };
const other = { id: 'web', name: 'Intranet', type: 'docker:httpd', application: 'office' };

/** Places `tomcat` on a host with these entities; `why` is the refusal, or empty. */
function checkHost(rules: string, onHost: readonly AffinityEntity[], why = ''): void {
  const read = parseAffinityRules(rules).flatMap(({ rule }) => (rule ? [rule] : []));
  assert.equal(affinityRefusal(read, tomcat, onHost) ?? '', why);
}

test('rules are read', () => {
  check('TYPE brooklyn.entity.nosql.solr.SolrServer\nSAME APPLICATION\nNOT TYPE\n', 'TYPE brooklyn.entity.nosql.solr.SolrServer; APPLICATION; NOT TYPE');
  check('not id db, name Web ,,  empty', 'NOT ID db; NAME Web; EMPTY');
  check('NOT EMPTY', 'NOT EMPTY');
  check('PREDICATE com.acme.Test', 'PREDICATE com.acme.Test');
  check(' \n , ', '');
});

test('what is wrong in a rule', () => {
  checkWrong('TYPE, NOT <TPYE> x', '"TPYE" is not a verb of an affinity rule; did you mean TYPE?', 'TYPE, NOT TYPE x');
  checkWrong('<APP>', '"APP" is not a verb of an affinity rule; did you mean APPLICATION?', 'APPLICATION');
  checkWrong('<HOST> a', '"HOST" is not a verb of an affinity rule; there are TYPE, NAME, ID, APPLICATION, PREDICATE, EMPTY.');
  checkWrong('NOT <SAME> ID', 'NOT and SAME do not go together; keep one of them.', 'NOT  ID');
  checkWrong('<NOT>', 'After NOT comes a verb: TYPE, NAME, ID, APPLICATION, PREDICATE, EMPTY.');
  checkWrong('NOT <NAME>', 'NAME needs a part of a name after it, for example NAME web.');
  checkWrong('<PREDICATE>', 'PREDICATE needs the name of a class after it.');
  checkWrong('TYPE a <b c>', 'The rule ends before "b": TYPE takes one word after it. Write each rule on a line of its own.', 'TYPE a ');
  checkWrong('EMPTY <x>', 'The rule ends before "x": EMPTY takes nothing after it. Write each rule on a line of its own.', 'EMPTY ');
  assert.match(parseAffinityRule('  ').problems[0]?.problem ?? '', /^The rule is empty/);
});

test('rules are matched against the application entities on a host', () => {
  checkHost('APPLICATION', [solr]);
  checkHost('APPLICATION', [solr, other], 'has Intranet on it, which the rule APPLICATION refuses');
  checkHost('NOT APPLICATION shop', [solr], 'has Search on it, which the rule NOT APPLICATION shop refuses');
  checkHost('NOT TYPE', [tomcat], 'has Web server on it, which the rule NOT TYPE refuses');
  checkHost('TYPE tomcatserver', [tomcat]);
  checkHost('TYPE 9', [solr], 'has Search on it, which the rule TYPE 9 refuses');
  checkHost('TYPE docker:solr:9', [solr]);
  checkHost('NOT ID', [other], 'has Intranet on it, which the rule NOT ID refuses');
  checkHost('ID solr', [solr]);
  checkHost('NAME SEAR', [solr]);
  checkHost('PREDICATE com.acme.Test', [solr], 'cannot be judged: com.acme.Test is a Java class');
});

test('an empty host is fine unless the rules say otherwise', () => {
  checkHost('TYPE solr', []);
  checkHost('EMPTY', []);
  checkHost('NOT EMPTY', [], 'is empty, and the rule NOT EMPTY refuses that');
  checkHost('NOT EMPTY', [solr]);
});

const parameters = fc.stringMatching(/^[a-zA-Z0-9.:_-]{1,8}$/);
const rules: fc.Arbitrary<AffinityRule> = fc.oneof(
  fc.record({ verb: fc.constantFrom('TYPE' as const, 'ID' as const, 'APPLICATION' as const), not: fc.boolean(), parameter: parameters }, { noNullPrototype: true }),
  fc.record({ verb: fc.constantFrom('TYPE' as const, 'ID' as const, 'APPLICATION' as const, 'EMPTY' as const), not: fc.boolean() }, { noNullPrototype: true }),
  fc.record({ verb: fc.constantFrom('NAME' as const, 'PREDICATE' as const), not: fc.boolean(), parameter: parameters }, { noNullPrototype: true }),
);

test('parse of print is identity', () => {
  fc.assert(
    fc.property(fc.array(rules), (list) => {
      assert.deepEqual(parseAffinityRules(list.map(printAffinityRule).join('\n')).map(({ rule }) => rule), list);
    }),
  );
});

test('reading never throws, and what is wrong lies within its rule', () => {
  const words = fc.constantFrom('NOT', 'SAME', 'type', 'NAME', 'x', ' ', '\n', ',', '\t', 'EMPTY', 'é', 'constructor');
  fc.assert(
    fc.property(fc.array(words), (parts) => {
      for (const { span, problems, rule } of parseAffinityRules(parts.join(''))) {
        assert.ok(rule !== undefined || problems.length > 0);
        for (const problem of problems) assert.ok(span.start <= problem.span.start && problem.span.start <= problem.span.end && problem.span.end <= span.end);
      }
    }),
  );
});

test('every verb has an example that is read as it', () => {
  for (const { verb, example } of affinityVerbs) assert.equal(parseAffinityRule(example).rule?.verb, verb);
});
