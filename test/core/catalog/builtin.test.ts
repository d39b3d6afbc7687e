// The built-in catalog, as one table of rules that every file, item and parameter of schemas/catalog must keep.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { parseYaml } from '#core/blueprint/yaml.ts';
import { plainOf } from '#core/catalog/plain.ts';

type Plain = Readonly<Record<string, unknown>>;

interface Item {
  readonly file: string;
  readonly id: string;
  readonly kind: string;
  readonly aliases: readonly string[];
  /** The id of the item that this one extends. */
  readonly parent: string | undefined;
  readonly metadata: Plain;
  readonly body: Plain;
}

const folder = new URL('../../../schemas/catalog/', import.meta.url);
const kinds = new Set(['entity', 'application', 'policy', 'enricher', 'initializer', 'location', 'bean']);
const itemKeys = new Set(['id', 'itemType', 'name', 'description', 'aliases', 'sensors', 'effectors', 'runsOnDocker', 'item']);
const parameterKeys = new Set(['name', 'deprecatedNames', 'flag', 'type', 'default', 'constraints', 'since', 'description']);

const simpleTypes = new Set([
  'string', 'boolean', 'integer', 'long', 'double', 'duration', 'port', 'entity', 'java.lang.Object', 'java.net.URI',
  'com.google.common.base.Function', 'com.google.common.base.Predicate', 'org.apache.brooklyn.api.entity.EntitySpec',
  'org.apache.brooklyn.api.location.Location', 'org.apache.brooklyn.api.sensor.Sensor', 'org.apache.brooklyn.core.entity.lifecycle.Lifecycle',
  'org.apache.brooklyn.core.workflow.steps.CustomWorkflowStep', 'org.apache.brooklyn.util.collections.QuorumCheck',
  'org.apache.brooklyn.util.core.predicates.DslPredicates$DslPredicate', 'org.apache.brooklyn.util.net.Cidr',
]);

/** What every blueprint in the wild expects to find, by the name written there. */
const expected = `
  org.apache.brooklyn.entity.stock.BasicApplication org.apache.brooklyn.entity.stock.BasicEntity org.apache.brooklyn.entity.stock.BasicStartable
  org.apache.brooklyn.entity.software.base.SameServerEntity org.apache.brooklyn.entity.software.base.VanillaSoftwareProcess
  org.apache.brooklyn.entity.software.base.EmptySoftwareProcess org.apache.brooklyn.entity.group.DynamicCluster org.apache.brooklyn.entity.group.DynamicGroup
  org.apache.brooklyn.entity.group.DynamicFabric org.apache.brooklyn.entity.webapp.ControlledDynamicWebAppCluster
  org.apache.brooklyn.entity.webapp.tomcat.TomcatServer org.apache.brooklyn.entity.webapp.tomcat.Tomcat7Server
  org.apache.brooklyn.entity.webapp.tomcat.Tomcat8Server org.apache.brooklyn.entity.webapp.jboss.JBoss7Server
  org.apache.brooklyn.entity.webapp.jetty.Jetty6Server org.apache.brooklyn.entity.webapp.nodejs.NodeJsWebAppService
  org.apache.brooklyn.entity.proxy.nginx.NginxController org.apache.brooklyn.entity.proxy.haproxy.HAProxyController
  org.apache.brooklyn.entity.database.mysql.MySqlNode org.apache.brooklyn.entity.database.mariadb.MariaDbNode
  org.apache.brooklyn.entity.database.postgresql.PostgreSqlNode clocker.docker.entity.DockerInfrastructure clocker.docker.entity.DockerHost
  clocker.docker.entity.container.DockerContainer clocker.docker.entity.container.application.VanillaDockerApplication
  brooklyn.entity.container.docker.application.DockerfileApplication clocker.docker.entity.container.registry.DockerRegistry
  clocker.docker.entity.microservice.MicroserviceImage clocker.docker.entity.microservice.MicroserviceDockerfile
  clocker.docker.policy.ContainerHeadroomEnricher clocker.docker.location.strategy.affinity.DockerAffinityRuleStrategy
  clocker.docker.location.strategy.basic.DepthFirstPlacementStrategy clocker.docker.location.strategy.basic.BreadthFirstPlacementStrategy
  clocker.docker.location.strategy.basic.LeastContainersPlacementStrategy clocker.docker.location.strategy.basic.LowestCpuUsagePlacementStrategy
  clocker.docker.location.strategy.basic.RandomPlacementStrategy clocker.docker.location.strategy.basic.MaxContainersPlacementStrategy
  clocker.docker.location.strategy.basic.MaxCpuUsagePlacementStrategy brooklyn.location.docker.strategy.ProvisioningFlagsPlacementStrategy
  clocker.docker.location.strategy.basic.GroupPlacementStrategy clocker.docker.location.strategy.basic.LabelPlacementStrategy
  clocker.docker.location.strategy.basic.HostnamePlacementStrategy clocker.docker.networking.entity.VirtualNetwork
  clocker.docker.networking.entity.sdn.overlay.OverlayNetwork clocker.docker.networking.entity.sdn.weave.WeaveNetwork
  clocker.docker.networking.entity.sdn.calico.CalicoNetwork brooklyn.networking.sdn.ibm.SdnVeNetwork
  org.apache.brooklyn.entity.nosql.mongodb.MongoDBServer org.apache.brooklyn.entity.nosql.mongodb.MongoDBReplicaSet
  org.apache.brooklyn.entity.nosql.mongodb.sharding.MongoDBShardedDeployment org.apache.brooklyn.entity.nosql.redis.RedisStore
  org.apache.brooklyn.entity.nosql.redis.RedisCluster org.apache.brooklyn.entity.nosql.riak.RiakNode org.apache.brooklyn.entity.nosql.riak.RiakCluster
  org.apache.brooklyn.entity.nosql.couchbase.CouchbaseNode org.apache.brooklyn.entity.nosql.couchbase.CouchbaseCluster
  org.apache.brooklyn.entity.nosql.cassandra.CassandraNode org.apache.brooklyn.entity.nosql.cassandra.CassandraDatacenter
  org.apache.brooklyn.entity.nosql.cassandra.CassandraFabric org.apache.brooklyn.entity.nosql.elasticsearch.ElasticSearchNode
  org.apache.brooklyn.entity.nosql.elasticsearch.ElasticSearchCluster org.apache.brooklyn.entity.nosql.solr.SolrServer
  brooklyn.entity.nosql.etcd.EtcdNode brooklyn.entity.nosql.etcd.EtcdCluster org.apache.brooklyn.entity.zookeeper.ZooKeeperNode
  org.apache.brooklyn.entity.zookeeper.ZooKeeperEnsemble org.apache.brooklyn.entity.messaging.kafka.KafkaBroker
  org.apache.brooklyn.entity.messaging.kafka.KafkaCluster org.apache.brooklyn.entity.messaging.kafka.KafkaZooKeeper
  org.apache.brooklyn.entity.messaging.rabbit.RabbitBroker org.apache.brooklyn.entity.messaging.activemq.ActiveMQBroker
  org.apache.brooklyn.policy.autoscaling.AutoScalerPolicy org.apache.brooklyn.policy.ha.ServiceReplacer org.apache.brooklyn.policy.ha.ServiceRestarter
  org.apache.brooklyn.policy.ha.ServiceFailureDetector org.apache.brooklyn.policy.InvokeEffectorOnSensorChange org.apache.brooklyn.enricher.stock.Transformer
  org.apache.brooklyn.enricher.stock.Aggregator org.apache.brooklyn.enricher.stock.Propagator org.apache.brooklyn.enricher.stock.Joiner
  org.apache.brooklyn.core.effector.ssh.SshCommandEffector org.apache.brooklyn.core.sensor.ssh.SshCommandSensor org.apache.brooklyn.core.sensor.StaticSensor
  org.apache.brooklyn.test.framework.TestCase org.apache.brooklyn.test.framework.TestSensor`.trim().split(/\s+/);

const files = readdirSync(fileURLToPath(folder)).filter((name) => name.endsWith('.bom')).sort();
const items = files.flatMap(readItems);
const byId = new Map(items.map((item) => [item.id, item]));
const renames = readFileSync(new URL('renames.tsv', folder), 'utf8').split('\n')
  .filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split('\t'));

test('every file is a catalog of its own bundle', () => {
  const bundles = files.map((file) => {
    assert.match(readFileSync(new URL(file, folder), 'utf8'), /^# .*\n/, `${file} opens with a comment that says what it holds`);
    const catalog = readCatalog(file);
    assert.match(string(catalog['version'], file), /^\d+\.\d+\.\d+$/);
    return string(catalog['bundle'], file);
  });
  unique(bundles, 'bundle');
});

test('ids and aliases name one item each', () => {
  unique(items.flatMap((item) => [item.id, ...item.aliases]), 'name');
  for (const { id } of items) assert.match(id, /^[a-z0-9]+(-[a-z0-9]+)*$/);
});

test('every item says what it is', () => {
  for (const { file, id, kind, metadata } of items) {
    const where = `${file}: ${id}`;
    assert.deepEqual(Object.keys(metadata).filter((key) => !itemKeys.has(key)), [], where);
    assert.ok(kinds.has(kind), `${where}: itemType ${kind}`);
    string(metadata['name'], where);
    sentence(metadata['description'], where);
    for (const sensor of list(metadata['sensors'], where)) described(sensor, `${where}, sensor`);
    unique(list(metadata['sensors'], where).map((sensor) => string(record(sensor, where)['name'], where)), `sensor of ${where}`);
    for (const effector of list(metadata['effectors'], where)) {
      const { name, description, parameters } = record(effector, where);
      sentence(description, `${where}, effector ${string(name, where)}`);
      for (const parameter of list(parameters, where)) described(parameter, `${where}, effector ${string(name, where)}`);
    }
  }
});

test('parents exist, are of a fitting kind, and lead to a root', () => {
  for (const item of items) {
    const chain = ancestry(item);
    for (const ancestor of chain) assert.ok(isEntity(ancestor) === isEntity(item), `${item.id} extends ${ancestor.id}, which is a ${ancestor.kind}`);
  }
});

test('every parameter has a name, a known type, a sentence and a default that fits', () => {
  for (const item of items) {
    const where = `${item.file}: ${item.id}`;
    const parameters = parametersOf(item);
    for (const parameter of parameters) {
      assert.deepEqual(Object.keys(parameter).filter((key) => !parameterKeys.has(key)), [], where);
      described(parameter, where);
      const { name, type, default: given } = parameter;
      const claim = `${where}: ${string(name, where)} is a ${string(type, where)}, its default ${JSON.stringify(given)} is not`;
      assert.ok(given === undefined || fits(given, string(type, where)), claim);
    }
    unique(parameters.map(({ name }) => string(name, where)), `parameter of ${where}`);
    unique(parameters.flatMap(({ flag }) => flag === undefined ? [] : [string(flag, where)]), `flag of ${where}`);
  }
});

test('every entity type runs on Docker, has parts that do, or says that it does not', () => {
  for (const item of items.filter(isEntity)) {
    const chain = [item, ...ancestry(item)];
    if (!chain.some(({ id }) => id === 'container-settings') || item.id === 'container-settings' || item.id === 'software-process') continue;
    if (chain.some(({ metadata }) => metadata['runsOnDocker'] === false)) continue;
    const config = effectiveConfig(chain);
    const runs = 'docker.image.name' in config || 'docker.image.base' in config;
    const parts = chain.some(({ body }) => list(body['brooklyn.children'], item.id).length > 0);
    const isBase = items.some(({ parent }) => parent === item.id);
    assert.ok(runs || parts || isBase, `${item.id} has neither an image nor commands, and does not say runsOnDocker: false`);
    for (const key of ['docker.container.openPorts.configKeys']) {
      for (const port of list(config[key], item.id)) {
        const declared = chain.flatMap(parametersOf).find(({ name }) => name === port);
        assert.equal(declared?.['type'], 'port', `${item.id}: ${key} names ${String(port)}`);
      }
    }
  }
});

test('config that a type sets, reads or writes into children is declared', () => {
  for (const item of items) {
    const declared = new Set([item, ...ancestry(item)].flatMap(parametersOf).map(({ name }) => name));
    const config = record(item.body['brooklyn.config'] ?? {}, item.id);
    for (const key of Object.keys(config)) assert.ok(declared.has(key), `${item.id} sets ${key}, which is no parameter of it`);
    for (const [, key = ''] of JSON.stringify(config).matchAll(/\$brooklyn:config\(\\"([^"\\]+)\\"\)/g)) {
      assert.ok(declared.has(key), `${item.id} reads ${key}, which is no parameter of it`);
    }
  }
});

test('types that blueprints are known to use are there', () => {
  const names = new Set(items.flatMap(({ aliases }) => aliases));
  assert.deepEqual(expected.filter((name) => !names.has(name)), []);
});

test('renames are sorted, lead from old names to present ones, and do not chain', () => {
  const old = renames.map(([from]) => from ?? '');
  assert.deepEqual(old, [...old].sort(), 'sorted');
  unique(old, 'old name');
  const aliases = new Set(items.flatMap((item) => item.aliases));
  for (const [from = '', to = '', ...more] of renames) {
    assert.match(`${from} ${to}`, /^[\w$.]+ [\w$.]+$/);
    assert.deepEqual(more, []);
    assert.ok(!old.includes(to), `${from} leads to ${to}, which is an old name too`);
    assert.ok(!aliases.has(from), `${from} is both an old name and an alias`);
  }
});

function readItems(file: string): Item[] {
  return list(readCatalog(file)['items'], file).map((entry) => {
    const metadata = record(entry, file);
    const id = string(metadata['id'], file);
    const body = record(metadata['item'], `${file}: ${id}`);
    const parent = body['type'];
    return {
      file, id, metadata, body,
      kind: string(metadata['itemType'], id),
      aliases: list(metadata['aliases'], id).map((alias) => string(alias, id)),
      parent: parent === undefined ? undefined : string(parent, id),
    };
  });
}

function readCatalog(file: string): Plain {
  const { root, diagnostics } = parseYaml(readFileSync(new URL(file, folder), 'utf8'));
  assert.deepEqual(diagnostics, [], file);
  assert.ok(root !== undefined, file);
  return record(record(plainOf(root), file)['brooklyn.catalog'], file);
}

function ancestry(item: Item): Item[] {
  const chain: Item[] = [];
  for (let parent = item.parent; parent !== undefined;) {
    const next = byId.get(parent);
    assert.ok(next !== undefined, `${item.id} extends ${parent}, which does not exist`);
    assert.ok(next !== item && !chain.includes(next), `${item.id} extends itself through ${parent}`);
    chain.push(next);
    parent = next.parent;
  }
  return chain;
}

function effectiveConfig(chain: readonly Item[]): Plain {
  return Object.assign({}, ...[...chain].reverse().map(({ id, body }) => record(body['brooklyn.config'] ?? {}, id)));
}

function parametersOf({ id, body }: Item): Plain[] {
  return list(body['brooklyn.parameters'], id).map((parameter) => record(parameter, id));
}

function isEntity({ kind }: Item): boolean {
  return kind === 'entity' || kind === 'application';
}

function described(value: unknown, where: string): void {
  const { name, type, description } = record(value, where);
  const what = `${where} ${string(name, where)}`;
  assert.ok(isKnownType(string(type, what)), `${what}: type ${String(type)}`);
  sentence(description, what);
}

function sentence(value: unknown, where: string): void {
  assert.match(string(value, where), /^[A-Za-z.].*\.$/s, `${where}: a sentence`);
}

function isKnownType(type: string): boolean {
  const generic = /^(list|set|map)<(.*)>$/.exec(type);
  if (generic === null) return simpleTypes.has(type);
  const [, outer = '', inner = ''] = generic;
  return outer === 'map' ? /^(string|integer),/.test(inner) && isKnownType(inner.slice(inner.indexOf(',') + 1)) : isKnownType(inner);
}

/** Whether a default as written is, or can be read as, a value of the type. Objects with an expression fit any type. */
function fits(value: unknown, type: string): boolean {
  const outer = type.replace(/<.*/, '');
  switch (outer) {
    case 'string': return typeof value === 'string';
    case 'boolean': return typeof value === 'boolean';
    case 'integer': case 'long': return Number.isInteger(value);
    case 'double': return typeof value === 'number';
    case 'duration': return typeof value === 'string' && /^(\d+(ms|s|m|h|d) ?)+$/.test(value);
    case 'port': return /^\d+(\+|-\d+)?(, ?\d+(\+|-\d+)?)*$/.test(String(value));
    case 'list': case 'set': return Array.isArray(value);
    case 'map': return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'org.apache.brooklyn.api.entity.EntitySpec': {
      const spec = record(record(value, type)['$brooklyn:entitySpec'], type);
      return byId.has(string(spec['type'], type));
    }
    default: return true;
  }
}

function unique(names: readonly string[], what: string): void {
  assert.deepEqual(names.filter((name, index) => names.indexOf(name) !== index), [], `each ${what} once`);
}

function record(value: unknown, where: string): Plain {
  assert.ok(isRecord(value), `${where}: a map is expected`);
  return value;
}

function isRecord(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: unknown, where: string): readonly unknown[] {
  assert.ok(value === undefined || Array.isArray(value), `${where}: a list is expected`);
  return value ?? [];
}

function string(value: unknown, where: string): string {
  assert.ok(typeof value === 'string', `${where}: a string is expected, not ${JSON.stringify(value)}`);
  return value;
}
