// IPv6 blocks and the addresses in them, as far as containers get one besides their own: as far into the block as theirs is
// into their subnet.

export interface Block6 {
  readonly base: bigint;
  /** 0 to 128. */
  readonly prefix: number;
}

/** `fd00:1::/64`; bits behind the prefix are dropped. Undefined for what is no block. */
export function readBlock6(text: string): Block6 | undefined {
  const [, written = '', length = ''] = /^([\da-fA-F:]+)\/(\d{1,3})$/.exec(text) ?? [];
  const address = readAddress6(written);
  const prefix = Number(length);
  if (address === undefined || prefix > 128) return undefined;
  const behind = 128n - BigInt(prefix);
  return { base: (address >> behind) << behind, prefix };
}

/** Eight groups, or fewer around one `::`. Undefined for what is no address. */
export function readAddress6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [front = [], back = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - front.length - back.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...front, ...Array.from({ length: missing }, () => '0'), ...back];
  return groups.every((group) => /^[\da-fA-F]{1,4}$/.test(group)) ? groups.reduce((sum, group) => (sum << 16n) + BigInt(`0x${group}`), 0n) : undefined;
}

/** The longest row of zeros is left out. */
export function printAddress6(address: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) => ((address >> BigInt(16 * (7 - index))) & 0xffffn).toString(16));
  const rows = [...`${groups.join(':')}:`.matchAll(/(?<![\da-f])(?:0:){2,}/g)].map(([row]) => row);
  const longest = rows.toSorted((a, b) => b.length - a.length)[0];
  const whole = `${groups.join(':')}:`;
  if (longest === undefined) return groups.join(':');
  const at = whole.search(new RegExp(`(?<![\\da-f])${longest}`));
  const [front, back] = [whole.slice(0, at), whole.slice(at + longest.length)];
  return `${front.replace(/:$/, '')}::${back.replace(/:$/, '')}`;
}

/** The address that is `offset` into the block. Undefined where the block is not that large. */
export function addressAt(block: Block6, offset: number): string | undefined {
  return BigInt(offset) >> (128n - BigInt(block.prefix)) === 0n ? printAddress6(block.base + BigInt(offset)) : undefined;
}
