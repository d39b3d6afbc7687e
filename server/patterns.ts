// Which files are blueprints by their names: the glob patterns of the setting, as a test of a document's URI.

/** A pattern without a slash means the file's name, any other the end of its path. `*`, `**`, `?`, `[a-z]` and `{a,b}` are understood. */
export function matcher(patterns: readonly string[]): (uri: string) => boolean {
  const expressions = patterns.flatMap((pattern) => expressionOf(pattern) ?? []);
  return (uri) => {
    const path = pathOf(uri);
    return expressions.some((expression) => expression.test(path));
  };
}

function pathOf(uri: string): string {
  const [path = ''] = uri.replace(/^[a-z][\w+.-]*:(?:\/\/[^/]*)?/i, '').split(/[?#]/);
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Nothing for a pattern that is none: a setting is typed by people. */
function expressionOf(pattern: string): RegExp | undefined {
  let source = '';
  let braces = 0;
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at);
    if (pattern.startsWith('**/', at)) {
      source += '(?:.*/)?';
      at += 2;
    } else if (pattern.startsWith('**', at)) {
      source += '.*';
      at += 1;
    } else if (character === '*') source += '[^/]*';
    else if (character === '?') source += '[^/]';
    else if (character === '{') {
      braces++;
      source += '(?:';
    } else if (character === '}' && braces > 0) {
      braces--;
      source += ')';
    } else if (character === ',' && braces > 0) source += '|';
    else if (character === '[' || character === ']') source += character;
    else source += character.replace(/[.+^$()|\\{}/]/, String.raw`\$&`);
  }
  try {
    return new RegExp(`(?:^|/)${source}$`);
  } catch {
    return undefined;
  }
}
