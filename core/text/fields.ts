// The fields of one map as people write it in settings and YAML files: plain data, each value looked at before it is believed.
// What is wrong is noted with the way to it, and the field is left out. Hosts and clouds are read by it.

import { nearest } from '#core/text/nearest.ts';

/** `path` leads from the whole to the wrong part: `[1, 'tls', 'ca']`. */
export interface FieldProblem {
  readonly path: readonly (string | number)[];
  /** A sentence without its full stop. */
  readonly message: string;
}

export type PlainMap = Readonly<Record<string, unknown>>;

/** An absent field is undefined; a wrong one too, with a problem. */
export class Fields {
  readonly problems: FieldProblem[] = [];
  readonly #fields: PlainMap;
  readonly #at: readonly (string | number)[];

  constructor(fields: PlainMap, at: readonly (string | number)[] = []) {
    this.#fields = fields;
    this.#at = at;
  }

  problem(key: string | readonly (string | number)[], message: string | undefined): void {
    if (message !== undefined) this.problems.push({ path: [...this.#at, ...(typeof key === 'string' ? [key] : key)], message });
  }

  /** About the map as a whole. */
  wrong(message: string): void {
    this.problems.push({ path: this.#at, message });
  }

  refuseUnknown(known: Readonly<Record<string, string>>, what: string): void {
    for (const key of Object.keys(this.#fields)) {
      if (key in known) continue;
      const meant = nearest(key, Object.keys(known));
      this.problem(key, `${what} has no ${key}; ${meant === undefined ? `it has ${Object.keys(known).join(', ')}` : `did you mean ${meant}?`}`);
    }
  }

  text(key: string): string | undefined {
    return this.take(key, 'a text', (value) => ((typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : undefined));
  }

  flag(key: string): boolean | undefined {
    return this.take(key, 'true or false', (value) => (typeof value === 'boolean' ? value : undefined));
  }

  count(key: string, least = 0): number | undefined {
    return this.take(key, `a whole number, ${least} or more`, (value) => (typeof value === 'number' && Number.isSafeInteger(value) && value >= least ? value : undefined));
  }

  number(key: string): number | undefined {
    return this.take(key, 'a number', (value) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined));
  }

  /** Of texts; numbers and the like count as the texts that they are written as. */
  labels(key: string): Readonly<Record<string, string>> | undefined {
    return this.take(key, 'a map of texts, like {region: north}', (value) =>
      isMap(value) && Object.values(value).every(isScalar) ? Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)])) : undefined);
  }

  texts(key: string, example: string): readonly string[] | undefined {
    return this.take(key, `a list of texts, like ${example}`, (value) => (isList(value) && value.every(isScalar) ? value.map(String) : undefined));
  }

  list(key: string, wanted: string): readonly unknown[] | undefined {
    return this.take(key, wanted, (value) => (isList(value) ? value : undefined));
  }

  /** Its problems are to be taken over with `adopt`. */
  inner(key: string, wanted: string): Fields | undefined {
    const fields = this.take(key, wanted, (value) => (isMap(value) ? value : undefined));
    return fields === undefined ? undefined : new Fields(fields, [...this.#at, key]);
  }

  adopt(inner: Fields): void {
    this.problems.push(...inner.problems);
  }

  take<T>(key: string, wanted: string, read: (value: unknown) => T | undefined): T | undefined {
    const value = this.#fields[key];
    if (value === undefined || value === null) return undefined;
    const taken = read(value);
    if (taken === undefined) this.problem(key, `${key} wants ${wanted}`);
    return taken;
  }
}

export function isMap(value: unknown): value is PlainMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
