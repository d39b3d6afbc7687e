// Least containers: prefers the host with the fewest containers of ours, those to come included. What else runs on the host
// does not count. It is also what happens where nothing orders the hosts.

import type { Order } from '#core/placement/rule.ts';
import { counted } from '#core/placement/words.ts';

export function leastContainers(): readonly Order[] {
  return [{ kind: 'order', key: ({ residents }) => residents.length, shows: ({ residents }) => counted(residents.length, 'container'), best: 'has the fewest containers' }];
}
