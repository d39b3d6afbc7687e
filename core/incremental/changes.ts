// What went from a list and what came into it, where most of it stays and in its order. Lists that are made with `exchanged`
// know what they were made from: between them nothing is compared, however long they are.

export interface Changes<T> {
  readonly gone: readonly T[];
  readonly come: readonly T[];
}

/** From `start` on, `gone` entries of one list have become `come` entries of another. All others are the same. */
interface Stretch {
  readonly start: number;
  readonly gone: number;
  readonly come: number;
}

const origins = new WeakMap<readonly unknown[], { readonly before: readonly unknown[]; readonly stretch: Stretch }>();

/** The list with others in the place of `gone` entries from `start` on. */
export function exchanged<T>(before: readonly T[], start: number, gone: number, come: readonly T[]): readonly T[] {
  const now = before.toSpliced(start, gone, ...come);
  // A list knows where its own origin came from, and no further: else every list there ever was would be kept.
  const parent = origins.get(before);
  if (parent) origins.delete(parent.before);
  origins.set(now, { before, stretch: { start, gone, come: come.length } });
  return now;
}

export function changesBetween<T>(before: readonly T[], now: readonly T[]): Changes<T> {
  const { start, gone, come } = stretchBetween(before, now);
  const left = new Set(before.slice(start, start + gone));
  const arrived = now.slice(start, start + come).filter((one) => !left.delete(one));
  return { gone: [...left], come: arrived };
}

/** A list made from another, entry by entry, and made again only where that has changed. */
export class Mapped<T, U> {
  #from: readonly T[] = [];
  #to: readonly (U | undefined)[] = [];
  #missing = 0;

  /** `make` gives for an entry what it gave for it before. Where it gives nothing for one of them, there is no list. */
  of(list: readonly T[], make: (one: T) => U | undefined): readonly U[] | undefined {
    const { start, gone, come } = stretchBetween(this.#from, list);
    const made = list.slice(start, start + come).map(make);
    for (const one of this.#to.slice(start, start + gone)) if (one === undefined) this.#missing--;
    for (const one of made) if (one === undefined) this.#missing++;
    this.#from = list;
    if (gone > 0 || come > 0) this.#to = exchanged(this.#to, start, gone, made);
    return this.#isWhole(this.#to) ? this.#to : undefined;
  }

  forget(): void {
    this.#from = [];
    this.#to = [];
    this.#missing = 0;
  }

  #isWhole(_list: readonly (U | undefined)[]): _list is readonly U[] {
    return this.#missing === 0;
  }
}

function stretchBetween(before: readonly unknown[], now: readonly unknown[]): Stretch {
  if (before === now) return { start: 0, gone: 0, come: 0 };
  const last = origins.get(now);
  if (last?.before === before) return last.stretch;
  const first = last && origins.get(last.before);
  return last && first?.before === before ? oneAfterTheOther(first.stretch, last.stretch) : compared(before, now);
}

function oneAfterTheOther(first: Stretch, second: Stretch): Stretch {
  const start = Math.min(first.start, second.start);
  // Where both have ended, counted in the list between them.
  const end = Math.max(first.start + first.come, second.start + second.gone);
  return { start, gone: end - first.come + first.gone - start, come: end - second.gone + second.come - start };
}

/** What lies between the common beginning and the common end. */
function compared(before: readonly unknown[], now: readonly unknown[]): Stretch {
  const shorter = Math.min(before.length, now.length);
  let start = 0;
  while (start < shorter && before[start] === now[start]) start++;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === now[now.length - 1 - end]) end++;
  return { start, gone: before.length - end - start, come: now.length - end - start };
}
