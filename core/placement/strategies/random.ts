// Random: takes a host by chance. The chance comes from the placement's seed and from who the entity is, so that the same
// question has the same answer.

import type { Rule } from '#core/placement/rule.ts';

export function random(): readonly Rule[] {
  return [{ kind: 'tie', how: 'random', best: 'was drawn by chance' }];
}
