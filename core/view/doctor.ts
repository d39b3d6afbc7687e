// What a look from one entity to another found, as a document.

import type { Verdict } from '#core/doctor/verdict.ts';

export function verdictDocument({ checks, broken, advice }: Verdict, { a, b }: { readonly a: string; readonly b: string }): string {
  const lines = checks.map(({ what, isWell }) => `${isWell ? '+' : '!'} ${what}`);
  const answer = broken === undefined ? [`${a} reaches ${b}.`] : [`${broken}.`, `To do: ${advice ?? 'look at the log'}.`];
  return [`# From ${a} to ${b}`, '', ...lines, '', ...answer, ''].join('\n');
}
