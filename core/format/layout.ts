// Which column each line of a block structure belongs to. Levels are the columns at which maps and lists stand, as written and
// as they are to be; a line is moved by moving its level. Knows no values: what stretches over several lines is a region.

import type { TextLine } from '#core/format/lines.ts';
import type { Region } from '#core/format/regions.ts';

/** One indentation of the block structure: the entries of a map or the dashes of a list. */
export interface Level {
  readonly kind: 'map' | 'list';
  /** The column as written. */
  readonly old: number;
  readonly parent: Level | undefined;
  /** True for one that begins behind a dash. */
  readonly isInItem: boolean;
  /** Lines of it are not to be touched, so that it stays where it is. */
  isFixed: boolean;
}

export interface Token {
  readonly level: Level;
  /** Column in the line as written. */
  readonly at: number;
}

export type LaidOut =
  | { readonly kind: 'blank' }
  /** Directives and document marks stay as they are. */
  | { readonly kind: 'mark' }
  | { readonly kind: 'comment'; readonly at: number }
  /** A line that begins inside of a region. */
  | { readonly kind: 'inside'; readonly region: Region }
  /** Dashes, then what stands behind them, if anything. `levels` are all that are open here, the outermost first. */
  | { readonly kind: 'entry'; readonly tokens: readonly Token[]; readonly hasHead: boolean; readonly levels: readonly Level[] };

/** The column a level is to have; `step` is one indentation. */
export function columnOf(level: Level, step: number): number {
  const { parent } = level;
  if (level.isFixed) return level.old;
  if (!parent) return 0;
  if (level.isInItem || parent.kind === 'list') return columnOf(parent, step) + 2;
  // The dashes of a list stand under their key, as in Brooklyn's own files.
  return columnOf(parent, step) + (level.kind === 'list' ? 0 : step);
}

/** Every line; nothing for a text whose structure is written in a way that is not moved: keys behind a question mark. `isWanted` says which lines may change. */
export function layOut(text: string, lines: readonly TextLine[], regions: readonly Region[], isWanted: (line: number) => boolean): readonly LaidOut[] | undefined {
  const result: LaidOut[] = [];
  const open: Level[] = [];
  let nextRegion = 0;
  for (const [index, line] of lines.entries()) {
    while ((regions[nextRegion]?.end ?? Number.POSITIVE_INFINITY) <= line.start) nextRegion++;
    const region = regions[nextRegion];
    const written = text.slice(line.start, line.end);
    if (region && region.start < line.start) {
      result.push({ kind: 'inside', region });
    } else if (/^[ \t]*$/.test(written)) {
      result.push({ kind: 'blank' });
      continue;
    } else if (/^[ \t]*#/.test(written)) {
      result.push({ kind: 'comment', at: written.search(/#/) });
      continue;
    } else if (/^(?:---|\.\.\.)(?:\s|$)|^%/.test(written)) {
      result.push({ kind: 'mark' });
      continue;
    } else {
      const { dashes, head } = columnsOf(written);
      if (head !== undefined && /^[?:](?:[ \t]|$)/.test(written.slice(head))) return undefined;
      const tokens: Token[] = [];
      for (const at of dashes) tokens.push({ level: enter(open, 'list', at, tokens.length > 0), at });
      if (head !== undefined) tokens.push({ level: enter(open, 'map', head, tokens.length > 0), at: head });
      result.push({ kind: 'entry', tokens, hasHead: head !== undefined, levels: [...open] });
    }
    if (!isWanted(index)) for (const level of open) level.isFixed = true;
  }
  return result;
}

/** Columns of the dashes at a line's start, and of what follows them; a comment does not count. */
export function columnsOf(written: string): { readonly dashes: readonly number[]; readonly head: number | undefined } {
  const dashes: number[] = [];
  let at = written.search(/[^ ]|$/);
  while (written[at] === '-' && /^[ \t]?$/.test(written.slice(at + 1, at + 2))) {
    dashes.push(at);
    at++;
    while (written[at] === ' ' || written[at] === '\t') at++;
  }
  return { dashes, head: at >= written.length || (written[at] === '#' && dashes.length > 0) ? undefined : at };
}

/** The level of a token: one that is open, or a new one in the innermost that is. Closes what the token ends. */
function enter(open: Level[], kind: Level['kind'], at: number, isInItem: boolean): Level {
  const ends = ({ old, kind: other }: Level): boolean => old > at || (old === at && other === 'list' && kind === 'map');
  for (let top = open.at(-1); top && ends(top); top = open.at(-1)) open.pop();
  const top = open.at(-1);
  if (top && top.old === at && top.kind === kind) return top;
  const level: Level = { kind, old: at, parent: top, isInItem, isFixed: false };
  open.push(level);
  return level;
}
