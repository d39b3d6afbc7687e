// The words in which the program inside tells how a connection was answered.

import type { Reach } from '../../engine/insiderPort.ts';

const words: readonly Reach[] = ['open', 'refused', 'silent', 'unreachable'];

export function reachOf(word: string): Reach | undefined {
  return words.find((one) => one === word);
}
