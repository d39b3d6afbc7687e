// Expressions and what they come to in a small application: a value, what is waited for, or an error's words.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { evaluate, evaluateConfig, type World } from '#core/dsl/evaluate.ts';
import { isThing, type Value } from '#core/dsl/value.ts';
import type { Outcome } from '#core/dsl/outcome.ts';
import { parse } from '#core/dsl/parse.ts';
import { application, canonical, valueOf } from './support.ts';

const shop = application({
  id: 'shop',
  key: 'app1',
  config: `
source: of the shop
size: 1
loop: $brooklyn:config("loop")
one: $brooklyn:config("two")
two: $brooklyn:config("one")
nested: { letters: [a, b, c], 1: one }
ratio: 1.0
half: 0.5
`,
  locations: ['host-a', 'host-b'],
  children: [
    {
      id: 'web',
      config: `
size: $brooklyn:parent().config("size")
source: of web
which: source
target: db
targetEntity: $brooklyn:entity("db")
targetSensor: $brooklyn:sensor("host.name")
spaced: a b/c
pattern: o+
here: $brooklyn:self()
inherited: $brooklyn:entityId()
`,
      sensors: { 'host.name': 'web.example', 'http.port': 8080, up: false, list: [], main: 'main.uri' },
      children: [{ id: 'page', config: 'size: $brooklyn:parent().config("size")', children: [{ id: 'widget' }] }],
    },
    { id: 'db', sensors: { 'host.name': 'db.example', text: 'x' }, locations: ['host-c'] },
    { id: 'group', members: ['first'], mayGrow: true },
    { id: 'pool', children: [{ id: 'first' }] },
    { id: 'inner', key: 'inner-key', isScopeRoot: true, config: 'v: 1', children: [{ id: 'part' }] },
  ],
});
const other = application({ id: 'other', key: 'app2', children: [{ id: 'db', key: 'other-db', config: 'k: v', sensors: { 'host.name': 'other.example' } }] });
const world = (at: string, more: Partial<World> = {}): World => ({ self: shop.at(at), applications: [shop.root, other.root], ...more });

/** What comes out: text and data as they are, an entity as @key, what is waited for as `waits for sensor of entity`, an error as its sentence. */
function shown(outcome: Outcome): unknown {
  switch (outcome.state) {
    case 'value':
      return plain(outcome.value);
    case 'waiting':
      return `waits for ${outcome.waits.map(({ sensor, entity }) => `${sensor} of ${entity.id ?? entity.key}`).join(' and ')}`;
    case 'secret':
      return `needs ${outcome.secrets.map(({ provider, key }) => `${provider}/${key}`).join(' and ')}`;
    case 'error':
      return `${outcome.kind}: ${outcome.message}`;
  }
}

function plain(value: Value): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [String(key), plain(item)]));
  if (Array.isArray(value)) return value.map((item: Value) => plain(item));
  return isThing(value) && value.kind === 'entity' ? `@${value.entity.id ?? value.entity.key}` : value;
}

function check(at: string, source: string, expected: unknown): void {
  test(`${at}: ${source.trim()}`, () => {
    const got = shown(evaluate(valueOf(source), world(at)));
    if (expected instanceof RegExp) assert.match(String(got), expected);
    else assert.deepEqual(got, expected);
  });
}

// Entities, and where they are looked for.
check('web', '$brooklyn:self()', '@web');
check('shop', '$brooklyn:entity("db")', '@db');
check('web', '$brooklyn:parent()', '@shop');
check('shop', '$brooklyn:parent()', /noEntity.*has no parent/);
check('shop', '$brooklyn:child("web")', '@web');
check('shop', '$brooklyn:child("page")', /noEntity.*'page'.*scope 'child'/);
check('web', '$brooklyn:sibling("db")', '@db');
check('web', '$brooklyn:sibling("web")', /noEntity/);
check('shop', '$brooklyn:descendant("widget")', '@widget');
check('shop', '$brooklyn:descendant("shop")', /noEntity.*'shop'/);
check('widget', '$brooklyn:ancestor("shop")', '@shop');
check('shop', '$brooklyn:ancestor("shop")', /noEntity.*'shop'/);
check('widget', '$brooklyn:root()', '@shop');
check('part', '$brooklyn:scopeRoot().config("v")', 1);
check('web', '$brooklyn:scopeRoot()', '@shop');
check('web', '$brooklyn:component("db")', '@db');
check('web', '$brooklyn:component("sibling", "db")', '@db');
check('web', '$brooklyn:component("siblings", "db")', /arguments: siblings is no scope/);
check('web', '$brooklyn:entity("inner-key")', '@inner');
check('web', '$brooklyn:entity("nobody")', /noEntity/);
check('web', '$brooklyn:entityId()', 'key-of-web');
check('web', '$brooklyn:entity("db").entityId()', 'key-of-db');
check('shop', '$brooklyn:entity("group").member("first")', '@first');
check('shop', '$brooklyn:entity("group").component("members_only", "first")', '@first');
check('shop', '$brooklyn:entity("group").component("membersOnly", "web")', /noEntity/);
check('shop', '$brooklyn:component("members_only", "first")', /noEntity/);
check('shop', '$brooklyn:entity("group").descendant("first")', /noEntity/);
check('shop', '$brooklyn:entity("group").child("first")', /noEntity/);
check('shop', '$brooklyn:member("first")', '@first');

// Other applications.
check('web', '$brooklyn:application("other").entity("db")', '@db');
check('web', '$brooklyn:application("other").entity("db").entityId()', 'other-db');
check('web', '$brooklyn:application("app2").entity("other-db").config("k")', 'v');
check('web', '$brooklyn:entity("db").entityId()', 'key-of-db');
check('web', '$brooklyn:entity("other-db")', /noEntity/);
check('web', '$brooklyn:application("other").entity("key-of-web")', /noEntity/);
check('web', '$brooklyn:application("third")', /noEntity.*among the applications/);

// Config keys.
check('web', '$brooklyn:config("source")', 'of web');
check('web', '{ k: $brooklyn:config("source") }', { k: 'of web' });
check('shop', '$brooklyn:entity("web").config("source")', 'of web');
check('web', '$brooklyn:config(config("which"))', 'of web');
check('web', '$brooklyn:entity(config("target")).entityId()', 'key-of-db');
check('web', '$brooklyn:entity(config("targetEntity"))', '@db');
check('web', '$brooklyn:config("targetEntity").entityId()', 'key-of-db');
check('web', '$brooklyn:config("targetEntity").attributeWhenReady("host.name")', 'db.example');
check('web', '$brooklyn:child(config("targetEntity"))', /outOfScope.*not in scope 'child'/);
check('web', '$brooklyn:config("nothing")', null);
check('web', '$brooklyn:config("nothing").getId()', /nothing: .*config\("nothing"\) is nothing/);
check('web', '$brooklyn:config("source").getId()', /noFunction: There is no function getId on a text/);
check('web', '$brooklyn:self().invalid()', /noFunction/);
check('page', '$brooklyn:config("inherited")', 'key-of-web');
check('web', '$brooklyn:config(entity("db"), "source")', 'of the shop');
check('shop', '$brooklyn:config("nested")["letters"][1]', 'b');
check('shop', '$brooklyn:config("nested").letters[2]', 'c');
check('shop', '$brooklyn:config("nested")[1]', 'one');
check('shop', '$brooklyn:config("nested")["letters"][9]', /3 items/);
check('shop', '$brooklyn:config("nested")["none"]', null);

// Recursion: the same key of the same entity never ends, that of a parent does.
check('shop', '$brooklyn:config("loop")', /recursive: The config key loop of shop refers to itself/);
check('shop', '$brooklyn:config("one")', /recursive: .*by way of one, two/);
check('page', '$brooklyn:config("size")', 1);

// Sensors.
check('web', '$brooklyn:attributeWhenReady("http.port")', 8080);
check('web', '$brooklyn:attributeWhenReady(config("none"))', /waits/);
check('web', '$brooklyn:entity("db").attributeWhenReady("host.name")', 'db.example');
check('web', '$brooklyn:attributeWhenReady(config("targetSensor"))', 'web.example');
check('web', '$brooklyn:attributeWhenReady("up")', 'waits for up of web');
check('web', '$brooklyn:attributeWhenReady("list")', 'waits for list of web');
check('web', '$brooklyn:attributeWhenReadyAllowingOnFire("up")', 'waits for up of web');
check('web', '{ $brooklyn:attributeWhenReady: [ up, { wait_for_truthy: false } ] }', false);
check('web', '{ $brooklyn:attributeWhenReady: [ none, { wait_for_truthy: false } ] }', 'waits for none of web');
check('web', '{ $brooklyn:attributeWhenReady: [ up, { timeout: 10ms } ] }', 'waits for up of web');
check('web', '{ $brooklyn:attributeWhenReady: [ up, { timeout: 0 } ] }', /mayNotWait: .*waiting is not permitted/);
check('web', '{ $brooklyn:chain: [ $brooklyn:entity("db"), { attributeWhenReady: [ "none", { timeout: 0 } ] } ] }', /mayNotWait/);
check('web', '{ $brooklyn:chain: [ $brooklyn:entity("db"), { attributeWhenReady: [ "text" ] } ] }', 'x');
check('shop', '{ $brooklyn:chain: [ $brooklyn:config("nested"), "[\\"letters\\"]", "[0]" ] }', 'a');
check('web', '$brooklyn:formatString("%s-%s", attributeWhenReady("a"), entity("db").attributeWhenReady("b"))', 'waits for a of web and b of db');
check('web', '$brooklyn:sensor("x.y")', { kind: 'sensor', name: 'x.y' });
check('web', '$brooklyn:sensor("org.example.Type", "x.y")', { kind: 'sensor', name: 'x.y', type: 'org.example.Type' });

// Locations.
check('web', '$brooklyn:location()', { kind: 'location', name: 'host-a' });
check('web', '$brooklyn:location(1)', { kind: 'location', name: 'host-b' });
check('db', '$brooklyn:location("1")', /has 1 location, but index 1/);

// Texts.
check('web', '$brooklyn:formatString("hello %s", "world")', 'hello world');
check('web', '$brooklyn:formatString("myval")', 'myval');
check('web', '$brooklyn:formatString("http://%s:%s/", attributeWhenReady("host.name"), attributeWhenReady("http.port"))', 'http://web.example:8080/');
check('web', '{ $brooklyn:formatString: [ "%s/%s", $brooklyn:config("target"), 7 ] }', 'db/7');
check('web', '{ $brooklyn:formatString: [ "%05d|%-4s|%2$s", 42, x ] }', '00042|x   |x');
check('web', '$brooklyn:formatString("%d", 1)', /arguments: %d does not take a text/);
check('web', '$brooklyn:formatString("%s %s", "a")', /arguments: %s has no value/);
check('shop', '$brooklyn:formatString("%s %s %.2f", config("ratio"), config("half"), config("half"))', '1.0 0.5 0.50');
check('web', '$brooklyn:urlEncode("name@domain?!/&:%")', 'name%40domain%3F%21%2F%26%3A%25');
check('web', '$brooklyn:urlEncode(config("spaced"))', 'a+b%2Fc');
check('web', '$brooklyn:config("spaced").urlEncode()', 'a+b%2Fc');
check('web', '$brooklyn:regexReplacement("Broooklyn", "o+", "oo")', 'Brooklyn');
check('web', '$brooklyn:regexReplacement("Broooklyn", config("pattern"), "oo")', 'Brooklyn');
check('web', '$brooklyn:function.regexReplacement("o+", "oo")', { kind: 'function', name: 'regexReplacement', pattern: 'o+', replacement: 'oo' });
check('web', '$brooklyn:literal("custom(), $brooklyn:root(), invalid; syntax")', 'custom(), $brooklyn:root(), invalid; syntax');
check('web', '{ $brooklyn:literal: { a: [1] } }', { a: [1] });

// Templates.
check('web', `$brooklyn:template("\${config['source']} on \${attribute['host.name']}")`, 'of web on web.example');
check('shop', `$brooklyn:entity("web").template("\${config['source']}")`, 'of web');
check('web', `{ $brooklyn:template: [ "\${config['source']} \${key}", { $brooklyn:literal("key"): $brooklyn:config("target") } ] }`, 'of web db');
check('web', `$brooklyn:template("\${attributeWhenReady['a']}\${attributeWhenReady['b']}")`, 'waits for a of web and b of web');
check('shop', `$brooklyn:template("\${config['loop']}")`, /recursive/);

// Things.
check('web', '{ $brooklyn:entitySpec: { type: "docker:redis:7", name: $brooklyn:config("target") } }', { kind: 'spec', spec: new Map([['type', 'docker:redis:7'], ['name', 'db']]) });
check('web', '{ $brooklyn:entitySpec: [ text ] }', /arguments: entitySpec takes a map/);
check('web', '{ $brooklyn:object: { type: Strategy, brooklyn.config: { max: 3 } } }', {
  kind: 'object',
  type: 'Strategy',
  constructorArgs: [],
  factoryArgs: [],
  fields: new Map(),
  config: new Map([['max', 3]]),
});
check('web', '$brooklyn:object("[Strategy, 1]")', { kind: 'object', type: 'Strategy', constructorArgs: [1], factoryArgs: [], fields: new Map(), config: new Map() });
check('web', '$brooklyn:object("Strategy")', { kind: 'object', type: 'Strategy', constructorArgs: [], factoryArgs: [], fields: new Map(), config: new Map() });
check('web', '$brooklyn:object("[a")', /arguments: object needs a type/);
check('web', '{ $brooklyn:object: { brooklyn.config: {} } }', /arguments: object needs a type/);

// Secrets stay references until somebody asks with the means to read them.
check('web', '$brooklyn:external("vault", "pw")', 'needs vault/pw');
check('web', `{ $brooklyn:formatString: [ "%s-%s-%s", { $brooklyn:external: [ vault, s1 ] }, v2, '$brooklyn:external("vault", "s2")' ] }`, 'needs vault/s1 and vault/s2');
test('a secret that can be read takes its place', () => {
  const secret = (provider: string, key: string): string | undefined => (provider === 'vault' ? `the ${key}` : undefined);
  assert.equal(shown(evaluate(valueOf('$brooklyn:formatString("%s!", external("vault", "pw"))'), world('web', { secret }))), 'the pw!');
  assert.match(String(shown(evaluate(valueOf('$brooklyn:external("safe", "pw")'), world('web', { secret })))), /noSecret/);
});

test('a config key is asked for by name', () => {
  assert.equal(shown(evaluateConfig(shop.at('page'), 'size', world('page'))), 1);
});

test('an entity in a value must be of the same application', () => {
  const guest = application({ id: 'guest', config: 'far: placeholder' });
  const foreign = { ...guest.root, sensor: (name: string): Value | undefined => (name === 'target' ? { kind: 'entity', entity: other.at('other-db') } : undefined) };
  const outcome = evaluate(valueOf('$brooklyn:attributeWhenReady("target").attributeWhenReady("host.name")'), { self: foreign, applications: [other.root] });
  assert.match(String(shown(outcome)), /not in scope 'global'/);
});

test('config keys that refer on and on, each deeply nested, are refused before the stack ends', () => {
  const deep = (key: string): string => `${'formatString("%s", '.repeat(290)}config("${key}")${')'.repeat(290)}`;
  const lines = Array.from({ length: 90 }, (_, index) => `k${index}: '$brooklyn:${deep(`k${index + 1}`)}'`);
  const { root } = application({ config: lines.join('\n') });
  assert.match(String(shown(evaluateConfig(root, 'k0', { self: root }))), /recursive: .*in one another/);
});

test('never throws', () => {
  fc.assert(fc.property(fc.oneof(canonical, fc.string().map((text) => parse(text).tree)), (tree) => void evaluate(tree, world('web'))), { numRuns: 1000 });
});
