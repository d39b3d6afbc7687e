// Things that values name: images, their tags, Dockerfiles, networks.

import { CompletionItemKind } from 'vscode-languageserver-types';

import { mapAt, textAt, valueOf } from '#core/blueprint/tree.ts';
import type { Parameter } from '#core/catalog/type.ts';
import type { CheckContext } from '#core/check/context.ts';
import { networkDeclared, networksWanted } from '#core/check/networks.ts';
import { affinityVerbs } from '#core/placement/affinity.ts';
import { entityOf } from '#core/complete/entities.ts';
import type { Holder } from '#core/complete/place.ts';
import { entityMarkdown } from '../describe.ts';
import { type Draft, escapeSnippet, written } from './draft.ts';
import type { ValueSurroundings } from './known.ts';

/** Images behind `prefix`; the same one on several hosts once. */
export function images(typed: string, prefix: string, { images: ask }: ValueSurroundings): readonly Draft[] {
  const places = Map.groupBy(ask?.(typed) ?? [], ({ image }) => image);
  return [...places].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([image, known], index) => ({
    label: prefix + image,
    kind: CompletionItemKind.Value,
    detail: [...new Set(known.map(({ where }) => where))].join(', '),
    rank: 1 + Math.min(index, 900),
  }));
}

/** What the elements of a list can be, for config keys whose lists are of a kind of their own. */
export function elementsOf(key: string, holder: Holder, context: CheckContext): readonly Draft[] {
  return /^(?:affinity\.rules|affinityRules)$/.test(key) ? affinityRules() : networks(key, holder, context);
}

function affinityRules(): readonly Draft[] {
  return affinityVerbs.flatMap(({ verb, parameter, description, example }, index) =>
    (verb === 'EMPTY' ? ['NOT '] : ['NOT ', '']).map((not, side): Draft => ({
      label: not + verb,
      kind: CompletionItemKind.Keyword,
      detail: `for example ${example}`,
      snippet: not + verb + (parameter === 'required' ? ' $0' : ''),
      rank: index * 2 + side,
      markdown: not === '' ? description : `Not so: ${description}`,
    })),
  );
}

/** Networks that the text declares and that the entity has not joined yet. */
function networks(key: string, holder: Holder, context: CheckContext): readonly Draft[] {
  if (!/^(?:network\.list|networks|networkList)$/.test(key)) return [];
  const entity = entityOf(context, holder.map);
  const joined = new Set(entity ? networksWanted(entity).map(({ value }) => value) : []);
  return context.entities.flatMap((placed) => {
    const name = networkDeclared(placed);
    return name === undefined || joined.has(name.value) ? [] : [{ label: name.value, kind: CompletionItemKind.Reference, detail: 'network of this blueprint', rank: 0, markdown: entityMarkdown(placed) }];
  });
}

/** For config keys that name an image, whole, without its tag, or its tag alone; and for those that name a Dockerfile. */
export function namedThings({ name }: Parameter, holder: Holder, surroundings: ValueSurroundings): readonly Draft[] {
  const { typed, uri, dockerfiles } = surroundings;
  if (/dockerfile.*url$/i.test(name)) return pathsFrom(uri, dockerfiles?.() ?? []).map((label, index) => ({ label, kind: CompletionItemKind.File, detail: 'Dockerfile of the workspace', rank: 1 + index }));
  if (/^docker\.image\.tag$/.test(name)) {
    const image = textAt(valueOf(holder.map, 'docker.image.name', 'imageName') ?? valueInConfig(holder, 'docker.image.name'))?.value;
    return image === undefined ? [] : images(`${image}:${typed}`, '', surroundings).flatMap((draft) => (draft.label.startsWith(`${image}:`) ? [tagged(draft, draft.label.slice(image.length + 1))] : []));
  }
  if (!/^docker\.(?:container\.)?image(?:\.n|N)ame$/.test(name)) return [];
  const whole = images(typed, '', surroundings);
  if (name === 'docker.container.imageName') return whole;
  return [...new Map(whole.map((draft) => [untagged(draft.label), draft]))].map(([label, { kind, detail = '', rank }]) => ({ label, kind, detail, rank }));
}

function tagged(draft: Draft, tag: string): Draft {
  // A tag that reads like a number is a text all the same.
  return { ...draft, label: tag, snippet: escapeSnippet(written(tag, 'string')), filter: written(tag, 'string') };
}

function untagged(image: string): string {
  return image.replace(/:[^:/]+$/, '');
}

function valueInConfig({ map }: Holder, key: string): ReturnType<typeof valueOf> {
  const config = mapAt(valueOf(map, 'brooklyn.config'));
  return config && valueOf(config, key);
}

/** Files as paths from the folder of a document; nothing for a document that stands in none. */
function pathsFrom(uri: string, files: readonly string[]): readonly string[] {
  const here = uri.split('/').slice(0, -1);
  return files.flatMap((file) => {
    const there = file.split('/');
    const shared = here.findIndex((part, index) => part !== there[index]);
    const common = shared < 0 ? here.length : shared;
    // Scheme and authority.
    if (common < 3) return [];
    return [[...here.slice(common).map(() => '..'), ...there.slice(common)].map((part) => decodeURIComponent(part)).join('/')];
  }).toSorted((one, other) => one.split('/').length - other.split('/').length || (one < other ? -1 : 1));
}
