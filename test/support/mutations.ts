// Blueprints, and what becomes of them when somebody's cat walks over the keyboard: characters and lines removed, doubled,
// swapped, pieces of YAML inserted anywhere.

import * as fc from 'fast-check';

export const blueprints: readonly string[] = [
  `name: Shop
location: my-docker-cloud
services:
- type: docker:redis:7
  id: db
  openPorts: [6379]
  env: &env { MODE: "fast", LIMIT: 010 }
- type: tomcat
  name: Web
  brooklyn.config:
    <<: *env
    http.port: 8080+
    db.url: $brooklyn:formatString("redis://%s:%d", entity("db").attributeWhenReady("host.address"), 6379)
  brooklyn.policies:
  - type: org.apache.brooklyn.policy.ha.ServiceRestarter
`,
  `services:
- type: org.apache.brooklyn.entity.group.DynamicCluster
  initialSize: 3
  brooklyn.config:
    memberSpec:
      $brooklyn:entitySpec:
        type: docker:nginx:1.25
        brooklyn.config:
          docker.container.strategies:
          - $brooklyn:object:
              type: clocker.docker.location.strategy.basic.MaxContainersPlacementStrategy
              brooklyn.config: { maxContainers: 12 }
          affinity.rules: [NOT TYPE]
  brooklyn.parameters:
  - name: size
    type: integer
    default: 1_0
    constraints: [required, {regex: "[0-9]+"}]
`,
  `brooklyn.catalog:
  bundle: shop
  version: 1.10
  items:
  - id: web
    itemType: entity
    item:
      type: docker:nginx
      brooklyn.children:
      - type: web
        shell.env:
          TEXT: >
            folded
            text
          DAY: 2016-01-01
  - { id: other, item: { services: [ { type: "docker:a/b@sha256:00" } ] } }
`,
];

const pieces = ['\n', '  ', ' ', '\t', '- ', ': ', '"', "'", '{', '}', '[', ']', '#', '&a ', '*a', '<<: *env', '|\n', '>\n', '$brooklyn:', '("', '")', '!', '%', '\r\n', '---\n', 'type:', '010', '1:30', '\u{1F600}', '\u0085'];

/** One of the texts after one to six mutations. */
export function mutated(texts: readonly string[]): fc.Arbitrary<string> {
  const mutation = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), length: fc.nat({ max: 20 }), kind: fc.constantFrom('remove', 'insert', 'double', 'line'), piece: fc.constantFrom(...pieces) });
  return fc.tuple(fc.constantFrom(...texts), fc.array(mutation, { minLength: 1, maxLength: 6 })).map(([text, mutations]) =>
    mutations.reduce((current, { at, length, kind, piece }) => {
      const place = Math.floor(at * current.length);
      switch (kind) {
        case 'remove':
          return current.slice(0, place) + current.slice(place + length);
        case 'insert':
          return current.slice(0, place) + piece + current.slice(place);
        case 'double':
          return current.slice(0, place + length) + current.slice(place);
        case 'line': {
          const end = current.indexOf('\n', place);
          return end < 0 ? current : current.slice(0, place) + current.slice(end + 1);
        }
      }
    }, text),
  );
}
