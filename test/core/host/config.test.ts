// Hosts as people write them: what is read, and each problem with the path to it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseYaml, type YamlNode } from '#core/blueprint/yaml.ts';
import manifest from '../../../package.json' with { type: 'json' };
import { hostKeys, readHosts, tlsKeys } from '#core/host/config.ts';

function plain(node: YamlNode | undefined): unknown {
  if (node?.kind === 'list') return node.items.map(plain);
  if (node?.kind === 'map') return Object.fromEntries(node.entries.map(({ key, value }) => [key.kind === 'scalar' ? key.text : '', plain(value)]));
  return node?.value;
}

/** `answer`: the hosts as JSON, then a line `path: problem` for each. */
function check(yaml: string, ...answer: readonly string[]): void {
  test(yaml, () => {
    const { hosts, problems } = readHosts(plain(parseYaml(yaml).root));
    assert.deepEqual([...hosts.map((host) => JSON.stringify(host).replaceAll('"', '')), ...problems.map(({ path, message }) => `${path.join('.')}: ${message}`)], answer);
  });
}

check('- {name: a, endpoint: /s}', '{name:a,endpoint:/s}');
check(
  `- name: b
  endpoint: tcp://b:2376
  labels: {region: north, rack: 7, ssd: true}
  readOnly: yes
  maxContainers: 20
  tls: {ca: ca.pem, cert: cert.pem, key: key.pem}
- name: c
  endpoint: ssh://me@c
  identityFile: ~/.ssh/c
- {name: d, endpoint: "tcp://d:2375", insecure: true}`,
  '{name:b,endpoint:tcp://b:2376,labels:{region:north,rack:7,ssd:true},readOnly:true,maxContainers:20,tls:{ca:ca.pem,cert:cert.pem,key:key.pem}}',
  '{name:c,endpoint:ssh://me@c,identityFile:~/.ssh/c}',
  '{name:d,endpoint:tcp://d:2375,insecure:true}',
);

check('a: 1', ': a list of hosts is wanted, like "- {name: a, endpoint: unix:///var/run/docker.sock}"');
check('- a', '0: a host is a map with a name and an endpoint');
check('- {name: a}', '0: a host needs an endpoint');
check('- {endpoint: /s}', '0: a host needs a name');
check('- {}', '0: a host needs a name and an endpoint');
check('- {name: a b, endpoint: /s}', '0.name: "a b" is no name of a host; a name is made of letters, digits, dots, dashes and underscores');
check('- {name: a, endpoint: /s}\n- {name: a, endpoint: /t}', '{name:a,endpoint:/s}', '1.name: two hosts are named a');
check('- {name: a, endpoint: "ssh://"}', '0.endpoint: ssh:// names no machine; write it like ssh://USER@HOST');
check('- {name: a, endpoint: /s, labls: {}}', '0.labls: a host has no labls; did you mean labels?');
check('- {name: a, endpoint: /s, password: x}', '0.password: a host has no password; it has name, endpoint, labels, readOnly, maxContainers, insecure, tls, identityFile, cloud');
check('- {name: a, endpoint: /s, readOnly: maybe, maxContainers: -1, labels: [x]}', '0.labels: labels wants a map of texts, like {region: north}', '0.readOnly: readOnly wants true or false', '0.maxContainers: maxContainers wants a whole number, 0 or more');
check('- {name: a, endpoint: /s, insecure: true, tls: {}, identityFile: x}', '0.insecure: insecure is for tcp:// only', '0.tls: tls is for tcp:// only', '0.identityFile: identityFile is for ssh:// only');
check('- {name: a, endpoint: "tcp://a", insecure: true, tls: {ca: x}}', '0.insecure: insecure and TLS exclude each other; leave one of them away');
check('- {name: a, endpoint: "https://a", insecure: true}', '0.insecure: insecure and TLS exclude each other; leave one of them away');
check('- {name: a, endpoint: "tcp://a", tls: {cert: x, kye: y}}', '0.tls.kye: tls has no kye; did you mean key?', '0.tls: cert and key belong together; give both or none');

test('the setting in package.json has these keys with these sentences, and refuses others', () => {
  const { items } = manifest.contributes.configuration.properties['clocker.hosts'];
  const sentences = (properties: Readonly<Record<string, { readonly description: string }>>): Record<string, string> => Object.fromEntries(Object.entries(properties).map(([key, { description }]) => [key, description]));
  assert.deepEqual(sentences(items.properties), hostKeys);
  assert.deepEqual(sentences(items.properties.tls.properties), tlsKeys);
  assert.deepEqual([items.additionalProperties, items.properties.tls.additionalProperties], [false, false]);
});

test('anything is read: hosts are whole, problems say something', () => {
  fc.assert(fc.property(fc.oneof(fc.anything(), fc.array(fc.dictionary(fc.constantFrom('name', 'endpoint', 'tls', 'labels', 'readOnly', 'x'), fc.anything()))), (value) => {
    const { hosts, problems } = readHosts(value);
    assert.ok(hosts.every(({ name, endpoint }) => name !== '' && endpoint !== ''));
    assert.ok(problems.every(({ message }) => message !== ''));
    if (Array.isArray(value)) assert.equal(new Set(hosts.map(({ name }) => name)).size, hosts.length);
  }));
});
