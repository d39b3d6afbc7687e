// The lines of a text by offsets, for what works on white space alone.

export interface TextLine {
  /** Offset of the first character. */
  readonly start: number;
  /** Offset behind the last character before the line break. */
  readonly end: number;
  /** Offset at which the next line starts; the end of the text for the last one. */
  readonly next: number;
}

/** A line ends with `\n` or `\r\n`, as in YAML. What stands behind the last line break is a line, too, unless it is empty. */
export function linesOf(text: string): readonly TextLine[] {
  const lines: TextLine[] = [];
  for (let start = 0; start < text.length; ) {
    const feed = text.indexOf('\n', start);
    const next = feed < 0 ? text.length : feed + 1;
    const end = feed < 0 ? text.length : feed > start && text[feed - 1] === '\r' ? feed - 1 : feed;
    lines.push({ start, end, next });
    start = next;
  }
  return lines;
}

/** The line break that a text uses: that of its first line. */
export function lineBreakOf(text: string): '\n' | '\r\n' {
  const feed = text.indexOf('\n');
  return feed > 0 && text[feed - 1] === '\r' ? '\r\n' : '\n';
}

/** Index of the line that holds an offset. */
export function lineAt(lines: readonly TextLine[], offset: number): number {
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lines[middle]?.start ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
