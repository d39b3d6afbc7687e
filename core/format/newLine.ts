// The indentation of a line that was just begun: below `key:` one step in, below the key of a list as far as the key, below
// `- ` as far as what stands behind it, below an entry as far as the entry. By the lines alone, for the text is being typed at.

import { namesOf, vocabulary } from '#core/blueprint/vocabulary.ts';
import type { YamlNode } from '#core/blueprint/yaml.ts';
import { columnsOf } from '#core/format/layout.ts';
import { lineAt, linesOf } from '#core/format/lines.ts';
import { regionsOf } from '#core/format/regions.ts';
import { applyEdits, type Edit } from '#core/text/diagnostic.ts';
import { span } from '#core/text/span.ts';

/** Edits of the indentation of the line that holds `offset`; none where the line before leaves it open, or is part of a longer text. `root` is what the text was read as, as far as it could be. */
export function indentNewLine(text: string, offset: number, step: number, root?: YamlNode): readonly Edit[] {
  const lines = linesOf(offset >= text.length ? `${text}\n` : text);
  const line = lines[lineAt(lines, offset)];
  const above = line && lines.findLast(({ start, end }) => start < line.start && text.slice(start, end).trim() !== '');
  // Behind an empty line somebody begins something new: that is theirs to place.
  if (!line || !above || above.next !== line.start) return [];
  if (root && regionsOf(root, text).some((region) => region.start < above.start && above.start < region.end)) return [];
  const rest = text.slice(line.start, Math.min(line.end, text.length));
  const column = columnBelow(text.slice(above.start, above.end), step);
  if (column === undefined || /^[ \t]*#/.test(rest)) return [];
  const written = rest.search(/[^ \t]|$/);
  // What is already there may be a key of an outer map: only what was carried over from inside the line above is placed.
  if (written < rest.length && !/:[ \t]*$|-[ \t]*$/.test(text.slice(above.start, above.end))) return [];
  const wanted = ' '.repeat(column);
  const edit = { span: span(line.start, line.start + written), newText: wanted };
  return applyEdits(text, [edit]) === text ? [] : [edit];
}

/** The keys whose values are lists in every context that has them. */
const listKeys = new Set(
  Object.values(vocabulary).flatMap(({ keys }) => keys.filter(({ shape }) => ['list', 'list-or-texts', 'anything-list', 'locations'].includes(shape.kind)).flatMap(namesOf)),
);

function columnBelow(above: string, step: number): number | undefined {
  if (/^[ \t]*#|^(?:---|\.\.\.)|\t/.test(above)) return undefined;
  const { dashes, head } = columnsOf(above);
  if (head === undefined) return (dashes.at(-1) ?? 0) + 2;
  const written = above.slice(head);
  const open = /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'#{}[\],&*!|>%@`][^#]*?):(?:[ \t]+[&!]\S*)*[ \t]*([|>][-+0-9]*)?(?:[ \t]+#.*)?$/.exec(written.trimEnd());
  if (open) return !open[2] && listKeys.has(open[1] ?? '') ? head : head + step;
  // A whole entry: another one is likely beside it. A text without a colon may go on.
  return /^[^\s"'#{}[\]&*!|>%@`][^#"'{}[\]]*:[ \t]+[^\s#"'{[&*!|>]/.test(written) ? head : undefined;
}
