// Every key of the language, once: its names, what its value looks like, and one sentence. Reading, completion, hover, the
// JSON Schema and the reference page are made from this table. Config keys of types are not here: they are parameters in
// the catalog.

/** The kinds of map in a blueprint. */
export type Context = 'plan' | 'entity' | 'policy' | 'enricher' | 'initializer' | 'parameter' | 'catalog' | 'item' | 'library' | 'plan-or-entity';

/** What the value of a key looks like. */
export type Shape =
  | { readonly kind: 'text' }
  | { readonly kind: 'boolean' }
  /** The name of a type of that kind: an id of a catalog item, `docker:IMAGE`, a Java class name. */
  | { readonly kind: 'type'; readonly of: 'entity' | 'policy' | 'enricher' | 'initializer' | 'value' }
  | { readonly kind: 'map'; readonly of: Context }
  /** A map of a context, or a text that says where it stands. */
  | { readonly kind: 'map-or-text'; readonly of: Context }
  | { readonly kind: 'list'; readonly of: Context }
  /** A list whose items are maps of a context or plain texts. */
  | { readonly kind: 'list-or-texts'; readonly of: Context }
  /** A map from config keys of the type to values. */
  | { readonly kind: 'config' }
  | { readonly kind: 'location' }
  | { readonly kind: 'locations' }
  | { readonly kind: 'texts' }
  | { readonly kind: 'choice'; readonly of: readonly string[] }
  | { readonly kind: 'anything-list' }
  | { readonly kind: 'anything' };

export interface Key {
  readonly name: string;
  /** Other spellings that upstream accepts. */
  readonly aliases?: readonly string[];
  readonly shape: Shape;
  readonly sentence: string;
  readonly isRequired?: true;
  /** As it would be written. */
  readonly default?: string;
  /** Understood, but nothing reads it. */
  readonly isIgnored?: true;
}

export interface ContextTable {
  /** What such a map is, for messages: "a service". */
  readonly noun: string;
  /** What a key that is not in the table is: kept and ignored, a flag of the type, or a mistake. */
  readonly others: 'ignored' | 'flags' | 'mistake';
  readonly keys: readonly Key[];
}

const text: Shape = { kind: 'text' };
const anything: Shape = { kind: 'anything' };

const name: Key = { name: 'name', shape: text, sentence: 'The name that people see.' };
const description: Key = { name: 'description', shape: text, sentence: 'What this is for, in a sentence or two.' };
const iconUrl: Key = { name: 'iconUrl', aliases: ['icon_url', 'icon.url'], shape: text, sentence: 'URL of a picture that stands for it.' };
const location: Key = {
  name: 'location',
  shape: { kind: 'location' },
  sentence: 'Where it goes: a Docker host or Docker cloud by name, or a location in the language of Brooklyn (`localhost`, `byon`, `jclouds:...`).',
};
const locations: Key = { name: 'locations', shape: { kind: 'locations' }, sentence: 'Several locations; entities that spread, such as a fabric, use all of them.' };

const entityParts: readonly Key[] = [
  { name: 'brooklyn.config', shape: { kind: 'config' }, sentence: 'Values for config keys of the type, inherited by the children.' },
  { name: 'brooklyn.parameters', shape: { kind: 'list-or-texts', of: 'parameter' }, sentence: 'Config keys that this adds to its type: name, type, default, description.' },
  { name: 'brooklyn.children', shape: { kind: 'list', of: 'entity' }, sentence: 'Entities that belong to this one and are started after it.' },
  { name: 'brooklyn.policies', shape: { kind: 'list', of: 'policy' }, sentence: 'What watches the entity and acts: restart what fails, scale with load.' },
  { name: 'brooklyn.enrichers', shape: { kind: 'list', of: 'enricher' }, sentence: 'What makes sensors from other sensors.' },
  { name: 'brooklyn.initializers', shape: { kind: 'list', of: 'initializer' }, sentence: 'What is added when the entity is made: sensors, effectors, feeds.' },
  { name: 'brooklyn.tags', shape: { kind: 'anything-list' }, sentence: 'Tags of the entity, plain values only.' },
  { name: 'brooklyn.flags', shape: { kind: 'config' }, sentence: 'Values by the short names (flags) of config keys.' },
];

const entityKeys: readonly Key[] = [
  { name: 'type', aliases: ['serviceType', 'service_type'], shape: { kind: 'type', of: 'entity' }, sentence: 'What the entity is: a type of the catalog, `docker:IMAGE[:TAG]`, or a Java class name of Brooklyn.', isRequired: true },
  { name: 'id', shape: text, sentence: 'The name by which expressions refer to this entity: `$brooklyn:entity("id")`.' },
  name,
  description,
  location,
  locations,
  iconUrl,
  ...entityParts,
  { name: 'brooklyn.catalog', shape: { kind: 'map', of: 'catalog' }, sentence: 'Catalog details of what is defined here.' },
  { name: 'characteristics', shape: { kind: 'anything-list' }, sentence: 'CAMP: what the service must offer.', isIgnored: true },
  { name: 'requirements', shape: { kind: 'anything-list' }, sentence: 'CAMP: what an artifact needs.', isIgnored: true },
];

const typed = (of: 'policy' | 'enricher' | 'initializer'): readonly Key[] => [
  {
    name: 'type',
    aliases: [`${of}Type`, `${of}_type`],
    shape: { kind: 'type', of },
    sentence: `Which ${of} this is.`,
    isRequired: true,
  },
  name,
  { name: 'id', shape: text, sentence: `A name for this ${of}.` },
  { name: 'brooklyn.config', shape: { kind: 'config' }, sentence: `Values for the ${of}'s parameters.` },
  { name: 'brooklyn.flags', shape: { kind: 'config' }, sentence: `Values by the short names of the ${of}'s parameters.` },
];

const itemTypes = ['template', 'application', 'entity', 'policy', 'enricher', 'initializer', 'location', 'bean'] as const;

const catalogCommon: readonly Key[] = [
  { name: 'id', shape: text, sentence: 'The name under which blueprints use the item.' },
  { name: 'version', shape: text, sentence: 'The version; quote it, or `1.10` is read as the number 1.1.' },
  { name: 'bundle', shape: text, sentence: 'The name of the bundle that all items belong to.' },
  { name: 'symbolicName', shape: text, sentence: 'An older word for `id`.' },
  { name: 'name', aliases: ['displayName'], shape: text, sentence: 'The name that people see.' },
  description,
  iconUrl,
  { name: 'itemType', aliases: ['item_type'], shape: { kind: 'choice', of: itemTypes }, sentence: 'What the items are.' },
  { name: 'format', shape: text, sentence: 'How the item is written: `auto`, `brooklyn-camp`, `bean-with-type`.' },
  { name: 'item', shape: { kind: 'map-or-text', of: 'plan-or-entity' }, sentence: 'The definition: a type with its settings, a blueprint with services, or the address of a file that holds it.' },
  { name: 'items', shape: { kind: 'list-or-texts', of: 'item' }, sentence: 'The items; a text is the address of another catalog file.' },
  { name: 'include', shape: anything, sentence: 'Another catalog file whose items are added.' },
  { name: 'brooklyn.libraries', aliases: ['libraries'], shape: { kind: 'list-or-texts', of: 'library' }, sentence: 'Bundles that the items need: a URL, or a name and a version.' },
  { name: 'scanJavaAnnotations', aliases: ['scan_java_annotations'], shape: anything, sentence: 'Look for Java types in the bundle, too.', isIgnored: true },
  { name: 'deprecated', shape: { kind: 'boolean' }, sentence: 'True for an item that should not be used any more.' },
  { name: 'tags', shape: { kind: 'anything-list' }, sentence: 'Tags of the catalog item.' },
  { name: 'brooklyn.parameters', shape: { kind: 'list-or-texts', of: 'parameter' }, sentence: 'Parameters that every item gets.' },
  ...['publish', 'license', 'license_code', 'license_url', 'dependsOn', 'defaults', 'global.parameters', 'issues_url', 'catalog.osgi.wrap.headers'].map(
    (key): Key => ({ name: key, shape: anything, sentence: 'Kept with the item; nothing reads it.', isIgnored: true }),
  ),
];

/** What the catalog that comes with Clocker says more than Brooklyn's; understood in any catalog. */
const itemExtras: readonly Key[] = [
  { name: 'aliases', shape: { kind: 'texts' }, sentence: 'Other names under which blueprints know the type.' },
  { name: 'sensors', shape: { kind: 'anything-list' }, sentence: 'Sensors of the type: name, type, description.' },
  { name: 'effectors', shape: { kind: 'anything-list' }, sentence: 'Effectors of the type: name, description, parameters.' },
  { name: 'runsOnDocker', shape: { kind: 'boolean' }, sentence: 'False for a type that is known but has nothing to run in a container.' },
  { name: 'services', shape: { kind: 'list', of: 'entity' }, sentence: 'The entities of a template, written without `item`.' },
  { name: 'type', shape: { kind: 'type', of: 'entity' }, sentence: 'The type, written without `item`.' },
];

const parameterKeys: readonly Key[] = [
  { name: 'name', shape: text, sentence: 'The config key.', isRequired: true },
  { name: 'deprecatedNames', shape: { kind: 'texts' }, sentence: 'Older names of the key, still accepted.' },
  { name: 'label', shape: text, sentence: 'The name that people see; the key itself where absent.' },
  description,
  { name: 'type', shape: { kind: 'type', of: 'value' }, sentence: 'What values it takes: `string`, `integer`, `duration`, `port`, `list<string>` and so on.', default: 'string' },
  { name: 'default', shape: anything, sentence: 'The value where none is given; may be an expression.' },
  { name: 'pinned', shape: { kind: 'boolean' }, sentence: 'Whether forms show it at first sight.', default: 'true' },
  { name: 'constraints', shape: anything, sentence: 'What a value must satisfy: `required`, `regex: ...`, `glob: ...`, `requiredIf: other` and so on.' },
  { name: 'inheritance.runtime', aliases: ['inheritance.parent'], shape: text, sentence: 'Whether children see the value: `not_reinherited`, `never`, `overwrite`, `deep_merge`.' },
  { name: 'inheritance.type', shape: text, sentence: 'How a subtype inherits the default: `always`, `none`, `deep_merge`.' },
  { name: 'reconfigurable', shape: { kind: 'boolean' }, sentence: 'Whether the value may change while the entity runs.', default: 'false' },
  { name: 'sensor', shape: anything, sentence: 'A sensor that is published with the value.' },
  { name: 'flag', shape: text, sentence: 'A short name that may stand as a key of the entity itself.' },
  { name: 'since', shape: text, sentence: 'The version that brought it.' },
];

const planKeys: readonly Key[] = [
  name,
  description,
  { name: 'id', shape: text, sentence: 'Names the application: deploying a blueprint with the same id again changes that application.' },
  { name: 'origin', shape: text, sentence: 'Where the blueprint comes from.' },
  { name: 'services', shape: { kind: 'list', of: 'entity' }, sentence: 'The entities of the application.' },
  location,
  locations,
  iconUrl,
  ...entityParts,
  { name: 'brooklyn.catalog', shape: { kind: 'map', of: 'catalog' }, sentence: 'Catalog items that this file defines.' },
  { name: 'type', shape: { kind: 'type', of: 'entity' }, sentence: 'The one entity of the application, instead of `services`.' },
  { name: 'wrappedApp', shape: { kind: 'boolean' }, sentence: 'True keeps the application around a single service that is an application itself.' },
  { name: 'artifacts', shape: { kind: 'anything-list' }, sentence: 'CAMP: what is deployed.', isIgnored: true },
  { name: 'version', shape: text, sentence: 'Kept with the plan; nothing reads it.', isIgnored: true },
  { name: 'camp_version', aliases: ['campVersion'], shape: text, sentence: 'The version of CAMP the plan is written for.', isIgnored: true },
];

export const vocabulary: Readonly<Record<Context, ContextTable>> = {
  plan: { noun: 'a blueprint', others: 'ignored', keys: planKeys },
  entity: { noun: 'an entity', others: 'flags', keys: entityKeys },
  policy: { noun: 'a policy', others: 'flags', keys: typed('policy') },
  enricher: { noun: 'an enricher', others: 'flags', keys: typed('enricher') },
  initializer: { noun: 'an initializer', others: 'flags', keys: typed('initializer') },
  parameter: { noun: 'a parameter', others: 'ignored', keys: parameterKeys },
  catalog: { noun: 'a catalog', others: 'ignored', keys: catalogCommon },
  item: { noun: 'a catalog item', others: 'ignored', keys: [...catalogCommon, ...itemExtras] },
  library: {
    noun: 'a library',
    others: 'ignored',
    keys: [
      { name: 'name', shape: text, sentence: 'The name of the bundle.' },
      { name: 'version', shape: text, sentence: 'The version of the bundle.' },
      { name: 'url', shape: text, sentence: 'Where it can be fetched.' },
      { name: 'auth', shape: anything, sentence: 'Username and password for the URL.' },
    ],
  },
  'plan-or-entity': { noun: 'a definition', others: 'flags', keys: [...entityKeys.map(optional), ...planKeys.filter(({ name: key }) => !entityKeys.some((other) => other.name === key))] },
};

function optional(key: Key): Key {
  const { isRequired, ...rest } = key;
  return isRequired ? rest : key;
}

/** A key's name and its other spellings. */
export function namesOf({ name: first, aliases = [] }: Key): readonly string[] {
  return [first, ...aliases];
}

/** The row of a key in a context, by any of its names. */
export function keyIn(context: Context, word: string): Key | undefined {
  return index[context].get(word);
}

const index: Readonly<Record<Context, ReadonlyMap<string, Key>>> = {
  plan: byName('plan'),
  entity: byName('entity'),
  policy: byName('policy'),
  enricher: byName('enricher'),
  initializer: byName('initializer'),
  parameter: byName('parameter'),
  catalog: byName('catalog'),
  item: byName('item'),
  library: byName('library'),
  'plan-or-entity': byName('plan-or-entity'),
};

function byName(context: Context): ReadonlyMap<string, Key> {
  return new Map(vocabulary[context].keys.flatMap((key) => namesOf(key).map((word) => [word, key])));
}
