// Ports, bindings, volumes and links of containers in every form.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { parseYaml } from '#core/blueprint/yaml.ts';
import { coerceLinks, coerceMounts, coercePortBindings, coercePortList } from '#core/coerce/docker.ts';
import { valueOf, type Outcome, type Value } from '#core/coerce/value.ts';

type Coercion = (value: Value) => Outcome<unknown>;

/** `answer` is the value, or the problem. */
function check(coercion: Coercion, yaml: string, answer: unknown): void {
  const { root } = parseYaml(yaml);
  const outcome = coercion(root ? valueOf(root) : null);
  assert.deepEqual(outcome.ok ? outcome.value : outcome.problem, answer);
}

test('lists of ports', () => {
  check(coercePortList, '80', [80]);
  check(coercePortList, '[80, 443, 80]', [80, 443]);
  check(coercePortList, '8000-8003', [8000, 8001, 8002, 8003]);
  check(coercePortList, '"80, 8080-8081"', [80, 8080, 8081]);
  check(coercePortList, '[]', []);
  check(coercePortList, '8000+', 'That are more than 1000 ports; name those that are used.');
  check(coercePortList, '[0]', '0 is not a port: ports run from 1 to 65535.');
});

test('port bindings', () => {
  check(coercePortBindings, '{ 8080: 80, "53": 53/udp }', [{ port: 80, hostPort: 8080, protocol: 'tcp' }, { port: 53, hostPort: 53, protocol: 'udp' }]);
  check(coercePortBindings, '["8080:80", 90]', [{ port: 80, hostPort: 8080, protocol: 'tcp' }, { port: 90, hostPort: 90, protocol: 'tcp' }]);
  check(coercePortBindings, '"8080:80, 53/udp"', [{ port: 80, hostPort: 8080, protocol: 'tcp' }, { port: 53, hostPort: 53, protocol: 'udp' }]);
  check(coercePortBindings, '{ 80: http }', 'The number 80 to "http" is not a binding of ports; write the port of the host and that of the container, for example 8080: 80.');
  check(coercePortBindings, '{ 80: 80/sctp }', '"sctp" is not a protocol of a port; write tcp or udp.');
  check(coercePortBindings, '["80:1", "80:2"]', 'The port 80 of the host is bound twice.');
});

test('volumes', () => {
  const example = 'write a path of the container, or name:/path, or /host/path:/path, with :ro to allow reading only';
  check(coerceMounts, '/data', [{ path: '/data', readOnly: false }]);
  check(coerceMounts, '[/data, "named:/a", "/tmp:/b:ro"]', [{ path: '/data', readOnly: false }, { source: 'named', path: '/a', readOnly: false }, { source: '/tmp', path: '/b', readOnly: true }]);
  check(coerceMounts, '{ /tmp: /opt/tmp }', [{ source: '/tmp', path: '/opt/tmp', readOnly: false }]);
  check(coerceMounts, '{ "https://a.example/b.tgz": "/opt/www:ro" }', [{ archive: 'https://a.example/b.tgz', path: '/opt/www', readOnly: true }]);
  check(coerceMounts, '{ "https://a.example/b.tgz": www }', '"www" is not where an archive can be mounted; write a path of the container, with :ro to allow reading only.');
  check(coerceMounts, '[data]', `"data" is not a volume; ${example}.`);
  check(coerceMounts, '["/a:/b:rx"]', '"/a:/b:rx" is not a volume: "rx" is not a mode; write ro or rw.');
  check(coerceMounts, '["./a:/b"]', '"./a" is neither a directory, which begins with "/", nor the name of a volume, which has letters, digits, "_", "." and "-".');
  check(coerceMounts, '["/a:/"]', '"/a:/" would hide the whole file system of the container; mount it below a directory.');
  check(coerceMounts, '[/a, "x1:/a"]', 'Two volumes are mounted at /a.');
});

test('links', () => {
  check(coerceLinks, '{ redis: $brooklyn:component("db") }', [{ alias: 'redis', target: '$brooklyn:component("db")' }]);
  check(coerceLinks, '[$brooklyn:component("db")]', [{ target: '$brooklyn:component("db")' }]);
  check(coerceLinks, '{ $brooklyn:config("name"): $brooklyn:parent() }', [{ alias: '$brooklyn:config("name")', target: '$brooklyn:parent()' }]);
  check(coerceLinks, '{ redis: }', 'The link redis leads nowhere; write redis: $brooklyn:entity("id").');
  check(coerceLinks, '{ "a b": x }', '"a b" is not an alias: it has letters, digits, "_", "." and "-", and is a name in the network.');
});

test('no value makes them throw', () => {
  const texts = fc.array(fc.constantFrom('80', ':', '/', '-', ',', 'a', 'ro', 'udp', ' ')).map((parts) => parts.join(''));
  const scalars: fc.Arbitrary<Value> = fc.oneof(texts, fc.integer(), fc.double(), fc.boolean(), fc.constant(null));
  const values: fc.Arbitrary<Value> = fc.oneof(scalars, fc.array(scalars), fc.array(fc.tuple(scalars, scalars)).map((entries) => new Map(entries)));
  fc.assert(
    fc.property(values, fc.constantFrom<Coercion>(coercePortList, coercePortBindings, coerceMounts, coerceLinks), (value, coercion) => {
      const outcome = coercion(value);
      if (!outcome.ok) assert.match(outcome.problem, /^[^a-z].*\.$/s);
    }),
    { numRuns: 2000 },
  );
});
