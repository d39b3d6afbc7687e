// Images that deployments made, as a host has them: those that were caught, and those that were built. Which of them are old enough
// to go: more than are wanted of one kind, too old, or too much altogether. One that a container uses never goes.

export interface KeptImage {
  readonly kind: 'caught' | 'built';
  /** `localhost/clocker-caught/redis-store:3f...`, `localhost/clocker-built/web:9a...`. */
  readonly image: string;
  readonly imageId: string;
  /** See key.ts and imageBuild.ts. */
  readonly key: string;
  /** The type of entity that it was caught for, and the image in which its installation began; of one that was built the last part of its name, and nothing. */
  readonly type: string;
  readonly base: string;
  /** When it came to be on its host. */
  readonly createdAtMs: number;
  /** With the layers that it shares with others. */
  readonly sizeBytes: number;
  /** Names of containers made from it, running or not. */
  readonly usedBy: readonly string[];
}

/** What is kept on each host. */
export interface Keep {
  /** Of each type, the newest. */
  readonly count: number;
  readonly ageMs: number;
  /** Of all together. */
  readonly sizeBytes: number;
}

export const usualKeep: Keep = { count: 3, ageMs: 30 * 24 * 60 * 60_000, sizeBytes: 10e9 };

/** `reason` is a clause: "3 newer ones are kept". */
export interface Prunable {
  readonly image: KeptImage;
  readonly reason: string;
}

/** Of one host. Those in use count as kept, and are never among the answer. */
export function prunable(images: readonly KeptImage[], keep: Keep, nowMs: number): readonly Prunable[] {
  const newestFirst = images.toSorted((a, b) => b.createdAtMs - a.createdAtMs || (a.image < b.image ? -1 : 1));
  const isUsed = ({ usedBy }: KeptImage): boolean => usedBy.length > 0;
  const counts = new Map<string, number>();
  let sizeBytes = newestFirst.filter(isUsed).reduce((sum, image) => sum + image.sizeBytes, 0);
  const gone: Prunable[] = [];
  for (const image of newestFirst) {
    const kind = `${image.kind} ${image.type}`;
    const before = counts.get(kind) ?? 0;
    if (isUsed(image)) {
      counts.set(kind, before + 1);
      continue;
    }
    const reason =
      nowMs - image.createdAtMs > keep.ageMs ? 'it is too old'
      : keep.count === 0 ? 'none is kept'
      : before >= keep.count ? `${keep.count} newer ${keep.count === 1 ? 'one is' : 'ones are'} kept`
      : sizeBytes + image.sizeBytes > keep.sizeBytes ? 'all together take too much room'
      : undefined;
    if (reason !== undefined) {
      gone.push({ image, reason });
      continue;
    }
    counts.set(kind, before + 1);
    sizeBytes += image.sizeBytes;
  }
  return gone;
}

/** What has just come to be may be wanted by whoever had it made. */
const graceMs = 60 * 60_000;

/** Those that go by themselves: of what was built nothing that is new, for its container may not be there yet. */
export function goingByThemselves(images: readonly KeptImage[], nowMs: number): readonly Prunable[] {
  return prunable(images, usualKeep, nowMs).filter(({ image: { kind, createdAtMs } }) => kind === 'caught' || nowMs - createdAtMs > graceMs);
}
