// Chance for placement, made from a seed: an order of hosts in which every host is as likely as any other to come first, and in
// which the place of a host, and the host of a place, are found at once.

export class Shuffle {
  readonly #count: number;
  readonly #start: number;
  readonly #stride: number;
  readonly #back: number;

  /** Of the positions 0 to `count` - 1; `name` is who asks. */
  constructor(count: number, seed: number, name: string) {
    let state = hash(seed, name);
    const next = (below: number): number => {
      state = (state + 0x9e3779b9) | 0;
      return mixed(state) % below;
    };
    this.#count = Math.max(1, count);
    this.#start = next(this.#count);
    // A stride that has no divisor in common with the count meets every position once.
    do this.#stride = 1 + next(this.#count);
    while (inverse(this.#stride, this.#count) === undefined);
    this.#back = inverse(this.#stride, this.#count) ?? 0;
  }

  at(rank: number): number {
    return (this.#start + rank * this.#stride) % this.#count;
  }

  rankOf(position: number): number {
    return ((position - this.#start + this.#count) * this.#back) % this.#count;
  }
}

function hash(seed: number, name: string): number {
  let state = Math.imul(seed ^ 0x811c9dc5, 0x01000193);
  for (let at = 0; at < name.length; at++) state = Math.imul(state ^ name.charCodeAt(at), 0x01000193);
  return mixed(state);
}

/** Spreads the bits (the finalizer of MurmurHash3); 0 to 2^32 - 1. */
function mixed(state: number): number {
  let bits = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** The number that `value` times it is 1 modulo `modulus`; undefined where they have a divisor in common. */
function inverse(value: number, modulus: number): number | undefined {
  let [a, b] = [value % modulus, modulus];
  let [x, y] = [1, 0];
  while (b !== 0) {
    const whole = Math.floor(a / b);
    [a, b] = [b, a - whole * b];
    [x, y] = [y, x - whole * y];
  }
  return a === 1 ? ((x % modulus) + modulus) % modulus : undefined;
}
