// Which hosts a command works on: from `--host`, `--hosts`, or the local engine.

import { parseYaml, type YamlNode } from '#core/blueprint/yaml.ts';
import type { Cloud, HostConfig } from '../engine/cloud.ts';
import { openCloud } from '../controller.ts';
import { defaultSocketPath } from '../docker/endpoint.ts';
import { UsageError, type Invocation } from './command.ts';
import { readText } from './readText.ts';

/** Opens the hosts, waits until each is up or down, works, and closes them. Hosts that are down are told about. */
export async function withCloud<T>(invocation: Invocation, work: (cloud: Cloud, hosts: readonly HostConfig[]) => Promise<T>): Promise<T> {
  const hosts = await hostsOf(invocation);
  const cloud = openCloud(hosts);
  try {
    const { hosts: observed } = await cloud.settled();
    for (const { host, state } of observed) if (state.kind === 'down') invocation.terminal.complain(`host ${host} is down: ${state.problem}`);
    return await work(cloud, hosts);
  } finally {
    cloud.dispose();
  }
}

export async function hostsOf({ host, hosts, env, terminal }: Invocation): Promise<readonly HostConfig[]> {
  if (host.length > 0 && hosts !== undefined) throw new UsageError('give --host or --hosts, not both');
  const found = host.length > 0 ? host.map(parseHost) : hosts === undefined ? [localHost(env, (text) => terminal.complain(text))] : await readHosts(hosts);
  const twice = found.find((one, index) => found.findIndex((other) => other.name === one.name) !== index);
  if (twice !== undefined) throw new UsageError(`two hosts are named ${twice.name}`);
  return found;
}

function parseHost(text: string): HostConfig {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) throw new UsageError(`--host ${text}: write NAME=ENDPOINT, like a=unix://${defaultSocketPath}`);
  return { name: text.slice(0, at), endpoint: text.slice(at + 1) };
}

function localHost(env: Invocation['env'], warn: (text: string) => void): HostConfig {
  const fromEnv = env['DOCKER_HOST'] ?? '';
  const isUnix = fromEnv.startsWith('unix://') || fromEnv.startsWith('/');
  if (fromEnv !== '' && !isUnix) warn(`DOCKER_HOST=${fromEnv} is not supported yet and not used; name hosts with --host`);
  return { name: 'localhost', endpoint: isUnix ? fromEnv : `unix://${defaultSocketPath}` };
}

async function readHosts(file: string): Promise<HostConfig[]> {
  const { root, diagnostics } = parseYaml(await readText(file));
  const problem = diagnostics.find(({ severity }) => severity === 'error');
  if (problem !== undefined) throw new UsageError(`${file}: ${problem.message}`);
  if (root?.kind !== 'list' || root.items.length === 0) throw new UsageError(`${file}: a list of hosts is wanted, like "- {name: a, endpoint: unix://${defaultSocketPath}}"`);
  return root.items.map((item, index) => {
    const [name, endpoint] = [field(item, 'name'), field(item, 'endpoint')];
    if (name === undefined || endpoint === undefined) throw new UsageError(`${file}: host ${index + 1} needs a name and an endpoint`);
    return { name, endpoint };
  });
}

function field(node: YamlNode, name: string): string | undefined {
  if (node.kind !== 'map') return undefined;
  const value = node.entries.findLast(({ key }) => key.kind === 'scalar' && key.text === name)?.value;
  return value?.kind === 'scalar' && value.text !== '' ? value.text : undefined;
}
