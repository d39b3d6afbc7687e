// What stands at a place of a blueprint: a key of which kind of map, a value of which key, a config key of which type. Asked by
// completion (of a text with a marker word at the cursor) and by hover. What could stand there instead is not decided here.

import type { Reading } from '#core/blueprint/read.ts';
import { type Path, type Step, keyText, pathAt, textAt, valueOf } from '#core/blueprint/tree.ts';
import { type Context, type Key, keyIn, vocabulary } from '#core/blueprint/vocabulary.ts';
import type { YamlMap, YamlNode } from '#core/blueprint/yaml.ts';

/** A map of the vocabulary: an entity, a policy, the plan. */
export interface Holder {
  readonly context: Context;
  readonly map: YamlMap;
}

/** Where a place is. `isKey` in a value: the place is the key of a map that stands in the value. */
export type Spot =
  | { readonly kind: 'key'; readonly holder: Holder }
  /** `isItem`: one of a list that is the value. */
  | { readonly kind: 'value'; readonly holder: Holder; readonly key: Key; readonly isItem: boolean; readonly isKey: boolean }
  | { readonly kind: 'configKey'; readonly holder: Holder; readonly map: YamlMap; readonly written: 'config' | 'flag' }
  /** `depth`: 0 for the value itself, more inside of lists and maps that are the value. */
  | { readonly kind: 'configValue'; readonly holder: Holder; readonly key: string; readonly depth: number; readonly isKey: boolean }
  /** `$brooklyn:object:` and its like: a map with a type, whose other keys only that type knows. */
  | { readonly kind: 'objectKey'; readonly map: YamlMap }
  | { readonly kind: 'objectValue'; readonly map: YamlMap; readonly key: string }
  | { readonly kind: 'unknown' };

export interface Place {
  readonly spot: Spot;
  /** The innermost node: the key or the value. */
  readonly node: YamlNode;
  /** The way there, from the root. */
  readonly steps: readonly Step[];
  /** The entity (or the plan) that an expression here is seen from; absent outside of any. */
  readonly entity: Holder | undefined;
}

/** The place at an offset; nothing in a text without a map. */
export function placeAt({ root, kind }: Reading, offset: number): Place | undefined {
  return root?.kind === 'map' ? placeOf(pathAt(root, offset), root, kind) : undefined;
}

type State =
  | { readonly at: 'map'; readonly holder: Holder }
  | { readonly at: 'list'; readonly holder: Holder; readonly key: Key; readonly of: Context }
  | { readonly at: 'config'; readonly holder: Holder; readonly map: YamlMap; readonly written: 'config' | 'flag' }
  | { readonly at: 'configValue'; readonly holder: Holder; readonly key: string; readonly depth: number }
  | { readonly at: 'value'; readonly holder: Holder; readonly key: Key; readonly isItem: boolean }
  /** A list of one entity, as old blueprints have it. */
  | { readonly at: 'entities' }
  | { readonly at: 'object'; readonly map: YamlMap }
  | { readonly at: 'objectValue'; readonly map: YamlMap; readonly key: string }
  | { readonly at: 'unknown' };

function placeOf({ steps, node, isKey }: Path, root: YamlMap, kind: Reading['kind']): Place {
  let state: State = { at: 'map', holder: { context: 'plan', map: root } };
  let entity = kind === 'catalog' && !valueOf(root, 'services', 'type') ? undefined : state.holder;
  for (const [index, step] of steps.entries()) {
    const isLast = index === steps.length - 1;
    if (isLast && isKey) return { spot: keySpot(state), node, steps, entity };
    state = 'map' in step ? throughEntry(state, keyText(step.entry) ?? '', step.entry.value) : throughItem(state, step.list.items[step.index]);
    if (state.at === 'map' && isEntity(state.holder)) entity = state.holder;
  }
  return { spot: valueSpot(state), node, steps, entity };
}

function isEntity({ context }: Holder): boolean {
  return context === 'entity' || context === 'plan' || context === 'plan-or-entity';
}

function throughEntry(state: State, word: string, value: YamlNode): State {
  switch (state.at) {
    case 'map': {
      const key = keyIn(state.holder.context, word.trim());
      if (key) return throughKey(state.holder, key, value);
      return vocabulary[state.holder.context].others === 'flags' ? { at: 'configValue', holder: state.holder, key: word.trim(), depth: 0 } : { at: 'unknown' };
    }
    case 'config':
      return { at: 'configValue', holder: state.holder, key: word.trim(), depth: 0 };
    case 'configValue':
      if (word === '$brooklyn:entitySpec') return asEntity(state, value);
      if (word === '$brooklyn:object' && value.kind === 'map') return { at: 'object', map: value };
      return { ...state, depth: state.depth + 1 };
    case 'object':
      if (word === 'brooklyn.config' || word === 'object.fields') {
        return value.kind === 'map' ? { at: 'config', holder: { context: 'initializer', map: state.map }, map: value, written: 'config' } : { at: 'unknown' };
      }
      return { at: 'objectValue', map: state.map, key: word };
    case 'value':
    case 'list':
    case 'entities':
    case 'objectValue':
    case 'unknown':
      return { at: 'unknown' };
  }
}

function throughKey(holder: Holder, key: Key, value: YamlNode): State {
  const { shape } = key;
  switch (shape.kind) {
    case 'map':
    case 'map-or-text':
      return value.kind === 'map' ? { at: 'map', holder: { context: shape.of, map: value } } : { at: 'value', holder, key, isItem: false };
    case 'list':
    case 'list-or-texts':
      return value.kind === 'list' ? { at: 'list', holder, key, of: shape.of } : { at: 'value', holder, key, isItem: false };
    case 'config':
      return value.kind === 'map' ? { at: 'config', holder, map: value, written: key.name === 'brooklyn.flags' ? 'flag' : 'config' } : { at: 'value', holder, key, isItem: false };
    case 'text':
    case 'boolean':
    case 'type':
    case 'location':
    case 'locations':
    case 'texts':
    case 'choice':
    case 'anything-list':
    case 'anything':
      return { at: 'value', holder, key, isItem: false };
  }
}

/** Half typed, the spec is nothing yet; it may also stand in a list of one. */
function asEntity(state: State & { at: 'configValue' }, value: YamlNode): State {
  if (value.kind === 'list') return { at: 'entities' };
  return value.kind === 'map' ? { at: 'map', holder: { context: 'entity', map: value } } : { ...state, depth: state.depth + 1 };
}

function throughItem(state: State, item: YamlNode | undefined): State {
  switch (state.at) {
    case 'list':
      return item?.kind === 'map' ? { at: 'map', holder: { context: state.of, map: item } } : { at: 'value', holder: state.holder, key: state.key, isItem: true };
    case 'value':
      return { ...state, isItem: true };
    case 'configValue':
      return { ...state, depth: state.depth + 1 };
    case 'entities':
      return item?.kind === 'map' ? { at: 'map', holder: { context: 'entity', map: item } } : { at: 'unknown' };
    case 'map':
    case 'config':
    case 'object':
    case 'objectValue':
    case 'unknown':
      return { at: 'unknown' };
  }
}

function keySpot(state: State): Spot {
  switch (state.at) {
    case 'map':
      return { kind: 'key', holder: state.holder };
    case 'config':
      return { kind: 'configKey', holder: state.holder, map: state.map, written: state.written };
    case 'configValue':
      return { kind: 'configValue', holder: state.holder, key: state.key, depth: state.depth, isKey: true };
    case 'value':
      return { kind: 'value', holder: state.holder, key: state.key, isItem: state.isItem, isKey: true };
    case 'object':
      return { kind: 'objectKey', map: state.map };
    case 'list':
    case 'entities':
    case 'objectValue':
    case 'unknown':
      return { kind: 'unknown' };
  }
}

function valueSpot(state: State): Spot {
  switch (state.at) {
    case 'value':
      return { kind: 'value', holder: state.holder, key: state.key, isItem: state.isItem, isKey: false };
    case 'configValue':
      return { kind: 'configValue', holder: state.holder, key: state.key, depth: state.depth, isKey: false };
    case 'objectValue':
      return { kind: 'objectValue', map: state.map, key: state.key };
    case 'map':
    case 'list':
    case 'config':
    case 'entities':
    case 'object':
    case 'unknown':
      return { kind: 'unknown' };
  }
}

/** What the map says its type is. */
export function typeNameOf({ context, map }: Holder): string | undefined {
  const spellings = context === 'policy' || context === 'enricher' || context === 'initializer' ? ['type', `${context}Type`, `${context}_type`] : ['type', 'serviceType', 'service_type'];
  return textAt(valueOf(map, ...spellings))?.value;
}
