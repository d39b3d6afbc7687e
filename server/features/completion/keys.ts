// Keys to offer: those of the map's kind, and the config keys of its type, as long names in brooklyn.config and as flags beside
// the keys of the language. What is already there is not offered again.

import { CompletionItemKind } from 'vscode-languageserver-types';

import { keyText, type Step } from '#core/blueprint/tree.ts';
import { keyIn, vocabulary, type Key } from '#core/blueprint/vocabulary.ts';
import type { YamlMap } from '#core/blueprint/yaml.ts';
import type { Catalog } from '#core/catalog/catalog.ts';
import { type Parameter, type Type, parameterOf } from '#core/catalog/type.ts';
import { entityOf } from '#core/complete/entities.ts';
import { marker } from '#core/complete/marked.ts';
import { typeNameOf, type Holder } from '#core/complete/place.ts';
import type { CheckContext } from '#core/check/context.ts';
import { functions } from '#core/dsl/functions.ts';
import { isRequired, parameterMarkdown, plainWord, shapeWord } from '../describe.ts';
import { type Draft, escapeSnippet, firstKey } from './draft.ts';
import { usualKeys, usualParameters } from './usage.ts';

export interface KeyStyle {
  /** The key has its colon already: the name alone is inserted. */
  readonly hasColon: boolean;
  readonly isInFlow: boolean;
  /** What is typed of the word so far: other spellings are offered when it begins one. */
  readonly typed: string;
}

/** Keys of the language that fit in the map, the required ones first. */
export function vocabularyKeys({ context, map }: Holder, style: KeyStyle): readonly Draft[] {
  const used = usedIn(map);
  const { keys } = vocabulary[context];
  return keys.flatMap((key, at) => {
    const names = [key.name, ...(key.aliases ?? [])];
    if (names.some((name) => used.has(name))) return [];
    const often = usualKeys[context]?.indexOf(key.name) ?? -1;
    const index = often < 0 ? 50 + at : often;
    if (key.name === 'locations' && used.has('location')) return [];
    const begun = style.typed === '' ? [] : (key.aliases ?? []).filter((alias) => alias.toLowerCase().startsWith(style.typed.toLowerCase()));
    return [key.name, ...begun].map((name) => vocabularyKey(key, name, context, index, style));
  });
}

function vocabularyKey(key: Key, name: string, context: Holder['context'], index: number, style: KeyStyle): Draft {
  const isDull = key.isIgnored || name !== key.name;
  return {
    label: name,
    kind: CompletionItemKind.Property,
    detail: `${key.isRequired ? 'required, ' : ''}${shapeWord(key.shape).replaceAll('`', '')}`,
    snippet: style.hasColon ? escapeSnippet(name) : escapeSnippet(name) + valueSnippet(key, style.isInFlow),
    rank: key.isRequired ? index : isDull ? 900 + index : 100 + index,
    asksAgain: !style.hasColon && ['type', 'boolean', 'choice', 'location', 'list', 'config', 'map', 'map-or-text'].includes(key.shape.kind),
    subject: { about: 'key', of: context, name },
  };
}

function valueSnippet({ shape }: Key, isInFlow: boolean): string {
  switch (shape.kind) {
    case 'list':
    case 'list-or-texts': {
      return isInFlow ? ': [{ $0 }]' : `:\n- ${firstKey(shape.of)}: $0`;
    }
    case 'anything-list':
    case 'texts':
    case 'locations':
      return isInFlow ? ': [$0]' : ':\n- $0';
    case 'map':
    case 'map-or-text':
    case 'config':
      return isInFlow ? ': { $0 }' : ':\n  $0';
    case 'text':
    case 'boolean':
    case 'type':
    case 'choice':
    case 'location':
    case 'anything':
      return ': $0';
  }
}

/** Config keys of the map's type, by their long names. `map` holds what is set already. */
export function configKeys(holder: Holder, map: YamlMap, catalog: Catalog, context: CheckContext, style: KeyStyle): readonly Draft[] {
  const used = usedIn(map, holder.map);
  const known = parametersOf(holder, catalog, context);
  const declared = known.flatMap((owned, index) => {
    const { parameter } = owned;
    if (isUsed(parameter, used)) return [];
    const old = style.typed === '' ? [] : (parameter.deprecatedNames ?? []).filter((name) => name.toLowerCase().startsWith(style.typed.toLowerCase()));
    return [parameter.name, ...old].map((name) => parameterKey(owned, name, index, 100, style));
  });
  const names = new Set([...used, ...known.flatMap(({ parameter: { name, flag, deprecatedNames } }) => [name, flag, deprecatedNames].flat())]);
  return [...askedKeys(context.reading.text).filter((name) => !names.has(name)).map((name, index) => askedKey(name, index, style)), ...declared];
}

/** Config keys that expressions of the text ask for: somebody has to set them. */
function askedKeys(text: string): readonly string[] {
  const found = new Set<string>();
  const argument = /config\(\\?["']([\w.-]+)\\?["']\)/y;
  for (let at = text.indexOf('config('); at >= 0 && found.size < mostAsked; at = text.indexOf('config(', at + 1)) {
    argument.lastIndex = at;
    const [, name = marker] = argument.exec(text) ?? [];
    if (!name.includes(marker)) found.add(name);
  }
  return [...found];
}

/** More are not offered: a list is for looking at. */
const mostAsked = 200;

function askedKey(name: string, index: number, style: KeyStyle): Draft {
  return { label: name, kind: CompletionItemKind.Field, detail: 'asked for in this file', snippet: escapeSnippet(name) + (style.hasColon ? '' : ': $0'), rank: 90 + Math.min(index, 9), asksAgain: !style.hasColon };
}

/** Config keys of the map's type as keys of the map itself: by their flags, or by their names where they have none. */
export function flagKeys(holder: Holder, catalog: Catalog, context: CheckContext, style: KeyStyle): readonly Draft[] {
  if (vocabulary[holder.context].others !== 'flags') return [];
  const used = usedIn(holder.map);
  return parametersOf(holder, catalog, context).flatMap((owned, index) => {
    const { parameter } = owned;
    const name = parameter.flag ?? parameter.name;
    if (isUsed(parameter, used) || keyIn(holder.context, name)) return [];
    return [parameterKey(owned, name, index, parameter.flag === undefined ? 500 : 300, style)];
  });
}

interface Owned {
  readonly parameter: Parameter;
  /** The type that has it; absent for one that the text itself declares. */
  readonly owner: Type | undefined;
  /** Declared by people here: in the text, or in a catalog of the workspace. */
  readonly isOurs: boolean;
}

/** Those declared beside, then those of the type, the nearest first. */
function parametersOf(holder: Holder, catalog: Catalog, context: CheckContext): readonly Owned[] {
  const own = (entityOf(context, holder.map)?.spec.parameters ?? []).flatMap(parameterOf).map((parameter): Owned => ({ parameter, owner: undefined, isOurs: true }));
  const name = typeNameOf(holder);
  const found = name === undefined ? undefined : catalog.find(name);
  if (!found) return own;
  const { lineage, parameters } = catalog.membersOf(found.type);
  // A nearer declaration hides one of the same name further up.
  const inherited = lineage.flatMap((type) => type.parameters.filter((parameter) => parameters.get(parameter.name) === parameter).map((parameter): Owned => ({ parameter, owner: found.type, isOurs: type.origin !== undefined })));
  return [...own, ...inherited.filter(({ parameter }) => !own.some((other) => other.parameter.name === parameter.name))];
}

function parameterKey({ parameter, owner, isOurs }: Owned, name: string, index: number, rank: number, style: KeyStyle): Draft {
  const type = parameter.type ?? 'string';
  const needed = isRequired(parameter);
  const usual = usualParameters.indexOf(name);
  const value = parameter.default;
  const shown = value === undefined || value === null || value === '' ? '' : ` = ${plainWord(value).split('\n')[0]?.slice(0, 40)}`;
  return {
    label: name,
    kind: CompletionItemKind.Field,
    detail: `${needed ? 'required, ' : ''}${type}${shown}`,
    snippet: style.hasColon ? escapeSnippet(name) : `${escapeSnippet(name)}${parameterSnippet(type, style.isInFlow)}`,
    rank: needed ? 10 + index : isOurs ? rank - 80 : usual >= 0 ? rank - 50 + usual : rank + index,
    asksAgain: !style.hasColon,
    ...(name === parameter.name || name === parameter.flag ? {} : { isDeprecated: true }),
    ...(owner ? { subject: { about: 'parameter', of: owner.id, name: parameter.name } } : { markdown: parameterMarkdown(parameter, undefined) }),
  };
}

function parameterSnippet(type: string, isInFlow: boolean): string {
  if (type.endsWith('EntitySpec')) return isInFlow ? String.raw`: { \$brooklyn:entitySpec: { type: $0 } }` : ':\n  \\$brooklyn:entitySpec:\n    type: $0';
  if (/^(?:map|java\.util\.Map)\b/.test(type)) return isInFlow ? ': { $0 }' : ':\n  $0';
  if (/^(?:list|set|java\.util\.(?:List|Set|Collection))\b/.test(type)) return isInFlow ? ': [$0]' : ':\n- $0';
  return ': $0';
}

/** Config keys whose value is a map of what is asked of a machine. */
export function isProperties(key: string): boolean {
  return /^(?:provisioning\.properties|provisioningProperties|docker\.host\.flags|hostFlags)$/.test(key);
}

/** What a location for machines understands, as keys of such a map. */
export function propertyKeys(step: Step | undefined, catalog: Catalog, style: KeyStyle): readonly Draft[] {
  const used = usedIn(...(step && 'map' in step ? [step.map] : []));
  const found = catalog.find('jclouds');
  const own = found?.type.parameters ?? [];
  const asked = ['minRam', 'minCores', 'minDisk', 'osFamily', 'osVersionRegex'];
  return own.filter((parameter) => !isUsed(parameter, used)).map((parameter, index) => {
    const rank = asked.indexOf(parameter.name);
    return parameterKey({ parameter, owner: found?.type, isOurs: false }, parameter.name, index, rank < 0 ? 100 : rank, style);
  });
}

/** Functions in their key form, for a map that is to be an expression: it has no other key. */
export function functionKeys(map: YamlMap | undefined, type: string | undefined, style: KeyStyle): readonly Draft[] {
  if (map && usedIn(map).size > 0) return [];
  return functions
    .filter(({ on, signatures }) => on.includes('start') && signatures.some((signature) => signature.length > 0))
    .map(({ name, sentence, isKeyFormOnly }, index) => {
      const label = `$brooklyn:${name}`;
      const isWanted = name === 'entitySpec' ? type?.endsWith('EntitySpec') === true : isKeyFormOnly === true || name === 'object';
      return {
        label,
        kind: CompletionItemKind.Function,
        detail: sentence,
        snippet: style.hasColon ? escapeSnippet(label) : `${escapeSnippet(label)}:${isKeyFormOnly === true || name === 'object' ? (name === 'chain' ? '\n- $0' : '\n  type: $0') : ' [$0]'}`,
        rank: (isWanted ? 10 : 700) + index,
        subject: { about: 'function', of: '', name },
      };
    });
}

function usedIn(...maps: readonly YamlMap[]): ReadonlySet<string> {
  return new Set(maps.flatMap((map) => map.entries.flatMap((entry) => keyText(entry)?.trim() ?? [])).filter((word) => !word.includes(marker)));
}

function isUsed({ name, flag, deprecatedNames }: Parameter, used: ReadonlySet<string>): boolean {
  return used.has(name) || (flag !== undefined && used.has(flag)) || (deprecatedNames ?? []).some((old) => used.has(old));
}
