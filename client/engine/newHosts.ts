// Hosts that come and go while a plan is carried out: made by the provisioner of their cloud, looked at again with all strategies
// before anything is put on them, and taken away only while nothing is there.

import type { CloudConfig } from '#core/cloud/cloud.ts';
import type { ObservedHost } from '#core/cluster/observed.ts';
import { counted } from '#core/placement/words.ts';
import type { Action } from '#core/plan/plan.ts';
import type { Refusal } from '#core/plan/refusal.ts';
import type { Running } from './acting.ts';
import type { HostConfig } from '#core/host/config.ts';
import { Failure, messageOf } from './failure.ts';
import type { Provisioner } from '../provision/provisioner.ts';

export interface HostGround {
  /** As the plan knows it. */
  readonly cloud: (name: string) => CloudConfig | undefined;
  /** Throws where the cloud makes no hosts. */
  readonly maker: (cloud: CloudConfig) => Provisioner;
  /** Observes the host, and resolves when it is up; throws when it does not answer. */
  readonly join: (host: HostConfig, signal: AbortSignal) => Promise<void>;
  /** Lets networks span the hosts of the cloud, where that is for us to do. */
  readonly span: (cloud: string, onDetail: (detail: string) => void, signal: AbortSignal) => Promise<void>;
  /** Gives back the lock on a host that goes: whoever has it next would find it there. */
  readonly unlock: (host: string) => Promise<void>;
  /** Observes it no longer. */
  readonly leave: (host: string) => Promise<void>;
  /** The containers that are to go there and cannot, as the host really is. */
  readonly misfits: (host: string) => Promise<readonly Refusal[]>;
  /** As it is this moment; undefined where it is not known. */
  readonly look: (host: string) => Promise<{ readonly config: HostConfig; readonly observed: ObservedHost } | undefined>;
}

export async function addHost({ host: name, cloud: cloudName, request }: Extract<Action, { kind: 'addHost' }>, ground: HostGround, { onDetail, signal }: Running): Promise<void> {
  const what = `add host ${name} to ${cloudName}`;
  const cloud = ground.cloud(cloudName);
  if (cloud === undefined) throw new Failure(`${what}: there is no cloud ${cloudName} any more; plan again`);
  const maker = makerOf(cloud, ground, what);
  const host = await maker.provision(request, onDetail, signal).catch((error: unknown) => {
    throw new Failure(`${what}: ${messageOf(error)}`, { cause: error });
  });
  try {
    onDetail('waiting for its engine');
    await ground.join({ ...host, cloud: cloudName }, signal);
    // Without it the host is as good for whatever stands alone.
    await ground.span(cloudName, onDetail, signal).catch((error: unknown) => onDetail(`no network spans the hosts of ${cloudName}: ${messageOf(error)}`));
    signal.throwIfAborted();
    const [first, ...more] = await ground.misfits(host.name);
    if (first === undefined) return;
    throw new Error(`it is there, but cannot take ${first.entity}: it ${first.reason}${more.length > 0 ? ` (and ${counted(more.length, 'other container')})` : ''}`);
  } catch (error) {
    const released = await release(host, maker, ground);
    throw new Failure(`${what}: ${messageOf(error)}; ${released}`, { cause: error });
  }
}

export async function removeHost({ host: name, cloud: cloudName }: Extract<Action, { kind: 'removeHost' }>, ground: HostGround): Promise<void> {
  const cloud = ground.cloud(cloudName);
  const there = await ground.look(name);
  if (cloud === undefined || there === undefined) throw new Error('it is not there any more; plan again');
  const [first] = there.observed.containers;
  if (there.observed.state.kind !== 'up' || first !== undefined) throw new Error(`it stays, for ${first === undefined ? 'it is down' : `container ${first.containerName} is on it now`}`);
  const maker = ground.maker(cloud);
  await ground.unlock(name);
  await maker.release(there.config);
  await ground.leave(name);
}

function makerOf(cloud: CloudConfig, { maker }: HostGround, what: string): Provisioner {
  try {
    return maker(cloud);
  } catch (error) {
    throw new Failure(`${what}: ${messageOf(error)}`, { cause: error });
  }
}

/** A clause about how that went. */
async function release(host: HostConfig, maker: Provisioner, ground: HostGround): Promise<string> {
  try {
    await maker.release(host);
    await ground.leave(host.name);
    return 'it was taken away again';
  } catch (error) {
    return `it could not be taken away again: ${messageOf(error)}`;
  }
}
