// From a blueprint to the containers to run: the blueprint in, one line a container out.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Application } from '#core/blueprint/application.ts';
import { read } from '#core/blueprint/read.ts';
import { understand } from '#core/check/problems.ts';
import { resolve } from '#core/resolve/resolve.ts';
import { builtInCatalog } from '../../support/catalog.ts';

function lines({ id, entities }: Application): string {
  const shown = entities.map(({ key, parent, locations, container }) => {
    const place = locations.length > 0 ? ` at ${locations.join(',')}` : '';
    const name = `${key}${parent === undefined ? '' : ` of ${parent}`}${place}`;
    if (!container) return `${name}: no container`;
    const ports = container.publishedPorts.map(({ port, hostPort, protocol }) => `${hostPort ?? '*'}->${port}/${protocol}`);
    const env = Object.entries(container.env).map(([variable, value]) => `${variable}=${value}`);
    const mounts = container.mounts.map(({ source, path, readOnly }) => `${source ?? ''}:${path}${readOnly ? ':ro' : ''}`);
    return [`${name}: ${container.image}`, container.entrypoint?.join(' '), container.command?.join(' '), ...ports, ...env, ...mounts].filter((part) => part !== undefined).join(' | ');
  });
  return [id, ...shown].join('\n');
}

function check(name: string, text: string, expected: string): void {
  test(name, () => {
    const { application } = understand(text, builtInCatalog);
    assert.ok(application);
    assert.equal(lines(application), expected.trim());
    assert.deepEqual(understand(text, builtInCatalog).diagnostics.filter(({ severity }) => severity === 'error'), []);
  });
}

check('short names (flags)', `
name: My Shop
location: host-a
services:
- type: docker:registry.example:5000/team/web:2
  id: web
  env: { MODE: fast, LIMIT: 10, NONE: }
  openPorts: [80, "8000-8001"]
  directPorts: 443
  portBindings: { 8080: 80 }
  entrypoint: /bin/serve
  commands: [--port, 80]
  volumes: [/cache, "data:/data:ro"]
`, `
my-shop
web at host-a: registry.example:5000/team/web:2 | /bin/serve | --port 80 | 443->443/tcp | 8080->80/tcp | *->8000/tcp | *->8001/tcp | MODE=fast | LIMIT=10 | NONE= | :/cache | data:/data:ro
`);

check('long names', `
id: shop
services:
- type: vanilla-docker-application
  brooklyn.config:
    docker.image.name: redis
    docker.image.tag: "7"
    docker.container.environment: { A: 1 }
    docker.container.openPorts: [6379]
    docker.container.directPorts: [6379]
    docker.host.volumes: { /srv/redis: /data }
`, `
shop
vanilla-docker-application: redis:7 | 6379->6379/tcp | A=1 | /srv/redis:/data
`);

check('keys of entities without an id come from their image, and are told apart', `
services:
- type: docker:redis
- type: docker:library/redis:7
- type: docker:redis
  name: Other Cache
`, `
redis
redis: redis
redis-2: library/redis:7
other-cache: redis
`);

check('expressions that are known before anything runs', `
name: shop
brooklyn.config: { version: "7", level: debug }
services:
- type: docker:redis
  id: cache
  brooklyn.config:
    docker.image.tag: $brooklyn:config("version")
  env:
    LEVEL: $brooklyn:root().config("level")
    URL: $brooklyn:formatString("http://%s:%s/", "web", 80)
`, `
shop
cache: redis:7 | LEVEL=debug | URL=http://web:80/
`);

check('an item of the text itself, with its children', `
brooklyn.catalog:
  bundle: shop
  version: "1.0"
  items:
  - id: pair
    itemType: entity
    item:
      type: basic-entity
      brooklyn.parameters:
      - { name: tag, default: "7" }
      brooklyn.children:
      - type: docker:redis
        id: one
        brooklyn.config:
          docker.image.tag: $brooklyn:scopeRoot().config("tag")
services:
- type: pair
  id: mine
  brooklyn.config: { tag: "6" }
`, `
mine
mine: no container
one of mine: redis:6
`);

function checkProblem(name: string, text: string, ...messages: readonly RegExp[]): void {
  test(name, () => {
    const { diagnostics } = understand(text, builtInCatalog);
    const errors = diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message);
    assert.equal(errors.length, messages.length, errors.join('\n'));
    for (const [index, message] of messages.entries()) assert.match(errors[index] ?? '', message);
  });
}

checkProblem('a port that is none', 'services:\n- type: docker:redis\n  directPorts: [70000]\n', /70000 is not a port/);
checkProblem('a volume that is none', 'services:\n- type: docker:redis\n  volumes: [data]\n', /is not a volume/);
checkProblem('an address of its own', 'services:\n- type: docker:redis\n  env:\n    HOST: $brooklyn:attributeWhenReady("host.address")\n', /redis waits for redis: host\.address/);
checkProblem('a secret from elsewhere', 'services:\n- type: docker:redis\n  env:\n    KEY: $brooklyn:external("vault", "key")\n', /needs the secret vault\/key/);
checkProblem('a type that nobody knows', 'services:\n- type: my.own.Thing\n', /does not know/);
checkProblem('nothing at all', 'name: x\n', /no services/);

test('the same blueprint gives the same application', () => {
  const text = 'services:\n- type: docker:redis\n- type: docker:redis\n';
  const once = (): unknown => JSON.parse(JSON.stringify(resolve(read(text), builtInCatalog)));
  assert.deepEqual(once(), once());
});

check('Dockerfiles: without a type, of old types, nearer and farther than an image', `
name: Files
services:
- docker.dockerfile.url: ./web
- type: brooklyn.entity.container.docker.application.DockerfileApplication
  id: archive
  brooklyn.config: { docker.dockerfile.url: "https://example.org/mysql-5.6.tgz", docker.dockerfile.name: My DB }
- type: docker:redis:7
  id: both
  docker.dockerfile.url: ./web
- type: vanilla-software-process
  id: installed
  launch.command: run
  docker.dockerfile.url: https://github.com/a/tools.git#main:java
- type: clocker.docker.entity.microservice.MicroserviceDockerfile
  id: small
  brooklyn.config: { docker.container.name: x, docker.dockerfile.url: ./small }
- type: clocker.docker.entity.microservice.MicroserviceImage
  id: image
  brooklyn.config: { docker.container.name: y, docker.image.name: nginx }
`, `
files
dockerfile-application: localhost/clocker-built/web
archive: localhost/clocker-built/my-db
both: redis:7
installed: localhost/clocker-built/java | INSTALL_DIR=/opt/clocker/install | RUN_DIR=/opt/clocker/run | PID_FILE=/opt/clocker/run/pid.txt
small: no container
microservice of small: localhost/clocker-built/small
image: no container
microservice-2 of image: nginx:latest
`);
