// Figures of benchmarks: how long something took, and how that is shown.

/** In milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const beganMs = performance.now();
  await work();
  return performance.now() - beganMs;
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Of milliseconds, with two digits. */
export function seconds(ms: number): string {
  return (ms / 1000).toFixed(2).padStart(7);
}
