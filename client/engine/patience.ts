// How long an engine is waited for. One that hangs keeps its connections open and never answers: nothing waits for it longer than
// this, and it is said.

/** Small questions. */
export const answerWithinMs = 10_000;
/** All its containers, its networks. */
export const listWithinMs = 60_000;
/** Changes of containers. Longer than any grace period somebody would wait for. */
export const changeWithinMs = 10 * 60_000;

/**
 * What `ask` gives, if it comes within `limitMs` and before `signal` aborts; what it asks with is aborted then. `otherwise` is a
 * clause about what did not come: "it did not answer within 10 seconds".
 */
export async function within<T>(limitMs: number, ask: (limited: AbortSignal) => Promise<T>, otherwise = `no answer within ${durationText(limitMs)}`, signal?: AbortSignal): Promise<T> {
  const limit = new AbortController();
  const limited = signal ? AbortSignal.any([signal, limit.signal]) : limit.signal;
  let stop = (): void => {};
  const over = new Promise<never>((_, reject) => {
    stop = (): void => reject(new Error(limit.signal.aborted ? `the Docker Engine hangs: ${otherwise}` : 'the connection was closed'));
    if (limited.aborted) stop();
    else limited.addEventListener('abort', stop, { once: true });
  });
  const timer = setTimeout(() => limit.abort(), limitMs);
  try {
    return await Promise.race([ask(limited), over]);
  } finally {
    clearTimeout(timer);
    limited.removeEventListener('abort', stop);
  }
}

function durationText(ms: number): string {
  return ms < 60_000 ? `${ms / 1000} seconds` : `${ms / 60_000} minutes`;
}
