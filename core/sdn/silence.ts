// How long something did not answer, from what was heard when it was asked again and again.

/** `isAnswer` from `atMs` on, until the next change. */
export interface Heard {
  readonly atMs: number;
  readonly isAnswer: boolean;
}

export interface Silence {
  /** Milliseconds of the longest time without an answer. */
  readonly longestMs: number;
  /** Without an answer at the end: then it is longer than could be seen. */
  readonly isOpen: boolean;
}

/** Undefined where nothing answered to begin with. `tookMs`: how long it was asked. */
export function silenceIn(heard: readonly Heard[], tookMs: number): Silence | undefined {
  const first = heard.findIndex(({ isAnswer }) => isAnswer);
  if (first === -1) return undefined;
  let [longestMs, sinceMs]: [number, number | undefined] = [0, undefined];
  for (const { atMs, isAnswer } of heard.slice(first)) {
    if (!isAnswer) sinceMs ??= atMs;
    else if (sinceMs !== undefined) [longestMs, sinceMs] = [Math.max(longestMs, atMs - sinceMs), undefined];
  }
  return sinceMs === undefined ? { longestMs, isOpen: false } : { longestMs: Math.max(longestMs, tookMs - sinceMs), isOpen: true };
}

/** A clause about it, `where` being what was asked: "10.200.0.2 port 80". */
export function silenceClause(silence: Silence | undefined, where: string): string {
  if (silence === undefined) return `how long it did not answer could not be measured: ${where} did not answer before`;
  if (silence.longestMs === 0) return `${where} answered all the time`;
  const seconds = (silence.longestMs / 1000).toFixed(2);
  return silence.isOpen ? `${where} has not answered for ${seconds} s, and does not yet` : `${where} did not answer for ${seconds} s`;
}
