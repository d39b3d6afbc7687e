// Breadth first: takes the hosts in turn. Clocker counted calls and began with the second host; and as it counted on whatever
// list was left, turns were skipped when that changed. Here the turn goes on after the host that was taken last, the newest
// container telling which that was, and from the first host where there is none.

import type { Want } from '#core/placement/request.ts';
import type { Rule } from '#core/placement/rule.ts';
import { maxContainers } from '#core/placement/strategies/maxContainers.ts';

export function breadthFirst({ maxContainers: most }: { readonly maxContainers?: number }, want: Want): readonly Rule[] {
  return [...(most === undefined ? [] : maxContainers(want, most)), { kind: 'tie', how: 'in turn', best: 'is next in turn' }];
}
