import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';

import { type Context, vocabulary } from '#core/blueprint/vocabulary.ts';
import { complete } from '../../server/features/completion/complete.ts';
import type { Known } from '../../server/features/completion/known.ts';
import { documentationOf } from '../../server/features/completion/subject.ts';
import { usualKeys, usualParameters, usualTypes } from '../../server/features/completion/usage.ts';
import { blueprints, mutated } from '../support/mutations.ts';
import { accepted, documentOf, editor, inOrder, withCursor } from './features.ts';

interface Wanted {
  /** Labels that come first, in this order. */
  readonly first?: readonly string[];
  /** Labels that are somewhere. */
  readonly offers?: readonly string[];
  readonly not?: readonly string[];
  /** Exactly these labels, in this order. */
  readonly all?: readonly string[];
  /** What the text is after accepting a label: `[label, text]`. */
  readonly becomes?: readonly [string, string];
  readonly catalogs?: readonly string[];
  /** Beside the hosts host-a and localhost. */
  readonly known?: Partial<Known>;
}

/** The completions at `$0`. */
function check(fixture: string, { first, offers, not, all, becomes, catalogs = [], known = {} }: Wanted): void {
  const { text, offset } = withCursor(fixture);
  const document = documentOf(text, ...catalogs);
  const items = inOrder(complete(document, offset, editor, { hosts: ['host-a', 'localhost'], ...known }).items);
  const labels = items.map(({ label }) => label);
  if (first) assert.deepEqual(labels.slice(0, first.length), first);
  if (all) assert.deepEqual(labels, all);
  for (const label of offers ?? []) assert.ok(labels.includes(label), `${label} is not offered, but ${labels.join(', ')}`);
  for (const label of not ?? []) assert.ok(!labels.includes(label), `${label} is offered`);
  if (!becomes) return;
  const item = items.find(({ label }) => label === becomes[0]);
  assert.ok(item, `${becomes[0]} is not offered, but ${labels.join(', ')}`);
  assert.equal(accepted(document, item), becomes[1]);
}

test('keys of a blueprint', () => {
  check('$0', { first: ['name', 'location', 'services'], becomes: ['services', 'services:\n- type: $0'] });
  check('name: Shop\n$0\nservices:\n- type: docker:redis:7\n', { first: ['location'], not: ['name', 'services'] });
  check('name: Shop\nlocation: host-a\n$0\nservices:\n- type: docker:redis:7\n', { not: ['location', 'locations'] });
  check('name: Shop\r\nloc$0\r\nservices:\r\n- type: docker:redis:7\r\n', { becomes: ['location', 'name: Shop\r\nlocation: $0\r\nservices:\r\n- type: docker:redis:7\r\n'] });
});

test('keys of a catalog, its items and their parameters', () => {
  check('brooklyn.catalog:\n  $0', { first: ['items', 'version', 'id'], becomes: ['items', 'brooklyn.catalog:\n  items:\n  - id: $0'] });
  check('brooklyn.catalog:\n  items:\n  - id: x\n    $0', { first: ['item', 'name', 'itemType'], not: ['id'], becomes: ['item', 'brooklyn.catalog:\n  items:\n  - id: x\n    item:\n      $0'] });
  check('brooklyn.catalog:\n  items:\n  - id: x\n    item:\n      $0', { offers: ['type', 'services', 'brooklyn.config'] });
  check('brooklyn.catalog:\n  items:\n  - id: x\n    item:\n      type: tomcat-server\n      brooklyn.parameters:\n      - $0', { first: ['name'], offers: ['type', 'default', 'constraints'] });
  check('services:\n- type: tomcat-server\n  brooklyn.policies:\n  - type: auto-scaler\n    brooklyn.config:\n      $0', { offers: ['autoscaler.metricUpperBound'] });
  check('services:\n- type: tomcat-server\n  brooklyn.initializers:\n  - type: $0', { first: ['command-effector', 'command-sensor', 'static-sensor'], not: ['max-containers-placement'] });
});

test('keys of an entity', () => {
  check('services:\n- $0', { first: ['type', 'name', 'id', 'brooklyn.config'], becomes: ['type', 'services:\n- type: $0'] });
  check('services:\n- $0\n  name: Cache\n', { first: ['type', 'id'], not: ['name'] });
  check('services:\n- type: docker:redis:7\n  $0\n- type: tomcat-server\n', { first: ['name', 'id'], not: ['type'], becomes: ['brooklyn.config', 'services:\n- type: docker:redis:7\n  brooklyn.config:\n    $0\n- type: tomcat-server\n'] });
  check('services:\n- type: docker:redis:7\n  $0', { becomes: ['brooklyn.policies', 'services:\n- type: docker:redis:7\n  brooklyn.policies:\n  - type: $0'] });
  check('services:\n- brook$0', { becomes: ['brooklyn.config', 'services:\n- brooklyn.config:\n    $0'] });
  check('services:\n- { type: docker:redis:7, $0 }', { first: ['name', 'id'], not: ['type'], becomes: ['brooklyn.children', 'services:\n- { type: docker:redis:7, brooklyn.children: [{ $0 }] }'] });
});

test('a word in the middle is replaced; a key that has its colon keeps it', () => {
  check('services:\n- ty$0pe: docker:redis:7\n', { becomes: ['type', 'services:\n- type: docker:redis:7\n'] });
  check('services:\n- type: docker:redis:7\n  brook$0xx: x\n', { becomes: ['brooklyn.tags', 'services:\n- type: docker:redis:7\n  brooklyn.tags: x\n'] });
  check('services:\n- type: docker:redis:7\n  "na$0": x\n', { becomes: ['name', 'services:\n- type: docker:redis:7\n  "name": x\n'] });
});

test('other spellings are offered when they are being typed', () => {
  check('services:\n- $0', { not: ['serviceType', 'service_type'] });
  check('services:\n- serv$0', { offers: ['type', 'serviceType', 'service_type'] });
  check('services:\n- type: tom$0', { not: ['org.apache.brooklyn.entity.webapp.tomcat.TomcatServer'] });
  check('services:\n- type: org.apache.brooklyn.entity.webapp.tom$0', { offers: ['org.apache.brooklyn.entity.webapp.tomcat.TomcatServer'] });
});

test('config keys of the very type', () => {
  check('services:\n- type: docker:redis:7\n  brooklyn.config:\n    $0', { first: ['docker.container.environment', 'docker.container.openPorts', 'docker.container.portBindings'] });
  check('services:\n- type: dynamic-cluster\n  brooklyn.config:\n    $0', { first: ['dynamiccluster.memberspec', 'cluster.initial.size'] });
  check('services:\n- type: docker:redis:7\n  brooklyn.config:\n    $0', { offers: ['docker.container.openPorts', 'docker.container.environment'], not: ['type', 'http.port'] });
  check('services:\n- type: tomcat-server\n  brooklyn.config:\n    $0\n    http.port: 8080\n', { offers: ['wars.root'], not: ['http.port', 'docker.host.spec'] });
  check('services:\n- type: tomcat-server\n  brooklyn.config: { $0 }\n', { offers: ['http.port'] });
  check('services:\n- type: tomcat-server\n  httpPort: 8080\n  brooklyn.config:\n    $0\n', { not: ['http.port'] });
  check('services:\n- type: docker:redis:7\n  open$0\n', { becomes: ['openPorts', 'services:\n- type: docker:redis:7\n  openPorts:\n  - $0\n'] });
  check('services:\n- type: docker:redis:7\n  e$0\n', { becomes: ['env', 'services:\n- type: docker:redis:7\n  env:\n    $0\n'] });
  check('services:\n- type: docker:redis:7\n  brooklyn.parameters:\n  - name: shop.size\n  brooklyn.config:\n    $0\n', { first: ['shop.size'] });
});

test('types of the wanted kind', () => {
  check('services:\n- type: $0', { first: ['docker:', 'vanilla-software-process', 'basic-application', 'dynamic-cluster'], offers: ['tomcat-server'], not: ['service-restarter', 'max-containers-placement'] });
  check('services:\n- type:$0', { becomes: ['tomcat-server', 'services:\n- type: tomcat-server'] });
  check('services:\n- { type: $0, name: x }', { becomes: ['tomcat-server', 'services:\n- { type: tomcat-server, name: x }'] });
  check('services:\n- type: "tom$0"', { becomes: ['tomcat-server', 'services:\n- type: "tomcat-server"'] });
  check('services:\n- type: tomcat-server\n  brooklyn.policies:\n  - type: $0', { first: ['auto-scaler', 'service-replacer', 'service-restarter'], offers: ['upstream-sync-policy'], not: ['tomcat-server', 'docker:'] });
  check('services:\n- type: tomcat-server\n  brooklyn.parameters:\n  - name: a\n    type: $0', { first: ['string', 'integer', 'boolean', 'port', 'duration'] });
  check('brooklyn.catalog:\n  items:\n  - id: x\n    item:\n      type: $0', { first: ['docker:'], offers: ['tomcat-server'] });
  check('services:\n- type: docker-infrastructure\n  brooklyn.config:\n    docker.container.strategies:\n    - $brooklyn:object:\n        type: $0', { offers: ['max-containers-placement'], not: ['tomcat-server'] });
});

test('types of the workspace come before the built-in ones', () => {
  const catalog = 'brooklyn.catalog:\n  version: "1.0"\n  items:\n  - id: our-shop\n    itemType: entity\n    item:\n      type: tomcat-server\n      brooklyn.parameters:\n      - name: shop.size\n        type: integer\n        default: 3\n';
  check('services:\n- type: $0', { first: ['docker:', 'our-shop'], catalogs: [catalog] });
  check('services:\n- type: our-shop\n  brooklyn.config:\n    $0', { first: ['shop.size'], offers: ['http.port'], catalogs: [catalog] });
  check('services:\n- type: our-shop\n  brooklyn.config:\n    shop.size: $0', { first: ['3'], catalogs: [catalog] });
});

test('values of keys and of config keys', () => {
  check('services:\n- type: docker:redis:7\nlocation: $0', { first: ['host-a', 'localhost'] });
  check('services:\n- type: docker:redis:7\nlocations:\n- $0', { first: ['host-a', 'localhost'] });
  check('services:\n- type: docker:redis:7\nlocations: [$0]', { first: ['host-a', 'localhost'] });
  check('brooklyn.catalog:\n  itemType: $0', { first: ['template', 'application', 'entity'] });
  check('services:\n- type: docker:redis:7\n  brooklyn.parameters:\n  - name: x\n    reconfigurable: $0', { all: ['true', 'false'] });
  check('services:\n- type: docker:redis:7\n  brooklyn.parameters:\n  - name: x\n    type: boolean\n    default: $0', { first: ['true', 'false'] });
  check('services:\n- type: docker-infrastructure\n  brooklyn.config:\n    docker.policy.ha.enable: $0', { first: ['false', 'true'], offers: ['$brooklyn:config'] });
  check('services:\n- type: tomcat-server\n  brooklyn.config:\n    start.timeout: $0', { first: ['5m'], offers: ['30s'] });
});

const images = ['redis:8-alpine', 'redis:7', 'registry.example:5000/shop/web:1', 'registry.example:5000/shop/stock'].map((image) => ({ image, where: 'on host host-a' }));
const known = { clouds: () => ['north'], images: () => images, dockerfiles: () => ['file:///Dockerfile', 'file:///web/Dockerfile.dev', 'file:///my%20box/Dockerfile'], applications: () => ['shared-db', 'shop'] };

test('docker clouds beside hosts', () => check('services:\n- type: docker:redis:7\nlocation: $0', { first: ['host-a', 'localhost', 'north'], known }));

test('images that are there: whole behind docker:, without their tags, and their tags', () => {
  check('services:\n- type: docker:$0', { first: ['docker:', 'docker:redis:7', 'docker:redis:8-alpine'], becomes: ['docker:redis:8-alpine', 'services:\n- type: docker:redis:8-alpine'], known });
  check('services:\n- type: docker:re$0:7', { becomes: ['docker:redis:8-alpine', 'services:\n- type: docker:redis:8-alpine'], known });
  check('services:\n- { type: "docker:$0" }', { becomes: ['docker:registry.example:5000/shop/web:1', 'services:\n- { type: "docker:registry.example:5000/shop/web:1" }'], known });
  check('services:\n- type: $0', { not: ['docker:redis:7'], known });
  check('services:\n- type: docker:$0', { first: ['docker:'], not: ['docker:redis:7'] });
  const config = 'services:\n- type: docker-container\n  brooklyn.config:\n    docker.image.name: ';
  check(`${config}$0`, { first: ['redis', 'registry.example:5000/shop/stock', 'registry.example:5000/shop/web'], known });
  check(`${config}registry.example:5000/sh$0`, { becomes: ['registry.example:5000/shop/web', `${config}registry.example:5000/shop/web`], known });
  check(`${config}redis\n    docker.image.tag: $0`, { offers: ['8-alpine'], becomes: ['7', `${config}redis\n    docker.image.tag: "7"`], known });
});

test('networks that the blueprint declares, without those that are joined', () => {
  const shop = (joined: string): string => `services:\n- type: virtual-network\n  id: front\n- type: virtual-network\n  networkId: back-net\n- type: docker:redis:7\n  id: db\n  ${joined}`;
  check(shop('networks: [$0]\n'), { first: ['back-net', 'front'], becomes: ['front', shop('networks: [front]\n')] });
  check(shop('networks: [front, $0]\n'), { first: ['back-net'], not: ['front'] });
  check(shop('brooklyn.config:\n    network.list:\n    - $0\n'), { first: ['back-net', 'front'], becomes: ['front', shop('brooklyn.config:\n    network.list:\n    - front\n')] });
  check(shop('openPorts: [$0]\n'), { not: ['front'] });
});

test('affinity rules', () => {
  const rules = 'services:\n- type: docker:redis:7\n  brooklyn.config:\n    affinity.rules: ';
  check(`${rules}[$0]`, { first: ['NOT TYPE', 'TYPE', 'NOT NAME'], offers: ['NOT EMPTY'], not: ['EMPTY'], becomes: ['NOT NAME', `${rules}[NOT NAME $0]`] });
  check(`${rules}\n    - $0`, { becomes: ['NOT TYPE', `${rules}\n    - NOT TYPE`] });
});

test('Dockerfiles, as paths from where the blueprint is', () => {
  const url = 'services:\n- type: docker-container\n  brooklyn.config:\n    docker.dockerfile.url: ';
  check(`${url}$0`, { first: ['Dockerfile', 'my box/Dockerfile', 'web/Dockerfile.dev'], becomes: ['web/Dockerfile.dev', `${url}web/Dockerfile.dev`], known });
  check(`${url}$0`, { not: ['Dockerfile'] });
});

test('types by id and version, where there are several or one is begun', () => {
  const catalog = (version: string): string => `brooklyn.catalog:\n  version: "${version}"\n  items:\n  - id: our-web\n    itemType: entity\n    item:\n      type: tomcat-server\n`;
  check('services:\n- type: $0', { offers: ['our-web', 'our-web:1.0', 'our-web:2.0'], catalogs: [catalog('1.0'), catalog('2.0')] });
  check('services:\n- type: $0', { offers: ['our-web'], not: ['our-web:1.0'], catalogs: [catalog('1.0')] });
  check('services:\n- type: our-web:$0', { offers: ['our-web:1.0'], becomes: ['our-web:1.0', 'services:\n- type: our-web:1.0'], catalogs: [catalog('1.0')] });
});

test('ids of other applications', () => {
  check('services:\n- type: tomcat-server\n  brooklyn.config:\n    x: $brooklyn:application("$0")', { all: ['shared-db', 'shop'], known });
});

test('constraints of a parameter', () => {
  const parameter = 'services:\n- type: tomcat-server\n  brooklyn.parameters:\n  - name: x\n    constraints:';
  check(`${parameter}\n    - $0`, { first: ['required'], offers: ['regex', 'forbiddenIf'], becomes: ['requiredIf', `${parameter}\n    - requiredIf: \${1:other.key}`] });
  check(`${parameter} $0`, { first: ['required'], not: ['regex'] });
  check(`${parameter} [$0]`, { offers: ['required', 'regex'] });
});

test('an entity described inside a value is an entity', () => {
  check('services:\n- type: cluster\n  brooklyn.config:\n    cluster.memberspec:\n      $0', { offers: ['$brooklyn:entitySpec'] });
  check('services:\n- type: dynamic-cluster\n  memberSpec:\n    $brooklyn:entitySpec:\n      $0', { first: ['type', 'name', 'id'] });
  check('services:\n- type: dynamic-cluster\n  memberSpec:\n    $brooklyn:entitySpec:\n      type: tomcat-server\n      brooklyn.config:\n        $0', { offers: ['http.port'] });
});

test('on a new line below a key: how its value begins', () => {
  check('services:\n$0', { offers: ['name', 'location'] });
  check('services:\n  $0', { all: ['- type:'], becomes: ['- type:', 'services:\n  - type: $0'] });
  check('services:\n  ty$0', { becomes: ['- type:', 'services:\n  - type: $0'] });
  check('services:\n- type: tomcat-server\n  brooklyn.children:\n    $0\n', { all: ['- type:'] });
  check('services:\n- type: tomcat-server\n  brooklyn.parameters:\n    $0\n', { becomes: ['- name:', 'services:\n- type: tomcat-server\n  brooklyn.parameters:\n    - name: $0\n'] });
  check('brooklyn.catalog:\n  items:\n    $0\n', { all: ['- id:'] });
  check('services:\n- type: docker:redis:7\nlocations:\n  $0\n', { first: ['- host-a', '- localhost'] });
  check('services:\n- type: docker:redis:7\nlocation:\n  $0\n', { first: ['host-a', 'localhost'], offers: ['byon'] });
  check('services:\n- type: docker:redis:7\n  brooklyn.tags:\n    $0\n', { all: ['-'] });
});

test('keys that expressions of the file ask for, where nobody has set them', () => {
  const asking = (inner: string): string => `name: Shop\nbrooklyn.config:\n  ${inner}\nservices:\n- type: docker:redis:7\n  brooklyn.config:\n    a: $brooklyn:config("shop.name")\n    b: "$brooklyn:root().config(\\"shop.size\\")"\n`;
  check(asking('$0'), { first: ['shop.name', 'shop.size'], becomes: ['shop.size', asking('shop.size: $0')] });
  check(asking('shop.name: x\n  $0'), { offers: ['shop.size'], not: ['shop.name'] });
});

test('what is asked of a machine', () => {
  check('services:\n- type: tomcat-server\n  brooklyn.config:\n    provisioning.properties:\n      $0\n', { first: ['minRam', 'minCores', 'minDisk'], offers: ['osFamily', 'imageId'], becomes: ['minRam', 'services:\n- type: tomcat-server\n  brooklyn.config:\n    provisioning.properties:\n      minRam: $0\n'] });
  check('services:\n- type: tomcat-server\n  provisioning.properties: { minRam: 2g, $0 }\n', { offers: ['minCores'], not: ['minRam'] });
});

const two = 'services:\n- type: docker:redis:7\n  id: db\n  name: Store\n- type: tomcat-server\n  id: web\n  brooklyn.config:\n    http.port: 8080\n    x: ';

test('functions in an expression', () => {
  check(`${two}$brooklyn:$0`, { first: ['$brooklyn:self', '$brooklyn:entity', '$brooklyn:parent'], offers: ['$brooklyn:formatString', '$brooklyn:config'], becomes: ['$brooklyn:entity', `${two}$brooklyn:entity("$1")`] });
  check(`${two}$brooklyn:en$0`, { becomes: ['$brooklyn:entity', `${two}$brooklyn:entity("$1")`] });
  check(`${two}$0`, { offers: ['$brooklyn:attributeWhenReady'] });
  check(`${two}root$0`, { all: [] });
  check('services:\n- type: docker:redis:7\n  name: $0', { all: [] });
  check('services:\n- type: docker:redis:7\n  name: $b$0', { offers: ['$brooklyn:config'] });
  check(`${two}$brooklyn:entity("db").$0`, { offers: ['attributeWhenReady', 'config', 'child'], not: ['literal', 'external.x'], becomes: ['config', `${two}$brooklyn:entity("db").config("$1")`] });
  check(`${two}$brooklyn:entity("db").att$0("x")`, { becomes: ['attributeWhenReady', `${two}$brooklyn:entity("db").attributeWhenReady("x")`] });
  check(`${two}$brooklyn:formatString("http://%s/", $0`, { offers: ['entity', 'config'] });
  check(`${two}$brooklyn:function.$0`, { offers: ['$brooklyn:function.regexReplacement'] });
});

test('ids, sensors and config keys in an expression', () => {
  check(`${two}$brooklyn:entity("$0`, { all: ['db', 'web'], becomes: ['db', `${two}$brooklyn:entity("db")`] });
  check(`${two}$brooklyn:entity("$0")`, { becomes: ['web', `${two}$brooklyn:entity("web")`] });
  check(`${two}$brooklyn:entity("d$0x").config("y")`, { becomes: ['db', `${two}$brooklyn:entity("db").config("y")`] });
  check(`${two}$brooklyn:sibling("$0")`, { all: ['db'] });
  check(`${two}$brooklyn:component("$0")`, { offers: ['db', 'web', 'sibling', 'membersOnly'] });
  check(`${two}"$brooklyn:entity(\\"$0\\")"`, { becomes: ['db', `${two}"$brooklyn:entity(\\"db\\")"`] });
  check(`${two}$brooklyn:config("$0")`, { first: ['http.port'], offers: ['wars.root'] });
  check(`${two}$brooklyn:parent().config("$0")`, { not: ['http.port'] });
  check(`${two}$brooklyn:entity("db").attributeWhenReady("$0")`, { offers: ['host.address', 'service.isUp'], not: ['webapp.url'] });
  check(`${two}$brooklyn:attributeWhenReady("$0")`, { offers: ['webapp.url'] });
  check(`${two}$brooklyn:formatString("%s:%s", entity("db").attributeWhenReady("$0`, { offers: ['host.address'] });
});

test('arguments of functions that are written as keys', () => {
  check(`${two}\n      $brooklyn:entity: $0`, { first: ['db', 'web'], becomes: ['db', `${two}\n      $brooklyn:entity: db`] });
  check(`${two}\n      $brooklyn:config: [$0]`, { first: ['http.port'], becomes: ['http.port', `${two}\n      $brooklyn:config: [http.port]`] });
  check(`${two}\n      $brooklyn:attributeWhenReady:\n      - $0`, { offers: ['webapp.url'] });
  check(`${two}\n      $brooklyn:component: [sibling, $0]`, { first: ['db', 'web'] });
  check(`${two}\n      $brooklyn:component: [$0]`, { offers: ['sibling', 'db'] });
  check(`${two}\n      $brooklyn:formatString: ["%s", $0]`, { offers: ['$brooklyn:config'] });
});

test('an object: its type first, then what its type has', () => {
  check(`${two}\n      $brooklyn:object:\n        $0`, { first: ['type', 'brooklyn.config'] });
  check(`${two}\n      $brooklyn:object:\n        type: $0`, { offers: ['max-containers-placement'], not: ['tomcat-server'] });
  check(`${two}\n      $brooklyn:object: { type: $0 }`, { offers: ['max-containers-placement'] });
  check(`${two}\n      $brooklyn:object:\n        type: max-containers-placement\n        brooklyn.config:\n          $0`, { offers: ['docker.container.cluster.maxSize'] });
  check(`${two}\n      $brooklyn:object:\n        type: max-containers-placement\n        brooklyn.config:\n          docker.container.cluster.maxSize: $0`, { offers: ['$brooklyn:config'] });
});

test('an entity in a list of one, as old blueprints have it', () => {
  check('services:\n- type: dynamic-cluster\n  memberSpec:\n    $brooklyn:entitySpec:\n    - type: $0', { offers: ['tomcat-server'] });
  check('services:\n- type: dynamic-cluster\n  memberSpec:\n    $brooklyn:entitySpec:\n    - type: tomcat-server\n      brooklyn.config:\n        $0', { offers: ['http.port'] });
});

test('around what is broken', () => {
  check('name: "unclosed\nservices:\n- type: $0\n', { first: ['docker:'] });
  check('name: [a, b\nservices:\n- type: tomcat-server\n  brooklyn.config:\n    $0\n', { offers: ['http.port'] });
  check('services:\n- type: tomcat-server\n  half typed\n  $0\n', { first: ['name', 'id'] });
  check('services:\n- type: tomcat-server\n  env: { a: 1\n  brooklyn.config:\n    $0\n', { offers: ['http.port'] });
  check('services:\n\t- type: x\n- type: $0', { first: ['docker:'] });
});

test('nothing in comments, in free text and in blocks of text', () => {
  for (const fixture of ['# $0', 'services: # $0', 'name: Hello w$0', 'services:\n- type: x\n  launch.command: |\n    echo $0\n', 'description: >\n  $0x y\n']) check(fixture.startsWith('services:\n') ? fixture : `${fixture}\nservices:\n- type: tomcat-server\n`, { all: [] });
});

test('documentation is looked up when it is shown', () => {
  const { text, offset } = withCursor('services:\n- type: tomcat-server\n  brooklyn.config:\n    $0\n');
  const document = documentOf(text);
  const item = complete(document, offset, editor).items.find(({ label }) => label === 'http.port');
  assert.ok(item);
  assert.equal(item.documentation, undefined);
  const shown = documentationOf(JSON.parse(JSON.stringify(item.data)), document.catalog) ?? '';
  assert.match(shown, /\*\*http\.port\*\*: `port/);
  assert.match(shown, /Declared by/);
  for (const foreign of [undefined, null, 7, {}, { about: 'key' }, { about: 'nothing', of: '', name: 'x' }, { about: 'key', of: 'toString', name: 'x' }]) assert.equal(documentationOf(foreign, document.catalog), undefined);
});

test('an editor without snippets and without modes gets plain text, indented by the editor', () => {
  const { text, offset } = withCursor('services:\n- type: tomcat-server\n  br$0\n');
  const item = complete(documentOf(text), offset, { snippets: false, asIs: false, suggestAgain: undefined }).items.find(({ label }) => label === 'brooklyn.config');
  assert.ok(item?.textEdit);
  assert.equal(item.textEdit.newText, 'brooklyn.config:\n  ');
  assert.equal(item.insertTextMode, undefined);
  const given = withCursor('services:\n- type: tomcat-server\n  brooklyn.parameters:\n  - name: x\n    constraints:\n    - $0');
  const any = complete(documentOf(given.text), given.offset, { snippets: false, asIs: false, suggestAgain: undefined }).items.find(({ label }) => label === 'any');
  assert.match(any?.textEdit?.newText ?? '', /^any: \[\{ glob: .*\} ?\]$/);
});

test('at every place of every text: an answer, and its edits lie around the cursor', () => {
  fc.assert(
    fc.property(mutated(blueprints), fc.nat(), (text, number) => {
      const document = documentOf(text);
      const at = number % (text.length + 1);
      const { line, character } = document.lines.positionAt(at);
      for (const { textEdit } of complete(document, at, editor).items) {
        assert.ok(textEdit && 'range' in textEdit);
        const { start, end } = textEdit.range;
        assert.ok(start.line === line && end.line === line && start.character <= character && character <= end.character);
      }
    }),
    { numRuns: 400 },
  );
});

test('typing a blueprint from its first letter to its last gives no fault', () => {
  for (const text of blueprints) for (let end = 0; end <= text.length; end += 3) complete(documentOf(text.slice(0, end)), end, editor);
});

test('what is said to be used most exists', () => {
  const { catalog } = documentOf('name: x\n');
  assert.deepEqual(usualTypes.filter((id) => catalog.find(id) === undefined), []);
  const names = new Set(catalog.types.flatMap(({ parameters }) => parameters.flatMap(({ name, flag }) => [name, flag])));
  assert.deepEqual(usualParameters.filter((name) => !names.has(name)), []);
  assert.deepEqual(Object.entries(usualKeys).flatMap(([context, keys]) => keys.filter((key) => !vocabulary[context as Context].keys.some(({ name }) => name === key))), []);
});
