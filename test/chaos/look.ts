// What must be true of the application and of its hosts, whatever happened: looked at through the engines themselves, not through the product.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type Docker from 'dockerode';
import type { LabHost } from '../support/lab.ts';
import { eventually, execIn } from '../support/lab/docker.ts';
import { entities, hostNames, type Version } from './application.ts';
import { addStrangers, checkStrangers, lookAgain, type Strangers } from './strangers.ts';

const network = 'clocker-chaos';
const otherNetworks = new Set(['bridge', 'docker_gwbridge', 'host', 'ingress', 'none', 'stranger']);

interface Found {
  readonly host: string;
  readonly info: Docker.ContainerInspectInfo;
}

export class Look {
  readonly #hosts: readonly LabHost[];
  readonly #images: readonly (readonly string[])[];
  #strangers: readonly Strangers[];
  /** What volumes hold, by their names; for ever. */
  readonly #marks = new Map<string, string>();
  /** Where entities are and with which address, from their first deployment until they are deleted. */
  readonly #homes = new Map<string, string>();

  static async at(hosts: readonly LabHost[], image: string): Promise<Look> {
    const strangers = await Promise.all(hosts.map((host) => addStrangers(host, image)));
    return new Look(hosts, strangers, await Promise.all(hosts.map(imagesOf)));
  }

  constructor(hosts: readonly LabHost[], strangers: readonly Strangers[], images: readonly (readonly string[])[]) {
    this.#hosts = hosts;
    this.#strangers = strangers;
    this.#images = images;
  }

  /** Strangers that a fault of their host has ended and started again are taken as they are now. */
  async strangersWereHurt(): Promise<void> {
    this.#strangers = await Promise.all(this.#strangers.map((strangers, index) => lookAgain(this.#host(index), strangers)));
  }

  /** Addresses and places may be others from now on. */
  forgetHomes(): void {
    this.#homes.clear();
  }

  /** Throws where anything of ours is missing, left over, doubled, moved or not as wanted, data is lost or a stranger was touched. */
  async whole(version: Version | 'deleted'): Promise<void> {
    const found = await this.#found();
    const names = version === 'deleted' ? [] : entities.map(({ id }) => `/chaos-${id} running`);
    assert.deepEqual(found.map(({ info: { Name, State } }) => `${Name} ${State.Status}`).toSorted(), names.toSorted(), 'containers');
    for (const { host, info } of found) this.#checkContainer(info, host, version, found);
    assert.equal(new Set(found.map(({ info }) => addressOf(info))).size, found.length, 'each has an address of its own');
    this.#remember(found);
    await Promise.all(hostNames.map((name, index) => this.#checkHost(index, name, version, found)));
    const histories = await Promise.all(this.#hosts.map(historyOn));
    for (const history of histories) assert.deepEqual(history, histories[0], 'all hosts remember the same');
    if (version === 'deleted') {
      assert.deepEqual(histories[0], [], 'records');
      this.#homes.clear();
      return;
    }
    const [last = ''] = histories[0] ?? [];
    assert.match(last, /^\d+ (?:done|cut short) /, 'the last record');
    assert.ok(last.endsWith(` ${version}`), `the blueprint of the last record: ${last}`);
  }

  /**
   * After a deployment that was cancelled, or that was ended before it began: each entity is as it was or as it was to be, `told` says which.
   * Nothing else of ours is there, and everything runs.
   */
  async finishedOrUndone(before: Version | 'deleted', wanted: Version | 'deleted', told: string): Promise<void> {
    const found = await this.#found();
    const isDone = (id: string): boolean => new RegExp(`ok {2}(?:create|replace|remove|start) chaos-${id} on`).test(told);
    const expected = entities.flatMap(({ id }) => {
      const version = isDone(id) ? wanted : before;
      return version === 'deleted' ? [] : [`/chaos-${id} running ${version}`];
    });
    assert.deepEqual(found.map(({ info }) => `${info.Name} ${info.State.Status} ${variable(info, 'VERSION') ?? ''}`).toSorted(), expected.toSorted(), `finished or undone, and told: ${told}`);
    for (const { host, info } of found) this.#checkContainer(info, host, undefined, found);
    for (const [index, host] of this.#hosts.entries()) await checkStrangers(host, this.#strangersOf(index), (what) => `${what} on ${hostNames[index] ?? ''}`);
  }

  /** Takes everything of ours away by force, so that what comes next begins with nothing. */
  async reset(): Promise<void> {
    for (const { info, host } of await this.#found()) await this.#named(host).docker.getContainer(info.Id).remove({ force: true }).catch(unlessGone);
    for (const { docker } of this.#hosts) {
      for (const { Name, Id } of await docker.listNetworks()) if (!otherNetworks.has(Name)) await docker.getNetwork(Id).remove();
      for (const { Name } of (await docker.listVolumes()).Volumes) if (Name.startsWith('clocker-record-')) await docker.getVolume(Name).remove();
    }
    this.#homes.clear();
    await this.strangersWereHurt();
  }

  /** Every container that is no stranger. */
  async #found(): Promise<readonly Found[]> {
    const all = await Promise.all(this.#hosts.map(async ({ docker }, index) => {
      const ids = (await docker.listContainers({ all: true })).map(({ Id }) => Id).filter((id) => !this.#strangersOf(index).containerIds.includes(id));
      // What goes meanwhile is not there.
      const infos = await Promise.all(ids.map((id) => docker.getContainer(id).inspect().catch(unlessGone)));
      return infos.flatMap((info): readonly Found[] => (info === undefined ? [] : [{ host: hostNames[index] ?? '', info }]));
    }));
    return all.flat();
  }

  /** With a version it is as wanted; without, it is as some version wants it. */
  #checkContainer(info: Docker.ContainerInspectInfo, host: string, version: Version | 'deleted' | undefined, found: readonly Found[]): void {
    const name = info.Name.slice(1);
    const entity = entities.find(({ id }) => name === `chaos-${id}`);
    assert.ok(entity !== undefined, name);
    assert.equal(host, entity.host ?? host, `the host of ${name}`);
    if (version !== undefined) assert.equal(variable(info, 'VERSION'), version, `the version of ${name}`);
    assert.deepEqual(Object.keys(info.NetworkSettings.Networks), [network], `the networks of ${name}`);
    const { [network]: end } = info.NetworkSettings.Networks;
    for (const alias of [entity.id, `${entity.id}.chaos`, `${entity.id}.chaos.internal`]) assert.ok(end?.Aliases?.includes(alias) === true, `${alias} names ${name}`);
    assert.equal(info.Config.Labels['io.clocker.addresses'], JSON.stringify({ [network]: addressOf(info) }), `the address that ${name} says it has`);
    assert.equal(addressOf(info), this.#homes.get(entity.id)?.split(' ')[1] ?? addressOf(info), `the address of ${name} is the same as ever`);
    assert.equal(host, this.#homes.get(entity.id)?.split(' ')[0] ?? host, `the place of ${name} is the same as ever`);
    const published: unknown = info.NetworkSettings.Ports['80/tcp'];
    assert.equal(Array.isArray(published) ? Reflect.get(Object(published[0]), 'HostPort') : undefined, entity.hostPort?.toString(), `the port of ${name}`);
    if (entity.peer === undefined) return;
    const peer = found.find(({ info: other }) => other.Name === `/chaos-${entity.peer ?? ''}`);
    if (peer) assert.equal(variable(info, 'PEER'), addressOf(peer.info), `the address of its peer that ${name} was told`);
  }

  #remember(found: readonly Found[]): void {
    for (const { host, info } of found) this.#homes.set(info.Name.slice('/chaos-'.length), `${host} ${addressOf(info)}`);
  }

  async #checkHost(index: number, name: string, version: Version | 'deleted', found: readonly Found[]): Promise<void> {
    const host = this.#host(index);
    const { docker } = host;
    const said = (what: string): string => `${what} on ${name}`;
    const mine = version === 'deleted' ? [] : entities.filter((entity) => entity.host === name);
    const networks = (await docker.listNetworks()).map(({ Name }) => Name).filter((one) => !otherNetworks.has(one));
    assert.deepEqual(networks, mine.length === 0 ? [] : [network], said('networks'));
    const volumes = (await docker.listVolumes()).Volumes.map((volume) => volume.Name).filter((one) => !one.startsWith('clocker-record-'));
    const kept = this.#marks.has(`chaos-${name}`) || mine.length > 0 ? [`chaos-${name}`] : [];
    assert.deepEqual(volumes.toSorted(), [...kept, 'stranger'], said('volumes'));
    for (const { id, volume } of mine) {
      if (volume === undefined) continue;
      const data = docker.getContainer(`chaos-${id}`);
      const mark = await eventually(async () => {
        const text = await execIn(data, ['cat', '/data/mark']);
        assert.notEqual(text, '');
        return text;
      }, 5000);
      assert.equal(mark, this.#marks.get(volume) ?? mark, said('the data of the volume'));
      this.#marks.set(volume, mark);
      const address = found.find(({ info }) => info.Name === `/chaos-${id}`);
      const answer = await execIn(docker.getContainer(`chaos-${name}-port`), ['nslookup', id]);
      assert.ok(address && answer.includes(addressOf(address.info)), said(`the name ${id} leads to ${answer}`));
    }
    await checkStrangers(host, this.#strangersOf(index), said);
    assert.deepEqual(await imagesOf(host), this.#images[index], said('images'));
  }

  #named(name: string): LabHost {
    return this.#host(hostNames.indexOf(name));
  }

  #host(index: number): LabHost {
    const host = this.#hosts[index];
    assert.ok(host !== undefined);
    return host;
  }

  #strangersOf(index: number): Strangers {
    const strangers = this.#strangers[index];
    assert.ok(strangers !== undefined);
    return strangers;
  }
}

function unlessGone(error: unknown): undefined {
  if (!(error instanceof Error && 'statusCode' in error && error.statusCode === 404)) throw error;
}

function variable({ Config }: Docker.ContainerInspectInfo, name: string): string | undefined {
  return Config.Env.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1);
}

function addressOf({ NetworkSettings: { Networks } }: Docker.ContainerInspectInfo): string {
  return Networks[network]?.IPAddress ?? '';
}

/** By id, with all names; without the one of the program that looks around in containers, which stays where it was needed. */
async function imagesOf({ docker }: LabHost): Promise<readonly string[]> {
  return (await docker.listImages({ all: true })).filter(({ RepoTags }) => !RepoTags?.some((tag) => tag.startsWith('clocker/insider:'))).map(({ Id, RepoTags }) => [Id, ...(RepoTags ?? []).toSorted()].join(' ')).toSorted();
}

/** The deployments that a host remembers, newest first: revision, outcome, a hash of the blueprint and its version. */
async function historyOn({ docker }: LabHost): Promise<readonly string[]> {
  const records = (await docker.listVolumes()).Volumes.filter(({ Name }) => Name.startsWith('clocker-record-'));
  const read = records.map(({ Name, Labels }) => {
    const label = (name: string): string => Labels['io.clocker.record' + name] ?? '';
    assert.equal(Name, `clocker-record-chaos-${label('.revision')}`);
    const blueprint = unpacked(label('.blueprint'));
    assert.ok(!blueprint.includes('hunter2'), `a secret in ${Name}`);
    const hash = createHash('sha256').update(blueprint).digest('hex').slice(0, 8);
    return { revision: Number(label('.revision')), text: [label('.revision'), label('.outcome'), hash, /VERSION: (\w+)/.exec(blueprint)?.[1] ?? ''].join(' ') };
  });
  const newest = read.toSorted((a, b) => b.revision - a.revision);
  assert.ok(newest.length <= 10, `${newest.length} records`);
  return newest.map(({ text }) => text);
}

function unpacked(text: string): string {
  return text.startsWith('gzip:') ? gunzipSync(Buffer.from(text.slice('gzip:'.length), 'base64')).toString() : text;
}
