// Full listings of many hosts take turns, so that a hundred hosts that come up together do not take a hundred listings' memory at
// once. A host that is slow holds nobody up: whoever has waited for a moment goes ahead.

import pLimit from 'p-limit';

const atATime = 16;
const patienceMs = 1000;
const slots = pLimit(atATime);

export async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  let leave = (): void => {};
  const left = new Promise<void>((resolve) => (leave = resolve));
  await new Promise<void>((begin) => {
    const patience = setTimeout(begin, patienceMs);
    void slots(async () => {
      clearTimeout(patience);
      begin();
      await left;
    });
  });
  try {
    return await work();
  } finally {
    leave();
  }
}
