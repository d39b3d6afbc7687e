// Java's regular expressions in JavaScript: what differs is translated, what has no counterpart is refused with a sentence.
// Used by regexReplacement; constraints and templates that match patterns may use it too.

export type Compiled = { readonly ok: true; readonly regex: RegExp } | { readonly ok: false; readonly problem: string };
export type Replaced = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: string };

/** Compiles a pattern in Java's syntax. The result is global and knows code points. */
export function compile(pattern: string): Compiled {
  try {
    const { source, flags } = new Translation(pattern).run();
    return { ok: true, regex: new RegExp(source, flags) };
  } catch (error) {
    const reason = error instanceof Refusal ? error.message : 'it is no regular expression';
    return { ok: false, problem: `The pattern cannot be used: ${reason}.` };
  }
}

/** Replaces every match, as Java's replaceAll does: `$1`, `${name}`, and a backslash before what is to stay as it is. */
export function replaceAll(source: string, pattern: string, replacement: string): Replaced {
  const compiled = compile(pattern);
  if (!compiled.ok) return compiled;
  let problem: string | undefined;
  const text = source.replace(compiled.regex, (...match: unknown[]) => {
    const named = match.at(-1);
    const isNamed = typeof named === 'object' && named !== null;
    const groups = match.slice(0, isNamed ? -3 : -2);
    const expanded = expand(replacement, groups, isNamed ? new Map(Object.entries(named)) : new Map<string, unknown>());
    if (!expanded.ok) problem ??= expanded.problem;
    return expanded.ok ? expanded.text : '';
  });
  return problem === undefined ? { ok: true, text } : { ok: false, problem };
}

function expand(replacement: string, groups: readonly unknown[], named: ReadonlyMap<string, unknown>): Replaced {
  let text = '';
  for (let at = 0; at < replacement.length; at++) {
    const character = replacement[at] ?? '';
    if (character === '\\') {
      const next = replacement[++at];
      if (next === undefined) return { ok: false, problem: 'The replacement ends with a backslash.' };
      text += next;
      continue;
    }
    if (character !== '$') {
      text += character;
      continue;
    }
    const name = /^\{(?<name>[a-zA-Z][a-zA-Z0-9]*)\}/.exec(replacement.slice(at + 1))?.groups?.['name'];
    if (name !== undefined) {
      if (!named.has(name)) return { ok: false, problem: `The replacement uses the group ${name}, which the pattern does not have.` };
      text += shown(named.get(name));
      at += name.length + 2;
      continue;
    }
    let digits = /^\d/.exec(replacement.slice(at + 1))?.[0];
    if (digits === undefined) return { ok: false, problem: 'A $ in the replacement must name a group, as $1; write \\$ for the sign itself.' };
    if (Number(digits) >= groups.length) return { ok: false, problem: `The replacement uses group ${digits}, which the pattern does not have.` };
    // More digits belong to the number as long as there is such a group.
    for (let more = replacement[at + 1 + digits.length]; more !== undefined && /\d/.test(more) && Number(digits + more) < groups.length; more = replacement[at + 1 + digits.length]) digits += more;
    text += shown(groups[Number(digits)]);
    at += digits.length;
  }
  return { ok: true, text };
}

function shown(group: unknown): string {
  return typeof group === 'string' ? group : '';
}

class Refusal extends Error {}

/** What stays a class of its own in JavaScript, by Java's name. */
const posixClasses: Readonly<Record<string, string>> = {
  Lower: 'a-z',
  Upper: 'A-Z',
  ASCII: '\\u{0}-\\u{7f}',
  Alpha: 'a-zA-Z',
  Digit: '0-9',
  Alnum: 'a-zA-Z0-9',
  Punct: '!-\\/:-@\\[-`\\{-~',
  Graph: '!-~',
  Print: ' -~',
  Blank: ' \\t',
  Cntrl: '\\u{0}-\\u{1f}\\u{7f}',
  XDigit: '0-9a-fA-F',
  Space: ' \\t\\n\\v\\f\\r',
};

const horizontal = ' \\t\\u{a0}\\u{1680}\\u{180e}\\u{2000}-\\u{200a}\\u{202f}\\u{205f}\\u{3000}';
const vertical = '\\n\\v\\f\\r\\u{85}\\u{2028}\\u{2029}';
const space = ' \\t\\n\\v\\f\\r';
const lineEnd = '\\n\\r\\u{85}\\u{2028}\\u{2029}';

class Translation {
  readonly #pattern: string;
  #at = 0;
  #out = '';
  #flags = '';

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  run(): { readonly source: string; readonly flags: string } {
    const flags = /^\(\?(?<on>[a-zA-Z]+)\)/.exec(this.#pattern);
    if (flags) {
      for (const flag of flags.groups?.['on'] ?? '') {
        if (!'ims'.includes(flag)) throw new Refusal(`the flag ${flag} is not supported`);
        this.#flags += flag;
      }
      this.#at = flags[0].length;
    }
    while (this.#at < this.#pattern.length) this.#one();
    return { source: this.#out, flags: `gu${[...new Set(this.#flags.split(''))].join('')}` };
  }

  #one(): void {
    const character = this.#take();
    if (character === '\\') this.#escape(false);
    else if (character === '[') this.#class();
    else if (character === '(') this.#group();
    else if (character === '.') this.#out += this.#flags.includes('s') ? '[^]' : `[^${lineEnd}]`;
    // Java's $ also matches before a line end that is the last thing in the text.
    else if (character === '$') this.#out += this.#flags.includes('m') ? `(?=[${lineEnd}]|(?![^]))` : `(?=(?:\\r\\n|[${lineEnd}])?(?![^]))`;
    else if (character === ']' || character === '}') this.#out += `\\${character}`;
    else if (character === '{') this.#counted();
    else {
      this.#out += character;
      if ('*+?'.includes(character)) this.#refusePossessive();
    }
  }

  #counted(): void {
    const count = /^\d+(?:,\d*)?\}/.exec(this.#pattern.slice(this.#at, this.#at + 40))?.[0];
    if (count === undefined) throw new Refusal('{ must be followed by a number, or be written \\{');
    this.#out += `{${count}`;
    this.#at += count.length;
    this.#refusePossessive();
  }

  #refusePossessive(): void {
    if (this.#pattern[this.#at] === '+') throw new Refusal('possessive quantifiers (*+, ++, ?+) are not supported');
  }

  #group(): void {
    const rest = this.#pattern.slice(this.#at, this.#at + 60);
    const opening = /^\?(?:[:=!]|<[=!]|<[a-zA-Z][a-zA-Z0-9]*>|[ims]*(?:-[ims]+)?:)/.exec(rest)?.[0];
    if (rest.startsWith('?') && opening === undefined) throw new Refusal(rest.startsWith('?>') ? 'atomic groups (?>...) are not supported' : 'a flag in the middle of a pattern is not supported');
    this.#out += `(${opening ?? ''}`;
    this.#at += opening?.length ?? 0;
  }

  #class(): void {
    this.#out += '[';
    if (this.#pattern[this.#at] === '^') this.#out += this.#take();
    let isFirst = true;
    for (;;) {
      if (this.#at >= this.#pattern.length) throw new Refusal('a [ is not closed');
      const character = this.#take();
      if (character === ']' && !isFirst) break;
      isFirst = false;
      if (character === '[') throw new Refusal('a class inside a class ([a[bc]]) is not supported');
      if (character === '&' && this.#pattern[this.#at] === '&') throw new Refusal('the intersection of classes (&&) is not supported');
      if (character === '\\') this.#escape(true);
      else this.#out += character === ']' ? '\\]' : character;
    }
    this.#out += ']';
  }

  #escape(inClass: boolean): void {
    if (this.#at >= this.#pattern.length) throw new Refusal('it ends with a backslash');
    const character = this.#take();
    const set = (members: string, isNegated = false): void => {
      if (inClass && isNegated) throw new Refusal(`\\${character} inside a class is not supported`);
      this.#out += inClass ? members : `[${isNegated ? '^' : ''}${members}]`;
    };
    switch (character) {
      case 'd':
      case 'D':
      case 'w':
      case 'W':
      case 't':
      case 'n':
      case 'r':
      case 'f':
        this.#out += `\\${character}`;
        return;
      case 's':
        return set(space);
      case 'S':
        return set(space, true);
      case 'h':
        return set(horizontal);
      case 'H':
        return set(horizontal, true);
      case 'v':
        return set(vertical);
      case 'V':
        return set(vertical, true);
      case 'a':
        this.#out += '\\u{7}';
        return;
      case 'e':
        this.#out += '\\u{1b}';
        return;
      case 'x':
      case 'u':
      case '0':
      case 'c':
        return this.#codePoint(character);
      case 'p':
      case 'P':
        return this.#property(character === 'P', set);
      case 'Q':
        return this.#quoted();
      case 'E':
        throw new Refusal('\\E has no \\Q before it');
      default:
        return this.#otherEscape(character, inClass);
    }
  }

  #otherEscape(character: string, inClass: boolean): void {
    if (!/[a-zA-Z0-9]/.test(character)) {
      // In JavaScript only these may be escaped.
      this.#out += /[\^$\\.*+?()[\]{}|/]/.test(character) || (inClass && character === '-') ? `\\${character}` : character;
      return;
    }
    if (inClass) throw new Refusal(`\\${character} inside a class is not supported`);
    if (/[1-9]/.test(character) || character === 'b' || character === 'B') this.#out += `\\${character}`;
    else if (character === 'k') this.#out += '\\k';
    else if (character === 'A') this.#out += '(?<![^])';
    else if (character === 'z') this.#out += '(?![^])';
    else if (character === 'Z') this.#out += `(?=(?:\\r\\n|[${lineEnd}])?(?![^]))`;
    else if (character === 'R') this.#out += `(?:\\r\\n|[${vertical}])`;
    else throw new Refusal(`\\${character} is not supported`);
  }

  #codePoint(kind: string): void {
    const shape = { x: /^(?:([\da-fA-F]{2})|\{([\da-fA-F]{1,6})\})/, u: /^([\da-fA-F]{4})/, 0: /^([0-3]?[0-7]{1,2})/, c: /^([@-_a-z])/ }[kind] ?? /^$/;
    const found = shape.exec(this.#pattern.slice(this.#at, this.#at + 10));
    const digits = found?.[1] ?? found?.[2];
    if (found === null || digits === undefined) throw new Refusal(`\\${kind} is not followed by a character's number`);
    this.#at += found[0].length;
    const code = kind === 'c' ? digits.charCodeAt(0) ^ 64 : Number.parseInt(digits, kind === '0' ? 8 : 16);
    if (code > 0x10ffff) throw new Refusal('there is no character with such a number');
    this.#out += `\\u{${code.toString(16)}}`;
  }

  #property(isNegated: boolean, set: (members: string, isNegated?: boolean) => void): void {
    const found = /^(?:\{(?<long>\w+)\}|(?<short>[A-Z]))/.exec(this.#pattern.slice(this.#at, this.#at + 40));
    const name = found?.groups?.['long'] ?? found?.groups?.['short'];
    if (found === null || name === undefined) throw new Refusal('\\p is not followed by the name of a class');
    this.#at += found[0].length;
    const posix = new Map(Object.entries(posixClasses)).get(name);
    if (posix !== undefined) return set(posix, isNegated);
    const unicode = /^Is[A-Z]/.test(name) ? name.slice(2) : name;
    this.#out += `\\${isNegated ? 'P' : 'p'}{${unicode}}`;
  }

  #quoted(): void {
    const end = this.#pattern.indexOf('\\E', this.#at);
    const text = this.#pattern.slice(this.#at, end < 0 ? undefined : end);
    this.#out += text.replaceAll(/[\^$\\.*+?()[\]{}|/]/g, String.raw`\$&`);
    this.#at = end < 0 ? this.#pattern.length : end + 2;
  }

  /** The next character, whole: a pattern is made of code points. */
  #take(): string {
    const character = String.fromCodePoint(this.#pattern.codePointAt(this.#at) ?? 0);
    this.#at += character.length;
    return character;
  }
}
