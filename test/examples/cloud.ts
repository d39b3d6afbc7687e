// The examples on a docker cloud of three real hosts, under the name that the examples call it by: deployed whole, with every
// installation, and used over HTTP from this machine.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { TestContext } from 'node:test';
import type { Application } from '#core/blueprint/application.ts';
import { render } from '#core/plan/render.ts';
import { openCloud } from '../../client/controller.ts';
import { connectDocker } from '../../client/docker/dockerHost.ts';
import type { Cloud } from '../../client/engine/cloud.ts';
import { joinHosts } from '../../client/engine/sdn/joinHosts.ts';
import { noCredentials } from '../../client/engine/ports.ts';
import { understand } from '../../client/understand.ts';
import { container, containers, nothingToDo, problems } from '../engine/support.ts';
import { debianImage, nestedHosts } from '../support/lab.ts';
import { eventually, execIn } from '../support/lab/docker.ts';

const hosts = await nestedHosts(3);
const configs = hosts.map(({ name, endpoint }) => ({ name, endpoint }));

/** Three hosts with Debian, in one Swarm. */
export async function prepared(): Promise<void> {
  await debianImage(hosts);
  const joining = hosts.map((host) => ({ host: host.name, address: host.address, port: connectDocker({ name: host.name, endpoint: host.endpoint }) }));
  await joinHosts(joining, { cloud: 'my-docker-cloud' });
  for (const { port } of joining) port.close();
}

/** As somebody sees it who comes new. */
export async function opened(t: TestContext): Promise<Cloud> {
  const cloud = openCloud(configs, noCredentials, [{ name: 'my-docker-cloud', hosts: configs.map(({ name }) => name), placement: { strategies: [], affinityRules: [] } }]);
  t.after(() => cloud.dispose());
  await cloud.settled();
  return cloud;
}

export async function example(name: string): Promise<Application> {
  const { application, diagnostics } = understand(await readFile(`examples/${name}.blueprint.yaml`, 'utf8'));
  assert.deepEqual(diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message), []);
  assert.ok(application);
  return { ...application, folder: 'examples' };
}

export async function deployed(cloud: Cloud, application: Application, without: readonly string[] = []): Promise<void> {
  const plan = await cloud.plan(application, { without });
  assert.deepEqual(plan.refusals, []);
  const outcome = await cloud.apply(plan);
  const logs = outcome.steps.flatMap(({ state }) => (state.kind === 'failed' ? state.logTail : []));
  assert.equal(outcome.kind, 'done', [...problems(outcome), ...logs].join('\n'));
  await nothingToDo(cloud, application);
}

/** On how many hosts the application is. */
export function spread(cloud: Cloud, { id }: Application): number {
  return new Set(containers(cloud, id).map(({ host }) => host)).size;
}

/** Where an entity's port is reached from this machine, without a slash at the end. */
export function address(cloud: Cloud, { id }: Application, entity: string, port: number): string {
  const { host, ports } = container(cloud, id, entity);
  const published = ports.find((one) => one.port === port)?.hostPort;
  assert.ok(published !== undefined, `port ${port} of ${entity} is published`);
  return `http://${hosts.find(({ name }) => name === host)?.address ?? ''}:${published}`;
}

/** What a command says in an entity's container. */
export async function inside(cloud: Cloud, { id }: Application, entity: string, command: readonly string[]): Promise<string> {
  const { host, containerId } = container(cloud, id, entity);
  const found = hosts.find(({ name }) => name === host);
  assert.ok(found);
  return execIn(found.docker.getContainer(containerId), command);
}

/** The text that an address answers; form fields are posted. Tries for a while: what has just started may need a moment. */
export async function ask(url: string, form?: Readonly<Record<string, string>>): Promise<string> {
  return eventually(async () => {
    const response = await fetch(url, { signal: AbortSignal.timeout(30_000), ...(form && { method: 'POST', body: new URLSearchParams(form) }) }).catch((error: unknown) => {
      throw new Error(`${url} does not answer`, { cause: error });
    });
    const text = await response.text();
    assert.ok(response.ok, `${url}: ${response.status} ${text.slice(0, 500)}`);
    return text;
  }, 60_000);
}

/** The host of an entity dies with all that is on it. Whoever comes new is told what waits for it, gives it up, and deploys again; gives the cloud as seen then. */
export async function lose(t: TestContext, before: Cloud, application: Application, entity: string): Promise<Cloud> {
  const { host } = container(before, application.id, entity);
  before.dispose();
  await hosts.find(({ name }) => name === host)?.kill();
  const cloud = await opened(t);
  const refused = await cloud.plan(application);
  assert.ok(refused.refusals.some((refusal) => refusal.entity === entity && refusal.downHost === host), render(refused).join('\n'));
  await deployed(cloud, application, [host]);
  assert.notEqual(container(cloud, application.id, entity).host, host);
  return cloud;
}
