// Which bytes a tag stands for in a plan, so that all hosts of a deployment run the same: decided from what hosts have, what a
// registry says, and when somebody wants it asked. An image that is in no registry stays what it is on each host.

import { fullReference } from '#core/cluster/imageName.ts';
import { isBuiltName } from '#core/image/imageBuild.ts';
import { isImageId, parseReference } from '#core/image/reference.ts';

/** When an image is pulled: whenever its tag has moved, where it is missing, or never. */
export type PullPolicy = 'always' | 'missing' | 'never';

export const pullPolicies: readonly PullPolicy[] = ['always', 'missing', 'never'];

/** An image as one host has it. */
export interface HeldImage {
  readonly imageId: string;
  /** Those under which registries know it: `sha256:...`. None for one that was built or loaded. */
  readonly digests: readonly string[];
}

/** What came of asking a registry for a tag. `platforms` like `linux/amd64`; `problem` is a clause. `why`: the registry says that it does not have it. */
export type Told =
  | { readonly digest: string; readonly platforms: readonly string[] }
  | { readonly problem: string; readonly why?: 'absent' };

/** One image on the hosts that need it. */
export interface ImageUse {
  readonly image: string;
  readonly policy: PullPolicy;
  /** In their order; undefined for a host that does not have it. */
  readonly held: ReadonlyMap<string, HeldImage | undefined>;
}

/** `digest` is absent where each host's own counts; `note` is a sentence for the plan, without its full stop. */
export interface Pin {
  readonly digest?: string;
  readonly note?: string;
}

/** Whether a registry has to be asked, which takes a moment and may count. */
export function mustAsk({ image, policy, held }: ImageUse): boolean {
  if (!hasTag(image) || policy === 'never') return false;
  const holders = holdersIn(held);
  if (holders.length > 0 && holders.every(({ digests }) => digests.length === 0)) return false;
  return policy === 'always' || holders.length === 0 || new Set(holders.map(({ imageId }) => imageId)).size > 1;
}

/** `told` is absent where nobody was asked. */
export function pinOf({ image, policy, held }: ImageUse, told: Told | undefined): Pin {
  if (told !== undefined && 'digest' in told) return { digest: told.digest };
  const holders = holdersIn(held);
  const digest = hasTag(image) && policy !== 'never' ? holders.flatMap(({ digests }) => digests)[0] : undefined;
  const pin = digest === undefined || holders.every(({ imageId }) => imageId === holders[0]?.imageId) && holders.length === held.size ? {} : { digest };
  if (told === undefined || holders.length === 0) return pin;
  return { ...pin, note: `${told.problem}, so whether ${image} has moved is not known: what the hosts have of it is used` };
}

/** What a tag stands for now, by what a registry says or has said; undefined where that is not known, and for what is in none. */
export function digestOf({ image, held }: Pick<ImageUse, 'image' | 'held'>, told: Told | undefined): string | undefined {
  if (!hasTag(image)) return undefined;
  if (told !== undefined && 'digest' in told) return told.digest;
  const holders = holdersIn(held);
  return holders.every(({ imageId }) => imageId === holders[0]?.imageId) ? holders.flatMap(({ digests }) => digests).toSorted()[0] : undefined;
}

/** Whether a host has the bytes that are meant. One that got them from another host does not know their digest, but they have the same id. */
export function hasPinned(held: HeldImage | undefined, digest: string, all: Iterable<HeldImage | undefined>): boolean {
  if (held === undefined) return false;
  return held.digests.includes(digest) || [...all].some((other) => other?.imageId === held.imageId && other.digests.includes(digest));
}

/** "image redis:7 has moved: 3f0c... becomes 91ab...". */
export function movedReason(image: string, before: HeldImage | undefined, digest: string): string {
  return `image ${image} has moved: ${short(before?.digests[0] ?? before?.imageId ?? 'unknown')} becomes ${short(digest)}`;
}

/** What is named by a digest, an id or the key of what it was built from means the same bytes always. */
export function hasTag(image: string): boolean {
  const parsed = parseReference(image);
  return !isImageId(image) && !isBuiltName(image) && parsed.ok && parsed.value.digest === undefined;
}

/** How a host lists what is meant: with everything put in that may be left away. */
export function listedAs(image: string): string {
  return isImageId(image) ? image : fullReference(image);
}

/** Whether what is for one of `platforms` runs on a host; engines take 32-bit images of their own family, too. */
export function runsOn(host: string, platforms: readonly string[]): boolean {
  const family: Readonly<Record<string, readonly string[]>> = { 'linux/amd64': ['linux/amd64', 'linux/386'], 'linux/arm64': ['linux/arm64', 'linux/arm'] };
  const fitting = family[host] ?? [host];
  return platforms.some((platform) => fitting.some((one) => platform === one || platform.startsWith(`${one}/`)));
}

function holdersIn(held: ImageUse['held']): readonly HeldImage[] {
  return [...held.values()].filter((one) => one !== undefined);
}

function short(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 12);
}
