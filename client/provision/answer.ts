// Waits for the engine of a machine that is just coming up.

import type { HostConfig } from '#core/host/config.ts';
import { messageOf } from '../engine/failure.ts';
import { type AboutHost, Need, type Connect } from '../engine/ports.ts';

const askAgainMs = 1000;
const answerWithinMs = 10_000;

/** Throws with the last reason after `patienceMs`, and at once where a person has to say something first. */
export async function answerOf(host: HostConfig, connect: Connect, { patienceMs, onDetail, signal }: { readonly patienceMs: number; readonly onDetail: (detail: string) => void; readonly signal: AbortSignal }): Promise<AboutHost> {
  const beganMs = performance.now();
  for (;;) {
    signal.throwIfAborted();
    const port = connect(host);
    try {
      return await port.about(AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]));
    } catch (error) {
      signal.throwIfAborted();
      if (performance.now() - beganMs > patienceMs || needs(error)) throw new Error(messageOf(error), { cause: error });
      onDetail(`waiting for its Docker Engine: ${messageOf(error)}`);
    } finally {
      port.close();
    }
    await pause(askAgainMs, signal);
  }
}

function needs(error: unknown): boolean {
  return error instanceof Need || (error instanceof Error && error.cause !== undefined && needs(error.cause));
}

export async function pause(forMs: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, forMs);
    signal.addEventListener('abort', end, { once: true });
  });
  signal.throwIfAborted();
}
