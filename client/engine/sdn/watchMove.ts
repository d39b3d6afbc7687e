// Measures how long a container does not answer while it moves, as another container on its network sees it.

import { silenceClause, silenceIn } from '#core/sdn/silence.ts';
import type { Vantage } from '#core/sdn/vantage.ts';
import { messageOf } from '../failure.ts';
import type { InsiderPort, Reach } from '../insiderPort.ts';

const everyMs = 10;
/** Where no port is known, any answer counts: this one is nobody's. */
const nobodysPort = 1;
/** So long it is watched before and afterwards. */
const settlingMs = 500;

export interface MoveWatch {
  /** Whether it answers again within that time; true where nobody can tell. */
  answers(withinMs: number): Promise<boolean>;
  /** Ends it; gives a clause: what was measured, or why nothing was. Fails never. */
  stop(): Promise<string>;
}

/** Fails never. */
export async function watchMove(vantage: Vantage, port: number | undefined, { insider }: { readonly insider: InsiderPort }): Promise<MoveWatch> {
  const { containerId, networkName, address } = vantage;
  const where = port === undefined ? address : `${address} port ${port}`;
  const isAnswer = (reach: Reach | undefined): boolean => reach === 'open' || (port === undefined && reach === 'refused');
  const failed = (error: unknown): string => `how long it did not answer could not be measured: ${messageOf(error)}`;
  try {
    const inside = await insider.enter(containerId === undefined ? { networkName } : { containerId });
    const watch = await inside.watch(address, port ?? nobodysPort, everyMs).catch(async (error: unknown) => {
      await inside.leave().catch(() => {});
      throw error;
    });
    await pause(settlingMs);
    const answeredFirst = isAnswer(watch.now());
    return {
      answers: async (withinMs) => {
        if (!answeredFirst) return true;
        const untilMs = performance.now() + withinMs;
        while (!isAnswer(watch.now())) {
          if (performance.now() > untilMs) return false;
          await pause(everyMs);
        }
        return true;
      },
      stop: async () => {
        try {
          await pause(settlingMs);
          const { changes, tookMs } = await watch.stop();
          const heard = changes.map(({ atMs, reach }) => ({ atMs, isAnswer: isAnswer(reach) }));
          return silenceClause(silenceIn(heard, tookMs), where);
        } catch (error) {
          return failed(error);
        } finally {
          await inside.leave().catch(() => {});
        }
      },
    };
  } catch (error) {
    return { answers: async () => true, stop: async () => failed(error) };
  }
}

function pause(forMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, forMs));
}
