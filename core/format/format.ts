// Formatting: white space alone changes. Indentation by the block structure, one space behind colons and dashes, nothing behind
// the ends of lines, at most one blank line in a row, a line break at the end. Values, comments, anchors and quotes stay as they
// are written, and what a text says is the same afterwards: edits that would change it are not given out.

import { parseYaml, type ParsedYaml, type YamlNode } from '#core/blueprint/yaml.ts';
import { columnOf, layOut, type LaidOut, type Level } from '#core/format/layout.ts';
import { lineAt, lineBreakOf, linesOf, type TextLine } from '#core/format/lines.ts';
import { regionsOf, type Region } from '#core/format/regions.ts';
import { isSameTree } from '#core/format/same.ts';
import { applyEdits, type Edit } from '#core/text/diagnostic.ts';
import { type Span, span } from '#core/text/span.ts';

export interface FormatOptions {
  /** Columns of one indentation, 1 to 8. */
  readonly tabSize: number;
  /** Only lines that this touches are changed; all where absent. */
  readonly within?: Span;
}

/** Edits of white space, each as small as can be, in the order of their places. None for a text with errors in its YAML. `parsed` is the text as parseYaml reads it. */
export function format(text: string, { tabSize, within }: FormatOptions, parsed: ParsedYaml = parseYaml(text)): readonly Edit[] {
  if (!parsed.root || parsed.root.kind === 'scalar' || parsed.diagnostics.some(({ severity }) => severity === 'error')) return [];
  const formatter = new Formatter(text, parsed.root, parsed.secondDocumentAt ?? text.length, Math.min(8, Math.max(1, Math.trunc(tabSize) || 2)), within);
  const isKept = (edits: readonly Edit[]): boolean => {
    if (edits.length === 0) return true;
    const after = parseYaml(applyEdits(text, edits));
    return !after.diagnostics.some(({ severity }) => severity === 'error') && isSameTree(parsed.root, after.root);
  };
  return [formatter.all(), formatter.lineEnds()].find(isKept) ?? [];
}

/** How far the lines of a block scalar move, all by the same; `indent` is that of its content as written, -1 where every space counts. */
interface BlockShift {
  readonly indent: number;
  readonly shift: number;
}

class Formatter {
  readonly #text: string;
  readonly #root: YamlNode;
  readonly #step: number;
  readonly #lines: readonly TextLine[];
  readonly #regions: readonly Region[];
  readonly #isWhole: boolean;
  readonly #first: number;
  readonly #last: number;

  constructor(text: string, root: YamlNode, limit: number, step: number, within: Span | undefined) {
    this.#text = text;
    this.#root = root;
    this.#step = step;
    this.#lines = linesOf(text).filter(({ start }) => start < limit);
    this.#isWhole = limit >= text.length;
    this.#regions = regionsOf(root, text);
    this.#first = within ? lineAt(this.#lines, within.start) : 0;
    // A selection that ends at the start of a line does not mean that line.
    this.#last = within ? lineAt(this.#lines, within.end > within.start ? within.end - 1 : within.end) : this.#lines.length - 1;
  }

  all(): readonly Edit[] {
    const laidOut = layOut(this.#text, this.#lines, this.#regions, (line) => this.#isWanted(line));
    if (!laidOut) return this.lineEnds();
    const edits = [...this.#indentation(laidOut), ...this.#colons(this.#root), ...this.lineEnds(laidOut)];
    return edits.filter(({ span: place, newText }) => this.#text.slice(place.start, place.end) !== newText).toSorted((a, b) => a.span.start - b.span.start);
  }

  #isWanted(line: number): boolean {
    return this.#first <= line && line <= this.#last;
  }

  *#indentation(laidOut: readonly LaidOut[]): Generator<Edit> {
    let before: readonly Level[] = [];
    const moved = new Map<Region, BlockShift>();
    for (const [index, line] of laidOut.entries()) {
      const place = this.#lines[index];
      if (!place) continue;
      if (line.kind === 'entry') before = line.levels;
      if (!this.#isWanted(index)) continue;
      switch (line.kind) {
        case 'blank':
        case 'mark':
          break;
        case 'comment': {
          const column = commentColumn(line.at, before, nextLevels(laidOut, index), this.#step);
          yield this.#spaces(place.start, line.at, column);
          break;
        }
        case 'entry': {
          let end = 0;
          let behind = 0;
          for (const { level, at } of line.tokens) {
            const column = columnOf(level, this.#step);
            yield this.#spaces(place.start + end, at - end, column - behind);
            end = at + 1;
            behind = column + 1;
          }
          break;
        }
        case 'inside':
          yield* this.#inside(line.region, place, before, moved);
      }
    }
  }

  /** A line inside of a region: it moves with the line where the region begins, brackets by their depth. */
  *#inside(region: Region, line: TextLine, levels: readonly Level[], moved: Map<Region, BlockShift>): Generator<Edit> {
    const written = this.#text.slice(line.start, line.end);
    const level = levels.at(-1);
    if (!level || level.isFixed) return;
    if (region.kind === 'brackets') {
      const inner = region.inside.find(({ kind, start, end }) => kind !== 'brackets' && start < line.start && line.start < end);
      // A text that goes on here belongs to its own line break; what stands before it in the line is part of it.
      if (inner || written.trim() === '') return;
      const at = line.start + written.search(/\S/);
      const depth = [region, ...region.inside].filter(({ kind, start, end }) => kind === 'brackets' && start < at && at < end - 1).length;
      yield this.#spaces(line.start, at - line.start, columnOf(level, this.#step) + depth * this.#step);
      return;
    }
    if (region.kind === 'block') {
      const block = moved.get(region) ?? this.#blockShift(region, level);
      moved.set(region, block);
      const indent = written.search(/[^ ]|$/);
      // Spaces up to the indentation are no part of the value, those beyond it are.
      const isEmpty = indent === written.length && indent <= block.indent;
      yield this.#spaces(line.start, indent, isEmpty ? 0 : indent + block.shift);
      return;
    }
    const indent = written.search(/\S/);
    if (indent < 0 || written.slice(0, indent).includes('\t')) return;
    const column = Math.max(columnOf(level, this.#step) - level.old + indent, this.#base(region, level));
    yield this.#spaces(line.start, indent, column);
  }

  /** The least column of what goes on over several lines: one more than that of the map or list it stands in. */
  #base(region: Region, level: Level): number {
    const own = this.#isHead(region, level) ? level.parent : level;
    return own ? columnOf(own, this.#step) + 1 : 0;
  }

  /** True where the region is all that stands behind a dash, or on its line: `level` is then its own. */
  #isHead({ start }: Region, { old }: Level): boolean {
    const line = this.#lines[lineAt(this.#lines, start)];
    return line !== undefined && start - line.start === old;
  }

  #blockShift(region: Region, level: Level): BlockShift {
    const [header = '', ...content] = this.#text.slice(region.start, region.end).split('\n');
    const first = content.find((line) => line.trim() !== '');
    if (first === undefined) return { indent: -1, shift: 0 };
    const column = columnOf(level, this.#step);
    // An indentation that is said in the header counts from the map or list around.
    if (/^[|>][-+]?\d/.test(header)) return { indent: -1, shift: column - level.old };
    const isHead = this.#isHead(region, level);
    const wanted = isHead && level.parent ? columnOf(level.parent, this.#step) + (level.parent.kind === 'list' ? 2 : this.#step) : column + this.#step;
    const indent = first.search(/[^ ]|$/);
    return { indent, shift: wanted - indent };
  }

  /** One space behind the colon of each entry whose value stands on the same line, none before it. */
  *#colons(node: YamlNode): Generator<Edit> {
    if (node.aliased || node.kind === 'scalar') return;
    if (node.kind === 'list') {
      for (const item of node.items) yield* this.#colons(item);
      return;
    }
    for (const { key, value, merged } of node.entries) {
      if (merged) continue;
      yield* this.#colons(value);
      if (key.aliased || value.span.start <= key.span.end) continue;
      const gap = /^([ \t]*):([ \t]*)(?=[^\s#])/.exec(this.#text.slice(key.span.end, value.span.start + 1));
      if (gap && this.#isWanted(lineAt(this.#lines, key.span.end))) yield { span: span(key.span.end, key.span.end + gap[0].length), newText: ': ' };
    }
  }

  /** White space at the ends of lines, blank lines, the end of the text. */
  lineEnds(laidOut: readonly LaidOut[] = layOut(this.#text, this.#lines, this.#regions, () => true) ?? []): readonly Edit[] {
    const edits: Edit[] = [];
    const last = laidOut.findLastIndex(({ kind }) => kind !== 'blank');
    for (const [index, line] of this.#lines.entries()) {
      if (!this.#isWanted(index)) continue;
      const kind = laidOut[index]?.kind;
      if (kind === 'blank') {
        const isExtra = index === 0 || laidOut[index - 1]?.kind === 'blank' || laidOut[0]?.kind === 'blank' && laidOut.slice(0, index).every((other) => other.kind === 'blank');
        if (index > last ? this.#isWhole : isExtra) {
          edits.push({ span: span(line.start, line.next), newText: '' });
          continue;
        }
      }
      const trailing = /[ \t]+$/.exec(this.#text.slice(line.start, line.end))?.[0].length ?? 0;
      if (trailing > 0 && !this.#isValueEnd(line)) edits.push({ span: span(line.end - trailing, line.end), newText: '' });
    }
    const end = this.#lines[last];
    if (end && end.end === end.next && this.#isWhole && this.#isWanted(last) && !this.#endsInKeptText()) edits.push({ span: span(end.next, end.next), newText: lineBreakOf(this.#text) });
    return edits;
  }

  /** True where the end of a line is part of a value: in a block scalar, in quotes. */
  #isValueEnd(line: TextLine): boolean {
    const outer = this.#regionAt(this.#regions, line.end);
    const region = outer?.kind === 'brackets' ? outer.inside.find(({ kind, start, end }) => kind !== 'brackets' && start < line.end && line.end < end) : outer;
    return region !== undefined && region.kind !== 'plain' && !(region.kind === 'block' && region.start >= line.start);
  }

  /** The region that goes on behind an offset; a block scalar also holds its own end. */
  #regionAt(regions: readonly Region[], offset: number): Region | undefined {
    let low = 0;
    let high = regions.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((regions[middle]?.start ?? 0) < offset) low = middle;
      else high = middle - 1;
    }
    const region = regions[low];
    return region && region.start < offset && (offset < region.end || (region.kind === 'block' && offset <= region.end)) ? region : undefined;
  }

  /** A block scalar that reaches the end of the text would get the new line break as part of its value. */
  #endsInKeptText(): boolean {
    const region = this.#regions.at(-1);
    return region?.kind === 'block' && region.end >= this.#text.length;
  }

  #spaces(start: number, written: number, wanted: number): Edit {
    return { span: span(start, start + written), newText: ' '.repeat(Math.max(0, wanted)) };
  }
}

/** A comment goes where it stood: with the level at its own column, else with the nearest one to the left. */
function commentColumn(at: number, before: readonly Level[], after: readonly Level[], step: number): number {
  const levels = [...after, ...before];
  const level = levels.find(({ old }) => old === at) ?? levels.filter(({ old }) => old < at).toSorted((a, b) => b.old - a.old)[0] ?? after[0] ?? before[0];
  return level ? columnOf(level, step) : at;
}

/** The levels of the next line that has any. */
function nextLevels(laidOut: readonly LaidOut[], index: number): readonly Level[] {
  for (let at = index + 1; at < laidOut.length; at++) {
    const line = laidOut[at];
    if (line?.kind === 'entry') return line.levels;
    if (line?.kind === 'mark' || line?.kind === 'inside') return [];
  }
  return [];
}
