// Document links: marked in the text, with their targets in order.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';

import { links } from '../../server/features/links.ts';
import { blueprints, mutated } from '../support/mutations.ts';
import { documentOf } from './features.ts';
import { crlf, opened, shownRange } from './navigation.ts';

function check(source: string, ...targets: readonly string[]): void {
  for (const fixture of [source, crlf(source)]) {
    const { document, files, marked } = opened(fixture);
    const found = links(document);
    assert.deepEqual(found.map(({ range }) => shownRange(files, document.uri, range)).toSorted(), marked);
    assert.deepEqual(found.map(({ target }) => target), targets);
  }
}

const service = 'services:\n- type: docker:nginx\n';

test('addresses of the web, where they are all of a value', () => {
  check(`${service}  iconUrl: <<https://example.org/a.png>>\n`, 'https://example.org/a.png');
  check(`${service}  download.url: "<<http://example.org/x?y=\u{1F600}#z>>"\n`, 'http://example.org/x?y=\u{1F600}#z');
  check(`${service}  download.url: http://example.org/\${version}.tgz\n  name: see http://example.org\n  description: http://%s/\n`);
  check(`${service}  download.url: $brooklyn:formatString("http://%s", config("x"))\n`);
  check(`${service}  a: &u <<http://example.org/a>>\n  b: *u\n`, 'http://example.org/a');
});

test('Dockerfiles and scripts, relative to the blueprint', () => {
  check(`${service}  dockerfileUrl: <<./web/Dockerfile>>\n`, 'file:///shop/web/Dockerfile');
  check(`${service}  dockerfileUrl: <<../Dockerfile.test>>\n`, 'file:///Dockerfile.test');
  check(`${service}  brooklyn.config:\n    docker.dockerfile.url: '<<web>>'\n    docker.context.url: <<web/con%20text.tgz>>\n`, 'file:///shop/web/Dockerfile', 'file:///shop/web/con%20text.tgz');
  check(`${service}  docker.dockerfile.url: <<file:///srv/Dockerfile>>\n  docker.entrypoint.url: <<start.sh>>\n`, 'file:///srv/Dockerfile', 'file:///shop/start.sh');
  check(`${service}  docker.dockerfile.url: classpath://x/Dockerfile\n  docker.registry.url: registry.example.org\n  docker.registry.url2: ./x\n  docker.entrypoint.url: ~/start.sh\n`);
  check(`${service}  some.url: <<./x.txt>>\n  privateKeyFile: <<../key.pem>>\n  other: ./x.txt\n  volumes: [ ./data ]\n`, 'file:///shop/x.txt', 'file:///key.pem');
});

test('other catalog files', () => {
  check('brooklyn.catalog:\n  items:\n  - <<more.bom>>\n  - "<<../other/catalog.bom>>"\n  - <<https://example.org/x.bom>>\n  - classpath://x/y.bom\n  - id: x\n    item: <<x.blueprint.yaml>>\n', 'https://example.org/x.bom', 'file:///shop/more.bom', 'file:///other/catalog.bom', 'file:///shop/x.blueprint.yaml');
});

test('a document in no folder has addresses, but no files', () => {
  check('--- untitled:Untitled-1\nservices:\n- type: docker:nginx\n  dockerfileUrl: ./Dockerfile\n  iconUrl: <<http://example.org/>>\n', 'http://example.org/');
  check('--- vscode-remote://ssh-remote+host/srv/a.blueprint.yaml\nservices:\n- type: docker:nginx\n  dockerfileUrl: <<Dockerfile>>\n', 'vscode-remote://ssh-remote+host/srv/Dockerfile');
});

test('of any text: links that lie in it', () => {
  fc.assert(
    fc.property(mutated([...blueprints, `${service}  dockerfileUrl: ./web/Dockerfile\n  iconUrl: https://example.org/x\n`]), (text) => {
      const document = documentOf(text);
      for (const { range, target } of links(document)) {
        assert.ok(document.lines.offsetAt(range.end) > document.lines.offsetAt(range.start));
        assert.ok(target !== undefined && URL.canParse(target), target);
      }
    }),
    { numRuns: 300 },
  );
});
