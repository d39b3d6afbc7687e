// Globs as Brooklyn matches them: `*`, `?` and alternatives in braces. Paths are nothing special: `*` crosses `/`.

/** The patterns without braces that a glob stands for, in order; what is wrong with it, as a sentence, else. */
export function expandBraces(glob: string, most = 1000): readonly string[] | string {
  const done: string[] = [];
  const open = [glob];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const start = next.indexOf('{');
    if (start < 0) {
      done.push(next);
      continue;
    }
    const choices = alternatives(next, start);
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
function alternatives(text: string, start: number): string[] | undefined {
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
    if (depth === 0) return choices.map((choice) => text.slice(0, start) + choice + text.slice(at + 1));
  }
  return undefined;
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
