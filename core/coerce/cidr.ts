// CIDR blocks as values of config keys, as Brooklyn reads them: IPv4 alone, `10/8` for short, hardly checked. Planning
// addresses in a block is for core/sdn, which is stricter.

import { parseJavaInt } from '#core/coerce/numbers.ts';
import { accepted, describe, quote, refused, type Coerced, type Outcome, type Value } from '#core/coerce/value.ts';

export type Cidr = Extract<Coerced, { readonly kind: 'cidr' }>;

const example = 'write an address and the length of its prefix, for example 10.0.0.0/8';

export function coerceCidr(value: Value): Outcome<Cidr> {
  if (typeof value !== 'string') return refused(`${describe(value)} is not a block of addresses; ${example}.`);
  if (value.trim() === '') return accepted({ kind: 'cidr', bytes: [0, 0, 0, 0], prefix: 0 }, 'An empty text means every address: 0.0.0.0/0.');
  const slash = value.indexOf('/');
  if (slash < 0) return refused(`${quote(value)} is not a block of addresses: "/" and the length of the prefix are missing; ${example}.`);
  const prefix = parseJavaInt(value.slice(slash + 1));
  if (prefix === undefined) return refused(`${quote(value)} is not a block of addresses: after "/" comes a number from 0 to 32; ${example}.`);
  if (prefix > 32) return refused(`${quote(value)} is not a block of addresses: the prefix is at most 32 bits long; ${example}.`);
  const written = value.slice(0, slash).split('.');
  const bytes = [0, 0, 0, 0];
  for (let index = 0; index * 8 < prefix; index++) {
    const byte = parseJavaInt(written[index] ?? '');
    if (byte === undefined) return refused(`${quote(value)} is not a block of addresses: it needs ${Math.ceil(prefix / 8)} numbers before "/"; ${example}.`);
    const kept = Math.min(8, prefix - index * 8);
    bytes[index] = kept === 8 ? byte : byte & 0xff & ~(0xff >> kept);
  }
  return accepted({ kind: 'cidr', bytes, prefix }, ...surprises(value, bytes, prefix));
}

export function printCidr({ bytes, prefix }: Cidr): string {
  return `${bytes.join('.')}/${prefix}`;
}

function surprises(text: string, bytes: readonly number[], prefix: number): string[] {
  if (prefix < 0) return [`${quote(text)} names no block: the prefix is from 0 to 32 bits long.`];
  if (bytes.some((byte) => byte < 0 || byte > 255)) return [`${quote(text)} names no block: each number of an address is from 0 to 255.`];
  const [written = ''] = text.split('/');
  const full = written.split('.').map(Number);
  if (full.some((byte, index) => byte !== bytes[index])) return [`Only the first ${prefix} bits count: this is ${printCidr({ kind: 'cidr', bytes, prefix })}.`];
  return [];
}
