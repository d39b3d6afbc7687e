// Docker clouds as people configure them: the setting `clocker.clouds` and the section `clouds` of a hosts file. Strategies and
// affinity rules are written as in blueprints, only shorter: `{type: max-containers-placement, maxContainers: 8}`.

import { networksIn } from '#core/cloud/networkConfig.ts';
import type { CloudConfig, HostSpec, ProvisionerConfig } from '#core/cloud/cloud.ts';
import type { Catalog } from '#core/catalog/catalog.ts';
import { objectKeys } from '#core/dsl/object.ts';
import type { Value } from '#core/dsl/value.ts';
import { hostNameProblem, type HostConfig } from '#core/host/config.ts';
import { isLocal, readEndpoint } from '#core/host/endpoint.ts';
import { headroomOf, type Headroom } from '#core/placement/headroom.ts';
import type { CloudPlacement, Strategy } from '#core/placement/strategy.ts';
import { coerceAffinityRules, coerceCores, coerceMost, coerceRam, coerceShare, readStrategy } from '#core/resolve/strategy.ts';
import { Fields, isList, isMap, type FieldProblem } from '#core/text/fields.ts';
import { coercePullPolicy } from '#core/coerce/pullPolicy.ts';
import { coerceSource, type ImageSource } from '#core/image/source.ts';
import { nearest } from '#core/text/nearest.ts';

export interface ReadClouds {
  /** Those without a problem. */
  readonly clouds: readonly CloudConfig[];
  readonly problems: readonly FieldProblem[];
}

/** The keys with a sentence each. */
export const cloudKeys = {
  name: 'The name of the cloud, which blueprints use as location.',
  hosts: 'Names of the hosts that belong to it, besides those that it makes.',
  strategies: 'Placement strategies for everything in the cloud, in this order, before those of the entity: least-containers-placement, or {type: max-containers-placement, maxContainers: 8}.',
  affinityRules: 'Affinity rules for everything in the cloud, like NOT TYPE.',
  maxContainers: 'The most containers that a host of the cloud takes; overrides what strategies say.',
  maxCpu: 'The share of the processors, above 0 and at most 1, from which a host of the cloud is refused; overrides what strategies say.',
  headroom: 'Room to keep free: {count: 4} containers, or {percent: 0.25} of all that fit.',
  removeHosts: 'Take empty hosts that the cloud made away again while there is more room than the headroom wants.',
  initialHosts: 'Hosts there are at least; the provisioner makes what is missing.',
  maxHosts: 'Hosts there are at most.',
  autoCheckpointImage: 'Keep what commands install as an image, so that the next container of the same kind starts from it; yes if left out. An entity may say otherwise.',
  pullPolicy: 'When images are pulled: always (a tag that has moved replaces containers), missing (where a host lacks the image; if left out) or never. An entity may say otherwise.',
  registry: 'The registry that is asked first for images whose names have none: {url: registry.example:5000}. An entity may say otherwise.',
  networks: 'The networks of what runs on it: where their addresses come from, how large they are, whether they are encrypted between hosts.',
  hostSpec: 'What every new host must have.',
  provisioner: 'How more hosts are made; without it there are only those given.',
} as const;

export const registryKeys = {
  url: 'Its address, like registry.example:5000 or registry.example/team. Log-ins are not written here: Clocker: Log In to Registry, or docker login.',
  writeable: 'Push there what commands installed, so that other hosts start from it; no if left out.',
} as const;

export const hostSpecKeys = {
  minCores: 'Processors, at least.',
  minRam: 'Memory, at least: 7g, or a number of megabytes.',
  labels: 'Labels, like region and zone.',
} as const;

export const provisionerKeys = {
  kind: 'nested makes each host as a container with an engine in it; byon joins machines that you bring; command asks a program.',
  on: 'For nested: the host on which the containers are; the local one if left out.',
  image: 'For nested: the image of such a container.',
  endpoints: 'For byon: where the machines are reached, like ssh://root@box1.',
  identityFile: 'For byon: the file of a private key, tried before all others.',
  command: 'For command: the program and its arguments. It gets what is asked of the host as JSON and prints the endpoint as JSON.',
} as const;

const keysOfKind = { nested: ['kind', 'on', 'image'], byon: ['kind', 'endpoints', 'identityFile'], command: ['kind', 'command'] } as const;

/** Reads plain data, as JSON and YAML give it; never throws. `hosts` are all that are configured. */
export function readClouds(value: unknown, hosts: readonly HostConfig[], catalog: Catalog): ReadClouds {
  if (value === undefined || value === null) return { clouds: [], problems: [] };
  if (!isList(value)) return { clouds: [], problems: [{ path: [], message: 'a list of clouds is wanted, like "- {name: my-docker-cloud, hosts: [a, b]}"' }] };
  const taken = new Map<string, string>();
  const names = new Set(hosts.map(({ name }) => name));
  const read = value.map((item, index) => {
    const { cloud, problems } = readCloud(item, hosts, catalog);
    const own: FieldProblem[] = [...problems];
    if (cloud !== undefined && names.has(cloud.name)) own.push({ path: ['name'], message: `${cloud.name} is the name of a host or of another cloud already` });
    for (const [at, host] of (cloud?.hosts ?? []).entries()) {
      const other = taken.get(host);
      if (other !== undefined) own.push({ path: ['hosts', at], message: `host ${host} is in the cloud ${other} already; a host is in one cloud` });
      else if (cloud !== undefined) taken.set(host, cloud.name);
    }
    if (cloud !== undefined) names.add(cloud.name);
    return { cloud: own.length === 0 ? cloud : undefined, problems: own.map(({ path, message }) => ({ path: [index, ...path], message })) };
  });
  return { clouds: read.flatMap(({ cloud }) => cloud ?? []), problems: read.flatMap(({ problems }) => problems) };
}

function readCloud(value: unknown, hosts: readonly HostConfig[], catalog: Catalog): { readonly cloud: CloudConfig | undefined; readonly problems: readonly FieldProblem[] } {
  if (!isMap(value)) return { cloud: undefined, problems: [{ path: [], message: 'a cloud is a map with a name, and hosts or a provisioner' }] };
  const reader = new Fields(value);
  reader.refuseUnknown(cloudKeys, 'a cloud');
  const name = reader.text('name');
  if (name === undefined) reader.wrong('a cloud needs a name');
  else if (hostNameProblem(name) !== undefined) reader.problem('name', `"${name}" is no name of a cloud; a name is made of letters, digits, dots, dashes and underscores`);
  const members = reader.texts('hosts', '[a, b]') ?? [];
  for (const [at, host] of members.entries()) reader.problem(['hosts', at], unknownHost(host, hosts) ?? (members.indexOf(host) < at ? `host ${host} is there twice` : undefined));
  const initialHosts = reader.count('initialHosts');
  const maxHosts = reader.count('maxHosts', 1);
  if (initialHosts !== undefined && maxHosts !== undefined && initialHosts > maxHosts) reader.problem('maxHosts', `there cannot be at least ${initialHosts} and at most ${maxHosts} hosts`);
  const isColdEnabled = reader.flag('removeHosts');
  const catchesImages = reader.flag('autoCheckpointImage');
  const pullPolicy = coerced(reader, 'pullPolicy', coercePullPolicy);
  const source = sourceOf(reader);
  const placement = placementOf(reader, catalog);
  const headroom = headroomIn(reader);
  const sdn = networksIn(reader);
  const hostSpec = hostSpecOf(reader);
  const provisioner = provisionerOf(reader, hosts);
  if (members.length === 0 && provisioner === undefined && reader.problems.length === 0) reader.wrong('a cloud needs hosts or a provisioner');
  if (name === undefined) return { cloud: undefined, problems: reader.problems };
  return {
    cloud: {
      name,
      hosts: members,
      placement,
      ...(headroom !== undefined && { headroom }),
      ...(isColdEnabled !== undefined && { isColdEnabled }),
      ...(catchesImages !== undefined && { catchesImages }),
      ...(pullPolicy !== undefined && { pullPolicy }),
      ...(source !== undefined && { source }),
      ...(sdn !== undefined && { sdn }),
      ...(hostSpec !== undefined && { hostSpec }),
      ...(initialHosts !== undefined && { initialHosts }),
      ...(maxHosts !== undefined && { maxHosts }),
      ...(provisioner !== undefined && { provisioner }),
    },
    problems: reader.problems,
  };
}

function placementOf(reader: Fields, catalog: Catalog): CloudPlacement {
  const strategies = (reader.list('strategies', 'a list of strategies, like [least-containers-placement]') ?? []).flatMap((item, at): readonly Strategy[] => {
    const read = readStrategy(written(item), catalog);
    if (read.ok) return [read.value];
    reader.problem(['strategies', at], withoutStop(read.problem));
    return [];
  });
  const rules = reader.take('affinityRules', 'a list of rules, like [NOT TYPE]', (value) => (isList(value) || typeof value === 'string' ? coerceAffinityRules(valueOf(value)) : undefined));
  if (rules?.ok === false) reader.problem('affinityRules', withoutStop(rules.problem));
  const maxContainers = coerced(reader, 'maxContainers', coerceMost);
  const maxCpu = coerced(reader, 'maxCpu', coerceShare);
  return { strategies, affinityRules: rules?.ok === true ? rules.value : [], ...(maxContainers !== undefined && { maxContainers }), ...(maxCpu !== undefined && { maxCpu }) };
}

/** What is no key of an object is config of the strategy. */
function written(item: unknown): Value {
  if (!isMap(item)) return valueOf(item);
  const config = Object.entries(item).filter(([key]) => !(key in objectKeys));
  const own = Object.entries(item).filter(([key]) => key in objectKeys);
  const given = isMap(item['brooklyn.config']) ? item['brooklyn.config'] : {};
  return valueOf(Object.fromEntries([...own, ['brooklyn.config', { ...given, ...Object.fromEntries(config) }]]));
}

function headroomIn(reader: Fields): Headroom | undefined {
  const inner = reader.inner('headroom', 'a count or a share, like {count: 4} or {percent: 0.25}');
  if (inner === undefined) return undefined;
  inner.refuseUnknown({ count: '', percent: '' }, 'headroom');
  const read = headroomOf(inner.number('count'), inner.number('percent'));
  if (read === undefined && inner.problems.length === 0) inner.wrong('headroom needs a count or a percent');
  if (typeof read === 'string') inner.wrong(withoutStop(read));
  reader.adopt(inner);
  return typeof read === 'string' ? undefined : read;
}

function sourceOf(reader: Fields): ImageSource | undefined {
  const inner = reader.inner('registry', 'a map with its address, like {url: registry.example:5000}');
  if (inner === undefined) return undefined;
  inner.refuseUnknown(registryKeys, 'registry');
  const written = inner.text('url');
  const isWriteable = inner.flag('writeable');
  if (written === undefined && inner.problems.length === 0) inner.wrong('registry needs its address: url: registry.example:5000');
  const address = written === undefined ? undefined : coerceSource(written);
  if (address?.ok === false) inner.problem('url', withoutStop(address.problem));
  reader.adopt(inner);
  return address?.ok === true ? { address: address.value, ...(isWriteable === true && { isWriteable }) } : undefined;
}

function hostSpecOf(reader: Fields): HostSpec | undefined {
  const inner = reader.inner('hostSpec', 'a map, like {minCores: 2, minRam: 7g}');
  if (inner === undefined) return undefined;
  inner.refuseUnknown(hostSpecKeys, 'hostSpec');
  const minCores = coerced(inner, 'minCores', coerceCores);
  const minMemoryBytes = coerced(inner, 'minRam', coerceRam);
  const labels = inner.labels('labels');
  reader.adopt(inner);
  return { ...(minCores !== undefined && { minCores }), ...(minMemoryBytes !== undefined && { minMemoryBytes }), ...(labels !== undefined && { labels }) };
}

function provisionerOf(reader: Fields, hosts: readonly HostConfig[]): ProvisionerConfig | undefined {
  const inner = reader.inner('provisioner', 'a map with a kind: nested, byon or command');
  const read = inner && provisionerIn(inner, hosts);
  if (inner !== undefined) reader.adopt(inner);
  return read;
}

function provisionerIn(inner: Fields, hosts: readonly HostConfig[]): ProvisionerConfig | undefined {
  inner.refuseUnknown(provisionerKeys, 'a provisioner');
  const kind = inner.take('kind', 'nested, byon or command', (value) => (value === 'nested' || value === 'byon' || value === 'command' ? value : undefined));
  if (kind === undefined) {
    if (inner.problems.length === 0) inner.wrong('a provisioner needs a kind: nested, byon or command');
    return undefined;
  }
  for (const key of Object.keys(provisionerKeys)) {
    if (!keysOfKind[kind].some((known) => known === key)) inner.take(key, '', () => inner.problem(key, `${key} is not for ${kind}, which has ${keysOfKind[kind].slice(1).join(' and ')}`) ?? true);
  }
  switch (kind) {
    case 'nested': {
      const on = inner.text('on') ?? localHost(hosts);
      const image = inner.text('image');
      if (on === undefined) inner.wrong('nested hosts are containers on another host; say on which: on: NAME');
      else inner.problem('on', unknownHost(on, hosts));
      return on === undefined ? undefined : { kind, on, ...(image !== undefined && { image }) };
    }
    case 'byon': {
      const endpoints = inner.texts('endpoints', '["ssh://root@box1"]');
      const identityFile = inner.text('identityFile');
      if (endpoints === undefined || endpoints.length === 0) inner.wrong('byon needs endpoints, like ["ssh://root@box1"]');
      for (const [at, endpoint] of (endpoints ?? []).entries()) {
        const read = readEndpoint(endpoint);
        if ('problem' in read) inner.problem(['endpoints', at], read.problem);
      }
      return endpoints === undefined ? undefined : { kind, endpoints, ...(identityFile !== undefined && { identityFile }) };
    }
    case 'command': {
      const command = inner.texts('command', '["./make-host", "--size=small"]');
      if (command === undefined || command.length === 0) inner.wrong('command needs the program and its arguments, like ["./make-host", "--size=small"]');
      return command === undefined ? undefined : { kind, command };
    }
  }
}

/** The engine of this machine, where it is among the hosts. */
export function localHost(hosts: readonly HostConfig[]): string | undefined {
  return (hosts.find(({ name }) => name === 'localhost') ?? hosts.find(({ endpoint }) => isLocal(endpoint)))?.name;
}

function unknownHost(name: string, hosts: readonly HostConfig[]): string | undefined {
  const names = hosts.map((host) => host.name);
  if (names.includes(name)) return undefined;
  const meant = nearest(name, names);
  return `there is no host ${name}; ${meant !== undefined ? `did you mean ${meant}?` : names.length === 0 ? 'no host is configured' : `the hosts are ${names.join(', ')}`}`;
}

function coerced<T>(reader: Fields, key: string, coerce: (value: ReturnType<typeof valueOf>) => { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string }): T | undefined {
  const outcome = reader.take(key, 'a number', (value) => (typeof value === 'number' || typeof value === 'string' ? coerce(value) : undefined));
  if (outcome?.ok === false) reader.problem(key, withoutStop(outcome.problem));
  return outcome?.ok === true ? outcome.value : undefined;
}

/** Plain data as expressions give it. */
function valueOf(value: unknown): PlainData {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (isList(value)) return value.map(valueOf);
  return isMap(value) ? new Map(Object.entries(value).map(([key, item]) => [key, valueOf(item)])) : null;
}

type PlainData = string | number | boolean | null | readonly PlainData[] | ReadonlyMap<string, PlainData>;

function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '');
}
