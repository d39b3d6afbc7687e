// The images that were built for an application, as remembered with its deployments: what they were built from may lie where only
// one person has it.

import type { Observed } from '#core/cluster/observed.ts';
import { isBuiltName, isUnread } from '#core/image/imageBuild.ts';

/** By entity; undefined where none is built. */
export function imagesNow({ hosts }: Observed, application: string): Readonly<Record<string, string>> | undefined {
  const built = hosts.flatMap(({ containers }) => containers).filter(({ owner, image }) => owner?.application === application && isBuiltName(image) && !isUnread(image));
  const images = built.toSorted((a, b) => a.createdAtMs - b.createdAtMs).map(({ owner, image }) => [owner?.entity ?? '', image] as const);
  return images.length === 0 ? undefined : Object.fromEntries(images);
}
