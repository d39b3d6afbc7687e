// Applications while they run, on a real engine: sensors that commands and servers tell, waited for and read; effectors;
// what was stopped on purpose; clusters of another size.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Application } from '#core/blueprint/application.ts';
import { render } from '#core/plan/render.ts';
import { deployedApplication } from '../../client/deployed.ts';
import type { Cloud } from '../../client/engine/cloud.ts';
import { effectorNamed, entityNamed, prepare, type Order } from '../../client/engine/effects.ts';
import { followPolicies } from '../../client/following.ts';
import { debianImage, nestedHosts } from '../support/lab.ts';
import { blueprint, cloudOf, container, containers, deleted, deploy, deployed, nothingToDo, problems, untilStopped } from './support.ts';

const hosts = await nestedHosts(1);
const [host] = hosts;
assert.ok(host !== undefined);
await debianImage(hosts);
const { docker } = host;
// Over TCP the host's address is known, and with it that of its published ports.
const a = { name: 'a', endpoint: host.tcpEndpoint, insecure: true };

/** The sensors that are asked for, as they are shown. */
async function read(cloud: Cloud, application: Application, entity: string, ...names: readonly string[]): Promise<(string | undefined)[]> {
  const { entities } = await cloud.sense(application);
  return names.map((name) => entityNamed(entities, entity).sensors.find((sensor) => sensor.name === name)?.shown);
}

/** Plans are carried out; of commands the output is given. */
async function invoke(cloud: Cloud, id: string, entityKey: string, name: string, given: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const { application } = deployedApplication(cloud.observed, id);
  const entity = entityNamed((await cloud.sense(application)).entities, entityKey);
  return obey(cloud, id, { entity, effector: effectorNamed(entity, name), given });
}

async function obey(cloud: Cloud, id: string, order: Order): Promise<string[]> {
  const { application, whole } = deployedApplication(cloud.observed, id);
  const prepared = await prepare(order, cloud, application, () => whole(cloud));
  if (prepared.kind === 'steps') {
    const said: string[] = [];
    for (const step of prepared.steps) said.push(...(await obey(cloud, id, step)));
    return said;
  }
  if (prepared.kind === 'plan') {
    const outcome = await cloud.apply(prepared.plan);
    assert.equal(outcome.kind, 'done', problems(outcome).join());
    return render(prepared.plan);
  }
  const lines: string[] = [];
  const ends = await cloud.invoke(id, prepared.effector, prepared.env, prepared.entities, { onLine: (from, { text }) => lines.push(`${from}: ${text}`) });
  return [...lines.toSorted(), ...ends.map(({ end }) => (end.kind === 'ended' ? `exit ${end.code}` : end.problem))];
}

const server = String.raw`exec perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new(LocalPort => 7000, Listen => 5, ReuseAddr => 1); while (my $c = $s->accept) { my ($how, $length, $body) = ("", 0, ""); while (<$c>) { $how ||= (split)[0]; $length = $1 if /^content-length: *(\d+)/i; last if /^\r?$/ } read $c, $body, $length if $length; print $c "HTTP/1.0 200 OK\r\n\r\n{\"load\":{\"now\":[3,4]},\"got\":\"$how $body\"}"; close $c }'`;

test('an entity waits for what a command in another one tells; effectors are told; stopped stays stopped until the next deployment', async (t) => {
  const cloud = await cloudOf(t, a);
  const text = `
name: told
services:
- type: vanilla-software-process
  id: web
  brooklyn.config:
    shell.env: { COUNT: $brooklyn:entity("db").attributeWhenReady("twice") }
    launch.command: exec sleep infinity
- type: vanilla-software-process
  id: db
  brooklyn.config:
    docker.container.openPorts: [7000]
    launch.command: |
      (sleep 3; echo 21 > count) &
      ${server}
  brooklyn.initializers:
  - { type: ssh-command-sensor, brooklyn.config: { name: count, command: cat count, targetType: integer } }
  - { type: http-sensor, brooklyn.config: { name: load, uri: '$brooklyn:formatString("http://%s:7000/", attributeWhenReady("host.address"))', jsonPath: "$.load.now[1]", targetType: integer } }
  - type: org.apache.brooklyn.core.effector.ssh.SshCommandEffector
    brooklyn.config: { name: say, command: 'echo "$what, $HOW in $PWD"; exit 3', parameters: { what: { defaultValue: nothing } }, shell.env: { HOW: '$brooklyn:formatString("%s times", attributeWhenReady("count"))' } }
  - type: org.apache.brooklyn.core.effector.http.HttpCommandEffector
    brooklyn.config: { name: ask, uri: '$brooklyn:formatString("http://%s:7000/", attributeWhenReady("host.address"))', httpVerb: post, httpPassword: hunter2, httpUsername: me, jsonPath: $.got, parameters: { httpPayload: { defaultValue: nothing } } }
  - type: org.apache.brooklyn.core.effector.CompositeEffector
    brooklyn.config: { name: round, effectors: [ask, restart, say], parameters: { what: { defaultValue: again }, httpPayload: { defaultValue: once } } }
  brooklyn.enrichers:
  - { type: transformer, brooklyn.config: { sourceSensor: $brooklyn:sensor("count"), targetSensor: $brooklyn:sensor("twice"), targetValue: '$brooklyn:formatString("2x%s", attributeWhenReady("count"))' } }
`;
  const told = blueprint(text);
  const waits = new Set<string>();
  const outcome = await cloud.apply(await cloud.plan(told), { onStep: (steps) => steps.forEach(({ state }) => { if (state.kind === 'waiting' && state.detail !== undefined) waits.add(state.detail); }) });
  assert.deepEqual(problems(outcome), []);
  assert.deepEqual([...waits], ['waiting for db: twice']);
  assert.deepEqual(await read(cloud, told, 'db', 'twice', 'load', 'service.isUp'), ['2x21', '4', 'true']);
  await nothingToDo(cloud, told);

  assert.deepEqual(await invoke(cloud, 'told', 'db', 'say', { what: 'hello' }), ['db: hello, 21 times in /opt/clocker/run', 'exit 3']);
  assert.deepEqual(await invoke(cloud, 'told', 'db', 'ask', { httpPayload: 'all of it' }), ['db: POST all of it', 'exit 0']);
  assert.deepEqual(await invoke(cloud, 'told', 'db', 'round', { what: 'round' }), ['db: POST once', 'exit 0', '~ stop told-db on a', '~ start told-db on a', '1 to stop, 1 to start.', 'db: round, 21 times in /opt/clocker/run', 'exit 3']);
  assert.deepEqual(await invoke(cloud, 'told', 'db', 'stop'), ['~ stop told-db on a', '1 to stop.']);
  assert.deepEqual(await read(cloud, told, 'db', 'service.state', 'load'), ['stopped', undefined]);
  assert.deepEqual(await invoke(cloud, 'told', 'db', 'say'), ['db does not run, so say cannot be run in it']);
  assert.deepEqual(render(await cloud.plan(told)).slice(0, 2), ['~ start told-db on a', '    it was stopped on purpose']);
  assert.deepEqual(await invoke(cloud, 'told', 'db', 'restart'), ['~ start told-db on a', '1 to start.']);
  assert.deepEqual(await read(cloud, told, 'db', 'service.state', 'load'), ['running', '4']);

  const never = blueprint(text.replace('attributeWhenReady("twice")', 'attributeWhenReady("never")').replace('$brooklyn:entity("db").attributeWhenReady("never")', '{ $brooklyn:chain: [ $brooklyn:entity("db"), { attributeWhenReady: [ never, { timeout: 1s } ] } ] }').replace('name: count, command: cat count', 'name: never, command: exit 9'));
  const failed = await deploy(cloud, never);
  assert.match(problems(failed).join(), /told-web waits for db: never, but it was not there within 1s; the last time its command failed with exit code 9$/);
  await deleted(cloud, 'told');
});

test('a program that ends badly when it is asked to end is stopped, not failed; a cluster is resized', async (t) => {
  const cloud = await cloudOf(t, a);
  const pool = blueprint(`
name: sized
services:
- type: cluster
  id: pool
  brooklyn.config:
    dynamiccluster.memberspec:
      $brooklyn:entitySpec: { type: "docker:debian:bookworm-slim", commands: [sh, -c, 'trap "exit 9" TERM; while true; do sleep 1000 & wait $!; done'] }
`);
  await deployed(cloud, pool);
  assert.deepEqual((await invoke(cloud, 'sized', 'pool', 'resize', { desiredSize: '3' })).at(-1), '2 to create, 1 unchanged.');
  assert.equal(containers(cloud, 'sized').length, 3);
  assert.deepEqual(await invoke(cloud, 'sized', 'pool', 'resizeByDelta', { delta: '-1' }), ['- remove sized-pool-3 on a', '    pool is to have 2 members', '1 to remove, 2 unchanged.']);
  await invoke(cloud, 'sized', 'pool-2', 'stop');
  assert.equal(container(cloud, 'sized', 'pool-2').exitCode, 9);
  assert.equal(container(cloud, 'sized', 'pool-2').isStopped, true);
  assert.deepEqual(await read(cloud, deployedApplication(cloud.observed, 'sized').application, 'pool-2', 'service.state'), ['stopped']);
  assert.deepEqual(render(await cloud.plan(pool)), ['- remove sized-pool-2 on a', '    pool is to have 1 member', '1 to remove, 1 unchanged.']);
  await invoke(cloud, 'sized', 'pool-2', 'start');
  assert.equal(container(cloud, 'sized', 'pool-2').isStopped, undefined);
  await deleted(cloud, 'sized');
});

test('what fails is restarted, and made anew when it fails again; what was stopped stays stopped', async (t) => {
  const cloud = await cloudOf(t, a);
  await deployed(cloud, blueprint(`
name: watched
services:
- type: cluster
  id: pool
  brooklyn.policies: [{ type: org.apache.brooklyn.policy.ha.ServiceReplacer }]
  brooklyn.config:
    dynamiccluster.memberspec:
      $brooklyn:entitySpec:
        type: docker:debian:bookworm-slim
        commands: [sleep, "1000"]
        brooklyn.policies: [{ type: service-restarter }]
`));
  const first = container(cloud, 'watched', 'pool-1');
  const news: string[] = [];
  const stop = new AbortController();
  t.after(() => stop.abort());
  const waiting = new Map<string, () => void>();
  const following = followPolicies(cloud, 'watched', undefined, { signal: stop.signal, onNews: (sentence) => {
    news.push(sentence);
    waiting.get(sentence)?.();
  } });
  const heard = (sentence: string): Promise<void> => new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`not heard within 30 s: ${sentence}; but ${news.join('; ')}`)), 30_000);
    waiting.set(sentence, () => {
      clearTimeout(late);
      resolve();
    });
  });
  for (const sentence of ['pool-1 was restarted', 'pool-1 was made anew']) {
    const told = heard(sentence);
    await docker.getContainer(first.containerName).kill();
    await told;
  }
  assert.notEqual(container(cloud, 'watched', 'pool-1').containerId, first.containerId);
  await invoke(cloud, 'watched', 'pool-1', 'stop');
  stop.abort();
  await following;
  assert.deepEqual(news, ['pool: service-replacer', 'pool-1: service-restarter', 'pool-1 is restarted: it has failed', 'pool-1 was restarted', 'pool-1 is made anew: it has failed again after a restart', 'pool-1 was made anew']);
  assert.equal(container(cloud, 'watched', 'pool-1').state, 'exited');
  await deleted(cloud, 'watched');
});

test('a member that fails to start is made again and kept aside; a cluster starts with as many as it needs', async (t) => {
  const cloud = await cloudOf(t, a);
  const pool = (quorum: number): Application => blueprint(`
name: aside
services:
- type: cluster
  id: pool
  initialSize: 2
  initialQuorumSize: ${quorum}
  brooklyn.config:
    dynamiccluster.memberspec: { $brooklyn:entitySpec: { type: "docker:debian:bookworm-slim", commands: [sh, -c, '[ "$HOSTNAME" != pool-2 ] || exit 3; trap "exit 0" TERM; while true; do sleep 1000 & wait $!; done'] } }
- type: docker:debian:bookworm-slim
  id: after
  commands: ${JSON.stringify(untilStopped)}
  brooklyn.config: { launch.latch: $brooklyn:entity("pool").attributeWhenReady("service.isUp") }
`);
  const names = (): string[] => containers(cloud, 'aside').map(({ containerName, state }) => `${containerName.replace(/-[0-9a-f]{6}$/, '-*')} ${state}`).toSorted();
  const enough = await deploy(cloud, pool(1));
  assert.equal(enough.kind, 'done');
  assert.match(problems(enough).join(), /^start container aside-pool-2 on a: it exited at once with code 3; it was tried 2 times, and is kept aside as aside-pool-2\.quarantined-[0-9a-f]{6}$/);
  assert.deepEqual(names(), ['aside-after running', 'aside-pool-1 running', 'aside-pool-2.quarantined-* exited', 'aside-pool-2.quarantined-* exited']);
  const again = render(await cloud.plan(pool(2))).filter((line) => /^\S/.test(line)).map((line) => line.replace(/-[0-9a-f]{6} /, '-* '));
  assert.deepEqual(again, ['- remove aside-pool-2.quarantined-* on a', '- remove aside-pool-2.quarantined-* on a', '+ create aside-pool-2 on a', '1 to create, 2 to remove, 2 unchanged.']);
  const tooFew = await deploy(cloud, pool(2));
  assert.equal(tooFew.kind, 'failed');
  assert.equal(names().length, 4, 'nothing but what failed last is kept');
  await deleted(cloud, 'aside');
});

test('a load balancer follows its pool: resized, restarted, made anew, without being made anew itself', async (t) => {
  const cloud = await cloudOf(t, a);
  const text = `
name: balanced
services:
- type: cluster
  id: pool
  brooklyn.config:
    dynamiccluster.memberspec:
      $brooklyn:entitySpec:
        type: vanilla-software-process
        brooklyn.initializers: [{ type: static-sensor, brooklyn.config: { name: http.port, static.value: 7000 } }]
        brooklyn.config:
          launch.command: |
            ${server.replace(String.raw`{\"load\":{\"now\":[3,4]},\"got\":\"$how $body\"}`, '$ENV{HOSTNAME} $ENV{TOKEN}')}
          shell.env: { TOKEN: $brooklyn:config("api.token") }
          api.token: hunter2
- type: haproxy-controller
  id: front
  brooklyn.config: { serverPool: $brooklyn:entity("pool"), port: 8600 }
`;
  await deployed(cloud, blueprint(text));
  const front = container(cloud, 'balanced', 'front');
  const ask = async (): Promise<string[]> => {
    const answers: string[] = [];
    for (let count = 0; count < 4; count++) {
      const response = await fetch(`http://${host.address}:${front.ports.find(({ hostPort }) => hostPort !== undefined)?.hostPort}/`);
      answers.push(await response.text());
    }
    return [...new Set(answers)].toSorted();
  };
  assert.deepEqual(await ask(), ['pool-1 hunter2']);
  await nothingToDo(cloud, blueprint(text));
  assert.deepEqual((await invoke(cloud, 'balanced', 'pool', 'resize', { desiredSize: '2' })).filter((line) => !line.startsWith('    image') && !line.includes('because')), [
    '+ create balanced-pool-2 on a', '~ reload balanced-front on a', '    pool-2 is made', '1 to create, 1 to reload, 1 unchanged.',
  ]);
  assert.deepEqual(await ask(), ['pool-1 hunter2', 'pool-2 hunter2'], 'the new member has the secret, which is kept nowhere but in containers');
  assert.deepEqual(await invoke(cloud, 'balanced', 'pool-2', 'stop'), ['~ stop balanced-pool-2 on a', '~ reload balanced-front on a', '    pool-2 is stopped', '1 to reload, 1 to stop.']);
  assert.deepEqual(await ask(), ['pool-1 hunter2']);
  assert.deepEqual((await invoke(cloud, 'balanced', 'pool', 'replaceMember', { memberId: 'pool-1' })).filter((line) => line.startsWith('~')), ['~ replace balanced-pool-1 on a', '~ start balanced-pool-2 on a', '~ reload balanced-front on a']);
  assert.deepEqual(await ask(), ['pool-1 hunter2', 'pool-2 hunter2']);
  assert.equal(container(cloud, 'balanced', 'front').containerId, front.containerId);
  await deleted(cloud, 'balanced');
});
