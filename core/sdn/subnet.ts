// Subnets: the next free one of a pool, and who gets which part of one. Ours are given from the front; the last quarter is the
// engines', for what joins without asking us, so that they never give away an address that is only resting.

import { blockAround, includes, lastOf, overlap, printAddress, printBlock, readAddress, readBlock, readRange, sizeOf, type Address, type Block, type Range } from '#core/sdn/address.ts';

/** A network's addresses, as an engine takes them. */
export interface Subnet {
  /** `10.200.3.0/24` */
  readonly cidr: string;
  readonly gateway: string;
  /** From which engines give what nobody asked for. */
  readonly range: string;
  /** Kept out: addresses, blocks and ranges that nobody is given. */
  readonly reserved?: readonly string[];
  /** The block of its IPv6 addresses; a container's is as far into it as its own is into `cidr`. */
  readonly ipv6?: string;
}

export interface Pool {
  readonly block: Block;
  /** Bits of the prefix of each subnet. */
  readonly prefix: number;
}

/** Addresses that few networks use otherwise. */
export const usualPool: Pool = { block: { base: 0x0a_c8_00_00, prefix: 13 }, prefix: 24 };
/** Where the usual ones are in use. */
export const otherPools: readonly Pool[] = [
  { block: { base: 0xac_18_00_00, prefix: 13 }, prefix: 24 },
  { block: { base: 0xc0_a8_80_00, prefix: 17 }, prefix: 24 },
];
/** Smaller ones have no room for a part of the engines'. */
export const longestPrefix = 28;

/** Undefined where none is left. `taken` in any order. */
export function nextSubnet({ block, prefix }: Pool, taken: readonly Block[]): Block | undefined {
  const step = 2 ** (32 - prefix);
  const inWay = taken.filter((other) => overlap(other, block)).toSorted((a, b) => a.base - b.base);
  let base = block.base;
  for (const other of inWay) {
    if (base + step - 1 < other.base) break;
    // Behind what is in the way, at the next place where a subnet may begin.
    base = Math.max(base, Math.ceil((lastOf(other) + 1) / step) * step);
  }
  const found = { base, prefix };
  return prefix >= block.prefix && lastOf(found) <= lastOf(block) ? found : undefined;
}

/** `gateway` is the first address where nothing else is asked. */
export function subnetOf(block: Block, gateway: Address = block.base + 1): Subnet {
  return { cidr: printBlock(block), gateway: printAddress(gateway), range: printBlock(rangeOf(block)) };
}

function rangeOf(block: Block): Block {
  const quarter = sizeOf(block) / 4;
  return blockAround(block.base + 3 * quarter, block.prefix + 2);
}

/** Gives addresses of one subnet; each once, until it is put back. */
export class AddressSpace {
  readonly block: Block;
  readonly #range: Block | undefined;
  readonly #taken = new Set<Address>();
  readonly #reserved: readonly Range[];
  /** Nothing below it is free. */
  #next: Address;

  constructor({ cidr, gateway, range, reserved = [] }: Subnet, taken: Iterable<Address> = []) {
    this.block = readBlock(cidr) ?? { base: 0, prefix: 32 };
    this.#range = readBlock(range);
    this.#reserved = reserved.flatMap((text) => readRange(text) ?? []);
    this.#next = this.block.base;
    for (const address of [this.block.base, lastOf(this.block), readAddress(gateway) ?? this.block.base, ...taken]) this.#taken.add(address);
  }

  /** The lowest that is free; undefined where none is left. */
  allocate(): Address | undefined {
    const last = lastOf(this.block);
    while (this.#next <= last && !this.isFree(this.#next)) this.#next = this.#skip(this.#next);
    if (this.#next > last) return undefined;
    this.#taken.add(this.#next);
    return this.#next;
  }

  /** False where it is not to be had. */
  take(address: Address): boolean {
    if (!this.isFree(address)) return false;
    this.#taken.add(address);
    return true;
  }

  release(address: Address): void {
    this.#taken.delete(address);
    this.#next = Math.min(this.#next, address);
  }

  isFree(address: Address): boolean {
    return includes(this.block, address) && !this.#taken.has(address) && !(this.#range !== undefined && includes(this.#range, address)) && !this.isReserved(address);
  }

  isReserved(address: Address): boolean {
    return this.#reserved.some(({ first, last }) => address >= first && address <= last);
  }

  /** The next that may be free. */
  #skip(address: Address): Address {
    if (this.#range !== undefined && includes(this.#range, address)) return lastOf(this.#range) + 1;
    const range = this.#reserved.find(({ first, last }) => address >= first && address <= last);
    return (range?.last ?? address) + 1;
  }
}
