// Three hosts with strangers on them, an application of twelve entities, and what must be true of all of it whatever happened:
// looked at through the engines themselves, not through the product.

import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type Docker from 'dockerode';
import type { Application } from '#core/blueprint/application.ts';
import { render } from '#core/plan/render.ts';
import type { Cloud, Outcome } from '../../client/engine/cloud.ts';
import type { HostConfig } from '#core/host/config.ts';
import { openCloud } from '../../client/controller.ts';
import { understand } from '../../client/understand.ts';
import { buildWhenChanged } from '../../scripts/build.ts';
import { busyboxImage, httpImage, nestedHosts, type LabHost } from '../support/lab.ts';
import { eventually, execIn } from '../support/lab/docker.ts';

export type Version = 'one' | 'two';

interface EntityText {
  readonly id: string;
  readonly host: string;
  readonly volume?: string;
  readonly hostPort?: number;
  /** Waits for the address of this one. */
  readonly peer?: string;
}

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const names = ['a', 'b', 'c'];
/** Four on each host: one with a volume, one with a port of the host, one that waits for the first, one with nothing. */
const entities: readonly EntityText[] = names.flatMap((host) => [
  { id: `${host}-data`, host, volume: `chaos-${host}` },
  { id: `${host}-port`, host, hostPort: 8080 },
  { id: `${host}-peer`, host, peer: `${host}-data` },
  { id: `${host}-plain`, host },
]);

const program = 'trap "exit 0" TERM; [ -z "$DATA" ] || [ -e /data/mark ] || cat /proc/sys/kernel/random/uuid > /data/mark; while true; do sleep 1000 & wait $!; done';

export interface World {
  readonly hosts: readonly LabHost[];
  readonly configs: readonly HostConfig[];
  readonly image: string;
  readonly folder: string;
  /** Deploys (again) with a fresh engine until it is done; throws when it is not. */
  converge(version: Version | 'deleted', attempts?: number): Promise<void>;
  /** Throws where anything of ours is missing, left over or doubled, data is lost or a stranger was touched. */
  check(version: Version | 'deleted'): Promise<void>;
  /** The command line, deploying or deleting. `env` says what happens to it. */
  start(version: Version | 'deleted', env?: Readonly<Record<string, string>>): Child;
  openCloud(): Promise<Cloud>;
  application(version: Version): Application;
  /** Strangers that a fault of their host has ended and started again are taken as they are now. */
  rememberStrangers(): Promise<void>;
  close(): void;
}

export interface Child {
  readonly process: ChildProcess;
  /** Its exit code, or the signal that ended it; with all that it said. */
  readonly ended: Promise<{ readonly end: number | NodeJS.Signals | null; readonly said: string }>;
  /** Resolves when it has said something that matches, or has ended. */
  said(pattern: RegExp): Promise<void>;
}

export async function openWorld(): Promise<World> {
  await buildWhenChanged();
  const hosts = await nestedHosts(names.length);
  const image = await busyboxImage(hosts);
  await httpImage(hosts);
  const folder = mkdtempSync(join(tmpdir(), 'clocker-chaos-'));
  const configs: HostConfig[] = hosts.map(({ tcpEndpoint }, index) => ({ name: names[index] ?? '', endpoint: tcpEndpoint, insecure: true }));
  const hostsFile = join(folder, 'hosts.yaml');
  writeFileSync(hostsFile, JSON.stringify(configs));
  const blueprints = { one: join(folder, 'one.yaml'), two: join(folder, 'two.yaml') };
  for (const version of ['one', 'two'] as const) writeFileSync(blueprints[version], blueprint(image, version));
  const strangers: (readonly Stranger[])[] = await Promise.all(hosts.map((host) => addStrangers(host, image)));
  const images = await Promise.all(hosts.map(imagesOf));
  const marks = new Map<string, string>();

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

  return {
    hosts,
    configs,
    image,
    folder,
    application,
    openCloud: open,
    converge: async (version, attempts = 1) => {
      for (let attempt = 1; ; attempt++) {
        try {
          await once(version);
          return;
        } catch (error) {
          // Where the message says so it is done; an engine that miscounts has no other cure.
          const miscounting = / on (\w+): .*restart Docker on the host/.exec(String(error))?.[1];
          const host = miscounting === undefined || attempt > 1 ? undefined : hosts[names.indexOf(miscounting)];
          if (host !== undefined) await host.killEngine();
          else if (attempt >= attempts) throw error;
          await sleep(1000);
        }
      }
    },
    check: async (version) => {
      for (const [index, host] of hosts.entries()) {
        const name = names[index] ?? '';
        await checkHost({ host, name, version, strangers: strangers[index] ?? [], images: images[index] ?? [], marks });
      }
    },
    start: (version, env = {}) => {
      const [file, ...rest] = version === 'deleted' ? ['delete', 'chaos'] : ['deploy', blueprints[version]];
      const fault = join(root, 'test/chaos/fault.ts');
      return childOf(spawn(process.execPath, ['--import', fault, join(root, 'dist/cli.cjs'), file ?? '', ...rest, '--yes', '--hosts', hostsFile], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] }));
    },
    rememberStrangers: async () => {
      for (const [index, { docker }] of hosts.entries()) strangers[index] = await Promise.all((strangers[index] ?? []).map(({ containerId }) => stranger(docker, containerId)));
    },
    close: () => rmSync(folder, { recursive: true }),
  };
}

function blueprint(image: string, version: Version): string {
  const services = entities.map(({ id, host, volume, hostPort, peer }) =>
    [
      `- type: docker:${image}`,
      `  id: ${id}`,
      `  location: ${host}`,
      `  commands: [sh, -c, ${JSON.stringify(program)}]`,
      '  env:',
      `    VERSION: ${version}`,
      '    PASSWORD: hunter2',
      ...(volume === undefined ? [] : ['    DATA: "yes"']),
      ...(peer === undefined ? [] : [`    PEER: $brooklyn:component("${peer}").attributeWhenReady("host.address")`]),
      ...(volume === undefined ? [] : [`  volumes: ["${volume}:/data"]`]),
      ...(hostPort === undefined ? [] : ['  portBindings:', `    ${hostPort}: 80`]),
    ].join('\n'),
  );
  return `name: chaos\nservices:\n${services.join('\n')}\n`;
}

interface Stranger {
  readonly containerId: string;
  readonly startedAt: string;
}

/** A container that runs, one that does not, a network and a volume, none of them ours. */
async function addStrangers({ docker }: LabHost, image: string): Promise<readonly Stranger[]> {
  await docker.createVolume({ Name: 'stranger' });
  await docker.createNetwork({ Name: 'stranger' });
  const running = await docker.createContainer({ name: 'stranger', Image: image, HostConfig: { NetworkMode: 'stranger', Mounts: [{ Type: 'volume', Source: 'stranger', Target: '/data' }], RestartPolicy: { Name: 'always' } } });
  await running.start();
  const created = await docker.createContainer({ name: 'stranger-too', Image: image });
  return Promise.all([running, created].map(({ id }) => stranger(docker, id)));
}

/** One that always runs is waited for. */
async function stranger(docker: Docker, containerId: string): Promise<Stranger> {
  return eventually(async () => {
    const { State, HostConfig } = await docker.getContainer(containerId).inspect();
    if (HostConfig.RestartPolicy?.Name === 'always' && !State.Running) throw new Error('a stranger does not run');
    return { containerId, startedAt: State.StartedAt };
  }, 30_000);
}

async function imagesOf({ docker }: LabHost): Promise<readonly string[]> {
  return (await docker.listImages({ all: true })).map(({ Id }) => Id).toSorted();
}

interface Checked {
  readonly host: LabHost;
  readonly name: string;
  readonly version: Version | 'deleted';
  readonly strangers: readonly Stranger[];
  readonly images: readonly string[];
  /** What volumes hold, by their names. */
  readonly marks: Map<string, string>;
}

async function checkHost({ host, name, version, strangers, images, marks }: Checked): Promise<void> {
  const { docker } = host;
  const mine = version === 'deleted' ? [] : entities.filter((entity) => entity.host === name);
  const all = await docker.listContainers({ all: true });
  const said = (what: string): string => `${what} on ${name}`;
  const found = all.filter(({ Id }) => !strangers.some(({ containerId }) => containerId === Id));
  assert.deepEqual(found.map(({ Names, State }) => `${Names[0]} ${State}`).toSorted(), mine.map(({ id }) => `/chaos-${id} running`).toSorted(), said('containers'));
  for (const { Id } of found) {
    const { Config } = await docker.getContainer(Id).inspect();
    assert.ok(Config.Env.includes(`VERSION=${version}`), said('the version'));
  }
  const networks = (await docker.listNetworks()).map(({ Name }) => Name).filter((one) => !['bridge', 'host', 'none', 'docker_gwbridge', 'stranger'].includes(one));
  assert.deepEqual(networks, mine.length === 0 ? [] : ['clocker-chaos'], said('networks'));
  const volumes = (await docker.listVolumes()).Volumes.map((volume) => volume.Name);
  const records = volumes.filter((one) => one.startsWith('clocker-record-'));
  assert.ok(version === 'deleted' ? records.length === 0 : records.length >= 1 && records.length <= 10, said(`records: ${records.join(', ')}`));
  assert.deepEqual(volumes.filter((one) => !records.includes(one)).toSorted(), [`chaos-${name}`, 'stranger'].toSorted(), said('volumes'));
  for (const { id, volume } of mine) {
    if (volume === undefined) continue;
    const mark = await eventually(async () => {
      const text = await execIn(docker.getContainer(`chaos-${id}`), ['cat', '/data/mark']);
      assert.notEqual(text, '');
      return text;
    }, 5000);
    assert.equal(mark, marks.get(volume) ?? mark, said('the data of the volume'));
    marks.set(volume, mark);
  }
  for (const { containerId, startedAt } of strangers) {
    const { State } = await docker.getContainer(containerId).inspect();
    assert.equal(State.StartedAt, startedAt, said('a stranger was restarted'));
  }
  assert.deepEqual(await imagesOf(host), images, said('images'));
}

function childOf(process: ChildProcess): Child {
  let said = '';
  let end: number | NodeJS.Signals | null | undefined;
  const listeners = new Set<() => void>();
  const hear = (text: unknown): void => {
    said += String(text);
    for (const listener of listeners) listener();
  };
  process.stdout?.on('data', hear);
  process.stderr?.on('data', hear);
  const ended = new Promise<{ end: number | NodeJS.Signals | null; said: string }>((resolve) => {
    process.on('close', (code, signal) => {
      end = code ?? signal;
      hear('');
      resolve({ end, said });
    });
  });
  const heard = (pattern: RegExp): Promise<void> =>
    new Promise((resolve) => {
      const listen = (): void => {
        if (!pattern.test(said) && end === undefined) return;
        listeners.delete(listen);
        resolve();
      };
      listeners.add(listen);
      listen();
    });
  return { process, ended, said: heard };
}
