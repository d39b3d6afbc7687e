// What an image that was caught gains on another host when the cloud runs a registry: a Redis that apt installs, started first, and
// then elsewhere through the registry. `npm run bench:images -- registry`. What is pushed besides counts for nobody's start.

import type { Application } from '#core/blueprint/application.ts';
import type { Cloud } from '../../client/engine/cloud.ts';
import { openCloud } from '../../client/controller.ts';
import { understand } from '../../client/understand.ts';
import { debianImage, nestedHosts } from '../support/lab.ts';
import { seconds } from './figures.ts';

const wanted = 4;

export async function registryImages(): Promise<void> {
  const hosts = await nestedHosts(2);
  await debianImage(hosts);
  // By addresses under which the hosts reach one another.
  const cloud = openCloud(hosts.map((host, index) => ({ name: `h${index + 1}`, endpoint: host.tcpEndpoint, insecure: true })), undefined, [{ name: 'east', hosts: ['h1', 'h2'], placement: { strategies: [], affinityRules: [] } }]);
  try {
    await cloud.settled();
    for (const { host, images } of await cloud.caughtImages()) for (const { image, kind } of images) if (kind === 'caught') await cloud.removeImage(host, image);
    await started(cloud, 'images', 'h1', 'docker-registry');
    const first = await started(cloud, 'first', 'h1', 'redis-store');
    const other = await started(cloud, 'other', 'h2', 'redis-store');
    if (!other.details.some((detail) => /from [\d.]+:50000$/.test(detail))) throw new Error(`not through the registry: ${other.details.join('; ')}`);
    console.log('Redis, installed by apt, in a cloud with a registry (seconds until it answers)');
    console.log(`  first start                            ${seconds(first.tookMs)}`);
    console.log(`  second, on another host, by the registry ${seconds(other.tookMs)}   ${(first.tookMs / other.tookMs).toFixed(1)} times as fast (wanted: ${wanted})`);
    for (const id of ['first', 'other', 'images']) await cloud.apply(await cloud.planDelete(id));
    await hosts[0]?.docker.getVolume('images-it').remove();
  } finally {
    cloud.dispose();
  }
}

/** Until the last step is done. */
async function started(cloud: Cloud, id: string, location: string, type: string): Promise<{ readonly tookMs: number; readonly details: readonly string[] }> {
  const plan = await cloud.plan(application(`name: ${id}\nservices:\n- { type: ${type}, id: it, location: ${location} }\n`));
  const details: string[] = [];
  const beganMs = performance.now();
  let tookMs = 0;
  const outcome = await cloud.apply(plan, {
    onStep: (steps) => {
      details.push(...steps.flatMap(({ state }) => (state.kind === 'running' ? (state.detail ?? []) : [])));
      if (tookMs === 0 && steps.every(({ state }) => state.kind === 'done')) tookMs = performance.now() - beganMs;
    },
  });
  if (outcome.kind !== 'done' || (outcome.notes ?? []).length > 0) throw new Error(`${id}: ${JSON.stringify(outcome)}`);
  return { tookMs, details };
}

function application(text: string): Application {
  const { application: read } = understand(text);
  if (read === undefined) throw new Error('the blueprint makes no sense');
  return read;
}
