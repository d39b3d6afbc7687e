import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';

import { hover } from '../../server/features/hover.ts';
import { blueprints, mutated } from '../support/mutations.ts';
import { documentOf, withCursor } from './features.ts';

/** What is shown at `$0`: it covers `word`, and says all of `says`. Nothing where no word is given. */
function check(fixture: string, word?: string, ...says: readonly (string | RegExp)[]): void {
  const { text, offset } = withCursor(fixture);
  const document = documentOf(text);
  const shown = hover(document, offset);
  if (word === undefined) return assert.equal(shown, undefined);
  assert.ok(shown?.range, 'nothing is shown');
  assert.equal(text.slice(document.lines.offsetAt(shown.range.start), document.lines.offsetAt(shown.range.end)), word);
  assert.ok(typeof shown.contents === 'object' && 'value' in shown.contents);
  const { value } = shown.contents;
  for (const part of says) assert.ok(typeof part === 'string' ? value.includes(part) : part.test(value), `${part} is not in:\n${value}`);
}

test('keys of the language', () => {
  check('ser$0vices:\n- type: docker:redis:7\n', 'services', '**services**: list: each is an entity', 'The entities of the application.');
  check('services:\n- $0type: docker:redis:7\n', 'type', '**required**', 'also written `serviceType`, `service_type`');
  check('services:\n- type: tomcat-server\n  brooklyn.parameters:\n  - pinned$0: true\n', 'pinned', 'default `true`');
  check('services:\n- type: docker:redis:7\n  "na$0me": x\n', '"name"', 'The name that people see.');
});

test('types', () => {
  check('services:\n- type: tomcat-$0server\n', 'tomcat-server', '**tomcat-server**: entity, extends `java-web-app-server`', 'Also known as `org.apache.brooklyn.entity.webapp.tomcat.TomcatServer`', 'config keys');
  check('services:\n- type: docker:red$0is:7\n', 'docker:redis:7', 'a container of the image `redis:7`');
  check('services:\n- type: brooklyn.entity.webapp.tomcat.Tomcat$0Server\n', 'brooklyn.entity.webapp.tomcat.TomcatServer', 'is an old name; the present one is `org.apache.brooklyn.entity.webapp.tomcat.TomcatServer`');
  check('services:\n- type: docker-infrastructure$0\n', 'docker-infrastructure', 'has nothing that runs in a container');
  check('services:\n- type: nobody-knows$0\n');
  check('services:\n- type: tomcat-server\n  brooklyn.parameters:\n  - name: x\n    type: dura$0tion\n', 'duration', 'A span of time', '`1h 30m`');
});

test('the effective value of a config key, and where it comes from', () => {
  const shop = (inner: string): string => `name: Shop\nid: shop\nbrooklyn.config:\n  stock.name: corner shop\n  http.port: 8081\nservices:\n- type: tomcat-server\n  id: web\n  brooklyn.config:\n${inner}- type: docker:redis:7\n  id: db\n  openPorts: [6379]\n`;
  check(shop('    http.po$0rt: 8080\n'), 'http.port', 'Effective value: `8080`, set here.');
  check(shop('    wars.root: $brooklyn:config("http.po$0rt")\n'), '"http.port"', 'Effective value: `8081`, handed down by `shop`.');
  check(shop('    wars.ro$0ot: $brooklyn:config("stock.name")\n'), 'wars.root', 'Effective value: `corner shop`, set here.');
  check(shop('    a: $brooklyn:config("start.time$0out")\n'), '"start.timeout"', 'Effective value: `5m`, the default.');
  check(shop('    a: $brooklyn:entity("db").config("docker.container.open$0Ports")\n'), '"docker.container.openPorts"', /Effective value: `\[6379\]`, set here\./);
  check(shop('    wars.root: $brooklyn:attribute$0WhenReady("x")\n'), '$brooklyn:attributeWhenReady', /^(?![^]*Value, as far)/);
});

test('the value of an expression, as far as it is known', () => {
  const shop = (value: string): string => `services:\n- type: docker:redis:7\n  id: db\n  brooklyn.config:\n    db.port: 6379\n    db.password: hunter22\n- type: tomcat-server\n  brooklyn.config:\n    x: ${value}\n`;
  check(shop('$brooklyn:format$0String("redis:%s", entity("db").config("db.port"))'), '$brooklyn:formatString', 'Value, as far as it is known before anything runs: `redis:6379`.');
  check(shop('$brooklyn:formatString("redis:%s", ent$0ity("db").config("db.port"))'), 'entity', 'runs: `redis:6379`.');
  for (const secret of ['$brooklyn:ent$0ity("db").config("db.password")', '$brooklyn:format$0String("%s", entity("db").config("db.password"))', '$brooklyn:ent$0ity("db").attributeWhenReady("x")']) check(shop(secret), secret.includes('format') ? '$brooklyn:formatString' : '$brooklyn:entity', /^(?![^]*Value, as far)/);
  check(shop('$brooklyn:entity("db").config("db.pass$0word")'), '"db.password"', /^(?![^]*hunter22)/);
});

test('config keys: type, default, sentence, and who declares them', () => {
  check('services:\n- type: tomcat-server\n  brooklyn.config:\n    http.po$0rt: 80\n', 'http.port', '**http.port**: `port', 'Declared by `web-app-server`.');
  check('services:\n- type: docker:redis:7\n  open$0Ports: [1]\n', 'openPorts', '**docker.container.openPorts**');
  check('services:\n- type: tomcat-server\n  brooklyn.parameters:\n  - { name: shop.size, type: integer, default: 3, description: How large. }\n  brooklyn.config:\n    shop.s$0ize: 4\n', 'shop.size', '`integer`, default `3`', 'How large.');
  check('services:\n- type: docker:redis:7\n  brooklyn.config:\n    nobody.kn$0ows: 4\n');
});

const two = 'services:\n- type: docker:redis:7\n  id: db\n  name: Store\n- type: tomcat-server\n  id: web\n  brooklyn.config:\n    http.port: 8080\n    shop.url: ';

test('expressions: functions, entities, sensors, config keys', () => {
  check(`${two}$brooklyn:enti$0ty("db").attributeWhenReady("host.address")`, '$brooklyn:entity', 'entity(id)', 'The entity with this id, anywhere in the application.', '$brooklyn:entity("db")');
  check(`${two}$brooklyn:entity("d$0b").attributeWhenReady("host.address")`, '"db"', '**db**: Store, `docker:redis:7`');
  check(`${two}$brooklyn:entity("db").attribute$0WhenReady("host.address")`, 'attributeWhenReady', 'attributeWhenReady(sensor, options?)');
  check(`${two}$brooklyn:entity("db").attributeWhenReady("host$0.address")`, '"host.address"', '**host.address**: sensor');
  check(`${two}$brooklyn:formatString("http://%s/", config("http$0.port"))`, '"http.port"', '`port`', 'Declared by `web`.');
  check(`${two}$brooklyn:component("sib$0ling", "db")`, '"sibling"', 'the other children of the same parent');
  check(`${two}$brooklyn:component("sibling", "d$0b")`, '"db"', '**db**');
  check(`${two}\n      $brooklyn:format$0String: [ "%s", x ]\n`, '$brooklyn:formatString', 'formatString(pattern, values...)');
  check(`${two}"$brooklyn:entity(\\"d$0b\\")"`, '\\"db\\"', '**db**');
  check(`${two}$brooklyn:entity("nobo$0dy")`);
});

test('nothing on values, comments and free text', () => {
  check('# serv$0ices\nservices:\n- type: docker:redis:7\n');
  check('services:\n- type: docker:redis:7\n  name: ty$0pe\n');
  check('services:\n- type: docker:redis:7\n$0\n');
  check('services:\n- type:$0  docker:redis:7\n');
});

test('at every place of every text there is an answer, or none', () => {
  fc.assert(
    fc.property(mutated(blueprints), fc.nat(), (text, number) => {
      const document = documentOf(text);
      const offset = number % (text.length + 1);
      const shown = hover(document, offset);
      if (!shown?.range) return;
      assert.ok(document.lines.offsetAt(shown.range.start) <= offset && offset <= document.lines.offsetAt(shown.range.end));
    }),
    { numRuns: 300 },
  );
});
