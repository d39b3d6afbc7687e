// The words in which the program inside tells how a connection was answered, and how holding back went.

import type { HeldBack, Reach } from '../../engine/insiderPort.ts';

const words: readonly Reach[] = ['open', 'refused', 'silent', 'unreachable'];

export function reachOf(word: string): Reach | undefined {
  return words.find((one) => one === word);
}

const held: readonly HeldBack['how'][] = ['drained', 'busy', 'cannot'];

export function heldBackOf(word: string): HeldBack['how'] | undefined {
  return held.find((one) => one === word);
}
