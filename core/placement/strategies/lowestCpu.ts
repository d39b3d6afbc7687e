// Lowest CPU usage: prefers the host whose processors are least busy. Clocker put hosts of unknown usage first, as if they were
// idle; here they come last. What is to come on a host counts before it can be measured.

import type { Rule } from '#core/placement/rule.ts';
import { percent } from '#core/placement/words.ts';

export function lowestCpu(): readonly Rule[] {
  return [
    {
      kind: 'order',
      key: ({ cpuUsage }) => cpuUsage ?? Number.MAX_VALUE,
      shows: ({ cpuUsage }) => (cpuUsage === undefined ? 'CPU usage unknown' : `${percent(cpuUsage)} of CPU in use`),
      best: 'has the least busy processors',
    },
  ];
}
