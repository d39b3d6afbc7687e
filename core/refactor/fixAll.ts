// Everything that can be mended without asking, at once: the fix of each diagnostic that has exactly one, again and again until
// nothing more is found. Where there is a choice between fixes it stays a person's.

import { applyEdits, type Diagnostic, type Edit } from '#core/text/diagnostic.ts';
import { span } from '#core/text/span.ts';

/** One fix may bring out another fault, which has a fix, too; this often, not more. */
const maxRounds = 10;

/** The fixes that do not overlap an earlier one, as edits in the order of their places. */
export function sureFixes(diagnostics: readonly Diagnostic[]): readonly Edit[] {
  const taken: Edit[] = [];
  for (const { fixes } of diagnostics) {
    const [only] = fixes;
    if (!only || fixes.length > 1) continue;
    // Two diagnostics with the same fix: it is done once.
    if (only.edits.every((edit) => isFree(edit, taken))) for (const edit of only.edits) taken.splice(placeIn(taken, edit), 0, edit);
  }
  return taken;
}

/** Where an edit belongs among others that are sorted. */
function placeIn(taken: readonly Edit[], { span: place }: Edit): number {
  let low = 0;
  let high = taken.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((taken[middle]?.span.start ?? 0) < place.start) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Those that are taken do not overlap each other, so only the neighbours can be in the way. */
function isFree(edit: Edit, taken: readonly Edit[]): boolean {
  const at = placeIn(taken, edit);
  return taken.slice(Math.max(0, at - 2), at + 2).every((other) => !overlap(edit, other));
}

function overlap(a: Edit, b: Edit): boolean {
  const isInsertion = a.span.start === a.span.end || b.span.start === b.span.end;
  return isInsertion ? a.span.start <= b.span.end && b.span.start <= a.span.end : a.span.start < b.span.end && b.span.start < a.span.end;
}

/** The edits that leave nothing to fix; none where there is nothing, or where fixing would not come to an end. */
export function fixAll(text: string, diagnose: (text: string) => readonly Diagnostic[]): readonly Edit[] {
  const first = sureFixes(diagnose(text));
  if (first.length === 0) return [];
  const seen = new Set([text]);
  let current = applyEdits(text, first);
  for (let round = 1; ; round++) {
    const next = sureFixes(diagnose(current));
    if (next.length === 0) return round === 1 ? first : [difference(text, current)];
    if (round === maxRounds || seen.has(current)) return [];
    seen.add(current);
    current = applyEdits(current, next);
  }
}

/** The one replacement between what two texts begin and end with alike. */
export function difference(before: string, after: string): Edit {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  // A character of two code units stays whole.
  if (/[\uDC00-\uDFFF]/.test(before[start] ?? '') || /[\uDC00-\uDFFF]/.test(after[start] ?? '')) start = Math.max(0, start - 1);
  if (/[\uDC00-\uDFFF]/.test(before[before.length - end] ?? '')) end--;
  return { span: span(start, before.length - end), newText: after.slice(start, after.length - end) };
}
