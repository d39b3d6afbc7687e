// Progress that a person can follow: one line for each long step, with the time it took. Plain JavaScript, since it also runs before anything is installed.

/** A problem that is told to the person as one message, without a stack. */
export class Failure extends Error {}

/**
 * Does `work` and prints one line: what, then how long it took or that it failed.
 * @template T
 * @param {string} what
 * @param {() => Promise<T> | T} work
 * @returns {Promise<T>}
 */
export async function step(what, work) {
  const started = performance.now();
  process.stdout.write(`  ${what} ... `);
  try {
    const result = await work();
    process.stdout.write(`${seconds(performance.now() - started)}\n`);
    return result;
  } catch (error) {
    process.stdout.write(`failed after ${seconds(performance.now() - started)}\n`);
    throw error;
  }
}

/**
 * @param {number} ms
 * @returns {string}
 */
export function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}
