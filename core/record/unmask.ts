// A recorded blueprint has stars where its secrets were. Here each such gap gets a mark of its own, so that it is seen where its
// value goes: what runs may still hold it there. Nothing is guessed: a value that is not found is named, not left out.

import type { Entity } from '#core/blueprint/application.ts';
import { stars } from '#core/blueprint/mask.ts';
import { parseYaml, type YamlNode, type YamlScalar } from '#core/blueprint/yaml.ts';
import { applyEdits, type Edit } from '#core/text/diagnostic.ts';

export interface Gap {
  /** Stands in its place, and nowhere else. */
  readonly mark: string;
  /** Where it is: `services[0].env.PASSWORD`. */
  readonly key: string;
}

/** What a container was made with, as its engine knows it. */
export interface Holdings {
  /** Of its entity's key. */
  readonly entity: string;
  readonly env: Readonly<Record<string, string>>;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
}

export function gapsOf(blueprint: string): readonly Gap[] {
  return starred(blueprint).flatMap(({ scalar, key }) => scalar.text.split(stars).slice(1).map((_, index) => ({ mark: markOf(scalar, index), key })));
}

function markOf({ span }: YamlScalar, index: number): string {
  return `clockergap${span.start}x${index}x`;
}

/** The blueprint with each gap filled by the value of its mark; those without one keep their stars. */
export function filled(blueprint: string, values: ReadonlyMap<string, string>): string {
  const edits = starred(blueprint).map(({ scalar }): Edit => {
    const [first = '', ...rest] = scalar.text.split(stars);
    const text = first + rest.map((part, index) => (values.get(markOf(scalar, index)) ?? stars) + part).join('');
    const written = blueprint.slice(scalar.span.start, scalar.span.end);
    const trailing = /\s*$/.exec(written)?.[0] ?? '';
    return { span: { start: scalar.span.start, end: scalar.span.end - trailing.length }, newText: quoted(text) };
  });
  return applyEdits(blueprint, edits);
}

/** As YAML takes any text: what may not stand in a document is escaped. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(/[^\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The values of gaps by their marks, as far as containers hold them where `entities` (made with the marks) would have them. Holders that disagree tell nothing. */
export function valuesOf(gaps: readonly Gap[], entities: readonly Entity[], holdings: readonly Holdings[]): ReadonlyMap<string, string> {
  const found = new Map<string, Set<string>>();
  const compare = (template: string | undefined, actual: string | undefined): void => {
    if (template === undefined || actual === undefined) return;
    for (const [mark, value] of matched(template, actual, gaps)) found.set(mark, (found.get(mark) ?? new Set()).add(value));
  };
  for (const { key, container } of entities) {
    if (container === undefined) continue;
    for (const held of holdings.filter(({ entity }) => entity === key)) {
      for (const [name, template] of Object.entries(container.env)) compare(template, held.env[name]);
      for (const which of ['entrypoint', 'command'] as const) {
        if (container[which]?.length === held[which]?.length) for (const [index, template] of (container[which] ?? []).entries()) compare(template, held[which]?.[index]);
      }
    }
  }
  return new Map([...found].flatMap(([mark, values]) => (values.size === 1 ? [...values].map((value): [string, string] => [mark, value]) : [])));
}

/** Only where there is one way to read it. */
function matched(template: string, actual: string, gaps: readonly Gap[]): readonly (readonly [string, string])[] {
  const marks = gaps.map(({ mark }) => mark).filter((mark) => template.includes(mark));
  if (marks.length === 0) return [];
  const inOrder = template.match(new RegExp(marks.join('|'), 'g')) ?? [];
  const parts = template.split(new RegExp(marks.join('|'))).map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const read = (any: string): readonly string[] | undefined => new RegExp(`^${parts.join(any)}$`, 's').exec(actual)?.slice(1);
  const [greedy, lazy] = [read('(.*)'), read('(.*?)')];
  if (greedy === undefined || lazy === undefined || greedy.some((value, index) => value !== lazy[index])) return [];
  return inOrder.map((mark, index) => [mark, greedy[index] ?? '']);
}

interface Starred {
  readonly scalar: YamlScalar;
  readonly key: string;
}

function starred(blueprint: string): readonly Starred[] {
  const { root } = parseYaml(blueprint);
  const found = new Map<number, Starred>();
  const visit = (node: YamlNode, key: string): void => {
    switch (node.kind) {
      case 'scalar':
        if (node.aliased !== true && node.text.includes(stars)) found.set(node.span.start, { scalar: node, key });
        return;
      case 'list':
        for (const [index, item] of node.items.entries()) visit(item, `${key}[${index}]`);
        return;
      case 'map':
        for (const { key: name, value } of node.entries) visit(value, `${key}${key === '' ? '' : '.'}${name.kind === 'scalar' ? name.text : '?'}`);
    }
  };
  if (root !== undefined) visit(root, '');
  return [...found.values()];
}
