import assert from 'node:assert/strict';
import { test } from 'node:test';
import { render } from '#core/plan/render.ts';
import type { Step } from '../../client/engine/cloud.ts';
import { busyboxImage, nestedHosts } from '../support/lab.ts';
import { application, cloudOf, container, containers, deleted, deploy, deployed, nothingToDo, seen } from './support.ts';

const hosts = await nestedHosts(2);
const [first, second] = hosts;
assert.ok(first !== undefined && second !== undefined);
const image = await busyboxImage(hosts);
const a = { name: 'a', endpoint: first.endpoint };
const b = { name: 'b', endpoint: second.endpoint };
const { docker } = first;
const many = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`e${index}`, {}]));

function kinds(steps: readonly Step[], kind: Step['state']['kind']): number {
  return steps.filter(({ state }) => state.kind === kind).length;
}

test('two hosts: spread, kept in place, moved, deleted', async (t) => {
  const cloud = await cloudOf(t, a, b);
  const app = application('two', image, { e1: {}, e2: {}, e3: {}, e4: {} });
  await deployed(cloud, app);
  assert.deepEqual(containers(cloud, 'two').map(({ host }) => host), ['a', 'a', 'b', 'b']);
  await nothingToDo(cloud, app);

  const moved = application('two', image, { e1: { at: 'b' }, e2: {}, e3: {}, e4: {} });
  assert.deepEqual(render(await cloud.plan(moved)).filter((line) => !line.startsWith(' ')), ['+ create two-e1 on b', '- remove two-e1 on a', '1 to create, 1 to remove, 3 unchanged.']);
  await deployed(cloud, moved);
  assert.equal(container(cloud, 'two', 'e1').host, 'b');
  await nothingToDo(cloud, moved);
  await deleted(cloud, 'two');
});

test('what happens outside is seen within moments', async (t) => {
  const cloud = await cloudOf(t, a);
  await deployed(cloud, application('seen', image, { web: {}, db: {} }));
  const times: number[] = [];
  await docker.getContainer('seen-web').kill();
  times.push(await seen(cloud, 'the kill', () => container(cloud, 'seen', 'web').state === 'exited'));
  assert.equal(container(cloud, 'seen', 'web').exitCode, 137);
  await docker.getContainer('seen-web').start();
  times.push(await seen(cloud, 'the start', () => container(cloud, 'seen', 'web').state === 'running'));
  await docker.getContainer('seen-db').pause();
  times.push(await seen(cloud, 'the pause', () => container(cloud, 'seen', 'db').state === 'paused'));
  const stranger = await docker.createContainer({ name: 'stranger', Image: image });
  times.push(await seen(cloud, 'the stranger', () => cloud.observed.hosts[0]?.containers.some(({ containerName }) => containerName === 'stranger') === true));
  await stranger.rename({ name: 'renamed' });
  times.push(await seen(cloud, 'its new name', () => cloud.observed.hosts[0]?.containers.some(({ containerName }) => containerName === 'renamed') === true));
  await stranger.remove();
  times.push(await seen(cloud, 'its removal', () => cloud.observed.hosts[0]?.containers.length === 2));
  t.diagnostic(`seen after ${times.map((time) => Math.round(time)).join(', ')} ms`);
  assert.ok(Math.max(...times) < 2000);
  await deleted(cloud, 'seen');
});

test('a health check is observed as it goes', async (t) => {
  const cloud = await cloudOf(t, a);
  const one = await docker.createContainer({ name: 'healthy', Image: image, Cmd: ['sleep', '100'], Healthcheck: { Test: ['CMD', 'true'], Interval: 200_000_000 } });
  await one.start();
  await seen(cloud, 'healthy', () => cloud.observed.hosts[0]?.containers.find(({ containerName }) => containerName === 'healthy')?.health === 'healthy');
  await one.remove({ force: true });
});

test('a cancelled deployment finishes what has begun and leaves the rest', async (t) => {
  const cloud = await cloudOf(t, a);
  const app = application('cancel', image, many);
  const cancel = new AbortController();
  const onStep = (steps: readonly Step[]): void => {
    assert.ok(kinds(steps, 'running') <= 12);
    if (kinds(steps, 'running') >= 2) cancel.abort();
  };
  const outcome = await cloud.apply(await cloud.plan(app), { onStep, signal: cancel.signal });
  assert.equal(outcome.kind, 'cancelled');
  const [done, skipped] = [kinds(outcome.steps, 'done'), kinds(outcome.steps, 'skipped')];
  assert.equal(done + skipped, 12);
  assert.ok(done >= 2 && done <= 4, `${done} done`);
  assert.deepEqual(containers(cloud, 'cancel').map(({ state }) => state), Array.from({ length: done }, () => 'running'));
  assert.equal((await cloud.plan(app)).actions.length, skipped);
  await deleted(cloud, 'cancel');
});

test('a host is given as much at a time as its processors can take', async (t) => {
  const cloud = await cloudOf(t, a);
  let most = 0;
  const onStep = (steps: readonly Step[]): void => {
    most = Math.max(most, steps.filter(({ state }) => state.kind === 'running' && state.detail !== 'started').length);
  };
  const state = cloud.observed.hosts[0]?.state;
  assert.ok(state?.kind === 'up');
  assert.equal((await cloud.apply(await cloud.plan(application('busy', image, many)), { onStep })).kind, 'done');
  assert.equal(most, Math.min(12, Math.max(4, state.cores * 3)));
  await deleted(cloud, 'busy');
});

test('a host that dies in mid-deployment; deployed again when it is back', async (t) => {
  const cloud = await cloudOf(t, a, b);
  const app = application('mid', image, many);
  let isKilled: Promise<void> | undefined;
  const onStep = (steps: readonly Step[]): void => {
    if (steps.some(({ action, state }) => action.host === 'b' && state.kind === 'running' && state.detail === 'started')) isKilled ??= second.kill();
  };
  const outcome = await cloud.apply(await cloud.plan(app), { onStep });
  await isKilled;
  assert.equal(outcome.kind, 'failed');
  assert.deepEqual(new Set(outcome.steps.filter(({ state }) => state.kind === 'failed').map(({ action }) => action.host)), new Set(['b']));
  assert.equal(outcome.steps.filter(({ action, state }) => action.host === 'a' && state.kind === 'done').length, 6);
  await seen(cloud, 'b is down', () => cloud.observed.hosts[1]?.state.kind === 'down');
  const state = cloud.observed.hosts[1]?.state;
  assert.match(state?.kind === 'down' ? state.problem : '', /Docker Engine/);

  // Without the dead host nothing waits for it.
  await deployed(cloud, application('other', image, { web: {} }));
  await deleted(cloud, 'other');

  await second.restart();
  await seen(cloud, 'b is up again', () => cloud.observed.hosts[1]?.state.kind === 'up', 35_000);
  let again = await deploy(cloud, app);
  // After a hard death an engine may need a second look at what it had begun.
  if (again.kind !== 'done') again = await deploy(cloud, app);
  assert.equal(again.kind, 'done', JSON.stringify(again.steps.map(({ state }) => state)));
  assert.equal(containers(cloud, 'mid').filter(({ state }) => state === 'running').length, 12);
  await nothingToDo(cloud, app);
  await deleted(cloud, 'mid');
});

test('a frozen host holds nobody else up', async (t) => {
  await second.pause();
  t.after(() => second.unpause());
  const cloud = await cloudOf(t, a);
  cloud.setHosts([a, b]);
  assert.equal(cloud.observed.hosts[0]?.state.kind, 'up');
  await docker.createContainer({ name: 'quick', Image: image });
  const tookMs = await seen(cloud, 'a change on a', () => cloud.observed.hosts[0]?.containers.some(({ containerName }) => containerName === 'quick') === true);
  assert.ok(tookMs < 2000);
  assert.equal(cloud.observed.hosts[1]?.state.kind, 'connecting');
  await cloud.settled();
  assert.deepEqual(cloud.observed.hosts[1]?.state, { kind: 'down', problem: 'the Docker Engine hangs: it did not answer within 10 seconds' });
  await docker.getContainer('quick').remove();
});

test('hosts come and go; those that stay are left alone', async (t) => {
  const cloud = await cloudOf(t, a);
  const before = cloud.observed.hosts[0];
  cloud.setHosts([b, a]);
  await cloud.settled();
  assert.deepEqual(cloud.observed.hosts.map(({ host, state }) => `${host} ${state.kind}`), ['b up', 'a up']);
  assert.equal(cloud.observed.hosts[1], before);
  cloud.setHosts([b]);
  assert.deepEqual(cloud.observed.hosts.map(({ host }) => host), ['b']);
});

test('logs: the last lines, then what comes, both streams, until aborted', async (t) => {
  const cloud = await cloudOf(t, a);
  await deployed(cloud, application('talk', image, { web: { command: ['sh', '-c', 'trap "exit 0" TERM; echo old; echo é1; echo bad >&2; sleep 2; printf "new\\r\\n"; sleep 1000 & wait $!'] } }));
  const { containerId } = container(cloud, 'talk', 'web');
  const lines: string[] = [];
  const stop = new AbortController();
  await cloud.logs('a', containerId, { tail: 2, follow: true, signal: stop.signal }, ({ stream, text }) => {
    lines.push(`${stream} ${text}`);
    if (text === 'new') stop.abort();
  });
  assert.equal(lines.length, 3);
  assert.equal(lines.at(-1), 'stdout new');
  await deleted(cloud, 'talk');
});
