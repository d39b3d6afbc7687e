// Tags as bytes, for one plan and for looking at it again: asks the hosts what they have and, where that does not decide, a host asks
// the registry. What a registry said once counts for the plan's whole life, so that what is approved is what is done.

import type { Application } from '#core/blueprint/application.ts';
import { sourceFor, sourceOfHost } from '#core/cloud/sources.ts';
import type { DesiredContainer } from '#core/cluster/desired.ts';
import type { Observed, ObservedHost } from '#core/cluster/observed.ts';
import { digestOf, hasPinned, hasTag, listedAs, movedReason, mustAsk, pinOf, type HeldImage, type ImageUse, type PullPolicy, type Told } from '#core/image/pin.ts';
import { nameAtSource } from '#core/image/source.ts';
import type { MissingImage } from '#core/plan/diff.ts';
import type { Refusal } from '#core/plan/refusal.ts';
import type { HostPort } from './ports.ts';

/** A registry that takes longer is as good as none. */
const answerWithinMs = 2500;

export interface PinWorld {
  readonly observed: () => Observed;
  readonly port: (host: string) => HostPort | undefined;
  readonly signal: AbortSignal;
}

export interface Pinned {
  /** Containers whose tag has moved, and why they change. */
  readonly retagged: ReadonlyMap<string, string>;
  readonly notes: readonly string[];
  readonly refusals: readonly Refusal[];
  /** The images that the hosts of these containers lack, with the digests that are meant; `missing` is what they lack by name. */
  readonly lacking: (containers: readonly DesiredContainer[], missing: readonly MissingImage[]) => readonly MissingImage[];
}

type Held = ReadonlyMap<string, HeldImage>;

export class ImagePins {
  readonly #world: PinWorld;
  readonly #told = new Map<string, Promise<Told>>();

  constructor(world: PinWorld) {
    this.#world = world;
  }

  /** The application with the platforms that its images are for, as far as that decides where something goes. */
  async withPlatforms(application: Application): Promise<Application> {
    const images = new Map(application.entities.flatMap(({ container }) => (container === undefined || container.pullPolicy === 'never' ? [] : [[container.image, container.source] as const])));
    const up = this.#world.observed().hosts.filter(({ state }) => state.kind === 'up');
    if (images.size === 0) return application;
    const held = await this.#held(up.map(({ host }) => host));
    const hosts = up.filter(({ host }) => held.has(host));
    const isMixed = new Set(hosts.flatMap(({ platform }) => platform ?? [])).size > 1;
    const platforms = new Map<string, readonly string[]>();
    await Promise.all([...images].filter(([image]) => hasTag(image)).map(async ([image, source]) => {
      const holders = [...held.values()].flatMap((images_) => images_.get(listedAs(image)) ?? []);
      const isLocal = holders.length > 0 && holders.every(({ digests }) => digests.length === 0);
      if (isLocal || (holders.length > 0 && !isMixed)) return;
      const told = await this.#ask(image, source?.address ?? sourceOfHost(hosts[0]?.host ?? '', this.#world.observed())?.address, hosts);
      if ('digest' in told && told.platforms.length > 0) platforms.set(image, told.platforms);
    }));
    if (platforms.size === 0) return application;
    const mark = (entities: Application['entities']): Application['entities'] => entities.map((entity) => {
      const found = entity.container && platforms.get(entity.container.image);
      return found === undefined ? entity : { ...entity, platforms: found };
    });
    const { settle } = application;
    return { ...application, entities: mark(application.entities), ...(settle && { settle: (world) => mark(settle(world)) }) };
  }

  /** What tags stand for now, whoever needs them; those of which that is not known are left out. */
  async digests(images: ReadonlyMap<string, PullPolicy>): Promise<Readonly<Record<string, string>>> {
    const tags = [...images].filter(([image]) => hasTag(image));
    if (tags.length === 0) return {};
    const up = this.#world.observed().hosts.filter(({ state }) => state.kind === 'up');
    const held = await this.#held(up.map(({ host }) => host));
    const hosts = up.filter(({ host }) => held.has(host));
    const found = await Promise.all(tags.map(async ([image, policy]) => {
      const use: ImageUse = { image, policy, held: new Map([...held].map(([host, images_]) => [host, images_.get(listedAs(image))])) };
      const digest = digestOf(use, mustAsk(use) ? await this.#ask(image, undefined, hosts) : undefined);
      return digest === undefined ? [] : [[image, digest] as const];
    }));
    return Object.fromEntries(found.flat());
  }

  async of(application: string, containers: readonly DesiredContainer[]): Promise<Pinned> {
    const observed = this.#world.observed();
    const up = new Map(observed.hosts.filter(({ state }) => state.kind === 'up').map((host) => [host.host, host]));
    const held = await this.#held([...new Set(containers.map(({ host }) => host))].filter((host) => up.has(host)));
    const placed = containers.filter(({ host }) => held.has(host));
    const sources = new Map(containers.map((container) => [`${container.host} ${container.spec.image}`, sourceFor(container, observed)?.address]));
    const keyOf = (host: string, image: string): string => `${image} ${sources.get(`${host} ${image}`) ?? ''}`;
    const uses = [...Map.groupBy(placed, ({ host, spec }) => keyOf(host, spec.image)).values()].flatMap((all): readonly (ImageUse & { readonly source: string | undefined })[] => {
      const [first] = all;
      if (first === undefined) return [];
      const { image } = first.spec;
      return [{ image, source: sources.get(`${first.host} ${image}`), policy: eagerest(all.map((container) => policyOf(container, observed))), held: new Map(all.map(({ host }) => [host, held.get(host)?.get(listedAs(image))])) }];
    });
    const everything: readonly HeldImage[] = [...held.values()].flatMap(valuesOf);
    const digests = new Map<string, string>();
    const notes: string[] = [];
    const refusals: Refusal[] = [];
    await Promise.all(uses.map(async (use) => {
      const told = mustAsk(use) ? await this.#ask(use.image, use.source, [...use.held.keys()].flatMap((host) => up.get(host) ?? [])) : undefined;
      const { digest, note } = pinOf(use, told);
      for (const host of use.held.keys()) if (digest !== undefined) digests.set(`${host} ${use.image}`, digest);
      if (note !== undefined) notes.push(note);
    }));
    const isPinned = (host: string, image: string): boolean => {
      const digest = digests.get(`${host} ${image}`);
      return digest === undefined || !held.has(host) || hasPinned(held.get(host)?.get(listedAs(image)), digest, everything);
    };
    const retagged = new Map<string, string>();
    for (const container of placed) {
      const { host, entity, spec } = container;
      const policy = policyOf(container, observed);
      const current = up.get(host)?.containers.find(({ owner }) => owner?.application === application && owner.entity === entity);
      const digest = digests.get(`${host} ${spec.image}`);
      if (policy === 'never' && spec.build === undefined && held.get(host)?.get(listedAs(spec.image)) === undefined && current?.owner?.specHash !== container.specHash) {
        refusals.push({ entity, reason: `image ${spec.image} is not on host ${host}, and its pull policy is never; bring it there (clocker images transfer), or let it be pulled` });
      }
      // What commands installed stays installed.
      if (policy !== 'always' || digest === undefined || current?.imageId === undefined || spec.lifecycle !== undefined) continue;
      const images = held.get(host);
      const before = [...(images?.values() ?? [])].find(({ imageId }) => imageId === current.imageId);
      if (!hasPinned(before ?? { imageId: current.imageId, digests: [] }, digest, everything)) retagged.set(current.containerId, movedReason(spec.image, before ?? { imageId: current.imageId, digests: [] }, digest));
    }
    return {
      retagged,
      notes: notes.toSorted(),
      refusals,
      lacking: (needed, missing) => {
        const others = needed.filter(({ host, spec, installed }) => installed?.kind !== 'caught' && installed?.kind !== 'after' && !isPinned(host, spec.image) && !missing.some((one) => one.host === host && one.image === spec.image));
        return [...missing, ...others.map(({ host, spec }) => ({ host, image: spec.image }))].map((one): MissingImage => {
          const digest = digests.get(`${one.host} ${one.image}`);
          const source = sources.get(`${one.host} ${one.image}`);
          return Object.assign({}, one, digest !== undefined && { digest }, source !== undefined && nameAtSource(one.image, source) !== undefined && { source });
        });
      },
    };
  }

  /** What each host has, under the names by which it lists them and by their ids. A host that does not answer in time is left out, and holds up nobody. */
  async #held(hosts: readonly string[]): Promise<ReadonlyMap<string, Held>> {
    const limited = AbortSignal.any([this.#world.signal, AbortSignal.timeout(answerWithinMs)]);
    const all = await Promise.all(hosts.map(async (host) => ({ host, images: await this.#world.port(host)?.shipping.held(limited).catch(() => undefined) })));
    return new Map(all.flatMap(({ host, images }) => (images === undefined ? [] : [[host, images] as const])));
  }

  /** By the first of the hosts, once for the plan. */
  #ask(image: string, source: string | undefined, hosts: readonly ObservedHost[]): Promise<Told> {
    const key = `${image} ${source ?? ''}`;
    const known = this.#told.get(key) ?? this.#askBoth(image, source, hosts);
    this.#told.set(key, known);
    return known;
  }

  /** The registry that is asked first, and what it does not have of the image's own. */
  async #askBoth(image: string, source: string | undefined, hosts: readonly ObservedHost[]): Promise<Told> {
    const named = source === undefined ? undefined : nameAtSource(image, source);
    const first = named === undefined ? undefined : await this.#askAnew(named, hosts);
    return first === undefined || ('why' in first && first.why === 'absent') ? this.#askAnew(image, hosts) : first;
  }

  async #askAnew(image: string, hosts: readonly ObservedHost[]): Promise<Told> {
    const [first] = hosts;
    const port = first && this.#world.port(first.host);
    if (port === undefined) return { problem: `no host is up that could ask the registry of ${image}` };
    return port.shipping.ask(image, AbortSignal.any([this.#world.signal, AbortSignal.timeout(answerWithinMs)]));
  }
}

function valuesOf(held: Held): readonly HeldImage[] {
  return [...held.values()];
}

/** What the entity says goes before what its cloud says. */
function policyOf({ host, spec }: DesiredContainer, { hosts, clouds = [] }: Observed): PullPolicy {
  const cloud = clouds.find(({ name }) => name === hosts.find((one) => one.host === host)?.cloud);
  return spec.pullPolicy ?? cloud?.pullPolicy ?? 'missing';
}

/** All who want one image get the same bytes of it: who wants it newest decides. */
function eagerest(policies: readonly PullPolicy[]): PullPolicy {
  return policies.includes('always') ? 'always' : policies.includes('missing') ? 'missing' : 'never';
}
