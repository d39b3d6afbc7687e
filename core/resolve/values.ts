// The values of an entity's config keys, as far as they are known: what does not fit is complained of where it was written.

import { printCoerced } from '#core/coerce/coerce.ts';
import { isList, type Outcome, type Value } from '#core/coerce/value.ts';
import type { Config, Effective } from '#core/resolve/effective.ts';

export interface ValueWorld {
  /** The value of a config entry; undefined where it cannot be known, or not yet (which has been said). */
  readonly known: (effective: Effective) => Value | undefined;
  /** Says that a value does not do. */
  readonly complain: (effective: Effective, message: string) => void;
}

interface Found {
  readonly effective: Effective;
  readonly value: Value;
}

export class Values {
  readonly #config: Config;
  readonly #world: ValueWorld;

  constructor(config: Config, world: ValueWorld) {
    this.#config = config;
    this.#world = world;
  }

  find(key: string): Found | undefined {
    const effective = this.#config.get(key);
    const value = effective && this.#world.known(effective);
    return effective && value !== undefined && value !== null ? { effective, value } : undefined;
  }

  complain(effective: Effective, message: string): void {
    this.#world.complain(effective, message);
  }

  /** About the value of a key, where it has one. */
  complainOf(key: string, message: string): void {
    const effective = this.#config.get(key);
    if (effective) this.#world.complain(effective, `${key}: ${message}`);
  }

  text(key: string): string | undefined {
    const found = this.find(key);
    return found && textOf(found.value);
  }

  textOf(value: Value): string {
    return textOf(value);
  }

  isTrue(key: string): boolean {
    return this.text(key) === 'true';
  }

  coerced<T>(key: string, coerce: (value: Value) => Outcome<T>): T | undefined {
    const found = this.find(key);
    if (!found) return undefined;
    const outcome = coerce(found.value);
    if (outcome.ok) return outcome.value;
    this.#world.complain(found.effective, `${key}: ${outcome.problem}`);
    return undefined;
  }

  /** A list of words: a list as it is, a text split at white space. */
  words(key: string): readonly string[] | undefined {
    const found = this.find(key);
    if (!found) return undefined;
    const list = isList(found.value) ? found.value.map(textOf) : textOf(found.value).split(/\s+/).filter((word) => word !== '');
    return list.length === 0 ? undefined : list;
  }
}

export function textOf(value: Value): string {
  return typeof value === 'string' ? value : (printCoerced(value) ?? '');
}
