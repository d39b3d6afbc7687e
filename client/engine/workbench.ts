// What the actions of a plan work with: the hosts as they are seen meanwhile, and what the plan was made from.

import type { ObservedContainer } from '#core/cluster/observed.ts';
import { isBuiltName } from '#core/image/imageBuild.ts';
import { makes } from '#core/plan/dependencies.ts';
import type { Plan } from '#core/plan/plan.ts';
import { vantageOf } from '#core/sdn/vantage.ts';
import type { Workbench } from './acting.ts';
import { following, passed, settled, type Planned, type Waiting } from './awaiting.ts';
import { noMaterials, type BuiltImages } from './builds.ts';
import type { CaughtImages } from './caught.ts';
import { Failure } from './failure.ts';
import type { Fleet } from './fleet.ts';
import { bringImage } from './images.ts';
import { addHost, removeHost, type HostGround } from './newHosts.ts';
import { Addressing } from './sdn/addressing.ts';

/** A look at one container takes an engine a millisecond or two. */
const lookEveryMs = 10;

export interface Bench {
  readonly fleet: Fleet;
  readonly caught: CaughtImages;
  readonly builds: BuiltImages;
  readonly ground: HostGround;
}

export function workbenchOf(plan: Plan, planned: Planned | undefined, { fleet, caught, builds, ground }: Bench): Workbench {
  const find = (host: string, containerId: string): ObservedContainer | undefined =>
    fleet.observed.hosts.find((observed) => observed.host === host)?.containers.find((container) => container.containerId === containerId);
  return {
    application: plan.application,
    addHost: (action, running) => addHost(action, ground, running),
    removeHost: (action) => removeHost(action, ground),
    addressing: new Addressing(plan, () => fleet.lookAgain().then(() => fleet.observed)),
    cores: (host) => {
      const state = fleet.host(host)?.current.state;
      return state?.kind === 'up' ? state.cores : 0;
    },
    port: (host) => fleet.port(host),
    bringImage: async (image, host, running, meant) => {
      const container = plan.actions.find((action) => makes(action) && action.host === host && action.container.installed?.kind === 'caught' && action.container.installed.image === image);
      if (container !== undefined && makes(container) && (await caught.bring(image, container.container, running))) return;
      await bringImage(image, host, { observed: fleet.observed, port: (near) => fleet.port(near) }, running, meant);
      if (isBuiltName(image)) await caught.tidy(host, image);
    },
    buildImage: async (action, running) => {
      await builds.build(action, planned?.materials ?? noMaterials, running);
      await caught.tidy(action.host, action.image);
    },
    installedImage: (container, running) => caught.imageFor(container, running),
    vantage: (container, from) => vantageOf(container, from, fleet.observed),
    isRunning: (host, containerId) => find(host, containerId)?.state === 'running',
    hasRun: (host, containerId) => find(host, containerId)?.state !== 'created',
    isFinished: (host, containerId) => find(host, containerId)?.isUnfinished !== true,
    settles: async (host, containerId, withinMs) => {
      for (const endMs = performance.now() + withinMs; performance.now() < endMs; ) {
        await fleet.host(host)?.refresh(containerId);
        const found = find(host, containerId);
        if (found?.state !== 'running') return false;
        if (found.isUnfinished !== true) return true;
        await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
      }
      return false;
    },
    specHashOf: (host, containerId) => find(host, containerId)?.owner?.specHash,
    settle: async (container, signal) => {
      if (planned === undefined) throw new Failure(`${container.containerName} needs values that only running entities have; plan again`);
      await fleet.refresh();
      return settled(container, planned, waitingIn(fleet, signal));
    },
    passGates: async (container, before, signal) => {
      if (planned === undefined) throw new Failure(`${container.containerName} needs values that only running entities have; plan again`);
      await fleet.refresh();
      return passed(container, before, planned, waitingIn(fleet, signal));
    },
    following: async (container) => {
      if (planned === undefined || container.spec.lifecycle?.course?.follow === undefined) return undefined;
      await fleet.refresh();
      return following(container, planned, fleet.observed);
    },
    exitOf: async (host, containerId, withinMs, signal) => {
      const exitCode = (): number | undefined => {
        const container = find(host, containerId);
        return container?.state === 'exited' ? container.exitCode : undefined;
      };
      // An exit from before this start must not count, nor one that shows only now: what has run before is looked at anew.
      const before = find(host, containerId)?.state;
      if (before !== undefined && before !== 'created') await fleet.host(host)?.refresh(containerId);
      const isDown = (): boolean => fleet.observed.hosts.find((observed) => observed.host === host)?.state.kind !== 'up';
      await fleet.until(() => exitCode() !== undefined || isDown(), AbortSignal.any([signal, fleet.signal, AbortSignal.timeout(withinMs)]));
      // An engine under load tells of an end late: it is asked once more.
      if (exitCode() === undefined && !isDown()) await fleet.host(host)?.refresh(containerId);
      if (isDown()) throw new Error(`host ${host} went down, so nobody knows whether it stays up`);
      if (find(host, containerId)?.state === 'created') throw new Error('the engine does not list it as running, as if it could not write that down; see whether its disk is full');
      return exitCode();
    },
  };
}

function waitingIn(fleet: Fleet, signal: AbortSignal): Waiting {
  return { observed: () => fleet.observed, changed: (until, withinMs) => fleet.change(until, withinMs), signal: AbortSignal.any([signal, fleet.signal]) };
}
