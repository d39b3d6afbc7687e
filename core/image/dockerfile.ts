// Where the instructions of a Dockerfile stand: a builder counts them as steps, and tells of a step's failure by its number.

export interface Instruction {
  /** Counted from 1: the line on which it begins. */
  readonly line: number;
  /** As it is written, its lines joined. */
  readonly text: string;
}

export function instructionsOf(dockerfile: string): readonly Instruction[] {
  const lines = dockerfile.replace(/^\uFEFF/, '').split(/\r?\n/);
  const escape = escapeOf(lines);
  const found: Instruction[] = [];
  let open: Instruction | undefined;
  for (const [index, line] of lines.entries()) {
    const trimmed = line.trim();
    if (trimmed.startsWith('#') || trimmed === '') continue;
    const goesOn = trimmed.endsWith(escape);
    const text = goesOn ? trimmed.slice(0, -1).trimEnd() : trimmed;
    open = open === undefined ? { line: index + 1, text } : { ...open, text: `${open.text} ${text}`.trim() };
    if (goesOn) continue;
    found.push(open);
    open = undefined;
  }
  return open === undefined ? found : [...found, open];
}

/** Directives stand before everything else. */
function escapeOf(lines: readonly string[]): string {
  for (const line of lines) {
    const [, name, value] = /^\s*#\s*(\w+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (name === undefined) return '\\';
    if (name.toLowerCase() === 'escape' && value === '`') return '`';
  }
  return '\\';
}
