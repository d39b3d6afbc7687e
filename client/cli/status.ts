// `clocker status [APP]`: what runs where, as the hosts themselves say.

import type { HostState, Observed, ObservedContainer, ObservedHost } from '#core/cluster/observed.ts';
import { unseen } from '#core/plan/lost.ts';
import { cloudWord, provisionerWord } from '#core/view/clouds.ts';
import { addressesOf } from '#core/view/address.ts';
import { historyOf } from '#core/record/record.ts';
import { hostOptions, type Command } from './command.ts';
import { findApplication } from './delete.ts';
import { withCloud } from './hosts.ts';
import { table } from './table.ts';
import type { Terminal } from './terminal.ts';

export const status: Command = {
  name: 'status',
  operands: '[APP]',
  operandCount: { least: 0, most: 1 },
  sentence: 'say what runs where',
  options: [...hostOptions, 'json'],
  run: async (invocation) => {
    const { operands, isJson, terminal } = invocation;
    const [wanted] = operands;
    return withCloud(invocation, async (cloud) => {
      const { observed } = cloud;
      const application = wanted === undefined ? undefined : findApplication(observed, wanted).application;
      if (isJson) terminal.print(JSON.stringify(statusJson(observed, application), undefined, 2));
      else for (const line of [...(application === undefined ? [...cloudTable(observed, terminal), ...hostTable(observed, terminal), ''] : []), ...containerTable(observed, application, terminal)]) terminal.print(line);
      return observed.hosts.some((host) => host.state.kind === 'up') ? 0 : 1;
    });
  },
};

/** The containers of one application, or of all. */
export function containerTable(observed: Observed, application: string | undefined, terminal: Terminal): string[] {
  const rows = owned(observed, application).map((container) => [
    container.owner.application,
    container.owner.entityName,
    container.host,
    stateText(container),
    container.image,
    container.ports.map(portText).join(' '),
    urlsOf(observed, container),
  ]);
  rows.push(...applicationsOf(observed, application).flatMap((id) => unseen(observed, id).map(({ entity, host }) => [id, entity, host.host, 'unknown: the host is down', '', '', ''])));
  rows.sort(([a = ''], [b = '']) => compare(a, b));
  if (rows.length === 0) return ['No application is deployed on these hosts.'];
  return heading(table([['APPLICATION', 'ENTITY', 'HOST', 'STATE', 'IMAGE', 'PORTS', 'OPEN'], ...rows]), terminal);
}

function cloudTable({ hosts, clouds = [] }: Observed, terminal: Terminal): string[] {
  if (clouds.length === 0) return [];
  const rows = clouds.map((cloud) => {
    const mine = hosts.filter((host) => host.cloud === cloud.name);
    return [cloud.name, cloudWord(cloud, mine), cloud.provisioner === undefined ? '' : provisionerWord(cloud.provisioner)];
  });
  return [...heading(table([['CLOUD', 'STATE', 'MAKES HOSTS'], ...rows]), terminal), ''];
}

function hostTable({ hosts, clouds = [] }: Observed, terminal: Terminal): string[] {
  const ofCloud = (cloud: string): string[] => (clouds.length === 0 ? [] : [cloud]);
  const rows = hosts.map((host) => [host.host, host.state.kind, ...ofCloud(host.cloud ?? ''), hostText(host.state), String(host.containers.length), host.endpoint]);
  return heading(table([['HOST', 'STATE', ...ofCloud('CLOUD'), 'ENGINE', 'CONTAINERS', 'ENDPOINT'], ...rows]), terminal);
}

function heading([first = '', ...rest]: readonly string[], terminal: Terminal): string[] {
  return [terminal.paint('bold', first), ...rest];
}

function hostText(state: HostState): string {
  return state.kind === 'up' ? `${state.engineVersion}, ${state.cores} cores, ${(state.memoryBytes / 2 ** 30).toFixed(1)} GiB` : '';
}

function stateText({ state, health, exitCode, isUnfinished, isStopped }: ObservedContainer): string {
  if (state === 'running' && isUnfinished === true) return 'not installed yet';
  if (state === 'exited' && isStopped === true) return 'stopped';
  if (state === 'exited' && exitCode !== undefined) return `exited with code ${exitCode}`;
  return health === 'none' ? state : `${state}, ${health}`;
}

function urlsOf({ hosts }: Observed, container: ObservedContainer): string {
  const host = hosts.find((one) => one.host === container.host);
  return host === undefined ? '' : addressesOf(container, host).map(({ url }) => url).join(' ');
}

function portText({ port, hostPort, protocol }: ObservedContainer['ports'][number]): string {
  return `${hostPort === undefined ? '' : `${hostPort}->`}${port}/${protocol}`;
}

type Owned = ObservedContainer & Required<Pick<ObservedContainer, 'owner'>>;

function owned({ hosts }: Observed, application: string | undefined): Owned[] {
  const isOwned = (container: ObservedContainer): container is Owned => container.owner !== undefined;
  return hosts
    .flatMap((host) => host.containers.filter(isOwned))
    .filter(({ owner }) => application === undefined || owner.application === application)
    .toSorted((a, b) => compare(a.owner.application, b.owner.application) || compare(a.owner.entity, b.owner.entity));
}

/** Ids of those that are deployed, or of the one that is asked for. */
function applicationsOf({ hosts }: Observed, application: string | undefined): readonly string[] {
  if (application !== undefined) return [application];
  return [...new Set(hosts.flatMap(({ containers, records = [] }) => [...containers.flatMap(({ owner }) => owner?.application ?? []), ...records.map((record) => record.application)]))].toSorted();
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Without hashes: what they are made from may be secret. */
function statusJson(observed: Observed, application: string | undefined): object {
  const containers = owned(observed, application);
  const ids = [...new Set(containers.map(({ owner }) => owner.application))];
  return {
    clouds: (observed.clouds ?? []).map(({ name, initialHosts, maxHosts, headroom }) => ({ name, hosts: observed.hosts.flatMap(({ host, cloud }) => (cloud === name ? [host] : [])), initialHosts, maxHosts, headroom })),
    hosts: observed.hosts.map(({ host, endpoint, state, cloud, containers: all }: ObservedHost) => ({ host, endpoint, cloud, ...state, state: state.kind, kind: undefined, containers: all.length })),
    applications: ids.map((id) => {
      const mine = containers.filter(({ owner }) => owner.application === id);
      const newest = mine.toSorted((a, b) => b.createdAtMs - a.createdAtMs)[0];
      const lost = unseen(observed, id).map(({ entity, host }) => ({ entity, host: host.host }));
      return { id, name: newest?.owner.applicationName, blueprint: newest?.owner.blueprint, revision: historyOf(observed, id)[0], containers: mine.map(containerJson), onHostsThatAreDown: lost.length > 0 ? lost : undefined };
    }),
  };
}

function containerJson({ owner, ...container }: Owned): object {
  return { entity: owner.entity, entityName: owner.entityName, ...container };
}
