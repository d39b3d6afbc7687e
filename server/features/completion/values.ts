// Values to offer: types of the wanted kind, words of a closed list, what fits the type of a config key.

import { CompletionItemKind } from 'vscode-languageserver-types';

import { textAt, valueOf } from '#core/blueprint/tree.ts';
import type { Key, Shape } from '#core/blueprint/vocabulary.ts';
import { type Catalog, parameterFor } from '#core/catalog/catalog.ts';
import { type Parameter, type Type, type TypeKind, parameterOf } from '#core/catalog/type.ts';
import { typeNameOf, type Holder } from '#core/complete/place.ts';
import { entityOf } from '#core/complete/entities.ts';
import type { CheckContext } from '#core/check/context.ts';
import { constraintWords } from '#core/coerce/constraints.ts';
import { parseType, typeEntry, typeTable } from '#core/coerce/types.ts';
import { plainWord } from '../describe.ts';
import { type Draft, escapeSnippet, firstKey, written } from './draft.ts';
import type { ValueSurroundings } from './known.ts';
import { images } from './things.ts';
import { usualTypes } from './usage.ts';

const kindsFor: Readonly<Record<'entity' | 'policy' | 'enricher' | 'initializer' | 'object', readonly TypeKind[]>> = {
  entity: ['entity', 'application', 'template'],
  policy: ['policy'],
  enricher: ['enricher'],
  initializer: ['initializer', 'bean'],
  object: ['bean'],
};

/** Values of a key of the language. */
export function keyValues(key: Key, holder: Holder, isItem: boolean, surroundings: ValueSurroundings): readonly Draft[] {
  return shapeValues(key.shape, key, holder, isItem, surroundings);
}

function shapeValues(shape: Shape, key: Key, holder: Holder, isItem: boolean, surroundings: ValueSurroundings): readonly Draft[] {
  switch (shape.kind) {
    case 'type':
      return shape.of === 'value' ? valueTypes(surroundings) : types(shape.of, surroundings);
    case 'boolean':
      return words(['true', 'false'], key.default);
    case 'choice':
      return words(shape.of, key.default);
    case 'location':
      return locations(surroundings);
    case 'locations':
      return isItem ? locations(surroundings) : [];
    case 'anything':
      if (key.name === 'constraints') return constraints(isItem);
      return key.name === 'default' && holder.context === 'parameter' ? typedValues(textAt(valueOf(holder.map, 'type'))?.value ?? 'string') : [];
    case 'text':
    case 'map':
    case 'map-or-text':
    case 'list':
    case 'list-or-texts':
    case 'config':
    case 'texts':
    case 'anything-list':
      return [];
  }
}

/** On a line of its own below a key: how the list, or the map, that is its value begins. */
export function beginnings({ shape }: Key, isInFlow: boolean, surroundings: ValueSurroundings): readonly Draft[] {
  if (isInFlow) return [];
  switch (shape.kind) {
    case 'list':
    case 'list-or-texts': {
      const first = firstKey(shape.of);
      return [{ label: `- ${first}:`, kind: CompletionItemKind.Snippet, snippet: `- ${first}: $0`, filter: first, rank: 0, asksAgain: true }];
    }
    case 'locations':
      return locations(surroundings).map(({ label, kind, detail, snippet, rank }): Draft => ({ label: `- ${label}`, kind, detail: detail ?? '', snippet: `- ${snippet ?? escapeSnippet(label)}`, filter: label, rank }));
    case 'location':
      return locations(surroundings);
    case 'texts':
    case 'anything-list':
      return [{ label: '-', kind: CompletionItemKind.Snippet, snippet: '- $0', rank: 0 }];
    case 'text':
    case 'boolean':
    case 'type':
    case 'map':
    case 'map-or-text':
    case 'config':
    case 'choice':
    case 'anything':
      return [];
  }
}

function words(choices: readonly string[], normal: string | undefined): readonly Draft[] {
  return choices.map((label, index) => ({ label, kind: CompletionItemKind.EnumMember, rank: index, ...(label === normal && { detail: 'default' }) }));
}

/** Types by their ids; by another name where that is what is being typed. */
export function types(of: keyof typeof kindsFor, surroundings: ValueSurroundings): readonly Draft[] {
  const { catalog, typed } = surroundings;
  const wanted = typed.toLowerCase();
  // Of the built-in beans none is an initializer; of the workspace's some may be.
  const offered = catalog.types.filter(({ kind, origin }) => kindsFor[of].includes(kind) && (of !== 'initializer' || kind === 'initializer' || origin !== undefined));
  const newest = offered.filter((type) => catalog.find(type.id)?.type === type);
  const docker: Draft = {
    label: 'docker:',
    kind: CompletionItemKind.Snippet,
    detail: 'a container of any image',
    snippet: 'docker:$0',
    rank: 0,
    asksAgain: true,
    markdown: 'A container of an image: `docker:IMAGE[:TAG]`, with a registry or a digest where needed.\n\n```yaml\ntype: docker:redis:7\n```',
  };
  return [
    ...(of === 'entity' ? [docker, ...(typed.startsWith('docker:') ? images(typed.slice('docker:'.length), 'docker:', surroundings) : [])] : []),
    ...versioned(offered, typed),
    ...newest.flatMap((type, index) => {
      const begun = wanted === '' ? [] : type.aliases.filter((alias) => alias.toLowerCase().startsWith(wanted) || (wanted.includes('.') && alias.toLowerCase().includes(wanted)));
      return [type.id, ...begun].map((name) => typeDraft(type, name, index));
    }),
  ];
}

function typeDraft(type: Type, name: string, index: number): Draft {
  const usual = type.origin ? -1 : usualTypes.indexOf(type.id);
  const rank = type.isDeprecated ? 4000 : type.runsOnDocker === false ? 3000 : type.origin ? 1000 : usual >= 0 ? 1500 + usual : 2000;
  return {
    label: name,
    kind: CompletionItemKind.Class,
    detail: [type.kind, type.origin && type.version, name === type.id ? type.name : type.id].filter((part) => part !== undefined).join(' · '),
    rank: rank + (name === type.id ? 0 : 450) + (usual >= 0 ? 0 : Math.min(index, 449)),
    ...(type.isDeprecated && { isDeprecated: true }),
    subject: { about: 'type', of: '', name },
  };
}

/** Types of the workspace by id and version: where there are several, or where somebody begins to write one. */
function versioned(offered: readonly Type[], typed: string): readonly Draft[] {
  const ours = offered.filter(({ origin, version }) => origin !== undefined && version !== undefined);
  const isWanted = ({ id }: Type): boolean => typed.startsWith(`${id}:`) || ours.filter((other) => other.id === id).length > 1;
  return ours.filter(isWanted).map(({ id, kind, name, version, isDeprecated = false }, index): Draft => ({
    label: `${id}:${version}`,
    kind: CompletionItemKind.Class,
    detail: [kind, name].filter((part) => part !== undefined).join(' · '),
    rank: 1460 + Math.min(index, 30),
    isDeprecated,
    subject: { about: 'type', of: '', name: `${id}:${version}` },
  }));
}

/** Those with a value of their own are maps, and so stand in the list. */
function constraints(isItem: boolean): readonly Draft[] {
  return constraintWords.flatMap(({ name, description, example }, rank) => {
    const value = example.startsWith(`- ${name}:`) ? example.slice(`- ${name}:`.length).trim() : undefined;
    if (value !== undefined && !isItem) return [];
    return [{ label: name, kind: CompletionItemKind.Keyword, detail: description, rank, ...(value !== undefined && { snippet: `${name}: \${1:${escapeSnippet(value)}}` }) }];
  });
}

function valueTypes({ catalog }: ValueSurroundings): readonly Draft[] {
  const usual = ['string', 'integer', 'boolean', 'port', 'duration', 'double', 'map', 'list', 'long', 'size', 'uri'];
  return [
    ...typeTable.map(({ name, description }): Draft => {
      const rank = usual.indexOf(name);
      return { label: name, kind: CompletionItemKind.TypeParameter, detail: description.replace(/\..*$/s, ''), rank: rank < 0 ? 100 : rank, subject: { about: 'valueType', of: '', name } };
    }),
    ...['list<string>', 'map<string,string>'].map((label): Draft => ({ label, kind: CompletionItemKind.TypeParameter, rank: 50, subject: { about: 'valueType', of: '', name: label } })),
    { label: 'org.apache.brooklyn.api.entity.EntitySpec', kind: CompletionItemKind.TypeParameter, detail: 'an entity to be made later', rank: 60 },
    ...catalog.types.filter(({ kind }) => kind === 'bean').map(({ id, name = 'object' }): Draft => ({ label: id, kind: CompletionItemKind.Class, detail: name, rank: 200, subject: { about: 'type', of: '', name: id } })),
  ];
}

function locations({ catalog, hosts, clouds }: ValueSurroundings): readonly Draft[] {
  const known = catalog.types.filter(({ kind }) => kind === 'location').map(({ id }) => id);
  return [
    ...hosts.map((label, index): Draft => ({ label, kind: CompletionItemKind.Reference, detail: 'Docker host of the settings', rank: index })),
    ...(clouds?.() ?? []).map((label, index): Draft => ({ label, kind: CompletionItemKind.Module, detail: 'docker cloud', rank: 50 + index })),
    ...(hosts.includes('localhost') ? [] : [{ label: 'localhost', kind: CompletionItemKind.Value, detail: 'this machine', rank: 100 }]),
    ...known.map((label): Draft => ({ label, kind: CompletionItemKind.Class, detail: 'location of the catalog', rank: 200, subject: { about: 'type', of: '', name: label } })),
    { label: 'byon', kind: CompletionItemKind.Snippet, detail: 'machines that are there already', snippet: 'byon(hosts="$1")', rank: 300 },
  ];
}

/** The parameter that a key of a map with a type means; one that the text itself declares, too. */
export function parameterIn(holder: Holder, key: string, catalog: Catalog, context: CheckContext): { readonly parameter: Parameter; readonly owner: Type | undefined } | undefined {
  const own = (entityOf(context, holder.map)?.spec.parameters ?? []).flatMap(parameterOf).find(({ name, flag }) => name === key || flag === key);
  if (own) return { parameter: own, owner: undefined };
  const name = typeNameOf(holder);
  const found = name === undefined ? undefined : catalog.find(name);
  const parameter = found && parameterFor(catalog.membersOf(found.type), key);
  return found && parameter && { parameter, owner: found.type };
}

/** Values of a config key: what fits its type, the default first. */
export function parameterValues({ type = 'string', default: value }: Parameter): readonly Draft[] {
  const fitting = typedValues(type);
  if (value === undefined || value === null || typeof value === 'object' || value === '') return fitting;
  const label = written(plainWord(value), type);
  return label.includes('\n') ? fitting : [{ label, kind: CompletionItemKind.Value, detail: 'default', rank: 0 }, ...fitting.filter((other) => other.label !== label)];
}

function typedValues(type: string): readonly Draft[] {
  const parsed = parseType(type);
  if (!parsed.ok) return [];
  const { name } = parsed.value;
  if (name === 'boolean') return words(['true', 'false'], undefined);
  if (name === 'enum') return words(parsed.value.constants, undefined);
  if (!hasForms.has(name)) return [];
  return (typeEntry(name)?.examples ?? []).map((label, index) => ({
    label,
    kind: CompletionItemKind.Value,
    detail: `example of ${name}`,
    rank: 10 + index,
    subject: { about: 'valueType', of: '', name },
  }));
}

/** Types whose values are written in a way of their own: an example helps. */
const hasForms: ReadonlySet<string> = new Set(['duration', 'port', 'size', 'quorum', 'predicate', 'cidr', 'instant', 'timestamp']);

/** The type of the elements, where the value is inside of a list or a map. */
export function elementType(type: string, depth: number): string | undefined {
  const parsed = parseType(type);
  let at = parsed.ok ? parsed.value : undefined;
  for (let level = 0; level < depth && at; level++) at = at.name === 'list' || at.name === 'set' || at.name === 'map' ? at.of : undefined;
  return at && at.name !== 'other' && at.name !== 'enum' ? at.name : undefined;
}

