// Clouds as people configure them: YAML in, clouds and problems with their places out.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseYaml, type YamlNode } from '#core/blueprint/yaml.ts';
import { cloudKeys, hostSpecKeys, provisionerKeys, readClouds, registryKeys } from '#core/cloud/config.ts';
import { networkKeys } from '#core/cloud/networkConfig.ts';
import { builtInCatalog } from '../../support/catalog.ts';
import manifest from '../../../package.json' with { type: 'json' };

const hosts = ['localhost', 'paris', 'rome'].map((name) => ({ name, endpoint: name === 'localhost' ? 'unix:///var/run/docker.sock' : `tcp://${name}:2376` }));

/** The clouds as JSON without quotes, then the problems: `0.hosts.1: there is no host x`. */
function check(yaml: string, ...answer: readonly string[]): void {
  test(yaml, () => {
    const { root } = parseYaml(yaml);
    const { clouds, problems } = readClouds(root && plain(root), hosts, builtInCatalog);
    assert.deepEqual([...clouds.map((cloud) => JSON.stringify(cloud).replaceAll('"', '')), ...problems.map(({ path, message }) => `${path.join('.')}: ${message}`)], answer);
  });
}

/** `on` is a key here, whatever YAML 1.1 takes it for. */
function plain(node: YamlNode): unknown {
  if (node.kind === 'scalar') return node.value;
  return node.kind === 'list' ? node.items.map(plain) : Object.fromEntries(node.entries.map(({ key, value }) => [key.kind === 'scalar' ? key.text : '', plain(value)]));
}

const asked = 'placement:{strategies:[],affinityRules:[]}';

check('- {name: c, hosts: [paris, rome]}', `{name:c,hosts:[paris,rome],${asked}}`);
check(
  `
- name: c
  hosts: [paris]
  strategies:
  - least-containers-placement
  - {type: max-containers-placement, maxContainers: 8}
  - {type: brooklyn.location.docker.strategy.MaxCpuUsagePlacementStrategy, brooklyn.config: {maxCpuUsage: 0.75}}
  affinityRules: [NOT TYPE]
  maxContainers: 12
  maxCpu: 0.9
  headroom: {count: 4}
  removeHosts: true
  initialHosts: 1
  maxHosts: 5
  hostSpec: {minCores: 2, minRam: 7g, labels: {region: eu}}
  provisioner: {kind: nested}`,
  '{name:c,hosts:[paris],placement:{strategies:[{kind:least-containers},{kind:max-containers,maxContainers:8},{kind:max-cpu,maxCpu:0.75}],affinityRules:[{verb:TYPE,not:true}],maxContainers:12,maxCpu:0.9},' +
    'headroom:{count:4},isColdEnabled:true,hostSpec:{minCores:2,minMemoryBytes:7516192768,labels:{region:eu}},initialHosts:1,maxHosts:5,provisioner:{kind:nested,on:localhost}}',
);
check('- {name: c, provisioner: {kind: byon, endpoints: ["ssh://root@box"]}}', `{name:c,hosts:[],${asked},provisioner:{kind:byon,endpoints:[ssh://root@box]}}`);
check('- {name: c, provisioner: {kind: command, command: [./make, -x]}}', `{name:c,hosts:[],${asked},provisioner:{kind:command,command:[./make,-x]}}`);

check('- {name: c, hosts: [paris], registry: {url: "https://registry.example:5000", writeable: true}}', `{name:c,hosts:[paris],${asked},source:{address:registry.example:5000,isWriteable:true}}`);
check('- {name: c, hosts: [paris], registry: {url: registry}}', '0.registry.url: "registry" is not the address of a registry; write one like registry.example:5000');
check('- {name: c, hosts: [paris], registry: {password: x}}', '0.registry.password: registry has no password; it has url, writeable');

check('a: 1', ': a list of clouds is wanted, like "- {name: my-docker-cloud, hosts: [a, b]}"');
check('- c', '0: a cloud is a map with a name, and hosts or a provisioner');
check('- {name: c}', '0: a cloud needs hosts or a provisioner');
check('- {hosts: [paris]}', '0: a cloud needs a name');
check('- {name: paris, hosts: [rome]}', '0.name: paris is the name of a host or of another cloud already');
check('- {name: c, hosts: [pariss]}', '0.hosts.0: there is no host pariss; did you mean paris?');
check('- {name: c, hosts: [paris]}\n- {name: d, hosts: [rome, paris]}', `{name:c,hosts:[paris],${asked}}`, '1.hosts.1: host paris is in the cloud c already; a host is in one cloud');
check('- {name: c, hosts: [paris], startegies: []}', '0.startegies: a cloud has no startegies; did you mean strategies?');
check('- {name: c, hosts: [paris], strategies: [fastest]}', '0.strategies.0: The type fastest is a placement strategy that Clocker does not know; use one of the built-in ones, for example least-containers-placement');
check('- {name: c, hosts: [paris], strategies: [{type: max-containers-placement, maxContainers: 0}]}', '0.strategies.0: The strategy max-containers-placement: docker.container.cluster.maxSize: A host takes at least 1 container, not 0');
check('- {name: c, hosts: [paris], affinityRules: [NTO TYPE]}', '0.affinityRules: "NTO" is not a verb of an affinity rule; there are TYPE, NAME, ID, APPLICATION, PREDICATE, EMPTY');
check('- {name: c, hosts: [paris], maxCpu: 75}', '0.maxCpu: A share of the processors is above 0 and at most 1, not 75; write 0.75 for 75 %');
check('- {name: c, hosts: [paris], headroom: {count: 4, percent: 0.1}}', '0.headroom: Headroom is given twice: keep docker.container.cluster.headroom.count or docker.container.cluster.headroom.percent, not both');
check('- {name: c, hosts: [paris], headroom: {}}', '0.headroom: headroom needs a count or a percent');
check('- {name: c, hosts: [paris], initialHosts: 3, maxHosts: 2}', '0.maxHosts: there cannot be at least 3 and at most 2 hosts');
check('- {name: c, hosts: [paris], networks: {cidr: 10.40.0.0/16, size: 26, encrypted: true, ofApplications: false, span: false}}', `{name:c,hosts:[paris],${asked},sdn:{sdn.enable:false,sdn.network.cidr:10.40.0.0/16,sdn.network.size:26,sdn.network.encrypted:true,sdn.applicationNetwork.create:false}}`);
check('- {name: c, hosts: [paris], networks: {cidr: 10.40/16, size: 40, colour: red}}', '0.networks.colour: networks has no colour; it has span, cidr, size, encrypted, ofApplications', '0.networks.cidr: "10.40/16" is no block of addresses; write one like 10.200.0.0/13', '0.networks.size: the size of a network is the length of its prefix, from 8 to 28, not 40');
check('- {name: c, hosts: [paris], networks: {cidr: 10.40.0.0/16, size: 12}}', '0.networks.size: subnets of 12 bits do not fit into 10.40.0.0/16');
check('- {name: c, provisioner: {kind: nestled}}', '0.provisioner.kind: kind wants nested, byon or command');
check('- {name: c, provisioner: {kind: nested, on: parris}}', '0.provisioner.on: there is no host parris; did you mean paris?');
check('- {name: c, provisioner: {kind: byon, endpoints: [box], image: x}}', '0.provisioner.image: image is not for byon, which has endpoints and identityFile', '0.provisioner.endpoints.0: "box" is not an endpoint of a Docker Engine; write it like unix:///var/run/docker.sock, tcp://HOST:2376, ssh://USER@HOST or npipe:////./pipe/docker_engine');

test('the setting in package.json has these keys with these sentences, and refuses others', () => {
  const { items } = manifest.contributes.configuration.properties['clocker.clouds'];
  const sentences = (properties: Readonly<Record<string, { readonly description: string }>>): Record<string, string> => Object.fromEntries(Object.entries(properties).map(([key, { description }]) => [key, description]));
  assert.deepEqual(sentences(items.properties), cloudKeys);
  assert.deepEqual(sentences(items.properties.hostSpec.properties), hostSpecKeys);
  assert.deepEqual(sentences(items.properties.networks.properties), networkKeys);
  assert.deepEqual(sentences(items.properties.registry.properties), registryKeys);
  assert.deepEqual(sentences(items.properties.provisioner.properties), provisionerKeys);
  assert.equal(items.additionalProperties, false);
});

test('anything is read: clouds are whole, problems say something', () => {
  fc.assert(fc.property(fc.oneof(fc.anything(), fc.array(fc.dictionary(fc.constantFrom(...Object.keys(cloudKeys)), fc.anything()))), (value) => {
    const { clouds, problems } = readClouds(value, hosts, builtInCatalog);
    assert.ok(clouds.every(({ name }) => name !== ''));
    assert.ok(problems.every(({ message }) => message !== ''));
    assert.equal(new Set(clouds.map(({ name }) => name)).size, clouds.length);
  }));
});
