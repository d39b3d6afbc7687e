// Whose config key a word is: a parameter that an entity declares itself, one of its type or of what is above it, or merely a
// key that the blueprint sets and asks for.

import { textAt, valueOf } from '#core/blueprint/tree.ts';
import { parameterFor, type Catalog, type Members } from '#core/catalog/catalog.ts';
import { parameterOf, type Parameter, type Type } from '#core/catalog/type.ts';
import { keyOf, typeWord } from '#core/navigate/name.ts';
import type { Root } from '#core/navigate/roots.ts';
import type { Draft } from '#core/resolve/draft.ts';
import type { Span } from '#core/text/span.ts';

export interface ConfigKeyFound {
  readonly key: string;
  readonly origin: 'text' | 'builtIn' | 'unknown';
  /** The type that declares it. */
  readonly typeName?: string;
  readonly parameter?: Parameter;
  /** Where the nearest value is set in this text, for a key that nobody declares. */
  readonly setAt?: Span;
}

/** How keys of config keys begin that nobody declares. */
const undeclared = 'set';

export function isUndeclared(key: string): boolean {
  return key.startsWith(keyOf(undeclared, ''));
}

export class ConfigKeys {
  readonly #root: Root;
  /** What entities of the tree declare, for a value that is set above them. */
  #below: ReadonlyMap<string, ConfigKeyFound> | undefined;
  #unsure: ReadonlySet<string> | undefined;

  constructor(root: Root) {
    this.#root = root;
  }

  /** `isFlag`: also by flags and deprecated names, which only keys of maps may be. */
  find(entity: Draft, word: string, isFlag: boolean): ConfigKeyFound {
    let setAt: Span | undefined;
    for (let at: Draft | undefined = entity; at; at = at.parent) {
      const declared = this.#declaredAt(at, word, isFlag && at === entity);
      if (declared) return declared;
      const set = at.source === entity.source ? at.spec.config.findLast(({ key }) => key === word) : undefined;
      setAt ??= set?.keySpan;
    }
    const below = (this.#below ??= this.#declaredBelow()).get(word);
    if (below) return below;
    const isUnsure = (this.#unsure ??= this.#setAtUnknownTypes()).has(word);
    return { key: keyOf(undeclared, this.#root.key, word), origin: isUnsure ? 'unknown' : 'text', ...(setAt && { setAt }) };
  }

  /** The key of a parameter that an entity declares in its own `brooklyn.parameters`. */
  ownKey(entity: Draft, word: string, isOtherName: boolean): string {
    const { item } = this.#root;
    const isItem = item?.id !== undefined && entity === this.#root.draft;
    return keyOf(isOtherName ? 'flag' : 'parameter', isItem ? baseOf(item.id?.value ?? '') : keyOf(this.#root.key, String(entity.spec.node.span.start)), word);
  }

  #declaredAt(entity: Draft, word: string, isFlag: boolean): ConfigKeyFound | undefined {
    const own = entity.spec.parameters.find(({ name, flag, deprecatedNames }) => name?.value === word || (isFlag && (flag === word || deprecatedNames.includes(word))));
    const isWritten = entity.source === this.#root.draft.source;
    const [parameter] = own ? parameterOf(own) : [];
    if (own) return { ...(parameter && { parameter }), ...(isWritten ? { key: this.ownKey(entity, word, own.name?.value !== word), origin: 'text' } : { key: keyOf('brought', this.#root.key, word), origin: 'unknown' }) };
    return entity.members && keyOfType(entity.members, word, isFlag);
  }

  /** A type that is not known in whole may know a key that is set there. */
  #setAtUnknownTypes(): ReadonlySet<string> {
    return new Set(this.#root.written.flatMap(({ spec, members }) => (spec.type && members?.isWhole !== true ? spec.config.map(({ key }) => key) : [])));
  }

  #declaredBelow(): ReadonlyMap<string, ConfigKeyFound> {
    const found = new Map<string, ConfigKeyFound>();
    const seen = new Set<Type>();
    for (const entity of this.#root.written) {
      for (const { name } of entity.spec.parameters) if (name) found.set(name.value, { key: this.ownKey(entity, name.value, false), origin: 'text' });
      for (const type of entity.members?.lineage ?? []) {
        if (seen.has(type)) continue;
        seen.add(type);
        for (const parameter of type.parameters) if (!found.has(parameter.name)) found.set(parameter.name, ofType(type, parameter, parameter.name));
      }
    }
    return found;
  }
}

/** The config key of a type; nothing where it has none of the name. */
export function keyOfType(members: Members, word: string, isFlag: boolean): ConfigKeyFound | undefined {
  const parameter = isFlag ? parameterFor(members, word) : members.parameters.get(word);
  const type = parameter && members.lineage.find(({ parameters }) => parameters.includes(parameter));
  return type && ofType(type, parameter, word);
}

export function membersOf(catalog: Catalog, typeName: string | undefined): Members | undefined {
  const found = typeName === undefined ? undefined : catalog.find(typeName);
  return found && catalog.membersOf(found.type);
}

function ofType(type: Type, parameter: Parameter, word: string): ConfigKeyFound {
  const kind = word === parameter.name ? 'parameter' : 'flag';
  return { key: keyOf(kind, baseOf(type.id), word), origin: type.origin ? 'text' : 'builtIn', typeName: type.id, parameter };
}

function baseOf(id: string): string {
  return typeWord(id)?.word ?? id;
}

/** The other names of a parameter that are written in its declaration, with their places. */
export function otherNames(node: Draft['spec']['parameters'][number]['node']): readonly { readonly value: string; readonly span: Span }[] {
  if (node.kind !== 'map') return [];
  const old = valueOf(node, 'deprecatedNames');
  return [valueOf(node, 'flag'), ...(old?.kind === 'list' ? old.items : [old])].flatMap((one) => textAt(one) ?? []);
}
