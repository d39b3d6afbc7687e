// The images that completion offers: on the hosts, and in registries. Asked for with every key that is typed, so what is known is
// kept for a while, and what takes longer than a person waits is there for the next key.

import { registryName, type KnownImage } from '#core/image/known.ts';

export interface ImageSources {
  /** On hosts that can be reached now. */
  readonly onHosts: (signal: AbortSignal) => Promise<readonly KnownImage[]>;
  /** Addresses of registries, as configured. */
  readonly registries: () => readonly string[];
  readonly repositories: (address: string, signal: AbortSignal) => Promise<readonly string[]>;
  readonly tags: (address: string, repository: string, signal: AbortSignal) => Promise<readonly string[]>;
  /** Milliseconds of any clock that only goes forward. */
  readonly nowMs: () => number;
}

const keptMs = { hosts: 5000, registry: 60_000 };
/** A failure is forgotten sooner. */
const failedMs = 5000;
const waitMs = 700;
const answerMs = 10_000;

interface Kept {
  readonly images: Promise<readonly KnownImage[]>;
  untilMs: number;
}

export class KnownImages {
  readonly #sources: ImageSources;
  readonly #kept = new Map<string, Kept>();

  constructor(sources: ImageSources) {
    this.#sources = sources;
  }

  /** What is known within a moment, for somebody who has typed so much of an image. Never fails. */
  async of(typed: string): Promise<readonly KnownImage[]> {
    const { onHosts, registries, repositories, tags } = this.#sources;
    const asked = [this.#keep('hosts', keptMs.hosts, onHosts)];
    for (const address of registries()) {
      const name = registryName(address);
      const where = `in ${name}`;
      asked.push(this.#keep(`registry ${address}`, keptMs.registry, async (signal) => (await repositories(address, signal)).map((path) => ({ image: `${name}/${path}`, where }))));
      const [, path] = typed.startsWith(`${name}/`) ? (/^([^:@]+):/.exec(typed.slice(name.length + 1)) ?? []) : [];
      if (path !== undefined) asked.push(this.#keep(`tags ${address} ${path}`, keptMs.registry, async (signal) => (await tags(address, path, signal)).map((tag) => ({ image: `${name}/${path}:${tag}`, where }))));
    }
    const found = await Promise.all(asked.map((images) => Promise.race([images, nothingAfter(waitMs)])));
    return [...new Map(found.flat().map((known) => [`${known.image} ${known.where}`, known])).values()];
  }

  #keep(key: string, forMs: number, ask: (signal: AbortSignal) => Promise<readonly KnownImage[]>): Promise<readonly KnownImage[]> {
    const now = this.#sources.nowMs();
    const known = this.#kept.get(key);
    if (known && now < known.untilMs) return known.images;
    for (const [other, { untilMs }] of this.#kept) if (untilMs <= now) this.#kept.delete(other);
    const kept: Kept = {
      untilMs: now + answerMs,
      images: ask(AbortSignal.timeout(answerMs)).then(
        (images) => {
          kept.untilMs = this.#sources.nowMs() + forMs;
          return images;
        },
        () => {
          kept.untilMs = this.#sources.nowMs() + failedMs;
          return [];
        },
      ),
    };
    this.#kept.set(key, kept);
    return kept.images;
  }
}

function nothingAfter(ms: number): Promise<readonly KnownImage[]> {
  return new Promise((resolve) => void setTimeout(() => resolve([]), ms).unref?.());
}
