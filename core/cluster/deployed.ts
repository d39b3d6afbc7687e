// What the containers on the hosts tell of an application as a whole: its blueprint, and how many members its clusters have.

import type { Observed } from '#core/cluster/observed.ts';

/** The blueprint of the newest container, secrets masked; undefined where none has one. */
export function blueprintOf(observed: Observed, application: string): string | undefined {
  const found = observed.hosts.flatMap(({ containers }) => containers.filter(({ owner }) => owner?.application === application && owner.blueprint !== undefined));
  return found.toSorted((a, b) => b.createdAtMs - a.createdAtMs)[0]?.owner?.blueprint;
}

/** The members that are there, by the keys of the clusters: what a blueprint begins with may have been resized since. Without those of which nothing is there. */
export function sizesOf(observed: Observed, application: string, clusters: readonly string[]): ReadonlyMap<string, number> {
  const entities = new Set(observed.hosts.flatMap(({ containers }) => containers.flatMap(({ owner }) => (owner?.application === application ? [owner.entity] : []))));
  return new Map(
    clusters.flatMap((cluster) => {
      const ordinals = [...entities].flatMap((entity) => {
        const rest = entity.startsWith(`${cluster}-`) ? entity.slice(cluster.length + 1) : '';
        return /^\d+$/.test(rest) ? [Number(rest)] : [];
      });
      return ordinals.length === 0 ? [] : [[cluster, Math.max(...ordinals)] as const];
    }),
  );
}
