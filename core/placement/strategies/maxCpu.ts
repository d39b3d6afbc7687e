// Maximum of CPU usage: refuses hosts whose processors are busier than a given share, and those of unknown usage. What the cloud
// says overrides what a strategy says. A container that exists stays, for it may be what keeps the processors busy.

import type { Want } from '#core/placement/request.ts';
import { filter, type Rule } from '#core/placement/rule.ts';
import { percent } from '#core/placement/words.ts';

export function maxCpu({ maxCpu: ofCloud }: Want, ofStrategy?: number): readonly Rule[] {
  const most = ofCloud ?? ofStrategy;
  if (most === undefined || (ofCloud !== undefined && ofStrategy !== undefined)) return [];
  return [
    filter(
      ({ cpuUsage }) => cpuUsage === undefined || cpuUsage >= most,
      ({ cpuUsage }) => (cpuUsage === undefined ? `has an unknown CPU usage, and must be below ${percent(most)}` : `uses ${percent(cpuUsage)} of its CPU, and must be below ${percent(most)}`),
      { refusesToKeep: 'never' },
    ),
  ];
}
