// Measures how busy the processors of hosts are, once, where a plan needs to know. All hosts are asked side by side; one that
// does not say in time has an unknown usage and holds up nobody.

import type { HostObserver } from './observe.ts';

const answerWithinMs = 8000;

export async function sample(observers: readonly HostObserver[], signal: AbortSignal): Promise<void> {
  await Promise.all(
    observers.map(async (observer) => {
      const limited = AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]);
      const over = new Promise<undefined>((resolve) => {
        if (limited.aborted) resolve(undefined);
        else limited.addEventListener('abort', () => resolve(undefined), { once: true });
      });
      observer.measured(await Promise.race([observer.port.cpuUsage(limited).catch(() => undefined), over]));
    }),
  );
}
