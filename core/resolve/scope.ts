// The tree of drafts as expressions see it (core/dsl/scope.ts): what is written, and what its sensors are given.

import type { Changes } from '#core/incremental/changes.ts';
import { type Draft, all } from '#core/resolve/draft.ts';
import { effectiveConfig } from '#core/resolve/effective.ts';
import type { KnownType, Outline, ScopeEntity } from '#core/dsl/scope.ts';
import type { Value } from '#core/dsl/value.ts';

/** The value of a sensor of an entity, as far as it is known. */
export type SensorValue = (entity: Draft, name: string) => Value | undefined;

export type ScopeOf = (entity: Draft) => ScopeEntity;

/** Makes the scope of a whole tree; gives the way from a draft to its entity in it. A fragment is a tree that will be put into another: a catalog item. `sensor` gives what is known of a sensor. */
export function scopeOf(root: Draft, isFragment = false, sensor?: SensorValue): ScopeOf {
  const scopes = new Scopes(root, isFragment, undefined, sensor);
  return (entity) => scopes.of(entity);
}

/** The scope of a tree that follows its text. Each entity's is made when somebody looks at it. */
export class Scopes {
  readonly #root: Draft;
  readonly #isFragment: boolean;
  readonly #entities = new WeakMap<Draft, ScopeEntity>();
  readonly #asked: (id: string, isKnown: boolean) => void;
  readonly #sensor: SensorValue;
  readonly #draftsWith: ((id: string) => readonly Draft[]) | undefined;
  #byId: Map<string, ScopeEntity[]> | undefined;
  #byKey: Map<string, ScopeEntity> | undefined;
  /** Of the whole tree, and of the children of the root, which are many and mostly stay. */
  #outline: Outline | undefined;
  readonly #outlines = new WeakMap<Draft, Outline>();

  /** `asked` is told each id that is looked for, and whether an entity has it. `draftsWith` gives those of an id, where somebody knows them without looking at all. */
  constructor(root: Draft, isFragment: boolean, asked: (id: string, isKnown: boolean) => void = () => {}, sensor: SensorValue = () => undefined, draftsWith?: (id: string) => readonly Draft[]) {
    this.#root = root;
    this.#isFragment = isFragment;
    this.#asked = asked;
    this.#sensor = sensor;
    this.#draftsWith = draftsWith;
  }

  /** After the tree has followed its text: what is not there any more, and what is new. */
  follow({ gone, come }: Changes<Draft>): void {
    this.#byKey = undefined;
    this.#outline = undefined;
    if (!this.#byId) return;
    for (const entity of gone.flatMap(all)) this.#forget(this.#byId, entity);
    for (const entity of come.flatMap(all)) this.#learn(this.#byId, entity);
  }

  of(entity: Draft): ScopeEntity {
    const known = this.#entities.get(entity) ?? this.#made(entity);
    this.#entities.set(entity, known);
    return known;
  }

  #made(entity: Draft): ScopeEntity {
    const { spec, found, parent } = entity;
    const of = (other: Draft): ScopeEntity => this.of(other);
    const children = following(() => entity.children, (drafts) => drafts.map(of));
    const members = following(() => entity.describedMembers, (drafts) => (drafts.length > 0 ? drafts.map(of) : undefined));
    const type = following(() => spec, () => spec.type && knownType(entity));
    return {
      get key() {
        return entity.key;
      },
      ...(spec.id && { id: spec.id.value }),
      ...(spec.name && { name: spec.name.value }),
      ...(parent && { parent: of(parent) }),
      get children() {
        return children();
      },
      get members() {
        return members();
      },
      get type() {
        return type();
      },
      isFragment: this.#isFragment && parent === undefined,
      isApplication: parent === undefined || found?.type.kind === 'application',
      isScopeRoot: parent === undefined || found?.type.parts !== undefined,
      mayGrow: spec.type !== undefined && (found === undefined || entity.members?.isWhole === false || entity.describedMembers.length > 0),
      locations: [],
      config: (key) => {
        const effective = effectiveConfig(entity).get(key);
        return effective && { value: effective.value, at: of(effective.at) };
      },
      sensor: (name) => this.#sensor(entity, name),
      ...(parent === undefined && { named: (id: string) => this.#named(id), outline: () => (this.#outline ??= this.#outlineOf(this.#root)) }),
    };
  }

  #learn(byId: Map<string, ScopeEntity[]>, entity: Draft): void {
    const id = entity.spec.id?.value;
    if (id === undefined) return;
    const known = byId.get(id);
    if (known) known.push(this.of(entity));
    else byId.set(id, [this.of(entity)]);
  }

  #forget(byId: Map<string, ScopeEntity[]>, entity: Draft): void {
    const id = entity.spec.id?.value;
    const left = (byId.get(id ?? '') ?? []).filter((other) => other !== this.of(entity));
    if (id !== undefined && left.length > 0) byId.set(id, left);
    else if (id !== undefined) byId.delete(id);
  }

  #outlineOf(entity: Draft): Outline {
    const ids: string[] = [];
    if (entity.spec.id) ids.push(entity.spec.id.value);
    let mayGrow = this.of(entity).mayGrow === true;
    for (const child of entity.children) {
      const known = this.#outlines.get(child) ?? this.#outlineOf(child);
      if (entity === this.#root) this.#outlines.set(child, known);
      ids.push(...known.ids);
      mayGrow ||= known.mayGrow;
    }
    return { ids, mayGrow };
  }

  #named(id: string): readonly ScopeEntity[] {
    if (this.#draftsWith) return this.#draftsWith(id).map((entity) => this.of(entity));
    if (!this.#byId) {
      this.#byId = new Map();
      for (const entity of all(this.#root)) this.#learn(this.#byId, entity);
    }
    const byId = this.#byId;
    const found = byId.get(id);
    this.#asked(id, found !== undefined);
    if (found) return found;
    this.#byKey ??= new Map(all(this.#root).map((entity) => [entity.key, this.of(entity)]));
    const byKey = this.#byKey.get(id);
    return byKey ? [byKey] : [];
  }
}

/** What is made from a value, made again when the value is another. */
function following<T, R>(source: () => T, make: (value: T) => R): () => R {
  let last: { readonly from: T; readonly made: R } | undefined;
  return () => {
    const from = source();
    if (!last || last.from !== from) last = { from, made: make(from) };
    return last.made;
  };
}

function knownType({ spec, found, members }: Draft): KnownType {
  return {
    name: found?.type.name ?? found?.type.id ?? spec.type?.value ?? '',
    // Made when somebody asks for one: most are never asked.
    get configKeys() {
      return new Set([...(members?.parameters.keys() ?? []), ...(members?.flags.keys() ?? []), ...spec.parameters.flatMap(({ name }) => (name ? [name.value] : [])), ...spec.config.map(({ key }) => key)]);
    },
    get sensors() {
      return new Set(members?.sensors.keys());
    },
    isComplete: members?.isWhole === true && spec.adjuncts.length === 0,
  };
}
