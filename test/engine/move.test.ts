// Moving an entity from one real host to another, as a person does it on the command line: it keeps its address and its names, what
// connects to it meanwhile gets an answer, and the next deployment leaves it where it is.

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { connectDocker } from '../../client/docker/dockerHost.ts';
import { joinHosts } from '../../client/engine/sdn/joinHosts.ts';
import { file, run, says } from '../cli/support.ts';
import { execIn } from '../support/lab/docker.ts';
import { httpImage, nestedHosts } from '../support/lab.ts';

const hosts = await nestedHosts(3);
const [first, second, third] = hosts;
assert.ok(first && second && third);
const image = await httpImage(hosts);
const given = hosts.flatMap(({ name, endpoint }) => ['--host', `${name}=${endpoint}`]);
const commands = `commands: [sh, -c, 'trap "exit 0" TERM; httpd -f -p 8080 -h /www & wait']`;
/** Takes its time to answer, so that there is always a request that was taken and not answered yet. */
const slowly = `commands:
  - sh
  - -c
  - |
    mkdir /www/cgi-bin
    printf '#!/bin/sh\\nsleep 0.3\\necho Content-Type: text/plain\\necho\\necho it works\\n' > /www/cgi-bin/slow
    chmod +x /www/cgi-bin/slow
    trap "exit 0" TERM
    httpd -f -p 8080 -h /www & wait`;
const shop = await file('moved.blueprint.yaml', `name: moved
services:
- type: docker:${image}
  id: client
  ${commands}
- type: docker:${image}
  id: web
  ${slowly}
  openPorts: [8080]
- type: docker:${image}
  id: fixed
  ${commands}
  location: ${first.name}
`);

async function joined(t: TestContext): Promise<void> {
  const ports = hosts.map((host) => ({ host: host.name, address: host.address, port: connectDocker({ name: host.name, endpoint: host.endpoint }) }));
  t.after(() => ports.forEach(({ port }) => port.close()));
  await joinHosts(ports, { cloud: 'lab' });
}

async function placeOf(entity: string): Promise<{ readonly host: string; readonly address: string }> {
  for (const { name, docker } of hosts) {
    const [found] = await docker.listContainers({ filters: { name: [`^/moved-${entity}$`] } });
    if (found) return { host: name, address: found.NetworkSettings.Networks['clockernet-moved']?.IPAddress ?? '' };
  }
  assert.fail(`${entity} runs nowhere`);
}

/** What a shell in the client's container says. */
async function asClient(script: string): Promise<string> {
  const { host } = await placeOf('client');
  const client = hosts.find(({ name }) => name === host)?.docker.getContainer('moved-client');
  assert.ok(client);
  return (await execIn(client, ['sh', '-c', script])).trim();
}

test('an entity moves with its address and names, answers all the while, and stays', async (t) => {
  await joined(t);
  assert.equal((await run(['deploy', shop, '--yes', ...given])).exitCode, 0);
  const before = await placeOf('web');
  const to = hosts.find(({ name }) => name !== before.host)?.name ?? '';
  const over = new AbortController();
  const answers: string[] = [];
  const asking = (async () => {
    while (!over.signal.aborted) answers.push((await asClient(`printf 'GET /cgi-bin/slow HTTP/1.0\\r\\n\\r\\n' | timeout 8 nc ${before.address} 8080 | tail -n 1`).catch(String)));
  })();
  const moved = await run(['move', 'web', '--to', to, '--yes', ...given]);
  over.abort();
  await asking;
  says(moved, {
    exitCode: 0,
    stdout: new RegExp(`^\\+ pull[^]*|~ move moved-web from ${before.host} to ${to}\\n    image [^\\n]*, address ${before.address}\\n    there because it was asked for\\n    the new one runs before the old one stops\\n1 to move, 2 unchanged\\.`),
    stderr: new RegExp(`ok {2}move moved-web from ${before.host} to ${to} \\([\\d.]+ s\\); ${before.address} port 8080 (did not answer for [\\d.]+ s|answered all the time)`),
  });
  t.diagnostic(`${answers.length} requests; ${/; (.*)/.exec(moved.stderr)?.[1] ?? ''}`);
  assert.deepEqual([...new Set(answers)], ['it works']);
  assert.deepEqual(await placeOf('web'), { host: to, address: before.address });
  assert.ok((await asClient('ping -c 1 -W 1 web.moved')).includes(`(${before.address})`));
  says(await run(['deploy', shop, '--yes', ...given]), { exitCode: 0, stdout: /^Nothing to do: 3 containers are as wanted\./ });
});

test('what may not be moved is refused', async () => {
  says(await run(['move', 'fixed', '--to', second.name, '--yes', ...given]), { exitCode: 1, stdout: `! fixed: it cannot be moved to ${second.name}: the blueprint says ${first.name}; change its location there\nThis cannot be deployed: 1 problem.` });
  says(await run(['move', 'web', '--to', 'nowhere', '--yes', ...given]), { exitCode: 1, stdout: `! web: there is no host nowhere to move it to; the hosts are ${hosts.map(({ name }) => name).join(', ')}\nThis cannot be deployed: 1 problem.` });
  says(await run(['move', 'wep', '--to', third.name, '--yes', ...given]), { exitCode: 1, stderr: 'clocker: there is no entity wep; did you mean web?' });
  assert.equal((await run(['delete', 'moved', '--yes', ...given])).exitCode, 0);
});
