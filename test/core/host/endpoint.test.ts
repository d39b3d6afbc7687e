// Endpoints in every form, and what is said of a text that is none.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { isLocal, readEndpoint } from '#core/host/endpoint.ts';

function check(text: string, answer: string): void {
  test(text === '' ? '(nothing)' : text, () => {
    const read = readEndpoint(text);
    const said = 'problem' in read ? read.problem : Object.entries(read.endpoint).map(([key, value]) => (key === 'kind' ? String(value) : `${key}=${String(value)}`)).join(' ');
    assert.equal(said, answer);
  });
}

check('unix:///var/run/docker.sock', 'unix socketPath=/var/run/docker.sock');
check('unix://', 'unix socketPath=/var/run/docker.sock');
check('/run/user/1000/docker.sock', 'unix socketPath=/run/user/1000/docker.sock');
check('unix://run/docker.sock', 'unix://run/docker.sock has no absolute path; write it like unix:///var/run/docker.sock');

check('npipe:////./pipe/docker_engine', 'npipe pipePath=//./pipe/docker_engine');
check(String.raw`npipe://\\.\pipe\docker_engine`, 'npipe pipePath=//./pipe/docker_engine');
check('npipe://', 'npipe pipePath=//./pipe/docker_engine');

check('tcp://box:2376', 'tcp address=box port=2376 isTls=false');
check('tcp://10.0.0.2', 'tcp address=10.0.0.2 isTls=false');
check('tcp://[fe80::1%eth0]:2376/', 'tcp address=fe80::1%eth0 port=2376 isTls=false');
check('https://box:2376', 'tcp address=box port=2376 isTls=true');
check('http://box:2375', 'tcp address=box port=2375 isTls=false');
check('TCP://box:1', 'tcp address=box port=1 isTls=false');
check('tcp://box:0', 'tcp://box:0 has no port from 1 to 65535; write it like tcp://HOST:2376');
check('tcp://box:65536', 'tcp://box:65536 has no port from 1 to 65535; write it like tcp://HOST:2376');
check('tcp://:2376', 'tcp://:2376 names no machine; write it like tcp://HOST:2376');
check('tcp://::1:2376', 'tcp://::1:2376 names no machine; write it like tcp://HOST:2376');
check('tcp://box:2376/v1', 'tcp://box:2376/v1 has a path, which tcp:// does not know; write it like tcp://HOST:2376');
check('tcp://me@box', 'tcp://…@box has a user, which tcp:// does not know; a certificate says who you are');

check('ssh://box', 'ssh address=box');
check('ssh://me@box.example:2222', 'ssh address=box.example user=me port=2222');
check('ssh://me@[::1]/run/user/1000/docker.sock', 'ssh address=::1 user=me socketPath=/run/user/1000/docker.sock');
check('ssh://box/', 'ssh address=box');
check('ssh://me:hunter2@box', 'ssh://…@box holds a password, which everybody can read there; use a key, or an SSH agent');
check('ssh://@box', 'ssh://@box names no machine; write it like ssh://USER@HOST');
check('ssh://me@box:ssh', 'ssh://me@box:ssh has no port from 1 to 65535; write it like ssh://USER@HOST:22');

const forms = 'unix:///var/run/docker.sock, tcp://HOST:2376, ssh://USER@HOST or npipe:////./pipe/docker_engine';
check('', `"" is not an endpoint of a Docker Engine; write it like ${forms}`);
check('box:2375', `"box:2375" is not an endpoint of a Docker Engine; write it like ${forms}`);
check('./x.sock', `"./x.sock" is not an endpoint of a Docker Engine; write it like ${forms}`);
check('ftp://box', `no Docker Engine is reached by ftp://; write the endpoint like ${forms}`);

test('any text is read, and no password comes back', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.string().map((text) => `ssh://${text}`), fc.string().map((text) => `tcp://${text}`)), (text) => {
    const read = readEndpoint(text);
    assert.ok('endpoint' in read || read.problem !== '');
  }));
  fc.assert(fc.property(fc.constantFrom('ssh', 'tcp'), fc.stringMatching(/^[A-Z0-9]{8,}$/), (scheme, password) => {
    const read = readEndpoint(`${scheme}://me:${password}@box`);
    assert.ok('problem' in read && !read.problem.includes(password));
  }));
});

test('which engines are on this machine', () => {
  assert.deepEqual(['/s', 'unix:///s', 'npipe://', 'tcp://localhost', 'ssh://localhost', 'nonsense'].filter(isLocal), ['/s', 'unix:///s', 'npipe://']);
});
