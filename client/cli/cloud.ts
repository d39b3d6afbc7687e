// `clocker cloud create|ls|delete [NAME]`: docker clouds whose hosts live in containers of one host.

import type { Observed, ObservedHost } from '#core/cluster/observed.ts';
import { deletionOf, localCloud, usualCloudName } from '#core/cloud/localCloud.ts';
import { foundClouds } from '#core/cloud/nested.ts';
import { nearest } from '#core/text/nearest.ts';
import { needsConsent } from './carryOut.ts';
import { hostOptions, UsageError, type Command, type ExitCode, type Invocation } from './command.ts';
import { withCloud } from './hosts.ts';
import { table } from './table.ts';

const usualHosts = 3;

export const cloudCommand: Command = {
  name: 'cloud',
  operands: 'create|ls|delete [NAME]',
  operandCount: { least: 1, most: 2 },
  sentence: `make, show or delete a docker cloud on one host; NAME is ${usualCloudName} without one`,
  options: [...hostOptions, 'on', 'image', 'force', 'json', 'yes'],
  run: async (invocation) => {
    const { operands: [verb = '', name] } = invocation;
    const run = verbs[verb];
    if (run !== undefined) return run(invocation, name);
    const names = Object.keys(verbs);
    throw new UsageError(`clocker cloud ${verb}: ${nearest(verb, names) === undefined ? `the commands are ${names.join(', ')}` : `did you mean ${nearest(verb, names) ?? ''}?`}`);
  },
};

const verbs: Readonly<Record<string, (invocation: Invocation, name: string | undefined) => Promise<ExitCode>>> = { create, ls, delete: remove };

async function create(invocation: Invocation, name = usualCloudName): Promise<ExitCode> {
  const { terminal, isJson, on, image } = invocation;
  const count = invocation.hostCount ?? usualHosts;
  return withCloud<ExitCode>(invocation, async (engine) => {
    const cloud = localCloud({ name, hosts: count, on, image }, engine.observed);
    if (typeof cloud === 'string') throw new Error(cloud);
    const told = new Map<string, string>();
    const onHost = (host: string, detail: string): void => {
      // Pulling and building say a lot; what they do is told once.
      const news = detail.replace(/: .*/s, '');
      if (told.get(host) === news) return;
      told.set(host, news);
      terminal.tell(`  ${detail === 'up' ? terminal.paint('green', 'ok ', 'stderr') : '...'} ${host}: ${news}`);
    };
    const { made, hosts, apart } = await terminal.cancellable(
      () => terminal.complain('cancelling: hosts that were made now are taken away again'),
      async (signal) => engine.createCloud(cloud, { onHost, signal }).catch((error: unknown) => {
        throw signal.aborted ? new Error('cancelled; the cloud is as it was before', { cause: error }) : error;
      }),
    );
    if (isJson) terminal.print(JSON.stringify({ cloud: name, made, ...(apart !== undefined && { apart }), hosts: hostsJson(engine.observed, name) }, undefined, 2));
    else terminal.print(made.length === 0 ? `${name} has its hosts already: ${hosts.join(', ')}` : `${name} has ${hosts.length === 1 ? 'one host' : `${hosts.length} hosts`}: ${hosts.join(', ')}; blueprints say: location: ${name}`);
    if (apart !== undefined) terminal.complain(`no network spans the hosts of ${name}, so containers that reach one another go on one host: ${apart}`);
    const down = engine.observed.hosts.filter((host) => host.cloud === name && host.state.kind !== 'up');
    for (const { host, state } of down) terminal.complain(`host ${host} does not answer${state.kind === 'down' ? `: ${state.problem}` : ''}`);
    return down.length === 0 ? 0 : 1;
  });
}

async function ls(invocation: Invocation, name: string | undefined): Promise<ExitCode> {
  const { terminal, isJson } = invocation;
  return withCloud<ExitCode>(invocation, async ({ observed }) => {
    const clouds = foundClouds(observed).filter((cloud) => name === undefined || cloud.name === name);
    if (isJson) {
      terminal.print(JSON.stringify(clouds.map((cloud) => ({ cloud: cloud.name, hosts: hostsJson(observed, cloud.name) })), undefined, 2));
      return 0;
    }
    const rows = clouds.flatMap((cloud) => observed.hosts.filter((host) => host.cloud === cloud.name).map((host) => [cloud.name, host.host, stateText(host), containersText(host), host.endpoint]));
    for (const line of rows.length === 0 ? ['There is no cloud on these hosts; clocker cloud create makes one.'] : table([['CLOUD', 'HOST', 'STATE', 'CONTAINERS', 'ENDPOINT'], ...rows])) terminal.print(line);
    return 0;
  });
}

async function remove(invocation: Invocation, name = usualCloudName): Promise<ExitCode> {
  needsConsent(invocation);
  const { terminal, isJson, isYes, isForced } = invocation;
  return withCloud<ExitCode>(invocation, async (engine) => {
    const deletion = deletionOf(name, engine.observed);
    if (typeof deletion === 'string') throw new Error(deletion);
    const { hosts, objections, strangers } = deletion;
    if (objections.length > 0 && !isForced) {
      throw new Error(`cloud ${name} is not deleted: ${objections.join('; ')}; delete what runs there first, or lose it with --force`);
    }
    for (const objection of objections) terminal.complain(`${objection}, and will be lost`);
    if (strangers.length > 0) terminal.complain(`containers that Clocker did not make will be lost: ${strangers.join(', ')}`);
    if (!isYes && !(await terminal.confirm(`Delete cloud ${name} with ${hosts.join(', ')} and all that is on them, volumes too?`))) {
      terminal.complain('nothing was done');
      return 1;
    }
    await engine.deleteCloud(name, { onHost: (host, detail) => terminal.tell(`  ${detail === 'gone' ? terminal.paint('green', 'ok ', 'stderr') : '...'} ${host}: ${detail}`) });
    if (isJson) terminal.print(JSON.stringify({ cloud: name, deleted: hosts }, undefined, 2));
    else terminal.print(`${name} is deleted`);
    return 0;
  });
}

function hostsJson({ hosts }: Observed, cloud: string): readonly object[] {
  return hosts.filter((host) => host.cloud === cloud).map(hostJson);
}

function hostJson({ host, endpoint, labels = {}, state, containers }: ObservedHost): object {
  return { host, endpoint, labels, state: state.kind, ...(state.kind === 'down' && { problem: state.problem }), containers: containers.length };
}

function stateText({ state }: ObservedHost): string {
  return state.kind === 'down' ? `down: ${state.problem}` : state.kind;
}

function containersText({ containers }: ObservedHost): string {
  const ours = containers.filter(({ owner }) => owner !== undefined).length;
  return containers.length === ours ? String(ours) : `${containers.length}, ${containers.length - ours} of others`;
}
