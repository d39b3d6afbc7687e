// Maximum of containers: refuses hosts that have a given number of containers of ours already, those to come included. What the
// cloud says overrides what a strategy says.
// A container that is there already counts only those that are held to as few as itself: others came later, and may.

import type { HostLoad } from '#core/placement/load.ts';
import type { Want } from '#core/placement/request.ts';
import { filter, type Rule } from '#core/placement/rule.ts';
import { counted } from '#core/placement/words.ts';

export function maxContainers({ maxContainers: ofCloud }: Want, ofStrategy?: number): readonly Rule[] {
  const most = ofCloud ?? ofStrategy;
  if (most === undefined || (ofCloud !== undefined && ofStrategy !== undefined)) return [];
  const refusesToKeep = ({ residents }: HostLoad): boolean => residents.filter((other) => other.most <= most).length >= most;
  return [filter(({ residents }) => residents.length >= most, ({ residents }) => `has ${counted(residents.length, 'container')}, of at most ${most}`, ofCloud === undefined ? { refusesToKeep } : {})];
}

