// The word somebody probably meant: edit distance with neighbouring letters swapped counted once. Every "did you mean" asks here.

/** The candidate closest to `word`, or undefined when none is close (more than about a third of its letters differ). Case counts little; ties go to the first. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  return nearestFew(word, candidates, 1)[0];
}

/** At most `count` candidates that are close to `word`, the closest first. */
export function nearestFew(word: string, candidates: Iterable<string>, count: number): string[] {
  const wanted = word.toLowerCase();
  // Only what is closer than the worst of those kept can still matter.
  let limit = word.length <= 2 ? 1 : Math.max(2, Math.floor(word.length / 3));
  let close: { readonly candidate: string; readonly cost: number }[] = [];
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) > limit || candidate === word) continue;
    const folded = candidate.toLowerCase();
    const cost = folded === wanted ? 0.5 : distance(wanted, folded, limit);
    if (cost > limit || cost >= Math.max(wanted.length, folded.length) || close.some((other) => other.candidate === candidate)) continue;
    close = [...close, { candidate, cost }].toSorted((one, other) => one.cost - other.cost).slice(0, count);
    if (close.length === count) limit = Math.min(limit, close.at(-1)?.cost ?? limit);
  }
  return close.map(({ candidate }) => candidate);
}

/** Damerau-Levenshtein distance (optimal string alignment) of two words in UTF-16 code units; any number above `limit` once it is certain to be above. */
export function distance(a: string, b: string, limit = Number.POSITIVE_INFINITY): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + (same ? 0 : 1));
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) cost = Math.min(cost, at(beforeLast, column - 2) + 1);
      current.push(cost);
      least = Math.min(least, cost);
    }
    // A swap reaches back two rows, so one row above the limit is not yet proof; two in a row are.
    if (least > limit && Math.min(...last) > limit) return limit + 1;
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
