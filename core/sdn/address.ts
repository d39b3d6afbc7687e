// IPv4 addresses and blocks of them as numbers, read strictly: what an engine would refuse is refused here.

/** 0 to 2^32 - 1. */
export type Address = number;

/** `prefix` bits of `base` are the same for all addresses in the block; the rest of `base` is zero. */
export interface Block {
  readonly base: Address;
  /** 0 to 32. */
  readonly prefix: number;
}

/** Both ends are in it. */
export interface Range {
  readonly first: Address;
  readonly last: Address;
}

const addressPattern = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

/** Undefined for what is no address. */
export function readAddress(text: string): Address | undefined {
  return addressPattern.test(text) ? text.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0) : undefined;
}

export function printAddress(address: Address): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join('.');
}

/** `10.0.0.0/8`; bits behind the prefix are dropped. Undefined for what is no block. */
export function readBlock(text: string): Block | undefined {
  const [, written = '', length = ''] = /^([\d.]+)\/(\d\d?)$/.exec(text) ?? [];
  const address = readAddress(written);
  const prefix = Number(length);
  return address === undefined || prefix > 32 ? undefined : blockAround(address, prefix);
}

export function printBlock({ base, prefix }: Block): string {
  return `${printAddress(base)}/${prefix}`;
}

export function blockAround(address: Address, prefix: number): Block {
  return { base: address - (address % 2 ** (32 - prefix)), prefix };
}

/** `10.1.0.5`, `10.1.0.0/28` or `10.1.0.10-10.1.0.20`. Undefined for what is none of these. */
export function readRange(text: string): Range | undefined {
  const block = readBlock(text);
  if (block) return { first: block.base, last: lastOf(block) };
  const [first, last = first, ...more] = text.split('-').map((end) => readAddress(end.trim()));
  return first === undefined || last === undefined || last < first || more.length > 0 ? undefined : { first, last };
}

/** How many addresses are in it. */
export function sizeOf({ prefix }: Block): number {
  return 2 ** (32 - prefix);
}

export function lastOf(block: Block): Address {
  return block.base + sizeOf(block) - 1;
}

export function includes(block: Block, address: Address): boolean {
  return address >= block.base && address <= lastOf(block);
}

export function overlap(a: Block, b: Block): boolean {
  return a.base <= lastOf(b) && b.base <= lastOf(a);
}
