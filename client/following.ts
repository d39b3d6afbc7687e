// Follows the policies of an application that runs, understood from the blueprint that is kept with it.

import { blueprintOf } from '#core/cluster/deployed.ts';
import { deployedApplication } from './deployed.ts';
import type { Cloud } from './engine/cloud.ts';
import type { Deployed } from './engine/effects.ts';
import { watch, type Watching } from './engine/watching.ts';

/** `given` is the text of its blueprint, where the one that is kept will not do. Ends when the signal aborts, or when the application is gone. */
export async function followPolicies(cloud: Cloud, id: string, given: string | undefined, options: Pick<Watching, 'onNews' | 'signal'>): Promise<void> {
  let last: { readonly of: string; readonly deployed: Deployed } | undefined;
  const deployed = (): ReturnType<Watching['deployed']> => {
    const { observed } = cloud;
    const kept = blueprintOf(observed, id);
    if (kept === undefined) return undefined;
    const entities = observed.hosts.flatMap(({ containers }) => containers.flatMap(({ owner }) => (owner?.application === id ? [owner.entity] : [])));
    const of = [kept, ...entities.toSorted()].join('\n');
    if (last?.of !== of) last = { of, deployed: deployedApplication(observed, id, given) };
    const { application, whole } = last.deployed;
    return { application, whole: () => whole(cloud) };
  };
  await watch(cloud, { ...options, deployed });
}
