// Config that a type requires and nobody has given: what is missing at an entity, and entries for it with a value of the right
// type to be changed by whoever knows the real one.

import { keyText } from '#core/blueprint/tree.ts';
import { parameterFor } from '#core/catalog/catalog.ts';
import type { Parameter } from '#core/catalog/type.ts';
import type { Placed } from '#core/check/context.ts';
import { parameterOfKey } from '#core/check/values.ts';
import { typeEntry } from '#core/coerce/types.ts';
import { lineBreakOf } from '#core/format/lines.ts';
import { asLines, blockEntries } from '#core/refactor/blocks.ts';
import type { Edit } from '#core/text/diagnostic.ts';
import { span } from '#core/text/span.ts';

/** The required parameters of an entity that neither it nor its type nor an entity above gives a value. */
export function missingConfig(placed: Placed): readonly Parameter[] {
  const { spec, members } = placed;
  if (!spec.type || !members) return [];
  return [...members.parameters.values()].filter((parameter) => isRequired(parameter) && !isGiven(parameter, placed));
}

export function isRequired({ constraints, default: value }: Parameter): boolean {
  if (value !== undefined) return false;
  return constraints === 'required' || (Array.isArray(constraints) && constraints.includes('required'));
}

function isGiven(parameter: Parameter, placed: Placed): boolean {
  if (placed.spec.config.some(({ key }) => parameterOfKey(placed, key)?.name === parameter.name)) return true;
  if (placed.members?.lineage.some((type) => Object.keys(type.config).some((key) => placed.members && parameterFor(placed.members, key)?.name === parameter.name))) return true;
  for (let above = placed.parent; above; above = above.parent) {
    if (above.spec.config.some(({ key }) => key === parameter.name) || above.members?.lineage.some(({ config }) => Object.hasOwn(config, parameter.name))) return true;
  }
  // `docker:IMAGE` says its image itself.
  return parameter.name === 'docker.image.name' && placed.spec.type?.value.startsWith('docker:') === true;
}

/** Edits that add the entries under `brooklyn.config`; nothing where the entity is written so that they cannot be added. */
export function addConfig(placed: Placed, text: string, parameters: readonly Parameter[]): readonly Edit[] {
  const entries = blockEntries(placed.spec.node, text);
  const [first] = entries ?? [];
  const last = entries?.at(-1);
  if (!entries || !first || !last || parameters.length === 0) return [];
  const lineBreak = lineBreakOf(text);
  const linesAt = (column: number): string => parameters.map(({ name, type }) => `${' '.repeat(column)}${name}: ${placeholder(type)}${lineBreak}`).join('');
  const config = entries.findLast(({ entry }) => keyText(entry) === 'brooklyn.config');
  if (!config) {
    const type = entries.find(({ entry }) => entry.value.kind === 'scalar' && entry.value.span.start === placed.spec.type?.span.start) ?? last;
    return insert(text, type.lines.end, `${' '.repeat(first.column)}brooklyn.config:${lineBreak}${linesAt(first.column + 2)}`, lineBreak);
  }
  const { value } = config.entry;
  if (value.kind === 'scalar' && value.value === null && value.style === 'plain' && !value.aliased) return insert(text, config.lines.end, linesAt(config.column + 2), lineBreak);
  const inner = value.kind === 'map' ? blockEntries(value, text)?.at(-1) : undefined;
  return inner ? insert(text, inner.lines.end, linesAt(inner.column), lineBreak) : [];
}

function insert(text: string, offset: number, lines: string, lineBreak: string): readonly Edit[] {
  return [{ span: span(offset, offset), newText: asLines(text, offset, lines, lineBreak) }];
}

/** A value that the type takes, as YAML. */
function placeholder(type = 'string'): string {
  const plain = type.replace(/<.*$/, '');
  if (/^(?:list|set)$|List$|Set$|Collection$/.test(plain)) return '[]';
  if (plain === 'map' || plain.endsWith('Map')) return '{}';
  const entry = typeEntry(plain);
  const example = entry && entry.name !== 'string' ? entry.examples[0] : undefined;
  if (example === undefined) return 'CHANGE_ME';
  return /^[\w$][\w./+-]*$/.test(example) ? example : /^[[{]/.test(example) ? example : JSON.stringify(example);
}
