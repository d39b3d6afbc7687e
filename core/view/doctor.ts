// What a look from one entity to another found, as a document in Markdown and as one sentence.

import type { Verdict } from '#core/doctor/verdict.ts';

export function verdictSentence({ broken, advice }: Verdict, { a, b }: { readonly a: string; readonly b: string }): string {
  return broken === undefined ? `${a} reaches ${b}.` : `${begun(broken)}. To do: ${advice ?? 'look at the log'}.`;
}

export function verdictDocument({ checks, broken, advice }: Verdict, { a, b }: { readonly a: string; readonly b: string }): string {
  const lines = checks.map(({ what, isWell }) => `- ${isWell ? '✓' : '✗'} ${what}`);
  const answer = broken === undefined ? [`${a} reaches ${b}.`] : [`${begun(broken)}.`, '', `To do: ${advice ?? 'look at the log'}.`];
  return [`# From ${a} to ${b}`, '', ...lines, '', ...answer, ''].join('\n');
}

/** With a capital, as sentences begin. */
function begun(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
