// The one item in the status bar, the numbers in the badges of the views, and which welcome an empty view shows.

import type { Observed } from '#core/cluster/observed.ts';
import { conditionOf } from '#core/view/condition.ts';
import { counted } from '#core/view/node.ts';

/** A deployment or deletion under way. */
export interface Running {
  readonly applicationName: string;
  readonly done: number;
  readonly total: number;
}

export interface Status {
  /** With a codicon in front. */
  readonly text: string;
  readonly tooltip: string;
  readonly accessibilityLabel: string;
}

export function statusOf(observed: Observed | undefined, running: Running | undefined): Status {
  if (running) {
    const { applicationName, done, total } = running;
    const progress = `${done} of ${counted(total, 'step')} done`;
    return {
      text: `$(sync~spin) ${applicationName}: ${done}/${total}`,
      tooltip: `Clocker is working on ${applicationName}: ${progress}`,
      accessibilityLabel: `Clocker, ${applicationName}, ${progress}`,
    };
  }
  if (observed === undefined) {
    return { text: '$(layers) Clocker', tooltip: 'Clocker: not connected yet', accessibilityLabel: 'Clocker, not connected yet' };
  }
  const total = observed.hosts.length;
  const up = observed.hosts.filter(({ state }) => state.kind === 'up').length;
  const down = observed.hosts.filter(({ state }) => state.kind === 'down');
  const lines = observed.hosts.map(({ host, state }) => `${host}: ${state.kind === 'down' ? state.problem : state.kind}`);
  return {
    text: `$(${down.length > 0 ? 'warning' : 'layers'}) Clocker: ${total === 0 ? 'no hosts' : `${up}/${total} ${total === 1 ? 'host' : 'hosts'}`}`,
    tooltip: lines.length > 0 ? lines.join('\n') : 'Clocker: no host is configured',
    accessibilityLabel: `Clocker, ${total === 0 ? 'no host is configured' : `${up} of ${counted(total, 'host')} up`}`,
  };
}

/** How many containers of ours need somebody to look at them. */
export function applicationProblems(observed: Observed): number {
  return observed.hosts.flatMap((host) => host.containers.filter((container) => container.owner && conditionOf(container, host.state).mood === 'problem')).length;
}

/** How many hosts cannot be reached. */
export function hostProblems(observed: Observed): number {
  return observed.hosts.filter(({ state }) => state.kind === 'down').length;
}

/** Why a view may be empty; each has a welcome of its own in package.json. */
export type Situation = 'noHosts' | 'hostsDown' | 'noApplications' | 'ready';

export function situationOf(observed: Observed): Situation {
  if (observed.hosts.length === 0 && (observed.clouds ?? []).length === 0) return 'noHosts';
  if (observed.hosts.some((host) => host.containers.some(({ owner }) => owner))) return 'ready';
  return observed.hosts.every(({ state }) => state.kind === 'down') ? 'hostsDown' : 'noApplications';
}
