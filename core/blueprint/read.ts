// Reads a text as a blueprint: gives the value and its diagnostics, never throws, whatever the text. Shapes and keys are
// checked here, against the vocabulary; types and values are checked in check.ts, which knows a catalog.

import type { AdjunctSpec, ConfigValue, EntitySpec, ItemSpec, MemberSpec, ParameterSpec } from '#core/blueprint/spec.ts';
import { entryOf, isNothing, keyText, listAt, mapAt, nounOf, textAt, valueOf, type Located } from '#core/blueprint/tree.ts';
import { keyIn, namesOf, vocabulary, type Context, type Key } from '#core/blueprint/vocabulary.ts';
import { parseYaml, type YamlEntry, type YamlMap, type YamlNode } from '#core/blueprint/yaml.ts';
import { plainOf } from '#core/catalog/plain.ts';
import { conflictingKeys } from '#core/diagnostics/conflictingKeys.ts';
import { duplicateKey } from '#core/diagnostics/duplicateKey.ts';
import { emptyServices } from '#core/diagnostics/emptyServices.ts';
import { misspeltKey } from '#core/diagnostics/misspeltKey.ts';
import { missingKey } from '#core/diagnostics/missingKey.ts';
import { report } from '#core/diagnostics/rule.ts';
import { whitespaceInKey } from '#core/diagnostics/whitespaceInKey.ts';
import { wrongShape } from '#core/diagnostics/wrongShape.ts';
import { Mapped } from '#core/incremental/changes.ts';
import type { Diagnostic } from '#core/text/diagnostic.ts';
import { nearest } from '#core/text/nearest.ts';

/** `blueprint` has `services` whose entries have a type (or a top-level `type`); `catalog` has `brooklyn.catalog`; `other` is YAML that is none of ours. */
export type DocumentKind = 'blueprint' | 'catalog' | 'other';

export interface Reading {
  readonly text: string;
  readonly kind: DocumentKind;
  readonly root: YamlNode | undefined;
  /** The application: its children are the services. */
  readonly plan: EntitySpec | undefined;
  /** The catalog items that the text defines. */
  readonly items: readonly ItemSpec[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Diagnostics beyond this many are not made: nobody reads them, and rubbish must stay cheap. */
const maxDiagnostics = 500;

export function read(text: string): Reading {
  const { root, diagnostics } = parseYaml(text);
  return readTree(text, root, diagnostics);
}

/** The same of a tree that is there already; `faults` are those of its YAML. What the memory holds of it is not read again. */
export function readTree(text: string, root: YamlNode | undefined, faults: readonly Diagnostic[], memory?: Memory): Reading {
  const reader = new Reader(faults, memory);
  if (root?.kind !== 'map') return { text, kind: 'other', root, plan: undefined, items: [], diagnostics: reader.diagnostics };
  const plan = reader.entity(root, 'plan');
  const catalog = mapAt(valueOf(root, 'brooklyn.catalog'));
  const items = catalog ? reader.catalog(catalog, root) : [];
  return { text, kind: kindOf(root), root, plan, items, diagnostics: reader.diagnostics };
}

/** The readings of maps that stay the same while the text around them changes. Places in them are the tree's own, so they move with it. */
export class Memory {
  readonly entities = new WeakMap<YamlMap, Remembered<EntitySpec>>();
  readonly items = new WeakMap<YamlMap, Remembered<readonly ItemSpec[]>>();
  /** The services of the application, as they were read last. */
  readonly services = new Mapped<YamlNode, EntitySpec>();
  readonly maps = new Mapped<YamlNode, true>();
  readonly #kept = new WeakSet<YamlMap>();

  /** From now on the reading of this map is remembered. */
  keep(map: YamlMap): void {
    this.#kept.add(map);
  }

  isKept(map: YamlMap): boolean {
    return this.#kept.has(map);
  }
}

/** `given` is what the reading depends on beside the map. */
interface Remembered<T> {
  readonly given: readonly unknown[];
  readonly value: T;
  readonly diagnostics: readonly Diagnostic[];
}

function kindOf(root: YamlMap): DocumentKind {
  if (entryOf(root, 'brooklyn.catalog')) return 'catalog';
  const services = listAt(valueOf(root, 'services'));
  const looksTyped = services?.items.some((service) => service.kind === 'map' && entryOf(service, 'type', 'serviceType', 'service_type'));
  return looksTyped ? 'blueprint' : 'other';
}

class Reader {
  readonly diagnostics: Diagnostic[];
  readonly #memory: Memory | undefined;

  constructor(faults: readonly Diagnostic[], memory: Memory | undefined) {
    this.diagnostics = [...faults];
    this.#memory = memory;
  }

  #report(...args: Parameters<typeof report>): void {
    if (this.diagnostics.length < maxDiagnostics) this.diagnostics.push(report(...args));
  }

  /** What `read` gives, or gave when this map was read before. */
  #remembered<T>(known: WeakMap<YamlMap, Remembered<T>> | undefined, node: YamlMap, given: readonly unknown[], read: (reader: Reader) => T): T {
    let entry = known?.get(node);
    if (!entry && (!known || this.#memory?.isKept(node) !== true)) return read(this);
    if (!entry?.given.every((one, index) => one === given[index])) {
      const reader = new Reader([], this.#memory);
      entry = { given, value: read(reader), diagnostics: reader.diagnostics };
      known?.set(node, entry);
    }
    for (const diagnostic of entry.diagnostics) if (this.diagnostics.length < maxDiagnostics) this.diagnostics.push(diagnostic);
    return entry.value;
  }

  entity(node: YamlMap, context: Context): EntitySpec {
    return this.#remembered(this.#memory?.entities, node, [context], (reader) => reader.#entity(node, context));
  }

  #entity(node: YamlMap, context: Context): EntitySpec {
    this.#checkKeys(node, context);
    const isPlan = context === 'plan' || context === 'plan-or-entity';
    if (isPlan) this.#checkPlan(node, context);
    const config = this.#config(node, context);
    const type = textAt(valueOf(node, 'type', 'serviceType', 'service_type')) ?? (context === 'entity' && !entryOf(node, 'type') ? typeByConfig(config) : undefined);
    if (context === 'entity' && !type && !isNothing(node)) this.#missingType(node, 'entity');
    const services = isPlan ? this.#services(node) : [];
    const own = this.#entities(node, 'brooklyn.children');
    const children = services.length === 0 ? own : own.length === 0 ? services : [...services, ...own];
    return {
      context,
      node,
      type,
      id: textAt(valueOf(node, 'id')),
      name: textAt(valueOf(node, 'name')),
      config,
      parameters: this.#parameters(node),
      children,
      specs: this.#specsOf([...config, ...this.#adjunctMaps(node).flatMap((map) => this.#config(map, 'policy', true))]),
      adjuncts: [...this.#adjuncts(node, 'brooklyn.policies', 'policy'), ...this.#adjuncts(node, 'brooklyn.enrichers', 'enricher'), ...this.#adjuncts(node, 'brooklyn.initializers', 'initializer')],
      locations: [valueOf(node, 'location') ?? [], listAt(valueOf(node, 'locations'))?.items ?? valueOf(node, 'locations') ?? []].flat().filter((value) => !isNothing(value)),
    };
  }

  catalog(catalog: YamlMap, root: YamlMap): readonly ItemSpec[] {
    this.#checkKeys(catalog, 'catalog');
    const items: ItemSpec[] = [];
    this.#itemsOf(catalog, undefined, items);
    // A blueprint with `brooklyn.catalog` metadata and `services` beside it is itself the item.
    if (items.length === 0 && textAt(valueOf(catalog, 'id', 'symbolicName')) && entryOf(root, 'services', 'type')) items.push(this.#item(catalog, undefined, this.entityQuietly(root)));
    return items;
  }

  /** Reads again what was already checked. */
  entityQuietly(node: YamlMap): EntitySpec {
    return new Reader([], this.#memory).entity(node, 'plan-or-entity');
  }

  #itemsOf(map: YamlMap, outer: ItemSpec | undefined, into: ItemSpec[]): void {
    const metadata = this.#item(map, outer, undefined);
    const item = valueOf(map, 'item');
    const itemMap = mapAt(item);
    if (itemMap) into.push({ ...metadata, definition: this.entity(itemMap, 'plan-or-entity') });
    else if (item && item.kind === 'list') this.#report(wrongShape, item.span, `item must be a map with a type, not ${nounOf(item)}`);
    const list = valueOf(map, 'items');
    if (list?.kind === 'list') {
      for (const inner of list.items) {
        if (inner.kind === 'map') {
          into.push(...this.#remembered(this.#memory?.items, inner, [metadata.version, metadata.itemType], (reader) => reader.#itemsIn(inner, metadata)));
        } else if (inner.kind === 'list') {
          this.#report(wrongShape, inner.span, 'a catalog item must be a map, or the address of another catalog file');
        }
      }
    }
  }

  #itemsIn(inner: YamlMap, outer: ItemSpec): readonly ItemSpec[] {
    this.#checkKeys(inner, 'item');
    if (!entryOf(inner, 'item', 'items')) return [this.#item(inner, outer, entryOf(inner, 'services', 'type') ? this.entityQuietly(inner) : undefined)];
    const items: ItemSpec[] = [];
    this.#itemsOf(inner, outer, items);
    return items;
  }

  #item(map: YamlMap, outer: ItemSpec | undefined, definition: EntitySpec | undefined): ItemSpec {
    const nested = mapAt(valueOf(map, 'brooklyn.catalog'));
    const value = (...names: string[]): YamlNode | undefined => valueOf(map, ...names) ?? (nested && valueOf(nested, ...names));
    return {
      node: map,
      id: textAt(value('id', 'symbolicName')) ?? (mapAt(valueOf(map, 'item')) ? textAt(valueOf(mapAt(valueOf(map, 'item')) ?? map, 'id')) : undefined),
      version: textAt(value('version')) ?? outer?.version,
      itemType: textAt(value('itemType', 'item_type'))?.value ?? outer?.itemType,
      name: textAt(value('name', 'displayName'))?.value,
      description: textAt(value('description'))?.value,
      isDeprecated: textAt(value('deprecated'))?.value === 'true',
      aliases: texts(value('aliases')),
      runsOnDocker: value('runsOnDocker') ? textAt(value('runsOnDocker'))?.value !== 'false' : undefined,
      sensors: members(value('sensors')),
      effectors: members(value('effectors')),
      definition,
    };
  }

  /** Keys of one map against the vocabulary: doubled, misspelt, of the wrong shape. */
  #checkKeys(node: YamlMap, context: Context): void {
    for (const { entry, word } of this.#writtenKeys(node)) {
      const key = keyIn(context, word);
      if (key) this.#checkShape(entry, key, context);
      else this.#checkUnknown(entry, word.trim(), context, node);
    }
  }

  /** The keys that are written in this very map, one after the other; says of each whether it is doubled or has white space in it. */
  *#writtenKeys(map: YamlMap): Generator<{ readonly entry: YamlEntry; readonly word: string }> {
    if (map.aliased) return;
    const seen = new Map<string, YamlEntry>();
    for (const entry of map.entries) {
      const word = keyText(entry);
      if (word === undefined || entry.merged) continue;
      const first = seen.get(word);
      if (first) this.#duplicate(first, entry, word);
      seen.set(word, entry);
      if (word !== word.trim()) this.#whitespace(entry, word);
      yield { entry, word };
    }
  }

  #duplicate(first: YamlEntry, second: YamlEntry, word: string): void {
    this.#report(duplicateKey, second.key.span, `${word} is already set above; the value here wins and the one above is lost`, {
      related: [{ span: first.key.span, message: `the ${word} that is lost` }],
    });
  }

  #whitespace(entry: YamlEntry, word: string): void {
    const fixes = [{ title: 'Remove the white space', edits: [{ span: entry.key.span, newText: word.trim() }] }];
    this.#report(whitespaceInKey, entry.key.span, `this key is ${JSON.stringify(word)}, with white space in it, and so is not the key ${word.trim()}`, { fixes });
  }

  #checkShape(entry: YamlEntry, key: Key, context: Context): void {
    const { value } = entry;
    if (isNothing(value)) return;
    const complain = (wanted: string): void => this.#report(wrongShape, value.span, `${key.name} must be ${wanted}, not ${nounOf(value)}`);
    switch (key.shape.kind) {
      case 'list':
        if (value.kind !== 'list') return complain('a list');
        if (context === 'plan' && this.#memory?.maps.of(value.items, (item) => item.kind === 'map' || undefined)) return;
        for (const item of value.items) {
          if (item.kind !== 'map') this.#report(wrongShape, item.span, `each entry of ${key.name} must be a map, not ${isNothing(item) ? 'nothing' : nounOf(item)}`);
        }
        return;
      case 'list-or-texts':
      case 'anything-list':
        if (value.kind !== 'list' && !(context !== 'entity' && key.isIgnored)) complain('a list');
        return;
      case 'map':
      case 'config':
        if (value.kind !== 'map') complain('a map');
        return;
      case 'text':
        if (value.kind !== 'scalar' && !isExpression(value)) this.#report(wrongShape, value.span, `${key.name} must be a text, not ${nounOf(value)}`, { severity: 'warning' });
        return;
      case 'map-or-text':
      case 'boolean':
      case 'type':
      case 'choice':
      case 'texts':
      case 'location':
      case 'locations':
      case 'anything':
        return;
    }
  }

  #checkUnknown(entry: YamlEntry, word: string, context: Context, node: YamlMap): void {
    const table = vocabulary[context];
    const looksReserved = isNearlyReserved(word);
    if (table.others === 'flags' && !looksReserved) return;
    const candidates = table.keys.flatMap((key) => (entryOf(node, key.name) ? [] : namesOf(key)));
    const suggestion = nearest(word, candidates);
    if (suggestion === undefined) return;
    this.#report(misspeltKey, entry.key.span, `unknown key ${word}, which Brooklyn ignores without a word; did you mean ${suggestion}?`, {
      fixes: [{ title: `Change to ${suggestion}`, edits: [{ span: entry.key.span, newText: suggestion }] }],
    });
  }

  #checkPlan(node: YamlMap, context: Context): void {
    const services = entryOf(node, 'services');
    const type = entryOf(node, 'type');
    if (services && type && node.entries.includes(type)) this.#report(conflictingKeys, type.key.span, "a blueprint has either 'services' or a 'type', not both; move the type into services", context === 'plan' ? {} : { severity: 'warning' });
    if (services?.value.kind === 'list' && services.value.items.length === 0) this.#report(emptyServices, services.key.span, 'services is empty: there is nothing to deploy');
    if (services && isNothing(services.value)) this.#report(emptyServices, services.key.span, 'services is empty: there is nothing to deploy');
    const location = entryOf(node, 'location');
    const locations = entryOf(node, 'locations');
    if (location && locations) this.#report(conflictingKeys, locations.key.span, "a blueprint has either 'location' or 'locations', not both");
  }

  #missingType(node: YamlMap, noun: 'entity' | 'policy' | 'enricher' | 'initializer'): void {
    const first = node.entries[0];
    const place = first?.key.span ?? node.span;
    const article = noun === 'policy' ? 'a' : 'an';
    this.#report(missingKey, place, `${article} ${noun} needs a type: say what it is, for example ${exampleOf[noun]}`);
  }

  #entities(node: YamlMap, key: string): readonly EntitySpec[] {
    const entities: EntitySpec[] = [];
    for (const item of listAt(valueOf(node, key))?.items ?? []) if (item.kind === 'map') entities.push(this.entity(item, 'entity'));
    return entities;
  }

  /** The same for the services of the application, which are many: where there is nothing to be said of any, only those that changed are looked at. */
  #services(node: YamlMap): readonly EntitySpec[] {
    const memory = this.#memory;
    const quiet = memory?.services.of(listAt(valueOf(node, 'services'))?.items ?? [], (item) => {
      if (item.kind !== 'map' || !memory.isKept(item)) return undefined;
      const reader = new Reader([], memory);
      const entity = reader.entity(item, 'entity');
      return reader.diagnostics.length === 0 ? entity : undefined;
    });
    return quiet ?? this.#entities(node, 'services');
  }

  #adjunctMaps(node: YamlMap): readonly YamlMap[] {
    return ['brooklyn.policies', 'brooklyn.enrichers', 'brooklyn.initializers'].flatMap((key) => listAt(valueOf(node, key))?.items ?? []).filter((item) => item.kind === 'map');
  }

  #adjuncts(node: YamlMap, key: string, kind: AdjunctSpec['kind']): readonly AdjunctSpec[] {
    return (listAt(valueOf(node, key))?.items ?? []).flatMap((item) => {
      if (item.kind !== 'map') return [];
      this.#checkKeys(item, kind);
      const type = textAt(valueOf(item, 'type', `${kind}Type`, `${kind}_type`));
      if (!type && !isExpression(item)) this.#missingType(item, kind);
      return [{ kind, node: item, type, config: this.#config(item, kind) }];
    });
  }

  #config(node: YamlMap, context: Context, quietly = false): readonly ConfigValue[] {
    const values: ConfigValue[] = [];
    const add = (map: YamlMap | undefined, written: ConfigValue['written']): void => {
      for (const entry of map?.entries ?? []) {
        const key = keyText(entry);
        if (key !== undefined) values.push({ key: key.trim(), keySpan: entry.key.span, value: entry.value, written });
      }
    };
    for (const entry of node.entries) {
      const word = keyText(entry);
      if (word === undefined) continue;
      if (word === 'brooklyn.config') add(mapAt(entry.value), 'config');
      else if (word === 'brooklyn.flags') add(mapAt(entry.value), 'flag');
      else if (!keyIn(context, word.trim()) && vocabulary[context].others === 'flags') values.push({ key: word.trim(), keySpan: entry.key.span, value: entry.value, written: 'direct' });
    }
    if (!quietly) this.#checkDoubledValues(node);
    return values;
  }

  /** Doubled keys in the maps of values. */
  #checkDoubledValues(node: YamlMap): void {
    for (const key of ['brooklyn.config', 'brooklyn.flags']) {
      const map = mapAt(valueOf(node, key));
      if (map) this.#checkDoubled(map);
    }
    for (const entry of node.entries) if (!entry.merged && entry.value.kind === 'map' && !keyIn('entity', keyText(entry) ?? '')) this.#checkDoubled(entry.value);
  }

  #checkDoubled(map: YamlMap): void {
    for (const { entry } of this.#writtenKeys(map)) if (entry.value.kind === 'map') this.#checkDoubled(entry.value);
  }

  #parameters(node: YamlMap): readonly ParameterSpec[] {
    return (listAt(valueOf(node, 'brooklyn.parameters'))?.items ?? []).flatMap((item): ParameterSpec[] => {
      const none = { type: undefined, flag: undefined, description: undefined, default: undefined, constraints: undefined, deprecatedNames: [] };
      if (item.kind === 'scalar') return [{ node: item, name: textAt(item), ...none }];
      if (item.kind === 'list') {
        this.#report(wrongShape, item.span, 'a parameter must be a name, or a map with a name');
        return [];
      }
      this.#checkKeys(item, 'parameter');
      const name = textAt(valueOf(item, 'name'));
      const sensor = mapAt(valueOf(item, 'sensor'));
      if (!name && !(sensor && entryOf(sensor, 'name'))) this.#report(missingKey, item.entries[0]?.key.span ?? item.span, 'a parameter needs a name: the config key that it declares');
      return [
        {
          node: item,
          name,
          type: textAt(valueOf(item, 'type')),
          flag: textAt(valueOf(item, 'flag'))?.value,
          description: textAt(valueOf(item, 'description'))?.value,
          default: valueOf(item, 'default'),
          constraints: valueOf(item, 'constraints'),
          deprecatedNames: texts(valueOf(item, 'deprecatedNames')),
        },
      ];
    });
  }

  #specsOf(values: readonly ConfigValue[]): EntitySpec['specs'] {
    return values.flatMap(({ key, value }) => this.#specsIn(value).map((spec) => ({ key, spec })));
  }

  /** Entities described inside a config value, at any depth. */
  #specsIn(value: YamlNode, depth = 0): readonly EntitySpec[] {
    if (depth > 40 || value.kind === 'scalar') return [];
    if (value.kind === 'list') return value.items.flatMap((item) => this.#specsIn(item, depth + 1));
    return value.entries.flatMap((entry) => {
      if (keyText(entry) !== '$brooklyn:entitySpec') return this.#specsIn(entry.value, depth + 1);
      const inner = entry.value.kind === 'list' ? entry.value.items[0] : entry.value;
      return inner?.kind === 'map' ? [this.entity(inner, 'entity')] : [];
    });
  }
}

const exampleOf = { entity: 'docker:redis:7', policy: 'org.apache.brooklyn.policy.ha.ServiceRestarter', enricher: 'org.apache.brooklyn.enricher.stock.Transformer', initializer: 'org.apache.brooklyn.core.sensor.StaticSensor' };

/** A key that was meant to be `brooklyn.config` or its like: said here, and nowhere else. */
export function isNearlyReserved(word: string): boolean {
  return /[.-]/.test(word) && /^b?r?o{1,3}k?l?y?n?[.-]|^bro+k?l?yn|^brookyn/i.test(word);
}

/** True for `$brooklyn:...` in value form or in key form. */
export function isExpression(node: YamlNode): boolean {
  if (node.kind === 'scalar') return typeof node.value === 'string' && node.value.startsWith('$brooklyn:');
  return node.kind === 'map' && node.entries.length === 1 && node.entries.every((entry) => keyText(entry)?.startsWith('$brooklyn:'));
}

/** What has a Dockerfile needs no type: its key says what it is. */
function typeByConfig(config: readonly ConfigValue[]): Located<string> | undefined {
  const dockerfile = config.find(({ key, value }) => (key === 'docker.dockerfile.url' || key === 'dockerfileUrl') && !isNothing(value));
  return dockerfile && { value: 'dockerfile-application', span: dockerfile.keySpan };
}

function texts(node: YamlNode | undefined): readonly string[] {
  if (node?.kind === 'list') return node.items.flatMap((item) => textAt(item)?.value ?? []);
  const one = textAt(node);
  return one ? [one.value] : [];
}

function members(node: YamlNode | undefined): readonly MemberSpec[] {
  return (listAt(node)?.items ?? []).flatMap((item) => {
    const map = mapAt(item);
    const name = textAt(map ? valueOf(map, 'name') : item)?.value;
    const value = map && valueOf(map, 'value');
    return name === undefined ? [] : [{ name, type: map && textAt(valueOf(map, 'type'))?.value, description: map && textAt(valueOf(map, 'description'))?.value, ...(value && { value: plainOf(value) }) }];
  });
}
