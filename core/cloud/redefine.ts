// What becomes of the docker clouds that a blueprint describes, against what the hosts remember of it: part of a plan, for a cloud
// that is described otherwise counts at once, also where nothing else is to be done.

import type { DescribedCloud } from '#core/cloud/describedCloud.ts';
import type { Observed } from '#core/cluster/observed.ts';
import { keptCloud, lastClouds } from '#core/record/clouds.ts';
import { homeOf } from '#core/record/home.ts';
import type { Application } from '#core/blueprint/application.ts';
import { canonical } from '#core/text/canonical.ts';

export interface CloudChange {
  readonly kind: 'describe' | 'change' | 'forget';
  readonly cloud: string;
  /** What differs, as people call it; empty but for `change`. */
  readonly parts: readonly string[];
}

/** By the keys of a cloud that is kept. */
const parts: Readonly<Record<Exclude<keyof DescribedCloud, 'name'>, string>> = {
  id: 'its id',
  places: 'where its hosts are',
  identityFile: 'the key to its hosts',
  placement: 'what it asks of placement',
  headroom: 'the room that it keeps',
  isColdEnabled: 'whether hosts go',
  catchesImages: 'whether images are caught',
  pullPolicy: 'when images are pulled',
  source: 'its registry',
  hostSpec: 'what its hosts must have',
  sdn: 'its network',
  initialHosts: 'how many hosts it has at least',
  maxHosts: 'how many hosts it has at most',
};

/** `observed` is with what the application describes. None where nobody could remember it. */
export function cloudChanges(application: Application, observed: Observed): readonly CloudChange[] {
  const before = lastClouds(observed, application.id) ?? [];
  const now = (application.clouds ?? []).map(keptCloud);
  if (before.length + now.length === 0 || homeOf(observed, application.id, application).length === 0) return [];
  return [
    ...now.flatMap((cloud): readonly CloudChange[] => {
      const kept = before.find(({ name }) => name === cloud.name);
      if (kept === undefined) return [{ kind: 'describe', cloud: cloud.name, parts: [] }];
      const differing = Object.entries(parts).flatMap(([key, part]) => (canonical(Reflect.get(kept, key)) === canonical(Reflect.get(cloud, key)) ? [] : [part]));
      return differing.length === 0 ? [] : [{ kind: 'change', cloud: cloud.name, parts: differing }];
    }),
    ...before.filter(({ name }) => !now.some((cloud) => cloud.name === name)).map(({ name }): CloudChange => ({ kind: 'forget', cloud: name, parts: [] })),
  ];
}
