// Hosts and applications as short texts, for the tests of placement and planning.
//
//   a up                                     a host; `a down: sentence`; `a connecting`; `a up unix:///a.sock`
//     shop-web running shop/web nginx 80     a container: name, state, application/entity or -, then its spec
//   web nginx 8080->80 URL=x data:/d @a,b    an entity: key, image, ports, environment, volumes, locations

import type { Application, ContainerSpec, Mount, PublishedPort } from '#core/blueprint/application.ts';
import type { ContainerState, HostState, Observed, ObservedContainer, ObservedHost } from '#core/cluster/observed.ts';
import { specHash, specParts } from '#core/cluster/specHash.ts';
import { containerName } from '#core/cluster/desired.ts';

export function observed(text: string): Observed {
  const hosts: ObservedHost[] = [];
  let created = 0;
  for (const line of lines(text)) {
    const host = hosts.at(-1);
    if (line.startsWith('  ') && host !== undefined) hosts[hosts.length - 1] = { ...host, containers: [...host.containers, container(host.host, line.trim().split(/\s+/), ++created)] };
    else hosts.push(hostOf(line));
  }
  return { hosts };
}

export function application(text: string, id = 'shop'): Application {
  const entities = lines(text).map((line) => {
    const [key = '', image = '', ...words] = line.trim().split(/\s+/);
    const locations = words.filter((word) => word.startsWith('@')).flatMap((word) => word.slice(1).split(','));
    const entity = { key, name: key, type: `docker:${image}`, locations };
    return image === 'group' ? entity : Object.assign(entity, { container: specOf(image, words) });
  });
  return { id, name: id[0]?.toUpperCase() + id.slice(1), entities, blueprint: '' };
}

export function lines(text: string): string[] {
  const all = text.split('\n').filter((line) => line.trim() !== '');
  const indent = Math.min(...all.map((line) => line.search(/\S/)));
  return all.map((line) => line.slice(indent));
}

/** A container as an engine would show it, made from a spec. */
export function madeFrom(spec: ContainerSpec, place: { readonly host: string; readonly application: string; readonly entity: string; readonly state: ContainerState; readonly createdAtMs: number; readonly name?: string }): ObservedContainer {
  const { host, application, entity, state, createdAtMs } = place;
  const parts = specParts(application, entity, spec);
  const name = place.name ?? containerName(application, entity);
  return {
    containerId: `${host}:${name}:${createdAtMs}`,
    containerName: name,
    host,
    image: spec.image,
    state,
    health: 'none',
    ports: state === 'running' ? spec.publishedPorts.map((port) => ({ ...port, hostPort: port.hostPort ?? 49_000 + (createdAtMs % 1000) })) : [],
    addresses: {},
    createdAtMs,
    ...(application === '' ? {} : { owner: { application, applicationName: application, entity, entityName: entity, specHash: specHash(parts), parts } }),
  };
}

function hostOf(line: string): ObservedHost {
  const [, host = '', kind, , rest = ''] = /^(\S+) (up|down|connecting)(:? (.*))?$/.exec(line) ?? [];
  const state: HostState = kind === 'down' ? { kind, problem: rest } : kind === 'connecting' ? { kind } : { kind: 'up', engineVersion: '29', cores: 4, memoryBytes: 2 ** 33 };
  return { host, endpoint: kind === 'up' && rest !== '' ? rest : `tcp://${host}:2376`, state, containers: [] };
}

const stateNames: readonly ContainerState[] = ['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead'];

function container(host: string, [name = '', stateName, owner = '-', image = '', ...words]: readonly string[], created: number): ObservedContainer {
  // Somebody wanted that.
  const isStopped = stateName === 'stopped';
  const state = isStopped ? 'exited' : stateNames.find((known) => known === stateName);
  if (state === undefined) throw new Error(`no state of a container: ${stateName ?? ''}`);
  const [application = '', entity = ''] = owner === '-' ? [] : owner.split('/');
  const made = madeFrom(specOf(image, words), { host, application, entity, state, createdAtMs: created, name });
  return isStopped ? { ...made, isStopped } : made;
}

function specOf(image: string, words: readonly string[]): ContainerSpec {
  const env: Record<string, string> = {};
  const publishedPorts: PublishedPort[] = [];
  const mounts: Mount[] = [];
  for (const word of words) {
    const [, hostPort, port, udp] = /^(?:(\d+)->)?(\d+)(\/udp)?$/.exec(word) ?? [];
    if (port !== undefined) publishedPorts.push({ port: Number(port), protocol: udp === undefined ? 'tcp' : 'udp', ...(hostPort === undefined ? {} : { hostPort: Number(hostPort) }) });
    else if (word.includes('=')) env[word.split('=')[0] ?? ''] = word.slice(word.indexOf('=') + 1);
    else if (word.includes(':')) mounts.push({ source: word.split(':')[0] ?? '', path: word.split(':')[1] ?? '', readOnly: false });
  }
  return { image, env, openPorts: [], publishedPorts, mounts };
}
