// Which host builds an image from its Dockerfile, and which take it from there: within a cloud it is built once.

import type { DesiredContainer } from '#core/cluster/desired.ts';
import type { Observed } from '#core/cluster/observed.ts';
import type { MissingImage } from '#core/plan/diff.ts';
import { imageNeeded } from '#core/plan/installed.ts';

/**
 * The images that are built and that hosts lack, each host's once. `nearest` tells the host from which one can be had: the host
 * itself if it has it, else one nearby.
 */
export function imagesToBuild(containers: readonly DesiredContainer[], { hosts }: Observed, nearest: (host: string, image: string) => string | undefined): readonly MissingImage[] {
  const builders = new Map<string, string>();
  const known = new Map<string, MissingImage | undefined>();
  for (const container of containers) {
    const { host, spec: { build } } = container;
    if (build === undefined || imageNeeded(container) !== build.image) continue;
    const place = `${host} ${build.image}`;
    if (known.has(place)) continue;
    const { image } = build;
    const cloud = hosts.find((one) => one.host === host)?.cloud;
    const group = `${cloud === undefined ? `host ${host}` : `cloud ${cloud}`} ${image}`;
    const from = nearest(host, image) ?? builders.get(group);
    if (from === host) known.set(place, undefined);
    else if (from !== undefined) known.set(place, { host, image, from });
    else {
      builders.set(group, host);
      known.set(place, { host, image, build });
    }
  }
  return [...known.values()].flatMap((missing) => missing ?? []);
}
