// Globs as Brooklyn matches them: `*`, `?` and alternatives in braces. Paths are nothing special: `*` crosses `/`.

const most = 1000;

/**
 * The patterns without braces that a glob stands for, in order; what is wrong with it, as a sentence, else. With `ranges`
 * `{1-3}` is short for `{1,2,3}`, and `{08-10}` for `{08,09,10}`.
 */
export function expandBraces(glob: string, { ranges = false } = {}): readonly string[] | string {
  const done: string[] = [];
  const open = [glob];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const start = next.indexOf('{');
    if (start < 0) {
      done.push(next);
      continue;
    }
    const choices = alternatives(next, start, ranges);
    if (!choices) return 'A brace "{" is not closed.';
    if (done.length + open.length + choices.length > most) return `The braces stand for more than ${most} patterns.`;
    open.unshift(...choices);
  }
  return done;
}

/** True when the whole text matches; undefined for a glob that is not one. */
export function matchesGlob(glob: string, text: string): boolean | undefined {
  const patterns = expandBraces(glob);
  return typeof patterns === 'string' ? undefined : patterns.some((pattern) => matchesPlain(pattern, text));
}

/** The text with its first pair of braces replaced by each of its alternatives. */
function alternatives(text: string, start: number, ranges: boolean): string[] | undefined {
  const choices: string[] = [];
  let depth = 0;
  let from = start + 1;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (character === '{') depth++;
    else if (character === '}') depth--;
    if (depth === 0 || (depth === 1 && character === ',')) {
      choices.push(text.slice(from, at));
      from = at + 1;
    }
    if (depth === 0) return choices.flatMap((choice) => (ranges ? numbersIn(choice) : [choice])).map((choice) => text.slice(0, start) + choice + text.slice(at + 1));
  }
  return undefined;
}

/** The numbers of a range, with the leading zeros of its shorter end; at most one more than there may be. */
function numbersIn(choice: string): string[] {
  const [, from, to] = /^\s*([0-9]{1,9})\s*-\s*([0-9]{1,9})\s*$/.exec(choice) ?? [];
  if (from === undefined || to === undefined) return [choice];
  const length = Math.min(most + 1, Math.max(0, Number(to) - Number(from) + 1));
  const digits = Math.min(from.length, to.length);
  return Array.from({ length }, (_, index) => String(Number(from) + index).padStart(digits, '0'));
}

function matchesPlain(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  let place = 0;
  while (at < text.length) {
    const wanted = pattern[place];
    if (wanted === '*') {
      star = place++;
      resume = at;
    } else if (wanted !== undefined && (wanted === '?' || wanted === text[at])) {
      place++;
      at++;
    } else if (star >= 0) {
      place = star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(place));
}
