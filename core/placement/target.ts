// Where an entity may go, from the names that its blueprint gives: some hosts, or all of a docker cloud, with what that cloud asks.

import type { CloudConfig } from '#core/cloud/cloud.ts';
import type { CloudLoad, HostLoad } from '#core/placement/load.ts';
import type { CloudPlacement } from '#core/placement/strategy.ts';
import { nearest } from '#core/text/nearest.ts';

export interface Target {
  /** Names of the only hosts, the preferred first; empty for any. */
  readonly locations: readonly string[];
  /** The cloud of which all hosts are meant. */
  readonly within?: string;
  /** The cloud whose placement counts. Absent for hosts outside of clouds, and for any host at all: then each keeps its own cloud's limits. */
  readonly cloud?: string;
  readonly placement: CloudPlacement;
  /** Equal targets have equal keys. */
  readonly key: string;
}

/** One for each cloud that is named and one for the hosts outside of clouds: tried in this order. `problem` is a sentence without its full stop. */
export type Targeted = { readonly targets: readonly Target[] } | { readonly problem: string };

export class Targets {
  readonly #load: CloudLoad;
  readonly #elsewhere: CloudPlacement;
  /** Entities often have their locations in common. */
  readonly #known = new Map<string, Targeted>();

  /** `elsewhere` is asked of what goes to no cloud. */
  constructor(load: CloudLoad, elsewhere: CloudPlacement) {
    this.#load = load;
    this.#elsewhere = elsewhere;
  }

  of(locations: readonly string[]): Targeted {
    const key = locations.join('\n');
    const known = this.#known.get(key) ?? this.#read(locations);
    this.#known.set(key, known);
    return known;
  }

  #read(locations: readonly string[]): Targeted {
    if (locations.length === 0) return { targets: [this.#anywhere()] };
    const hosts = new Map<CloudConfig | undefined, string[]>();
    const whole = new Set<CloudConfig>();
    for (const location of locations) {
      const found = this.#find(location);
      if ('problem' in found) return found;
      const problem = found.cloud && this.#load.cloudProblems.get(found.cloud.name);
      if (problem !== undefined) return { problem: `which hosts the cloud ${found.cloud?.name ?? ''} has is not known: ${problem}` };
      const group = hosts.get(found.cloud) ?? [];
      hosts.set(found.cloud, group);
      if (found.host) group.push(found.host.name);
      else if (found.cloud) whole.add(found.cloud);
    }
    return { targets: [...hosts].map(([cloud, names]) => (cloud && whole.has(cloud) ? wholeOf(cloud) : this.#some(cloud, names))) };
  }

  /** Where there is nothing but one cloud, that is meant. */
  #anywhere(): Target {
    const { clouds, hosts } = this.#load;
    const [only, ...more] = clouds.values();
    if (only !== undefined && more.length === 0 && hosts.every(({ cloud }) => cloud === only)) return wholeOf(only);
    return { locations: [], placement: this.#elsewhere, key: '' };
  }

  #some(cloud: CloudConfig | undefined, names: readonly string[]): Target {
    return { locations: names, ...(cloud && { cloud: cloud.name }), placement: cloud?.placement ?? this.#elsewhere, key: names.join(',') };
  }

  #find(location: string): { readonly host?: HostLoad | undefined; readonly cloud?: CloudConfig | undefined } | { readonly problem: string } {
    const { byName } = this.#load;
    const [first = '', second] = location.split(':');
    if (second !== undefined) return this.#inCloud(first, second);
    const host = byName.get(location);
    if (host) return { host, cloud: host.cloud };
    const cloud = this.#cloud(location);
    if (cloud) return { cloud };
    const local = location === 'localhost' ? this.#load.hosts.find(({ observed }) => /^(?:unix:|\/)/.test(observed.endpoint)) : undefined;
    return local ? { host: local, cloud: local.cloud } : { problem: this.#unknown(location) };
  }

  #inCloud(cloudName: string, hostName: string): { readonly host: HostLoad; readonly cloud: CloudConfig } | { readonly problem: string } {
    const cloud = this.#cloud(cloudName);
    if (!cloud) return { problem: this.#unknown(cloudName) };
    const host = this.#load.byName.get(hostName);
    if (host?.cloud === cloud) return { host, cloud };
    return { problem: `the cloud ${cloud.name} has no host ${hostName}; ${meant(hostName, this.#load.hostsOfCloud(cloud.name).map(({ name }) => name), 'its hosts are', 'it has none yet')}` };
  }

  #cloud(name: string): CloudConfig | undefined {
    const { clouds } = this.#load;
    return clouds.get(name) ?? [...clouds.values()].find(({ id }) => id === name);
  }

  #unknown(location: string): string {
    const { hosts, clouds } = this.#load;
    const names = hosts.map(({ name }) => name);
    if (clouds.size === 0) return `there is no host ${location}; ${meant(location, names, 'the hosts are', 'add one')}`;
    const near = nearest(location, [...clouds.keys(), ...names]);
    const list = [`the clouds are ${[...clouds.keys()].join(', ')}`, ...(names.length > 0 ? [`the hosts ${names.join(', ')}`] : [])].join(', ');
    return `there is no host or cloud ${location}; ${near === undefined ? list : `did you mean ${near}?`}`;
  }
}

/** Whether the blueprint speaks of the host. */
export function isIn(host: HostLoad, { locations, within }: Pick<Target, 'locations' | 'within'>): boolean {
  return within === undefined ? locations.length === 0 || locations.includes(host.name) : host.cloud?.name === within;
}

function wholeOf({ name, placement }: CloudConfig): Target {
  return { locations: [], within: name, cloud: name, placement, key: `all of ${name}` };
}

function meant(written: string, names: readonly string[], all: string, none: string): string {
  const near = nearest(written, names);
  return near !== undefined ? `did you mean ${near}?` : names.length === 0 ? none : `${all} ${names.join(', ')}`;
}
