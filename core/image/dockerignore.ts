// What a .dockerignore leaves out of a build context, by Docker's own rules, which are not those of git: patterns are about whole
// paths from the context's root, the last one that matches decides, and a folder that is left out is looked into only where an
// exception names something below it.

export interface Ignoring {
  /** Paths are relative to the context, with slashes: `src/main.c`. */
  ignores(path: string): boolean;
  /** Whether something below a folder that is left out may still be wanted. */
  mayHold(folder: string): boolean;
}

interface Pattern {
  readonly isException: boolean;
  readonly text: string;
  readonly matches: RegExp;
}

/** Fails with an Error whose message is a sentence, where a pattern makes no sense. */
export function readDockerignore(text: string): Ignoring {
  const patterns = text.replace(/^\uFEFF/, '').split(/\r?\n/).flatMap(patternOf);
  return {
    ignores: (path) => {
      const parts = path.split('/');
      const places = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
      let isIgnored = false;
      for (const { isException, matches } of patterns) if (isException === isIgnored && places.some((place) => matches.test(place))) isIgnored = !isException;
      return isIgnored;
    },
    mayHold: (folder) => patterns.some(({ isException, text: pattern }) => isException && `${pattern}/`.startsWith(`${folder}/`)),
  };
}

function patternOf(line: string, index: number): readonly Pattern[] {
  if (line.startsWith('#')) return [];
  const trimmed = line.trim();
  if (trimmed === '') return [];
  const isException = trimmed.startsWith('!');
  const written = isException ? trimmed.slice(1).trim() : trimmed;
  const wrong = (problem: string): Error => new Error(`line ${index + 1} of the ignore file: ${problem}`);
  if (written === '') throw wrong('an exception needs a pattern after the !');
  const text = cleaned(written);
  try {
    return [{ isException, text, matches: new RegExp(`^${expressionOf(text)}$`) }];
  } catch {
    throw wrong(`${trimmed} is no pattern`);
  }
}

/** Without `.`, `..` and empty parts, and without a slash at either end. */
function cleaned(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '' && part !== '.' && !(part === '..' && path.startsWith('/'))) parts.push(part);
  }
  return parts.length === 0 ? '.' : parts.join('/');
}

const escaped = new Set('.+()|{}$');

function expressionOf(pattern: string): string {
  let expression = '';
  for (let at = 0; at < pattern.length; at++) {
    const letter = pattern.charAt(at);
    if (letter === '*' && pattern[at + 1] === '*') {
      at++;
      if (pattern[at + 1] === '/') at++;
      expression += at + 1 >= pattern.length ? '.*' : '(?:.*/)?';
    } else if (letter === '*') expression += '[^/]*';
    else if (letter === '?') expression += '[^/]';
    else if (letter === '\\' && at + 1 < pattern.length) expression += `\\${pattern.charAt(++at)}`;
    else expression += escaped.has(letter) ? `\\${letter}` : letter;
  }
  return expression;
}
