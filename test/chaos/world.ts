// Three hosts with strangers on them, the application in two versions, and how it is deployed: by a process of its own that faults
// strike, or from here, as whoever comes next would. What must be true of it all is in look.ts.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { spawn } from 'node:child_process';
import type { Application } from '#core/blueprint/application.ts';
import { render } from '#core/plan/render.ts';
import type { Cloud, Outcome } from '../../client/engine/cloud.ts';
import type { HostConfig } from '#core/host/config.ts';
import { openCloud } from '../../client/controller.ts';
import { understand } from '../../client/understand.ts';
import { buildWhenChanged } from '../../scripts/build.ts';
import { busyboxImage, httpImage, nestedHosts, type LabHost } from '../support/lab.ts';
import { blueprint, hostNames, type Version } from './application.ts';
import { childOf, type Child } from './child.ts';
import { Look } from './look.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export interface World {
  readonly hosts: readonly LabHost[];
  readonly look: Look;
  readonly image: string;
  readonly folder: string;
  /** Deploys (again) with a fresh engine until it is done; throws when it is not. */
  converge(version: Version | 'deleted', attempts?: number): Promise<void>;
  /** See `Look.whole`. */
  check(version: Version | 'deleted'): Promise<void>;
  /** Deployed again it is whole. Hosts that were hurt may need a moment, and strangers on them may have started anew. */
  settle(version: Version | 'deleted', what?: 'hosts were hurt'): Promise<void>;
  /** The command line, deploying or deleting. `env` says what happens to it. */
  start(version: Version | 'deleted', env?: Readonly<Record<string, string>>): Child;
  /** After a fault that was not survived: takes all away by force. */
  reset(): Promise<void>;
  close(): void;
}

export async function openWorld(): Promise<World> {
  await buildWhenChanged();
  const hosts = await nestedHosts(hostNames.length);
  const image = await busyboxImage(hosts);
  await httpImage(hosts);
  const folder = mkdtempSync(join(tmpdir(), 'clocker-chaos-'));
  const configs: HostConfig[] = hosts.map(({ tcpEndpoint }, index) => ({ name: hostNames[index] ?? '', endpoint: tcpEndpoint, insecure: true }));
  const hostsFile = join(folder, 'hosts.yaml');
  writeFileSync(hostsFile, JSON.stringify(configs));
  const blueprints = { one: join(folder, 'one.yaml'), two: join(folder, 'two.yaml') };
  for (const version of ['one', 'two'] as const) writeFileSync(blueprints[version], blueprint(image, version));
  const look = await Look.at(hosts, image);

  const application = (version: Version): Application => {
    const { application: made } = understand(readFileSync(blueprints[version], 'utf8'));
    if (made === undefined) throw new Error('the blueprint is not understood');
    return made;
  };
  const open = async (): Promise<Cloud> => {
    const cloud = openCloud(configs);
    await cloud.settled();
    return cloud;
  };
  const once = async (version: Version | 'deleted'): Promise<Outcome> => {
    const cloud = await open();
    try {
      const plan = version === 'deleted' ? await cloud.planDelete('chaos') : await cloud.plan(application(version));
      if (plan.refusals.length > 0) throw new Error(`refused: ${plan.refusals.map(({ reason }) => reason).join('; ')}`);
      let outcome = await cloud.apply(plan);
      // Engines finish what they were asked by the dead: what is to do is what is left then.
      for (let again = 0; again < 3 && outcome.kind === 'outdated'; again++) outcome = await cloud.apply(outcome.plan);
      if (outcome.kind !== 'done') throw new Error(`${outcome.kind}: ${outcome.steps.map(({ state }) => (state.kind === 'failed' ? state.problem : '')).join(' ')}${outcome.kind === 'locked' ? outcome.locks.map(({ by }) => by).join() : ''}`);
      const left = version === 'deleted' ? await cloud.planDelete('chaos') : await cloud.plan(application(version));
      assert.deepEqual(render(left).slice(0, -1), [], 'deployed once more there is nothing to do');
      return outcome;
    } finally {
      cloud.dispose();
    }
  };

  const converge = async (version: Version | 'deleted', attempts = 1): Promise<void> => {
    for (let attempt = 1; ; attempt++) {
      try {
        await once(version);
        return;
      } catch (error) {
        // Where the message says so it is done; an engine that miscounts has no other cure.
        const miscounting = / on (\w+): .*restart Docker on the host/.exec(String(error))?.[1];
        const host = miscounting === undefined || attempt > 1 ? undefined : hosts[hostNames.indexOf(miscounting)];
        if (host !== undefined) await host.killEngine();
        else if (attempt >= attempts) throw error;
        await sleep(1000);
      }
    }
  };

  return {
    hosts,
    look,
    image,
    folder,
    converge,
    check: (version) => look.whole(version),
    settle: async (version, what) => {
      await converge(version, what === undefined ? 1 : 10);
      if (what !== undefined) await look.strangersWereHurt();
      await look.whole(version);
    },
    start: (version, env = {}) => {
      const [file, ...rest] = version === 'deleted' ? ['delete', 'chaos'] : ['deploy', blueprints[version]];
      const fault = join(root, 'test/chaos/fault.ts');
      return childOf(spawn(process.execPath, ['--import', fault, join(root, 'dist/cli.cjs'), file ?? '', ...rest, '--yes', '--hosts', hostsFile], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] }));
    },
    reset: () => look.reset(),
    close: () => rmSync(folder, { recursive: true }),
  };
}
