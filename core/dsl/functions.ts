// Every function of the `$brooklyn:` language, once. Checking, completion, hover, signature help and the reference page are
// made from this table; what a function does is in evaluate.ts.

/** Where a call may stand: at the start of an expression, on an entity (`entity("x").f()`), or on any value. */
export type Receiver = 'start' | 'entity' | 'any';

/** What a function gives, and so what may be called on it. `value` is anything: a sensor's or a config key's content. */
export type Result = 'entity' | 'value' | 'text' | 'sensor' | 'location' | 'spec' | 'object' | 'function' | 'secret';

/** What is expected as an argument. Every kind also takes an expression that gives it, but `scope` and `typeName`. */
export type ArgumentKind =
  | 'entityId'
  | 'scope'
  | 'configKey'
  | 'sensorName'
  | 'typeName'
  | 'index'
  | 'text'
  | 'pattern'
  | 'map'
  | 'list'
  | 'objectWithConfig'
  | 'objectPlan'
  | 'whenReadyOptions'
  | 'anything';

export interface Parameter {
  readonly name: string;
  readonly kind: ArgumentKind;
  readonly isOptional?: boolean;
  /** Takes all arguments from here on, none included. */
  readonly isRest?: boolean;
  readonly sentence: string;
}

export interface DslFunction {
  readonly name: string;
  readonly on: readonly Receiver[];
  /** One or more lists of parameters; a call fits one of them. */
  readonly signatures: readonly (readonly Parameter[])[];
  readonly result: Result;
  /** Takes maps or lists, which only the key form (`$brooklyn:fn:` in YAML) can hold. */
  readonly isKeyFormOnly?: boolean;
  /** The version of Brooklyn that brought it; `master` is not in a release. */
  readonly since: string;
  readonly sentence: string;
  readonly example: string;
}

/** The scope words of `component(scope, id)`: where the entity is searched. */
export const scopeWords = {
  global: 'the whole application',
  child: 'the children of the entity',
  parent: 'the parent, whatever its id',
  sibling: 'the other children of the same parent',
  descendant: 'everything below the entity, without itself',
  ancestor: 'everything above the entity, without itself',
  root: 'the application, whatever its id',
  scopeRoot: 'the root of the catalog item the text was written in',
  members: 'the members of the group, then everything below it',
  membersOnly: 'the members of the group and nothing else',
  applications: 'all applications of the cloud',
  this: 'the entity itself',
} as const;

export type ScopeWord = keyof typeof scopeWords;

const scopeNames = new Map(typedKeys(scopeWords).map((word) => [folded(word), word]));

/** The scope a word stands for; `members_only` and any case of the first letter are accepted, as upstream does. */
export function scopeWord(word: string): ScopeWord | undefined {
  // Upstream turns lowerCamel into UPPER_UNDERSCORE: `membersOnly` and `members_only` both arrive at MEMBERS_ONLY, `GLOBAL` does not arrive.
  return /^_|[A-Z]{2}/.test(word) ? undefined : scopeNames.get(folded(word)) ?? undefined;
}

const id: Parameter = { name: 'id', kind: 'entityId', sentence: 'The `id` of the entity, or an expression that gives the id or the entity.' };
const key: Parameter = { name: 'key', kind: 'configKey', sentence: 'The name of the config key.' };
const sensor: Parameter = { name: 'sensor', kind: 'sensorName', sentence: 'The name of the sensor.' };
const anywhere: readonly Receiver[] = ['start', 'entity'];

export const functions: readonly DslFunction[] = [
  entityFunction('self', [], '0.10', 'The entity that the expression stands at.', '$brooklyn:self().config("port")'),
  entityFunction('entity', [id], '0.7', 'The entity with this id, anywhere in the application.', '$brooklyn:entity("db").attributeWhenReady("host.address")'),
  entityFunction('parent', [], '0.7', 'The entity that this one is a child of.', '$brooklyn:parent().config("domain")'),
  entityFunction('child', [id], '0.7', 'The child with this id.', '$brooklyn:child("worker")'),
  entityFunction('sibling', [id], '0.7', 'The other child of the same parent with this id.', '$brooklyn:sibling("db").attributeWhenReady("datastore.url")'),
  entityFunction('descendant', [id], '0.7', 'The entity with this id somewhere below this one.', '$brooklyn:descendant("web")'),
  entityFunction('ancestor', [id], '0.7', 'The entity with this id somewhere above this one.', '$brooklyn:ancestor("cluster")'),
  entityFunction('root', [], '0.9', 'The application.', '$brooklyn:root().config("environment")'),
  entityFunction('scopeRoot', [], '0.9', 'The root of the catalog item that the text was written in; the application where there is none.', '$brooklyn:scopeRoot().config("version")'),
  {
    name: 'component',
    on: anywhere,
    signatures: [[id], [{ name: 'scope', kind: 'scope', sentence: `Where to search: ${Object.keys(scopeWords).join(', ')}.` }, id]],
    result: 'entity',
    since: '0.7',
    sentence: 'The entity with this id, in the scope named first or else anywhere in the application.',
    example: '$brooklyn:component("sibling", "db")',
  },
  entityFunction(
    'application',
    [{ name: 'id', kind: 'entityId', sentence: 'The `id` in the blueprint of the application, or the id it got when it was deployed.' }],
    '1.1',
    'Another application of the cloud.',
    '$brooklyn:application("shared-db").entity("db")',
  ),
  entityFunction('member', [id], '1.1', 'The member of a group with this id, or else the entity with this id below it.', '$brooklyn:entity("cluster").member("first")'),
  {
    name: 'config',
    on: anywhere,
    signatures: [[key], [{ name: 'object', kind: 'objectWithConfig', sentence: 'An entity, location or policy to ask instead.' }, key]],
    result: 'value',
    since: '0.7',
    sentence: 'The value of a config key, expressions in it resolved; nothing when it is not set.',
    example: '$brooklyn:config("download.url")',
  },
  {
    name: 'attributeWhenReady',
    on: anywhere,
    signatures: [
      [sensor, { name: 'options', kind: 'whenReadyOptions', isOptional: true, sentence: 'How long to wait and when to give up: a map, so only the key form takes it.' }],
    ],
    result: 'value',
    since: '0.7',
    sentence: 'The value of a sensor, waited for until it is there and neither false, zero nor empty.',
    example: '$brooklyn:entity("db").attributeWhenReady("host.address")',
  },
  {
    name: 'attributeWhenReadyAllowingOnFire',
    on: anywhere,
    signatures: [[sensor]],
    result: 'value',
    since: 'master',
    sentence: 'As attributeWhenReady, but it goes on waiting when the entity is on fire.',
    example: '$brooklyn:entity("db").attributeWhenReadyAllowingOnFire("host.address")',
  },
  {
    name: 'sensor',
    on: anywhere,
    signatures: [[sensor], [{ name: 'type', kind: 'typeName', sentence: 'The type that declares the sensor.' }, sensor]],
    result: 'sensor',
    since: '0.7',
    sentence: 'The sensor itself, not its value: policies and enrichers want it.',
    example: '$brooklyn:sensor("webapp.reqs.perSec.last")',
  },
  { name: 'entityId', on: anywhere, signatures: [[]], result: 'text', since: '0.10', sentence: 'The id that the entity got when it was deployed.', example: '$brooklyn:entityId()' },
  {
    name: 'location',
    on: anywhere,
    signatures: [[{ name: 'index', kind: 'index', isOptional: true, sentence: 'Which of its locations, from 0.' }]],
    result: 'location',
    since: '1.0',
    sentence: 'A location of the entity, or of the nearest one above that has one.',
    example: '$brooklyn:location(0)',
  },
  {
    name: 'template',
    on: anywhere,
    signatures: [
      [
        { name: 'text', kind: 'text', sentence: "A FreeMarker text: `${config['key']}`, `${attribute['sensor']}`, `<#if ...>`." },
        { name: 'substitutions', kind: 'map', isOptional: true, sentence: 'More names for the text: a map, so only the key form takes it.' },
      ],
    ],
    result: 'text',
    since: '0.12',
    sentence: 'A FreeMarker text, filled in from the entity.',
    example: '$brooklyn:template("http://${attribute[\'host.name\']}/")',
  },
  {
    name: 'formatString',
    on: ['start', 'any'],
    signatures: [
      [
        { name: 'pattern', kind: 'pattern', sentence: 'A text with `%s` for each value, as of Java\'s String.format.' },
        { name: 'values', kind: 'anything', isRest: true, sentence: 'What takes the places in the pattern, in their order.' },
      ],
    ],
    result: 'text',
    since: '0.7',
    sentence: 'A text put together from a pattern and values.',
    example: '$brooklyn:formatString("http://%s:%s/", attributeWhenReady("host.name"), config("port"))',
  },
  {
    name: 'regexReplacement',
    on: ['start', 'any'],
    signatures: [
      [
        { name: 'source', kind: 'text', sentence: 'The text to change.' },
        { name: 'pattern', kind: 'text', sentence: "What to look for: a regular expression in Java's syntax." },
        { name: 'replacement', kind: 'text', sentence: 'What to put in its place; `$1` is the first group.' },
      ],
    ],
    result: 'text',
    since: '0.9',
    sentence: 'A text with every match of a pattern replaced.',
    example: '$brooklyn:regexReplacement(config("url"), "^http:", "https:")',
  },
  {
    name: 'function.regexReplacement',
    on: ['start'],
    signatures: [
      [
        { name: 'pattern', kind: 'text', sentence: "What to look for: a regular expression in Java's syntax." },
        { name: 'replacement', kind: 'text', sentence: 'What to put in its place; `$1` is the first group.' },
      ],
    ],
    result: 'function',
    since: '0.9',
    sentence: 'A function that replaces every match of a pattern, for enrichers that take one.',
    example: '$brooklyn:function.regexReplacement("^http:", "https:")',
  },
  {
    name: 'urlEncode',
    on: ['start', 'any'],
    signatures: [[{ name: 'text', kind: 'text', sentence: 'The part of a URL to encode, not a whole URL.' }]],
    result: 'text',
    since: '0.11',
    sentence: 'A text made safe as a part of a URL.',
    example: '$brooklyn:urlEncode(config("password"))',
  },
  {
    name: 'literal',
    on: ['start'],
    signatures: [[{ name: 'value', kind: 'anything', sentence: 'What is to stay as it is.' }]],
    result: 'value',
    since: '0.7',
    sentence: 'The value as written, even when it looks like an expression.',
    example: '$brooklyn:literal("$brooklyn:self()")',
  },
  {
    name: 'external',
    on: ['start', 'any'],
    signatures: [
      [
        { name: 'provider', kind: 'text', sentence: 'The name of the provider of secrets.' },
        { name: 'key', kind: 'text', sentence: 'Which of its secrets.' },
      ],
    ],
    result: 'secret',
    since: '0.8',
    sentence: 'A secret, read when it is needed and never stored or shown.',
    example: '$brooklyn:external("vault", "db.password")',
  },
  {
    name: 'entitySpec',
    on: ['start'],
    signatures: [[{ name: 'spec', kind: 'map', sentence: 'An entity as under `services`: a map with at least `type`.' }]],
    result: 'spec',
    isKeyFormOnly: true,
    since: '0.7',
    sentence: 'The description of an entity to be made later: a member of a cluster, say.',
    example: '$brooklyn:entitySpec:\n  type: docker:redis:7',
  },
  {
    name: 'object',
    on: ['start'],
    signatures: [[{ name: 'plan', kind: 'objectPlan', sentence: 'A map with `type`, and with `brooklyn.config`, `object.fields`, `constructor.args` or a factory method; or that as text.' }]],
    result: 'object',
    since: '0.7',
    sentence: 'An object of a type: a placement strategy, say.',
    example: '$brooklyn:object:\n  type: clocker.docker.location.strategy.basic.BreadthFirstPlacementStrategy',
  },
  {
    name: 'chain',
    on: ['start'],
    signatures: [
      [
        { name: 'start', kind: 'anything', sentence: 'The expression to begin with.' },
        { name: 'steps', kind: 'anything', isRest: true, sentence: '`{ function: [arguments] }` or `"[key]"`, each applied to the result so far.' },
      ],
    ],
    result: 'value',
    isKeyFormOnly: true,
    since: 'master',
    sentence: 'Functions called one on another, where an argument is a map or a list.',
    example: '$brooklyn:chain:\n- $brooklyn:entity("db")\n- attributeWhenReady: ["host.address", { timeout: 5m }]',
  },
];

const byName = new Map(functions.map((entry) => [entry.name, entry]));

/** The function of this name, without the prefix. */
export function functionNamed(name: string): DslFunction | undefined {
  return byName.get(name);
}

/** The fewest and the most arguments a signature takes. */
export function arity(signature: readonly Parameter[]): { readonly least: number; readonly most: number } {
  const isEndless = signature.some(({ isRest }) => isRest === true);
  return { least: signature.filter(({ isOptional, isRest }) => isOptional !== true && isRest !== true).length, most: isEndless ? Number.POSITIVE_INFINITY : signature.length };
}

/** The first signature that takes so many arguments. */
export function signatureFor({ signatures }: DslFunction, count: number): readonly Parameter[] | undefined {
  return signatures.find((signature) => arity(signature).least <= count && count <= arity(signature).most);
}

/** The parameter an argument belongs to. */
export function parameterAt(signature: readonly Parameter[], index: number): Parameter | undefined {
  const last = signature.at(-1);
  return signature[index] ?? (last?.isRest === true ? last : undefined);
}

/** `component(scope, id)`, `formatString(pattern, values...)`, `location(index?)`: what signature help shows. */
export function signatureText(name: string, signature: readonly Parameter[]): string {
  return `${name}(${signature.map(parameterText).join(', ')})`;
}

export function parameterText({ name, isOptional, isRest }: Parameter): string {
  return name + (isRest === true ? '...' : isOptional === true ? '?' : '');
}

function entityFunction(name: string, parameters: readonly Parameter[], since: string, sentence: string, example: string): DslFunction {
  return { name, on: anywhere, signatures: [parameters], result: 'entity', since, sentence, example };
}

function folded(word: string): string {
  return word.replaceAll('_', '').toLowerCase();
}

function typedKeys(words: typeof scopeWords): ScopeWord[] {
  return Object.keys(words).filter((word): word is ScopeWord => word in words);
}
