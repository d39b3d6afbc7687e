// Images that the editor knows of, asked for while somebody types. An editor that takes its time is not waited for.

import type { ImagesParams, KnownImage } from '#core/image/known.ts';

const waitMs = 1500;

export class AskedImages {
  readonly #ask: (params: ImagesParams) => Promise<unknown>;

  constructor(ask: (params: ImagesParams) => Promise<unknown>) {
    this.#ask = ask;
  }

  /** Never fails: what cannot be had is not offered. */
  async of(typed: string): Promise<readonly KnownImage[]> {
    const { promise: late, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => resolve(undefined), waitMs);
    try {
      const answer = await Promise.race([this.#ask({ typed }), late]);
      return Array.isArray(answer) ? answer.filter(isKnownImage) : [];
    } catch {
      return [];
    } finally {
      clearTimeout(timer);
    }
  }
}

function isKnownImage(value: unknown): value is KnownImage {
  return typeof value === 'object' && value !== null && 'image' in value && typeof value.image === 'string' && 'where' in value && typeof value.where === 'string';
}
