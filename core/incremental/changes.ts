// What went from a list and what came into it, where most of it stays and in its order.

export interface Changes<T> {
  readonly gone: readonly T[];
  readonly come: readonly T[];
}

/** Looks closely only at what lies between the common beginning and the common end. */
export function changesBetween<T>(before: readonly T[], now: readonly T[]): Changes<T> {
  const shorter = Math.min(before.length, now.length);
  let start = 0;
  while (start < shorter && before[start] === now[start]) start++;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === now[now.length - 1 - end]) end++;
  const gone = new Set(before.slice(start, before.length - end));
  const come = now.slice(start, now.length - end).filter((one) => !gone.delete(one));
  return { gone: [...gone], come };
}
