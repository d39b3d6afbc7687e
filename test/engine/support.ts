// What the engine's tests share: applications in a few words, clouds that are closed again, plans carried out.

import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Application, ContainerSpec } from '#core/blueprint/application.ts';
import type { ObservedContainer } from '#core/cluster/observed.ts';
import { render } from '#core/plan/render.ts';
import { openCloud } from '../../client/controller.ts';
import type { Cloud, Outcome } from '../../client/engine/cloud.ts';
import { understand } from '../../client/understand.ts';
import type { HostConfig } from '#core/host/config.ts';

/** Runs until it is asked to end, and ends at once then. */
export const untilStopped = ['sh', '-c', 'trap "exit 0" TERM; while true; do sleep 1000 & wait $!; done'];

export type EntityText = Partial<ContainerSpec> & { readonly at?: string };

/** An application whose entities run `untilStopped` unless they say otherwise. */
export function application(id: string, image: string, entities: Readonly<Record<string, EntityText>>, blueprint = `name: ${id}\n`): Application {
  return {
    id,
    name: id,
    blueprint,
    entities: Object.entries(entities).map(([key, { at, ...spec }]) => ({
      key,
      name: key,
      type: `docker:${image}`,
      locations: at === undefined ? [] : [at],
      container: { image, command: untilStopped, env: {}, openPorts: [], publishedPorts: [], mounts: [], ...spec },
    })),
  };
}

/** The application of a blueprint that has no errors. */
export function blueprint(text: string): Application {
  const { application: made, diagnostics } = understand(text);
  assert.deepEqual(diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message), []);
  assert.ok(made);
  return made;
}

/** Closed when the test ends. */
export async function cloudOf(t: TestContext, ...hosts: readonly HostConfig[]): Promise<Cloud> {
  const cloud = openCloud(hosts);
  t.after(() => cloud.dispose());
  await cloud.settled();
  return cloud;
}

export async function deploy(cloud: Cloud, app: Application): Promise<Outcome> {
  return cloud.apply(await cloud.plan(app));
}

export async function deployed(cloud: Cloud, app: Application): Promise<void> {
  const outcome = await deploy(cloud, app);
  assert.equal(outcome.kind, 'done', JSON.stringify(outcome.steps.map(({ state }) => state)));
}

export async function deleted(cloud: Cloud, id: string): Promise<void> {
  const outcome = await cloud.apply(await cloud.planDelete(id));
  assert.equal(outcome.kind, 'done', JSON.stringify(outcome.steps.map(({ state }) => state)));
  assert.deepEqual(containers(cloud, id), []);
}

export async function nothingToDo(cloud: Cloud, app: Application): Promise<void> {
  assert.deepEqual(render(await cloud.plan(app)).slice(0, -1), []);
}

export function containers(cloud: Cloud, id: string): ObservedContainer[] {
  return cloud.observed.hosts.flatMap((host) => host.containers).filter((container) => container.owner?.application === id);
}

export function container(cloud: Cloud, id: string, entity: string): ObservedContainer {
  const found = containers(cloud, id).find((one) => one.owner?.entity === entity);
  assert.ok(found !== undefined, `${entity} of ${id} is there`);
  return found;
}

/** Waits for an observation in which `isSo`; fails after `withinMs`. Gives the milliseconds it took. */
export async function seen(cloud: Cloud, what: string, isSo: () => boolean, withinMs = 5000): Promise<number> {
  const beganMs = performance.now();
  await new Promise<void>((resolve, reject) => {
    const forget = cloud.onChange(() => look());
    const timer = setTimeout(() => {
      forget();
      reject(new Error(`not seen within ${withinMs} ms: ${what}`));
    }, withinMs);
    const look = (): void => {
      if (!isSo()) return;
      clearTimeout(timer);
      forget();
      resolve();
    };
    look();
  });
  return performance.now() - beganMs;
}

export function problems(outcome: Outcome): string[] {
  return outcome.steps.flatMap(({ state }) => (state.kind === 'failed' ? [state.problem] : []));
}
