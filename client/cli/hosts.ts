// Which hosts and clouds a command works on: from `--host`, `--hosts`, `--context`, or else the engine that Docker's own command line would use.

import { join } from 'node:path';
import { hostNameProblem, type HostConfig } from '#core/host/config.ts';
import { defaultPipePath, defaultSocketPath, isLocal, readEndpoint } from '#core/host/endpoint.ts';
import { nearest } from '#core/text/nearest.ts';
import type { CloudConfig } from '#core/cloud/cloud.ts';
import type { HostState } from '#core/cluster/observed.ts';
import { openCloud } from '../controller.ts';
import { dockerFolder, readContexts } from '../docker/contexts.ts';
import type { Cloud } from '../engine/cloud.ts';
import { noCredentials, type Credentials } from '../engine/ports.ts';
import { UsageError, type Invocation } from './command.ts';
import { readHostsFile } from './hostsFile.ts';

/** Opens the hosts, waits until each is up or down, works, and closes them. Hosts that are down are told about. */
export async function withCloud<T>(invocation: Invocation, work: (cloud: Cloud, hosts: readonly HostConfig[]) => Promise<T>): Promise<T> {
  const { hosts, clouds } = await configured(invocation);
  const cloud = openCloud(hosts, credentialsOf(invocation), clouds, (problem) => invocation.terminal.complain(problem));
  try {
    const { hosts: observed } = await cloud.settled();
    for (const { host, state } of observed) for (const sentence of complaints(state)) invocation.terminal.complain(`host ${host} ${sentence}`);
    return await work(cloud, hosts);
  } finally {
    cloud.dispose();
  }
}

function complaints(state: HostState): readonly string[] {
  switch (state.kind) {
    case 'connecting':
      return [];
    case 'up':
      return (state.warnings ?? []).map((warning) => `is up, but ${warning}`);
    case 'down':
      return [`is down: ${state.problem}${state.need?.kind === 'hostKey' ? ` with: --trust-host-key ${state.need.fingerprint}` : ''}`];
  }
}

/** A key is trusted by naming its whole fingerprint, and by nothing less. */
function credentialsOf({ trustHostKey }: Invocation): Credentials {
  return { ...noCredentials, trusts: (_, fingerprint) => trustHostKey.includes(fingerprint) };
}

export async function configured({ host, hosts, context, env }: Invocation): Promise<{ readonly hosts: readonly HostConfig[]; readonly clouds: readonly CloudConfig[] }> {
  if (host.length > 0 && hosts !== undefined) throw new UsageError('give --host or --hosts, not both');
  const file = hosts === undefined ? undefined : await readHostsFile(hosts);
  const named = [...host.map(parseHost), ...(file?.hosts ?? []), ...(await hostsOfContexts(context, env))];
  const found = named.length > 0 ? named : [usualHost(env)];
  const twice = found.find((one, index) => found.findIndex((other) => other.name === one.name) !== index);
  if (twice !== undefined) throw new UsageError(`two hosts are named ${twice.name}`);
  return { hosts: found, clouds: file?.clouds(found) ?? [] };
}

function parseHost(text: string): HostConfig {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) throw new UsageError(`--host ${text}: write NAME=ENDPOINT, like a=unix://${defaultSocketPath}`);
  const [name, endpoint] = [text.slice(0, at), text.slice(at + 1)];
  const read = readEndpoint(endpoint);
  const problem = hostNameProblem(name) ?? ('problem' in read ? read.problem : undefined);
  // What is wrong may be that the text holds a password.
  if (problem !== undefined) throw new UsageError(`--host ${/@/.test(endpoint) ? name : text}: ${problem}`);
  return { name, endpoint };
}

async function hostsOfContexts(names: readonly string[], env: Invocation['env']): Promise<readonly HostConfig[]> {
  if (names.length === 0) return [];
  const folder = dockerFolder(env);
  const contexts = await readContexts(folder);
  return names.map((name) => {
    if (name === 'default') return usualHost(env);
    const found = contexts.find((one) => one.name === name);
    if (found === undefined) {
      const known = ['default', ...contexts.map((one) => one.name)];
      const meant = nearest(name, known);
      throw new UsageError(`there is no Docker context ${name} in ${folder}; ${meant === undefined ? `there are ${known.join(', ')}` : `did you mean ${meant}?`}`);
    }
    return found.host;
  });
}

/** What Docker's own command line would use, with its variables. They count only here: no host that is named is changed by them. */
function usualHost(env: Invocation['env']): HostConfig {
  const variable = (name: string): string => env[name] ?? '';
  const endpoint = variable('DOCKER_HOST') || (process.platform === 'win32' ? `npipe://${defaultPipePath}` : `unix://${defaultSocketPath}`);
  const read = readEndpoint(endpoint);
  if ('problem' in read) throw new UsageError(`DOCKER_HOST: ${read.problem}`);
  const folder = variable('DOCKER_CERT_PATH') || dockerFolder(env);
  const isTls = read.endpoint.kind === 'tcp' && variable('DOCKER_TLS_VERIFY') !== '';
  const tls = isTls ? { tls: { ca: join(folder, 'ca.pem'), cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') } } : {};
  return { name: isLocal(endpoint) ? 'localhost' : 'default', endpoint, ...tls };
}
