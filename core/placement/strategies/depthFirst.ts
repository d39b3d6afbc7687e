// Depth first: fills one host after the other. Clocker 0.6 took the fullest host with room; later versions took any order that
// stayed the same, which filled one host too, though not the one that was begun. This is what both promised: the fullest first.

import type { Want } from '#core/placement/request.ts';
import type { Rule } from '#core/placement/rule.ts';
import { maxContainers } from '#core/placement/strategies/maxContainers.ts';
import { counted } from '#core/placement/words.ts';

export function depthFirst({ maxContainers: most }: { readonly maxContainers?: number }, want: Want): readonly Rule[] {
  return [
    ...(most === undefined ? [] : maxContainers(want, most)),
    { kind: 'order', key: ({ residents }) => -residents.length, shows: ({ residents }) => counted(residents.length, 'container'), best: 'is the fullest with room' },
  ];
}
