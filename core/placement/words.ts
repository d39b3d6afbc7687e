// Numbers in the sentences of placement.

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Rounded down to a tenth: what is said to be left is there. */
export function bytes(count: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  let power = 0;
  while (power < units.length - 1 && count >= 1024 ** (power + 1)) power++;
  return `${Math.floor((count / 1024 ** power) * 10) / 10} ${units[power] ?? ''}`;
}

export function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
