import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';

import { span } from '#core/text/span.ts';
import { type HintSettings, inlayHints } from '../../server/features/inlayHints.ts';
import { blueprints, mutated } from '../support/mutations.ts';
import { documentOf } from './features.ts';

const all: HintSettings = { typeNames: true, values: true, subnets: true, defaults: true };

/** The text with each hint where it is shown, between `«` and `»`. */
function check(marked: string, settings: Partial<HintSettings> = {}, ...catalogs: readonly string[]): void {
  const text = marked.replace(/«[^»]*»/g, '');
  const document = documentOf(text, ...catalogs);
  const hints = inlayHints(document, span(0, text.length), { ...all, ...settings });
  const shown = hints
    .map(({ position, label }) => ({ at: document.lines.offsetAt(position), label: typeof label === 'string' ? label : '' }))
    .toSorted((a, b) => b.at - a.at)
    .reduce((result, { at, label }) => `${result.slice(0, at)}«${label}»${result.slice(at)}`, text);
  assert.equal(shown, marked);
}

test('the present name of an old type', () => {
  check(`services:
- type: brooklyn.entity.webapp.tomcat.TomcatServer«= org.apache.brooklyn.entity.webapp.tomcat.TomcatServer»
  brooklyn.policies:
  - type: brooklyn.policy.ha.ServiceRestarter«= org.apache.brooklyn.policy.ha.ServiceRestarter»
`);
  check('services:\n- type: brooklyn.entity.webapp.tomcat.TomcatServer\n', { typeNames: false });
});

const values = `services:
- type: docker:redis:7
  id: db
  brooklyn.config:
    db.port: 6379
    db.password: hunter22
- type: docker:nginx
  env:
    URL: $brooklyn:formatString("redis://%s:%s/", "\u{1F600}", entity("db").config("db.port"))«= redis://\u{1F600}:6379/»
    HOST: $brooklyn:entity("db").attributeWhenReady("host.address")
    PASSWORD: $brooklyn:formatString("a%s", "b")
    SECRET_URL: $brooklyn:entity("db").config("db.password")
    LOGIN: $brooklyn:formatString("u:%s", entity("db").config("db.password"))
    KEYED:
      $brooklyn:formatString: ["%s-%s", a, 1]«= a-1»
    WRONG: $brooklyn:entity("nobody").config("x")
    HALF: $brooklyn:formatString("x
`;

test('the value of a constant expression, unless it is or holds a secret', () => {
  check(values.replace('    HALF: $brooklyn:formatString("x\n', ''));
  check(values.replaceAll(/«[^»]*»/g, ''), { values: false });
});

test('a secret does not come out by another way', () => {
  check(`services:
- type: docker:redis:7
  brooklyn.config:
    token: topsecret
    alias: $brooklyn:config("token")
    more: $brooklyn:formatString("x%s", config("alias"))
    plain: $brooklyn:formatString("x%s", "y")«= xy»
`);
});

test('the subnet of a network that is declared', () => {
  const text = `services:
- type: virtual-network
  networkId: front
  cidr: 10.1.0.0/24
- type: docker:nginx
  brooklyn.config:
    network.list: [front«10.1.0.0/24», other]
`;
  check(text);
  check(text.replaceAll(/«[^»]*»/g, ''), { subnets: false });
});

const catalog = `brooklyn.catalog:
  version: "1"
  items:
  - id: web
    item:
      type: docker:nginx
      brooklyn.parameters:
      - name: pages
        type: integer
        default: 5
        constraints: [required]
      - name: optional
        default: 6
`;

test('the default of a required key that is left out', () => {
  check('services:\n- type: web«pages: 5»\n- type: web\n  pages: 7\n', {}, catalog);
  check('services:\n- type: web\n', { defaults: false }, catalog);
});

test('only in the range asked for', () => {
  const text = 'services:\n- type: brooklyn.entity.webapp.tomcat.TomcatServer\n- type: brooklyn.entity.webapp.tomcat.TomcatServer\n';
  const document = documentOf(text);
  assert.deepEqual(inlayHints(document, span(0, text.indexOf('\n- type', 12)), all).map(({ position }) => position.line), [1]);
});

test('any text at all, in its own lines', () => {
  fc.assert(
    fc.property(mutated([...blueprints, values.replaceAll(/«[^»]*»/g, '')]), (text) => {
      const document = documentOf(`brooklyn.catalog: {}\n${text}`);
      for (const { position, label } of inlayHints(document, span(0, document.text.length), all)) {
        assert.ok(position.line < document.lines.count && typeof label === 'string' && label.isWellFormed() && !label.includes('hunter22'));
      }
    }),
    { numRuns: 500 },
  );
});
