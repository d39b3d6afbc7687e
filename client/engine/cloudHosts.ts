// Makes the hosts that a cloud lacks and takes a cloud's hosts away. Whole or not at all: when one cannot be made, or a person
// cancels, those that were made for it go again.

import type { CloudConfig, HostRequest } from '#core/cloud/cloud.ts';
import { missingHosts } from '#core/cloud/localCloud.ts';
import type { Observed } from '#core/cluster/observed.ts';
import type { HostConfig } from '#core/host/config.ts';
import pLimit from 'p-limit';
import type { Provisioner } from '../provision/provisioner.ts';
import { Failure, messageOf } from './failure.ts';

/** More at once make a machine slower, not sooner done. */
const atATime = 4;

export interface CloudProgress {
  /** A short text about one host, often. */
  readonly onHost?: (host: string, detail: string) => void;
  readonly signal?: AbortSignal;
}

export interface MadeCloud {
  /** Those that were made or started now. */
  readonly made: readonly string[];
  /** All of them. */
  readonly hosts: readonly string[];
  /** Why no network spans the hosts, so that what reaches one another must be on one of them: a sentence without its full stop. */
  readonly apart?: string;
}

export interface CloudGround {
  readonly observed: () => Observed;
  readonly provisioner: (cloud: CloudConfig) => Provisioner;
  /** Looks at the hosts afresh and resolves when all those of the cloud have answered or failed. */
  readonly settle: (signal: AbortSignal) => Promise<void>;
  /** Lets networks span the hosts of the cloud. Throws an Error with a sentence. */
  readonly span: (onDetail: (detail: string) => void, signal: AbortSignal) => Promise<void>;
}

/** Throws a Failure, or what aborted `signal`. */
export async function makeCloud(cloud: CloudConfig, { observed, provisioner, settle, span }: CloudGround, { onHost, signal = new AbortController().signal }: CloudProgress = {}): Promise<MadeCloud> {
  const requests = missingHosts(cloud, observed());
  const wasThere = new Set(observed().hosts.filter((host) => host.cloud === cloud.name).map(({ host }) => host));
  const maker = provisioner(cloud);
  const stop = new AbortController();
  const failures: unknown[] = [];
  const limited = AbortSignal.any([signal, stop.signal]);
  const limit = pLimit(atATime);
  const results = await Promise.allSettled(requests.map((request) => limit(async () => {
    try {
      return await make(maker, request, limited, onHost);
    } catch (error) {
      // What fails after this was only stopped for the sake of the first.
      failures.push(error);
      stop.abort();
      throw error;
    }
  })));
  const made = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  if (made.length === requests.length && !signal.aborted) {
    await settle(signal);
    const hosts = observed().hosts.filter((host) => host.cloud === cloud.name);
    const apart = await span((detail) => onHost?.(cloud.name, detail), signal).then(() => undefined, messageOf);
    return { made: made.map(({ name }) => name), hosts: hosts.map(({ host }) => host), ...(apart !== undefined && { apart }) };
  }
  await Promise.all(made.filter(({ name }) => !wasThere.has(name)).map(async (host) => maker.release(host)));
  await settle(new AbortController().signal);
  signal.throwIfAborted();
  throw failures[0];
}

async function make(maker: Provisioner, request: HostRequest, signal: AbortSignal, onHost: CloudProgress['onHost']): Promise<HostConfig> {
  signal.throwIfAborted();
  try {
    const host = await maker.provision(request, (detail) => onHost?.(request.name, detail), signal);
    onHost?.(request.name, 'up');
    return host;
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Failure(`make host ${request.name}: ${messageOf(error)}`, { cause: error });
  }
}

/** With all that is on them. Throws a Failure for the first that cannot be taken away, after the others were. */
export async function removeHosts(cloud: CloudConfig, hosts: readonly HostConfig[], { provisioner }: Pick<CloudGround, 'provisioner'>, { onHost }: CloudProgress = {}): Promise<void> {
  const maker = provisioner(cloud);
  const limit = pLimit(atATime);
  const results = await Promise.allSettled(hosts.map((host) => limit(async () => {
    onHost?.(host.name, 'removing');
    await maker.release(host).catch((error: unknown) => {
      throw new Failure(`take host ${host.name} away: ${messageOf(error)}`, { cause: error });
    });
    onHost?.(host.name, 'gone');
  })));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
