// Which actions of a plan must wait for which earlier ones. Everything else may run side by side.

import { startsFirst, type EntityWait } from '#core/blueprint/application.ts';
import { isCaughtName } from '#core/image/key.ts';
import { imageNeeded } from '#core/plan/installed.ts';
import type { Action } from '#core/plan/plan.ts';

export interface Dependencies {
  /** Indices of actions without whose success this one makes no sense. */
  readonly needs: readonly number[];
  /** Indices of actions whose container must run, though they may be at it still. */
  readonly there: readonly number[];
  /** Indices of actions that must be over, however they ended: they free names and ports, or bring what can be done without. */
  readonly after: readonly number[];
}

/** One entry for each action, by index; every index in it is smaller than the entry's own. */
export function dependencies(actions: readonly Action[]): readonly Dependencies[] {
  return actions.map((action, index) => {
    const earlier = actions.slice(0, index).map((other, at) => ({ other, at }));
    const needs = earlier
      .filter(({ other }) => (entityOf(action) !== undefined && entityOf(action) === entityOf(other)) || carries(other, action) || (provides(other, action) && !isCaught(other)) || connects(other, action) || waitsFor(action, other) || frees(other, action))
      .map(({ at }) => at);
    const makesRoom = (other: Action): boolean => other.kind === 'remove' && isStart(action) && other.host === action.host;
    const after = earlier.filter(({ other, at }) => !needs.includes(at) && (makesRoom(other) || follows(action, other) || (isCaught(other) && provides(other, action)))).map(({ at }) => at);
    const there = earlier.filter(({ other, at }) => !needs.includes(at) && isStart(action) && isStart(other) && action.container.waits?.some(({ entity, needsContainerOnly }) => needsContainerOnly === true && entity === entityOf(other)) === true).map(({ at }) => at);
    return { needs, there, after };
  });
}

export function entityOf(action: Action): string | undefined {
  switch (action.kind) {
    case 'create':
    case 'replace':
    case 'move':
      return action.container.entity;
    case 'start':
    case 'reload':
    case 'stop':
    case 'remove':
    case 'connect':
    case 'disconnect':
      return action.entity;
    case 'addHost':
    case 'pull':
    case 'build':
    case 'createNetwork':
    case 'removeNetwork':
    case 'forget':
    case 'removeHost':
      return undefined;
  }
}

/** Nothing happens on a host before it is there, and it goes when everything else on it is done. */
function carries(other: Action, action: Action): boolean {
  if (other.kind === 'move' && other.from.host === action.host && action.kind === 'removeHost') return true;
  return other.host === action.host && (other.kind === 'addHost' || action.kind === 'removeHost');
}

function provides(other: Action, action: Action): boolean {
  if (other.kind === 'build' && action.kind === 'pull') return other.host === action.from && other.image === action.image;
  return (other.kind === 'pull' || other.kind === 'build') && makes(action) && other.host === action.host && other.image === imageNeeded(action.container);
}

/** Without an image that was caught, commands install. */
function isCaught(pull: Action): boolean {
  return pull.kind === 'pull' && isCaughtName(pull.image);
}

/** An entity starts after those that it waits for, and stops before them. */
function waitsFor(action: Action, other: Action): boolean {
  if (action.kind === 'stop') return other.kind === 'stop' && other.waits?.some(({ entity }) => entity === action.entity) === true;
  return isStart(action) && isStart(other) && beforehand(action).some(({ entity, needsContainerOnly }) => needsContainerOnly !== true && entity === entityOf(other));
}

/** What is made does all that it can before it waits; what is there already is left alone until nothing is left to wait for. */
function beforehand({ kind, container }: Extract<Action, { kind: 'create' | 'replace' | 'move' | 'start' }>): readonly EntityWait[] {
  return kind === 'create' ? (container.waits ?? []) : startsFirst(container);
}

/** What follows others looks at them when they are done; who is followed goes after that. */
function follows(action: Action, other: Action): boolean {
  const isFollowed = (follower: Action, entity: string | undefined): boolean => follower.kind === 'reload' && entity !== undefined && follower.container.spec.lifecycle?.course?.follow?.members.includes(entity) === true;
  return isFollowed(action, entityOf(other)) || (action.kind === 'remove' && other.kind === 'reload');
}

/** A container needs its networks. */
function connects(other: Action, action: Action): boolean {
  if (other.kind !== 'createNetwork') return false;
  if (action.kind === 'connect') return action.attachment.networkName === other.network.networkName && (action.host === other.host || other.network.driver === 'overlay');
  return makes(action) && action.container.networks.some(({ networkName }) => networkName === other.network.networkName);
}

/** A network goes when nothing is on it any more, the history when nothing is left of the application anywhere. */
function frees(other: Action, action: Action): boolean {
  if (action.kind === 'forget') return other.kind === 'remove' || other.kind === 'removeNetwork';
  if (action.kind === 'removeNetwork' && other.kind === 'disconnect') return other.networkName === action.networkName;
  return action.kind === 'removeNetwork' && ((other.kind === 'remove' && (other.host === action.host || action.driver === 'overlay')) || (other.kind === 'move' && other.from.host === action.host));
}

/** Whether it makes a container. */
export function makes(action: Action): action is Extract<Action, { kind: 'create' | 'replace' | 'move' }> {
  return action.kind === 'create' || action.kind === 'replace' || action.kind === 'move';
}

/** Whether it starts a container. */
export function isStart(action: Action): action is Extract<Action, { kind: 'create' | 'replace' | 'move' | 'start' }> {
  return makes(action) || action.kind === 'start';
}
