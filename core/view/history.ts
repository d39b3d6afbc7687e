// The history of an application as text: newest first, who did what and when.

import { ageText } from '#core/record/lock.ts';
import type { Revision } from '#core/record/revision.ts';

/** "12 min ago". */
export function whenText({ atMs }: Revision, nowMs: number): string {
  return `${ageText(nowMs - atMs)} ago`;
}

/** Lines for a document. */
export function historyText(history: readonly Revision[], nowMs: number): string {
  const [newest] = history;
  const lines = history.flatMap((one) => [`Revision ${one.revision}, ${new Date(one.atMs).toISOString()} (${whenText(one, nowMs)}), by ${one.by}: ${one.outcome}`, `    ${one.what}`]);
  return [`History of ${newest?.applicationName ?? 'nothing'}`, '', ...lines, ''].join('\n');
}
