// Random: takes a host by chance. The chance comes from the strategy's seed, else the placement's, and from who the entity is, so that the same
// question has the same answer.

import type { Rule } from '#core/placement/rule.ts';

export function random(seed: number | undefined): readonly Rule[] {
  return [{ kind: 'tie', how: 'random', ...(seed !== undefined && { seed }), best: 'was drawn by chance' }];
}
