// Load balancers: a blueprint in, the configuration that their members make out; and what of a change makes them read it again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ContainerSpec } from '#core/blueprint/application.ts';
import { followReasons, followState } from '#core/lifecycle/follow.ts';
import { applicationOf } from '../sensors/live.ts';

function follow(text: string, key = 'front'): { readonly text: string; readonly members: readonly string[]; readonly container: ContainerSpec | undefined } {
  const container = applicationOf(`
services:
- type: cluster
  id: pool
  initialSize: 2
  brooklyn.config: { dynamiccluster.memberspec: { $brooklyn:entitySpec: { type: nodejs-web-app } } }
${text.trimStart()}`).entities.find((entity) => entity.key === key)?.container;
  const found = container?.lifecycle?.course?.follow;
  return { text: Buffer.from(found?.files[0]?.base64 ?? '', 'base64').toString(), members: found?.members ?? [], container };
}

test('nginx', () => {
  const { text, members } = follow('- { type: org.apache.brooklyn.entity.proxy.nginx.NginxController, id: front, serverPool: $brooklyn:entity("pool"), port: 8500+ }\n');
  assert.deepEqual(members, ['pool-1', 'pool-2']);
  assert.equal(text, `upstream pool {
  ip_hash;
  server pool-1:3000;
  server pool-2:3000;
}
server {
  listen 8500 default_server;
  location / {
    proxy_pass http://pool;
    proxy_http_version 1.1;
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_connect_timeout 5s;
  }
}
`);
});

test('nginx for one domain, before nobody', () => {
  const { text } = follow('- { type: nginx-controller, id: front, sticky: false, domain: example.com }\n');
  assert.match(text, /^upstream pool \{\n {2}server 127\.0\.0\.1:9 down;\n\}\nserver \{\n {2}listen 8000 default_server;\n {2}return 404;\n\}\nserver \{\n {2}listen 8000;\n {2}server_name example\.com;\n/);
});

test('HAProxy', () => {
  const { text } = follow('- { type: haproxy-controller, id: front, serverPool: $brooklyn:entity("pool"), port: 8600, bindAddress: 127.0.0.1, backendMode: tcp, frontendMode: tcp, portNumberSensor: debug.port }\n');
  assert.match(text, /frontend visitors\n {2}mode tcp\n {2}bind 127\.0\.0\.1:8600\n {2}default_backend pool\nbackend pool\n {2}mode tcp\n {2}balance roundrobin\n$/);
  const other = follow('- { type: haproxy-controller, id: front, serverPool: $brooklyn:entity("pool") }\n').text;
  assert.match(other, /backend pool\n {2}mode http\n {2}balance roundrobin\n {2}option forwardfor\n {2}server member1 pool-1:3000 check .*\n {2}server member2 pool-2:3000 check .*\n$/);
});

test('the members are no part of what the container is', () => {
  const parts = (size: string): unknown => follow(`- { type: nginx-controller, id: front, ${size} }\n`).container?.lifecycle?.parts;
  assert.deepEqual(parts('serverPool: $brooklyn:entity("pool")'), parts('id: front'));
});

test('what is followed and changes is said', () => {
  const state = (members: Readonly<Record<string, string>>, file = 'x'): string => followState({ files: [{ path: '/f', base64: file }], reload: 'r', members: Object.keys(members) }, (member) => members[member]);
  assert.deepEqual(followReasons(state({ a: '1' }), state({ a: '1' })), []);
  assert.deepEqual(followReasons(state({ a: '1', b: '2' }), state({ a: '3', c: '2' })), ['a has another address', 'c is added', 'b is removed']);
  assert.deepEqual(followReasons(state({ a: '1' }), state({ a: '1' }, 'y')), ['its configuration changes']);
  assert.deepEqual(followReasons('', state({ a: '1' })), ['a is added']);
});
