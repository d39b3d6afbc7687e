// Locations in every form, what is wrong in them and where.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { parseYaml } from '#core/blueprint/yaml.ts';
import { valueOf, type Value } from '#core/coerce/value.ts';
import { locationForms } from '#core/location/forms.ts';
import { parseLocation, placeNames, type Location } from '#core/location/location.ts';

function yamlValue(yaml: string): Value {
  const { root } = parseYaml(yaml);
  return root ? valueOf(root) : null;
}

function shown({ place, config }: Location): string {
  const { kind, ...parts } = place;
  const words = place.kind === 'multi' ? `[${place.targets.map(shown).join('; ')}]` : JSON.stringify(parts).replaceAll('"', '');
  const settings = [...config].map(([key, value]) => `${key}=${typeof value === 'string' ? value : '...'}`);
  return [kind, ...(words === '{}' ? [] : [words]), ...settings].join(' ');
}

function check(yaml: string, answer: string, names?: string): void {
  const { location, problems } = parseLocation(yamlValue(yaml));
  assert.deepEqual(problems, []);
  assert.ok(location, yaml);
  assert.equal(shown(location), answer);
  if (names !== undefined) assert.equal(placeNames(location).join(' '), names);
}

/** `marked` is a text with the wrong part in angle brackets, or YAML without any where the whole is wrong. */
function checkWrong(marked: string, problem: string): void {
  const text = marked.replace('<', '').replace('>', '');
  const [found, ...more] = parseLocation(marked === text ? yamlValue(text) : text).problems;
  assert.ok(found && more.length === 0, text);
  assert.equal(found.problem, problem);
  if (marked === text) assert.equal(found.span, undefined);
  else assert.equal(found.span && `${text.slice(0, found.span.start)}<${text.slice(found.span.start, found.span.end)}>${text.slice(found.span.end)}`, marked);
}

test('the machine itself', () => {
  check('localhost', 'localhost', 'localhost');
  check('localhost:(name=mine)', 'localhost name=mine');
  check('{ localhost: { name: mine } }', 'localhost name=mine');
});

test('docker clouds', () => {
  check('docker:my-cloud', 'docker {cloud:my-cloud}', 'my-cloud');
  check('docker:my-cloud:host-a:(name="a, b")', 'docker {cloud:my-cloud,host:host-a} name=a, b', 'my-cloud:host-a');
  check('docker:swarm:(displayName=x)', 'docker {cloud:swarm} displayName=x');
});

test('machines one brings', () => {
  check('byon(hosts="a,root@b:2222",user=me)', 'byon {machines:[{host:a,user:me},{host:b,user:root,port:2222}]} hosts=a,root@b:2222 user=me', 'a b');
  check('byon:(hosts="h{08-10}.lan")', 'byon {machines:[{host:h08.lan},{host:h09.lan},{host:h10.lan}]} hosts=h{08-10}.lan');
  check('{ byon: { hosts: [a, { ssh: "u@b:22" }], port: 2222 } }', 'byon {machines:[{host:a,port:2222},{host:b,user:u,port:22}]} hosts=... port=...');
  check('{ byon: { hosts: [$brooklyn:config("h"), b] } }', 'byon {machines:[{host:b}]} hosts=...');
  check('host(10.0.0.7)', 'byon {machines:[{host:10.0.0.7}]} hosts=10.0.0.7');
});

test('providers', () => {
  check('jclouds:aws-ec2:eu-west-1', 'jclouds {provider:aws-ec2,region:eu-west-1}', '');
  check('{ "jclouds:aws-ec2": { region: eu-west-1 } }', 'jclouds {provider:aws-ec2,region:eu-west-1} region=eu-west-1');
  check('aws-ec2:us-west-2', 'jclouds {provider:aws-ec2,region:us-west-2}');
  check('eu-west-1', 'jclouds {provider:aws-ec2,region:eu-west-1}');
  check('{ "jclouds:openstack-nova:http://host:35357/v2.0/": { user: me } }', 'jclouds {provider:openstack-nova,region:http://host:35357/v2.0/} user=me');
  check('softlayer:ams01', 'jclouds {provider:softlayer,region:ams01}');
});

test('names, pools and several', () => {
  check('named:test-lab', 'named {name:test-lab}', 'test-lab');
  check('my-docker-cloud', 'named {name:my-docker-cloud}');
  check('my-location:1.0', 'named {name:my-location:1.0}');
  check('brooklyn.catalog:my-location:1.0', 'named {name:my-location:1.0}');
  check('server-pool:abc:(name=p)', 'pool {pool:abc} name=p', 'abc');
  check('multi:(targets="named:a,docker:b")', 'multi [named {name:a}; docker {cloud:b}] targets=named:a,docker:b', 'a b');
  check('{ multi: { targets: [localhost, { byon: { hosts: [c] } }] } }', 'multi [localhost; byon {machines:[{host:c}]} hosts=...] targets=...', 'localhost c');
});

test('what is wrong in a location', () => {
  checkWrong('[localhost]', 'A location is a text, or a map of one entry; this is a list of 1: write the list under locations.');
  checkWrong('{ a: {}, b: {} }', 'A location written as a map has one entry, its kind with its settings below; this one has 2. Indent the settings under the kind.');
  checkWrong('{ localhost: 3 }', 'Below localhost its settings are expected as a map; this is the number 3. Write localhost alone if there are none.');
  checkWrong('<byon>', 'The machines are missing: write byon(hosts="host-a,host-b"), or hosts: [host-a, host-b] below byon.');
  checkWrong('{ byon: { user: me } }', 'The machines are missing: write byon(hosts="host-a,host-b"), or hosts: [host-a, host-b] below byon.');
  checkWrong('{ byon: { hosts: [] } }', 'At least one host is needed.');
  checkWrong('byon(hosts=<"a:x">)', '"a:x" is not an address: "x" is not a port.');
  checkWrong('byon<(>hosts="a"', 'The parenthesis is not closed; write ")" at the end.');
  checkWrong('byon(hosts=a)< b>', 'Nothing may follow ")":  b is too much.');
  checkWrong('localhost:(<name=>)', 'The name is empty; write name="my place".');
  checkWrong('docker:a:(<size>=3)', 'docker has no setting size; it has name and displayName.');
  checkWrong('docker:a:b<:c>', 'After the docker cloud comes at most one host, then settings in parentheses.');
  checkWrong('<docker:>', 'The name of the docker cloud is missing, as in docker:my-cloud or docker:my-cloud:my-host.');
  checkWrong('<jclouds>', 'The provider is missing, as in jclouds:aws-ec2:eu-west-1.');
  checkWrong('<multi>', 'The targets of multi are missing, as in multi:(targets="named:a,named:b").');
  checkWrong('multi(targets=<"docker:">)', 'The name of the docker cloud is missing, as in docker:my-cloud or docker:my-cloud:my-host.');
});

test('a blank location is none', () => {
  assert.deepEqual(parseLocation('  '), { problems: [] });
  assert.deepEqual(parseLocation(null), { problems: [] });
});

test('every form has an example that is read without a problem', () => {
  for (const { example } of locationForms) {
    const { location, problems } = parseLocation(example);
    assert.ok(location && problems.length === 0, example);
  }
});

test('reading never throws, and what is wrong lies within the text', () => {
  const words = fc.constantFrom('byon', 'docker', 'localhost', 'multi', 'host', 'jclouds', ':', '(', ')', 'hosts', 'targets', 'name', '=', '"', "'", ',', '{', '}', '1-3', '\\', ' ', 'a', '@', 'é');
  fc.assert(
    fc.property(fc.array(words), (parts) => {
      const text = parts.join('');
      const { location, problems } = parseLocation(text);
      if (location) placeNames(location);
      for (const { span, problem } of problems) {
        assert.match(problem, /\.$/);
        if (span) assert.ok(span.start <= span.end && span.end <= text.length);
      }
    }),
    { numRuns: 3000 },
  );
});
