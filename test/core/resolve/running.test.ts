// What entities need of each other, and what commands make of them: the blueprint in, one line an entity out. What waits for
// nothing is settled before anything runs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Entity, EntityWait, RunningWorld } from '#core/blueprint/application.ts';
import type { ObservedContainer } from '#core/cluster/observed.ts';
import { understand } from '#core/check/problems.ts';
import { builtInCatalog } from '../../support/catalog.ts';

const ran = { host: 'a', image: 'x', state: 'running', health: 'none', createdAtMs: 0 } as const;

/** Every entity runs: at 10.0.0.N, N being the length of its name, its ports published from 49000 on. */
const world: RunningWorld = {
  container: (entity): ObservedContainer => ({ ...ran, containerId: entity, containerName: `app-${entity}`, addresses: { 'clocker-app': `10.0.0.${entity.length}` }, ports: [{ port: 6379, hostPort: 49000, protocol: 'tcp' }] }),
  file: (source) => ({ base64: '', text: `content of ${source} at \${config['place']!"nowhere"}` }),
};

function line({ key, container, waits = [], gates = [], pending = [] }: Entity, shown: readonly string[]): string {
  const env = Object.entries(container?.env ?? {}).filter(([name]) => shown.includes(name)).map(([name, value]) => `${name}=${value}`);
  const course = container?.lifecycle?.course;
  const phases = course === undefined ? [] : [[...course.phases.map(({ name }) => name), 'launch', ...course.files.map(({ path, stage }) => `${stage}:${path}`)].join(' ')];
  const wait = ({ shown: what, timeoutMs, needsContainerOnly }: EntityWait): string => `${what}${timeoutMs === undefined ? '' : ` within ${timeoutMs} ms`}${needsContainerOnly === true ? ' (its container)' : ''}`;
  const after = waits.length === 0 ? [] : [`after ${[...new Set(waits.map(wait))].join(', ')}`];
  const held = gates.map((gate) => `${gate.before} after ${wait(gate)}${gate.isMutual === true ? ' (mutual)' : ''}`);
  return [`${key}: ${container?.image ?? '-'}`, ...phases, ...env, ...after, ...held, ...(pending.length === 0 ? [] : [`pending ${pending.join(', ')}`])].join(' | ');
}

/** Variables that the text sets in a line of its own are shown, and those that are named. */
function check(name: string, text: string, before: string, running?: string, ...variables: readonly string[]): void {
  test(name, () => {
    const { application, diagnostics } = understand(`name: app\n${text.trimStart()}`, builtInCatalog);
    assert.deepEqual(diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message), []);
    assert.ok(application);
    const shown = [...text.matchAll(/^ +(?:env|shell\.env): \{ ([A-Z_]+):/gm)].map(([, variable = '']) => variable).concat(variables);
    const lines = (entities: readonly Entity[]): string => entities.map((entity) => line(entity, shown)).join('\n');
    assert.equal(lines(application.entities), before.trim());
    if (running !== undefined) assert.equal(lines(application.settle?.(world) ?? []), running.trim());
  });
}

function refused(name: string, text: string, ...messages: readonly RegExp[]): void {
  test(name, () => {
    const errors = understand(`name: app\n${text.trimStart()}`, builtInCatalog).diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message);
    assert.equal(errors.length, messages.length, errors.join('\n'));
    for (const [index, message] of messages.entries()) assert.match(errors[index] ?? '', message);
  });
}

check('commands in a base image, with files and templates', `
services:
- type: vanilla-software-process
  id: it
  brooklyn.config:
    docker.image.base: debian:12
    pre.install.command: "true"
    install.command: apt-get install -y x
    post.launch.command: echo up
    launch.command: exec x
    files.install: { "https://example.com/x.conf": x.conf }
    templates.customize: { "https://example.com/y.conf": /etc/y.conf }
`, `
it: debian:12 | pre-install install post-launch launch
`, `
it: debian:12 | pre-install install post-launch launch install:/opt/clocker/install/x.conf customize:/etc/y.conf
`);

check('names and ports are known before anything runs, addresses are not; both order', `
services:
- type: docker:web
  id: web
  env: { URL: '$brooklyn:formatString("redis://%s:%s", entity("db").attributeWhenReady("host.subnet.hostname"), entity("db").attributeWhenReady("redis.port"))' }
- type: docker:worker
  id: worker
  env: { URL: $brooklyn:entity("db").attributeWhenReady("host.address") }
- type: redis-store
  id: db
`, `
web: web | URL=redis://db:6379 | after db: host.subnet.hostname, db: redis.port
worker: worker | after db: host.address | pending db: host.address
db: debian:bookworm-slim | install launch
`, `
web: web | URL=redis://db:6379 | after db: host.subnet.hostname, db: redis.port
worker: worker | URL=10.0.0.2 | after db: host.address
db: debian:bookworm-slim | install launch
`);

check('sensors that types work out of others; published ports', `
services:
- type: docker:web
  env: { URL: $brooklyn:entity("db").attributeWhenReady("datastore.url") }
  id: web
- type: docker:other
  id: other
  env: { PORT: $brooklyn:entity("store").attributeWhenReady("mapped.redis.port") }
- type: mysql-node
  id: db
- type: redis-store
  id: store
`, `
web: web | URL=mysql://db:3306/ | after db: datastore.url
other: other | after store: mapped.redis.port | pending store: mapped.redis.port
db: debian:bookworm-slim | install customize launch
store: debian:bookworm-slim | install launch
`, `
web: web | URL=mysql://db:3306/ | after db: datastore.url
other: other | PORT=49000 | after store: mapped.redis.port
db: debian:bookworm-slim | install customize launch
store: debian:bookworm-slim | install launch
`);

check('latches, options, static sensors', `
services:
- type: docker:web
  id: web
  brooklyn.config:
    launch.latch: $brooklyn:entity("db").attributeWhenReady("service.isUp")
- type: docker:job
  id: job
  env: { WHAT: { $brooklyn:chain: [ $brooklyn:entity("db"), { attributeWhenReady: [ host.address, { timeout: 5s } ] } ] } }
- type: docker:db
  id: db
  brooklyn.initializers:
  - type: org.apache.brooklyn.core.sensor.StaticSensor
    brooklyn.config: { name: colour, static.value: red }
- type: docker:painter
  id: painter
  env: { COLOUR: $brooklyn:entity("db").attributeWhenReady("colour") }
`, `
web: web | after db: service.isUp
job: job | after db: host.address within 5000 ms | pending db: host.address
db: db
painter: painter | COLOUR=red | after db: colour
`);

check('latches of phases hold no more than their phase', `
services:
- type: docker:db
  id: db
- type: vanilla-software-process
  id: web
  brooklyn.config:
    docker.image.base: debian:12
    start.latch: $brooklyn:entity("db").attributeWhenReady("host.name")
    setup.latch: $brooklyn:entity("db").attributeWhenReady("service.isUp")
    resources.install.latch: $brooklyn:entity("db").attributeWhenReady("service.isUp")
    install.latch: $brooklyn:entity("db").attributeWhenReady("host.address")
    customize.latch: $brooklyn:entity("db").attributeWhenReady("service.isUp")
    launch.latch: { $brooklyn:chain: [ $brooklyn:entity("db"), { attributeWhenReady: [ host.address, { timeout: 5s } ] } ] }
    launch.command: exec web
- type: vanilla-software-process
  id: installed
  brooklyn.config:
    docker.image.base: debian:12
    skip.install: true
    install.latch: $brooklyn:entity("db").attributeWhenReady("service.isUp")
    launch.latch: $brooklyn:entity("db").attributeWhenReady("service.isUp")
    launch.command: exec web
`, `
db: db
web: debian:12 | launch | after db: host.name | set-up after db: service.isUp | copying install files after db: service.isUp | install after db: host.address | customize after db: service.isUp | launch after db: host.address within 5000 ms
installed: debian:12 | launch | launch after db: service.isUp
`);

check('who waits with its launch is there meanwhile, and tells its address', `
services:
- type: vanilla-software-process
  id: web
  brooklyn.config:
    docker.image.base: debian:12
    launch.latch: $brooklyn:entity("db").attributeWhenReady("service.isUp")
    launch.command: exec web
- type: docker:db
  id: db
  env: { WEB: $brooklyn:entity("web").attributeWhenReady("host.address") }
- type: vanilla-software-process
  id: other
  brooklyn.config:
    docker.image.base: debian:12
    launch.latch: $brooklyn:entity("third").attributeWhenReady("host.address")
    launch.command: exec web
- type: vanilla-software-process
  id: third
  brooklyn.config:
    docker.image.base: debian:12
    launch.latch: $brooklyn:entity("other").attributeWhenReady("host.address")
    launch.command: exec web
`, `
web: debian:12 | launch | launch after db: service.isUp (mutual)
db: db | after web: host.address (its container) | pending web: host.address
other: debian:12 | launch | launch after third: host.address (its container) (mutual)
third: debian:12 | launch | launch after other: host.address (its container) (mutual)
`);

refused('waits that no latch of a phase makes possible', `
services:
- type: vanilla-software-process
  id: web
  brooklyn.config:
    docker.image.base: debian:12
    launch.latch: $brooklyn:entity("db").attributeWhenReady("service.isUp")
    launch.command: exec web
- type: docker:db
  id: db
  env: { UP: $brooklyn:entity("web").attributeWhenReady("service.isUp") }
`, /^nothing could start first: (?:web waits for db: service\.isUp before launch, and db waits for web: service\.isUp|db waits for web: service\.isUp, and web waits for db: service\.isUp before launch);/);

check('names in a circle order what they can', `
services:
- type: docker:a
  id: one
  env: { OTHER: $brooklyn:entity("two").attributeWhenReady("host.name") }
- type: docker:b
  id: two
  env: { OTHER: $brooklyn:entity("one").attributeWhenReady("host.name") }
`, `
one: a | OTHER=two | after two: host.name
two: b | OTHER=one
`);

check('a cluster, its first member, and a load balancer before it', `
services:
- type: cluster
  id: pool
  initialSize: 3
  brooklyn.config:
    dynamiccluster.memberspec: { $brooklyn:entitySpec: { type: nodejs-web-app, id: node, name: Node } }
    dynamiccluster.firstmemberspec: { $brooklyn:entitySpec: { type: "docker:first" } }
- type: nginx-controller
  id: front
  brooklyn.config:
    loadbalancer.serverpool: $brooklyn:entity("pool")
    shell.env: { PROXY_TARGETS: $brooklyn:attributeWhenReady("proxy.serverpool.targets") }
- type: docker:watcher
  id: watcher
  env: { UP: $brooklyn:entity("pool").attributeWhenReady("service.isUp") }
`, `
pool: -
pool-1: first
pool-2: debian:bookworm-slim | install customize launch
pool-3: debian:bookworm-slim | install customize launch
front: debian:bookworm-slim | install customize launch | PROXY_TARGETS={"pool-2":"pool-2:3000","pool-3":"pool-3:3000"} | after pool-1: host.subnet.hostname, pool-2: host.subnet.hostname, pool-3: host.subnet.hostname
watcher: watcher | UP=true | after pool: service.isUp
`);

check('what types put into containers: an archive, a .war file, a script; properties that wait; ports by their sensors', `
services:
- type: nodejs-web-app
  id: node
  brooklyn.config:
    archiveUrl: app
    docker.container.openPorts.configKeys: [ $brooklyn:sensor("http.port") ]
- type: controlled-web-app-cluster
  id: pool
  brooklyn.config:
    wars.root: shop.war
    java.sysprops: { path: 'a\\\\b', url: '$brooklyn:formatString("jdbc:%s", entity("db").attributeWhenReady("datastore.url"))' }
    memberSpec:
      $brooklyn:entitySpec:
        type: tomcat-server
        shell.env: { MODE: fast }
- type: mariadb-node
  id: db
  brooklyn.config: { creationScriptUrl: shop.sql }
`, `
node: debian:bookworm-slim | install customize launch
pool: -
pool-1: debian:bookworm-slim | install customize launch | SYSTEM_PROPERTIES=path=a\\\\\\\\b\nurl=jdbc:mysql://db:3306/\n | MODE=fast | after db: datastore.url
nginx-controller: debian:bookworm-slim | install customize launch | after pool-1: host.subnet.hostname
db: debian:bookworm-slim | install customize launch
`, `
node: debian:bookworm-slim | install customize launch customize:/opt/app/app.archive
pool: -
pool-1: debian:bookworm-slim | install customize launch customize:/opt/clocker/run/root.war | SYSTEM_PROPERTIES=path=a\\\\\\\\b\nurl=jdbc:mysql://db:3306/\n | MODE=fast | after db: datastore.url
nginx-controller: debian:bookworm-slim | install customize launch | after pool-1: host.subnet.hostname
db: debian:bookworm-slim | install customize launch customize:/opt/clocker/run/creation-script.sql
`, 'SYSTEM_PROPERTIES');

refused('a circle of waits', `
services:
- type: docker:a
  id: one
  env: { OTHER: $brooklyn:entity("two").attributeWhenReady("host.address") }
- type: docker:b
  id: two
  env: { OTHER: $brooklyn:entity("one").attributeWhenReady("service.isUp") }
`, /nothing could start first: two waits for one: service\.isUp, and one waits for two: host\.address/);

refused('a sensor that nothing sets', `
services:
- type: docker:a
  env: { KEYS: $brooklyn:entity("db").attributeWhenReady("redis.keyspace.hits") }
- type: redis-store
  id: db
`, /waits for the sensor redis\.keyspace\.hits of db, which nothing gives a value/);

refused('an image that only a running entity knows', `
services:
- type: docker:a
  id: a
- type: vanilla-docker-application
  id: b
  brooklyn.config: { docker.image.name: $brooklyn:entity("a").attributeWhenReady("host.address") }
`, /docker\.image\.name waits for the sensor host\.address of a, but it must be known before/);

refused('nothing to launch', `
services:
- type: vanilla-software-process
  brooklyn.config: { install.command: "true" }
`, /has nothing to run: give it a launch\.command/);
