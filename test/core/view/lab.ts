// Observations written as text, and trees printed as text, for the tests of the views.
//
//   host a unix:///var/run/docker.sock up
//     shop-web-1 nginx:1 running healthy 8080->80 of shop/web

import type { ContainerState, Health, HostState, Observed, ObservedContainer, ObservedHost, ObservedPort } from '#core/cluster/observed.ts';
import type { ViewNode } from '#core/view/node.ts';

export function observed(text: string): Observed {
  const hosts: { name: string; endpoint: string; state: HostState; containers: ObservedContainer[] }[] = [];
  for (const line of text.split('\n').filter((each) => each.trim() !== '')) {
    const words = line.trim().split(' ');
    if (words[0] === 'host') {
      const [, name = '', endpoint = '', ...state] = words;
      hosts.push({ name, endpoint, state: hostState(state.join(' ')), containers: [] });
    } else {
      const last = hosts.at(-1);
      if (last === undefined) throw new Error(`a container before the first host: ${line}`);
      last.containers.push(container(words, last.name));
    }
  }
  return { hosts: hosts.map(({ name, endpoint, state, containers }): ObservedHost => ({ host: name, endpoint, state, containers })) };
}

function hostState(text: string): HostState {
  if (text === 'up') return { kind: 'up', engineVersion: '20.10.24', cores: 2, memoryBytes: 8 * 2 ** 30 };
  if (text === 'connecting') return { kind: 'connecting' };
  return { kind: 'down', problem: text.replace(/^down /, '') };
}

const states: readonly string[] = ['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead'] satisfies ContainerState[];
const healths: readonly string[] = ['none', 'starting', 'healthy', 'unhealthy'] satisfies Health[];
const isState = (word: string): word is ContainerState => states.includes(word);
const isHealth = (word: string): word is Health => healths.includes(word);

function container([containerName = '', image = '', ...words]: readonly string[], host: string): ObservedContainer {
  const exit = words.find((word) => /^code=\d+$/.test(word));
  const [application, entity] = (words[words.indexOf('of') + 1] ?? '').split('/');
  return {
    containerId: `id-of-${containerName}`,
    containerName,
    host,
    image,
    state: words.find(isState) ?? 'running',
    health: words.find(isHealth) ?? 'none',
    ...(exit === undefined ? {} : { exitCode: Number(exit.slice(5)) }),
    ports: words.filter((word) => word.includes('->')).map(port),
    addresses: {},
    createdAtMs: 0,
    ...(words.includes('unfinished') ? { isUnfinished: true } : {}),
    ...(words.includes('of') && application !== undefined && entity !== undefined
      ? { owner: { application, applicationName: capital(application), entity, entityName: capital(entity), specHash: '' } }
      : {}),
  };
}

/** `8080->80`, `127.0.0.1:8080->80`, `53->53/udp`. */
function port(word: string): ObservedPort {
  const [, hostAddress, hostPort, inside, udp] = /^(?:(.+):)?(\d+)->(\d+)(\/udp)?$/.exec(word) ?? [];
  return { port: Number(inside), hostPort: Number(hostPort), hostAddress: hostAddress ?? '0.0.0.0', protocol: udp ? 'udp' : 'tcp' };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** One line a node: shape, label, description; children indented. */
export function outline(nodes: readonly ViewNode[], indent = ''): string {
  return nodes.map(({ icon, label, description, children }) => `${indent}(${icon.id}) ${label} | ${description}\n${outline(children, `${indent}  `)}`).join('');
}

/** Takes the indentation that all lines share, and the first and last line break, off a template literal. */
export function plain(text: string): string {
  const lines = text.replace(/^\n/, '').trimEnd().split('\n');
  const indent = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length));
  return lines.map((line) => `${line.slice(indent)}\n`).join('');
}
