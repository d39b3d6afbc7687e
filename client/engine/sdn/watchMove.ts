// Measures how long a container does not answer while it moves, as another container on its network sees it.

import { silenceClause, silenceIn } from '#core/sdn/silence.ts';
import type { Vantage } from '#core/sdn/vantage.ts';
import { messageOf } from '../failure.ts';
import type { InsiderPort } from '../insiderPort.ts';

const everyMs = 10;
/** Where no port is known, any answer counts: this one is nobody's. */
const nobodysPort = 1;
/** So long it is watched when it is over. */
const afterwardsMs = 500;

/** Gives how to end it, which gives a clause: what was measured, or why nothing was. Fails never. */
export async function watchMove(vantage: Vantage, port: number | undefined, { insider }: { readonly insider: InsiderPort }): Promise<() => Promise<string>> {
  const { containerId, networkName, address } = vantage;
  const where = port === undefined ? address : `${address} port ${port}`;
  const failed = (error: unknown): string => `how long it did not answer could not be measured: ${messageOf(error)}`;
  try {
    const inside = await insider.enter(containerId === undefined ? { networkName } : { containerId });
    const watch = await inside.watch(address, port ?? nobodysPort, everyMs).catch(async (error: unknown) => {
      await inside.leave().catch(() => {});
      throw error;
    });
    return async () => {
      try {
        await new Promise((resolve) => setTimeout(resolve, afterwardsMs));
        const { changes, tookMs } = await watch.stop();
        const heard = changes.map(({ atMs, reach }) => ({ atMs, isAnswer: reach === 'open' || (port === undefined && reach === 'refused') }));
        return silenceClause(silenceIn(heard, tookMs), where);
      } catch (error) {
        return failed(error);
      } finally {
        await inside.leave().catch(() => {});
      }
    };
  } catch (error) {
    return async () => failed(error);
  }
}
