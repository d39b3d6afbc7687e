// The names of one entity and what is written in it, one after the other: its id, its type, its config keys, and everything that
// its values speak of.

import { isNothing, keyText, textAt, valueOf, type Located } from '#core/blueprint/tree.ts';
import { keyIn } from '#core/blueprint/vocabulary.ts';
import type { ConfigValue } from '#core/blueprint/spec.ts';
import type { YamlMap, YamlNode } from '#core/blueprint/yaml.ts';
import type { Parameter } from '#core/catalog/type.ts';
import type { CheckContext } from '#core/check/context.ts';
import { networkDeclared, networksWanted } from '#core/check/networks.ts';
import { parseType, type Type as ValueType } from '#core/coerce/types.ts';
import { holdsExpression, readValue } from '#core/dsl/read.ts';
import { find, type ScopeEntity } from '#core/dsl/scope.ts';
import { isUndeclared, keyOfType, membersOf, otherNames, type ConfigKeyFound, type ConfigKeys } from '#core/navigate/configKeys.ts';
import { mentionsIn, type Mention } from '#core/navigate/mentions.ts';
import { keyOf, typeWord, type Name, type NameKind } from '#core/navigate/name.ts';
import { rootKeyOf, type Root } from '#core/navigate/roots.ts';
import { firstPart, writtenAt, type Written } from '#core/navigate/writing.ts';
import type { Draft } from '#core/resolve/draft.ts';
import type { Span } from '#core/text/span.ts';

/** What the entities of a text have in common. */
export interface Trees {
  readonly roots: readonly Root[];
  readonly keysOf: (root: Root) => ConfigKeys;
  /** Starts of the maps that are entities: what an expression describes is looked at as an entity, not as a value. */
  readonly entityStarts: ReadonlySet<number>;
}

export class Collector {
  readonly names: Name[] = [];
  readonly #context: CheckContext;
  readonly #uri: string;
  readonly #source: string;
  readonly #trees: Trees;

  constructor(context: CheckContext, uri: string, trees: Trees) {
    this.#context = context;
    this.#uri = uri;
    this.#source = context.reading.text;
    this.#trees = trees;
  }

  /** The items that the text declares, by all of their names. */
  items(): void {
    for (const { id, version, node } of this.#context.reading.items) {
      if (id) this.#declareType(id, version?.value);
      const aliases = valueOf(node, 'aliases');
      for (const alias of aliases?.kind === 'list' ? aliases.items : [aliases]) {
        const written = textAt(alias);
        if (written) this.#declareType(written, version?.value);
      }
    }
  }

  #add(kind: NameKind, word: string, written: Written, rest: Omit<Name, 'kind' | 'word' | 'span' | 'writing'>): void {
    this.names.push({ kind, word, span: written.span, writing: written.writing, ...rest });
  }

  #located({ value, span }: Located<string>): Written {
    return writtenAt(this.#source, span, value);
  }

  // Types

  #declareType(id: Located<string>, version: string | undefined): void {
    const { word = id.value } = typeWord(id.value) ?? {};
    this.#add('type', word, firstPart(this.#located(id), this.#source, word), { key: keyOf('type', word), role: 'declaration', origin: 'text', typeName: word, ...(version !== undefined && { version }) });
  }

  /** `definedAs`: the id of the item that is defined by the type; named alike, it means another one. */
  #useType(written: string, place: Written, definedAs?: string): void {
    const known = typeWord(written);
    if (!known) return;
    const { catalog } = this.#context;
    const same = definedAs === undefined ? [] : catalog.types.filter(({ id, origin }) => origin !== undefined && typeWord(id)?.word === definedAs);
    const type = catalog.find(written, ...same)?.type;
    const isOurs = type?.origin !== undefined;
    // `id: org.example.Thing` made from the type `org.example.Thing` gives a Java class its own name.
    const isJava = !type && definedAs === known.word && /(?:^|[.$])[A-Z]\w*$/.test(known.word);
    this.#add('type', known.word, firstPart(place, this.#source, known.word), {
      key: isJava ? keyOf('java', known.word) : type && !isOurs ? keyOf('builtIn', type.id) : keyOf('type', known.word),
      role: 'use',
      origin: isOurs ? 'text' : type ? 'builtIn' : 'unknown',
      typeName: written,
      ...(known.version !== undefined && { version: known.version }),
    });
  }

  // Networks

  networks(): void {
    const entities = this.#trees.roots.flatMap((root) => root.written.map((entity) => ({ entity, root })));
    const own = new Map<string, string>();
    for (const { entity, root } of entities) {
      const id = networkDeclared(entity);
      if (!id) continue;
      // A network without an id of its own goes by that of the entity, which is declared as such.
      const isEntity = id === entity.spec.id;
      own.set(id.value, isEntity ? keyOf('entity', root.key, id.value) : keyOf('network', this.#uri, id.value));
      if (!isEntity) this.#add('network', id.value, this.#located(id), { key: keyOf('network', this.#uri, id.value), publicKey: keyOf('network', id.value), role: 'declaration', origin: 'text' });
    }
    for (const { entity } of entities) {
      for (const id of networksWanted(entity)) {
        const key = own.get(id.value);
        this.#add('network', id.value, this.#located(id), { key: key ?? keyOf('network', id.value), role: 'use', origin: key === undefined ? 'unknown' : 'text' });
      }
    }
  }

  // Entities and what belongs to them

  /** The id of an entity and the parameters that it declares. */
  declarations(entity: Draft, root: Root): void {
    const { spec } = entity;
    const keys = this.#trees.keysOf(root);
    if (spec.id && spec.id.span.start !== root.item?.id?.span.start) this.#declareEntity(spec.id, entity, root);
    const declarer = isDefinition(entity, root) && root.item?.id ? { typeName: root.item.id.value } : this.#typeOf(entity);
    for (const { name, node } of spec.parameters) {
      if (name) this.#add('configKey', name.value, this.#located(name), { key: keys.ownKey(entity, name.value, false), role: 'declaration', origin: 'text', ...declarer });
      for (const other of otherNames(node)) this.#add('configKey', other.value, this.#located(other), { key: keys.ownKey(entity, other.value, true), role: 'declaration', origin: 'text', ...declarer });
    }
  }

  /** What is named in the values of an entity, those of its children left out. */
  uses(entity: Draft, root: Root): void {
    const { spec } = entity;
    const keys = this.#trees.keysOf(root);
    if (spec.type) this.#useType(spec.type.value, this.#located(spec.type), isDefinition(entity, root) && root.item?.id ? typeWord(root.item.id.value)?.word : undefined);
    for (const value of spec.config) this.#configValue(value, entity, root, keys);
    for (const { type, config, node } of spec.adjuncts) {
      if (type) this.#useType(type.value, this.#located(type));
      const members = membersOf(this.#context.catalog, type?.value);
      for (const value of config) {
        const known = members && keyOfType(members, value.key, true);
        if (known) this.#setKey(value, known);
        this.#references(value.value, known?.parameter, root);
        this.#expressions(value.value, entity, root, keys);
      }
      this.#plainValues(node, entity, root, keys);
    }
    for (const { type, constraints, default: value } of spec.parameters) {
      if (type && this.#context.catalog.find(type.value)?.type.origin) this.#useType(type.value, this.#located(type));
      if (constraints) this.#constraint(constraints, entity, keys);
      if (value) this.#expressions(value, entity, root, keys);
    }
    for (const node of spec.locations) this.#location(node);
    this.#plainValues(spec.node, entity, root, keys);
  }

  #typeOf({ spec }: Draft): { readonly typeName?: string } {
    return spec.type ? { typeName: spec.type.value } : {};
  }

  #declareEntity(id: Located<string>, entity: Draft, root: Root): void {
    const { applicationId } = root;
    const isApplication = entity === root.draft && root.item === undefined;
    const publicKey = isApplication ? keyOf('application', id.value) : applicationId === undefined ? undefined : keyOf('application', applicationId, id.value);
    this.#add('entity', id.value, this.#located(id), { key: keyOf('entity', root.key, id.value), role: 'declaration', origin: 'text', ...(publicKey !== undefined && { publicKey }), ...this.#typeOf(entity) });
  }

  #useEntity(id: string, written: Written, root: Root, found: ScopeEntity | undefined): void {
    const target = found && root.draftOf(found);
    const { item } = root;
    // The root of an item goes by the id of the item.
    if (item?.id && item.id.value === id && item.definition?.id?.span.start === item.id.span.start) {
      this.#add('entity', id, written, { key: keyOf('type', typeWord(id)?.word ?? id), role: 'use', origin: 'text', typeName: id });
      return;
    }
    const isHere = target?.source === this.#source;
    const home = target && !isHere ? this.#broughtBy(target) : root.key;
    const place = isHere ? (target.spec.id ?? target.spec.name ?? target.spec.type) : undefined;
    this.#add('entity', id, written, {
      key: keyOf('entity', home ?? root.key, id),
      role: 'use',
      origin: target && home !== undefined ? 'text' : 'unknown',
      ...(place && { target: this.#located(place).span }),
      ...(target?.spec.type && { typeName: target.spec.type.value }),
    });
  }

  /** The tree of the item that an entity comes from. */
  #broughtBy(entity: Draft): string | undefined {
    let user = entity.parent;
    while (user && user.source === entity.source) user = user.parent;
    const type = user?.members?.lineage.find(({ parts }) => parts === entity.source);
    return type && rootKeyOf(type, this.#uri);
  }

  // Config

  #configValue(value: ConfigValue, entity: Draft, root: Root, keys: ConfigKeys): void {
    const known = keys.find(entity, value.key, true);
    // A key of the entity itself that nobody knows is no config.
    if (value.written !== 'direct' || known.parameter || !isUndeclared(known.key)) this.#setKey(value, known);
    this.#references(value.value, known.parameter, root);
    if (value.key.endsWith('.configKeys')) for (const word of textsIn(value.value)) this.#useKey(word.value, this.#located(word), keys.find(entity, word.value, false));
    if (value.key === 'affinity.rules' || value.key === 'affinityRules') for (const rule of textsIn(value.value)) this.#affinity(rule, root);
    this.#expressions(value.value, entity, root, keys);
  }

  #setKey({ key, keySpan }: ConfigValue, known: ConfigKeyFound): void {
    this.#add('configKey', key, writtenAt(this.#source, keySpan, key), { key: known.key, role: 'set', origin: known.origin, ...(known.typeName !== undefined && { typeName: known.typeName }) });
  }

  #useKey(word: string, written: Written, known: ConfigKeyFound): void {
    const { key, origin, typeName, setAt } = known;
    this.#add('configKey', word, written, { key, role: 'use', origin, ...(typeName !== undefined && { typeName }), ...(setAt && { target: writtenAt(this.#source, setAt, word).span }) });
  }

  /** Other keys that a constraint speaks of: `requiredIf: other`. */
  #constraint(node: YamlNode, entity: Draft, keys: ConfigKeys): void {
    if (node.kind === 'list') for (const item of node.items) this.#constraint(item, entity, keys);
    if (node.kind !== 'map') return;
    for (const entry of node.entries) {
      if (/^(?:required|forbidden)(?:If|Unless)(?:AnyOf)?$/.test(keyText(entry) ?? '')) for (const word of textsIn(entry.value)) this.#useKey(word.value, this.#located(word), keys.find(entity, word.value, false));
      else if (/^(?:all|any|and|or)$/.test(keyText(entry) ?? '')) this.#constraint(entry.value, entity, keys);
    }
  }

  /** Ids in values that are entities by the type of their key, written without an expression. */
  #references(value: YamlNode, parameter: Parameter | undefined, root: Root): void {
    if (parameter?.type === undefined || holdsExpression(value)) return;
    const type = parseType(parameter.type);
    if (!type.ok || !isOfEntities(type.value)) return;
    const nodes = value.kind === 'map' ? value.entries.map((entry) => entry.value) : value.kind === 'list' ? value.items : [value];
    for (const node of nodes) {
      const id = textAt(node);
      if (id) this.#useEntity(id.value, this.#located(id), root, find(root.scope(root.draft), 'global', id.value));
    }
  }

  /** `NOT ID db`. */
  #affinity({ value, span }: Located<string>, root: Root): void {
    for (const match of value.matchAll(/\bID\s+([^\s,]+)/gi)) {
      const [whole, id = ''] = match;
      const written = writtenAt(this.#source, span, value);
      const start = written.span.start + match.index + whole.length - id.length;
      const place = { start, end: start + id.length };
      if (this.#source.slice(place.start, place.end) === id) this.#useEntity(id, { span: place, writing: 'quoted' }, root, find(root.scope(root.draft), 'global', id));
    }
  }

  #location(node: YamlNode): void {
    const written = textAt(node.kind === 'map' ? node.entries[0]?.key : node);
    const match = /^(?:named:)?([^\s:()]+)$/.exec(written?.value ?? '');
    const word = match?.[1];
    if (!written || word === undefined || this.#context.catalog.find(word)?.type.kind !== 'location') return;
    const { span, writing } = this.#located(written);
    const start = span.start + written.value.length - word.length;
    this.#useType(word, this.#source.startsWith(word, start) ? { span: { start, end: start + word.length }, writing } : { span, writing: 'elsewhere' });
  }

  // Expressions

  /** Values of the language's own keys that may hold expressions, such as `name`. */
  #plainValues(node: YamlMap, entity: Draft, root: Root, keys: ConfigKeys): void {
    for (const entry of node.entries) {
      const shape = keyIn(entity.spec.context, keyText(entry) ?? '')?.shape.kind;
      if (shape !== undefined && ['text', 'location', 'locations', 'anything', 'anything-list'].includes(shape)) this.#expressions(entry.value, entity, root, keys);
    }
  }

  #expressions(node: YamlNode, entity: Draft, root: Root, keys: ConfigKeys): void {
    if (isNothing(node) || !holdsExpression(node)) return;
    const { value } = readValue(node, this.#source);
    const isOwn = ({ start }: Span): boolean => this.#trees.entityStarts.has(start);
    for (const mention of mentionsIn(value, root.scope(entity), this.#source, isOwn)) this.#mention(mention, root, keys);
  }

  #mention(mention: Mention, root: Root, keys: ConfigKeys): void {
    const { word } = mention;
    switch (mention.kind) {
      case 'entity':
        if (mention.application === undefined) this.#useEntity(word, mention, root, mention.target);
        else this.#add('entity', word, mention, { key: keyOf('application', mention.application, word), role: 'use', origin: 'unknown' });
        return;
      case 'application':
        this.#add('entity', word, mention, { key: keyOf('application', word), role: 'use', origin: 'unknown' });
        return;
      case 'configKey': {
        const holder = mention.holder && root.draftOf(mention.holder);
        if (holder) this.#useKey(word, mention, keys.find(holder, word, false));
        return;
      }
      case 'type':
        this.#useType(word, mention);
        return;
      case 'typeKey': {
        const members = membersOf(this.#context.catalog, mention.typeName);
        const known = members && keyOfType(members, word, true);
        if (known) this.#add('configKey', word, mention, { key: known.key, role: 'set', origin: known.origin, ...(known.typeName !== undefined && { typeName: known.typeName }) });
        return;
      }
      case 'sensor':
    }
  }
}

function isDefinition(entity: Draft, root: Root): boolean {
  return root.item !== undefined && entity === root.draft;
}

function textsIn(node: YamlNode): readonly Located<string>[] {
  if (holdsExpression(node)) return [];
  return (node.kind === 'list' ? node.items : [node]).flatMap((item) => textAt(item) ?? []);
}

function isOfEntities(type: ValueType): boolean {
  if (type.name === 'entity') return true;
  return (type.name === 'list' || type.name === 'set' || type.name === 'map') && type.of !== undefined && isOfEntities(type.of);
}
