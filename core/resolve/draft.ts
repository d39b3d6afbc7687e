// The entities of a blueprint as a tree, each with its type and a key of its own, and with the children that its type brings
// along. What check and resolve both start from.

import type { EntitySpec } from '#core/blueprint/spec.ts';
import type { Catalog, Found, Members } from '#core/catalog/catalog.ts';
import type { Type } from '#core/catalog/type.ts';
import type { Changes } from '#core/incremental/changes.ts';
import { changesBetween } from '#core/incremental/changes.ts';
import { read } from '#core/blueprint/read.ts';
import type { Reading } from '#core/blueprint/read.ts';

export interface Draft {
  /** Unique in the tree and the same on every reading of the same text: the id, or one made from name or type. */
  readonly key: string;
  readonly spec: EntitySpec;
  readonly parent: Draft | undefined;
  readonly found: Found | undefined;
  readonly members: Members | undefined;
  /** The text that places in `spec` refer to. */
  readonly source: string;
  /** Root of what a catalog item describes: the entity itself where its type is an item with parts. */
  readonly isScopeRoot: boolean;
  /** True for an entity that a config value describes (`$brooklyn:entitySpec`). */
  readonly isMember: boolean;
  readonly children: readonly Draft[];
  readonly describedMembers: readonly Draft[];
}

/** Types within types, as deep as anybody nests them; a cycle ends here. */
const maxDepth = 30;

/** The tree of a plan or of a catalog item's definition. Never fails: unknown types bring nothing along. */
export function draft(root: EntitySpec, source: string, catalog: Catalog): Draft {
  return new DraftTree(root, source, catalog).root;
}

/** A tree that follows its text: what is read again takes the place of what it was, the rest stays. */
export class DraftTree {
  readonly #catalog: Catalog;
  readonly #root: TreeDraft;
  #source: string;
  readonly #children = new Map<EntitySpec, Draft>();
  #keys: ReadonlyMap<Draft, string> | undefined;

  constructor(root: EntitySpec, source: string, catalog: Catalog) {
    this.#catalog = catalog;
    this.#source = source;
    this.#root = this.#made(root, undefined, undefined, false);
    this.#fill(this.#root, undefined, 0, []);
  }

  get root(): Draft {
    return this.#root;
  }

  get source(): string {
    return this.#source;
  }

  /** The same root, read again. Its type and its own values must mean what they meant. Gives what went from below the root, and what came. */
  follow(root: EntitySpec, source: string): Changes<Draft> {
    const before = [...this.#root.children, ...this.#root.describedMembers];
    this.#source = source;
    this.#root.spec = root;
    this.#fill(this.#root, undefined, 0, []);
    this.#keys = undefined;
    const changes = changesBetween(before, [...this.#root.children, ...this.#root.describedMembers]);
    for (const { spec } of changes.gone) this.#children.delete(spec);
    return changes;
  }

  /** The entity of a child of the root. */
  childOf(spec: EntitySpec): Draft | undefined {
    return this.#children.get(spec);
  }

  keyOf(entity: Draft): string {
    this.#keys ??= keysIn(this.#root);
    return this.#keys.get(entity) ?? '';
  }

  #build(spec: EntitySpec, text: string | undefined, parent: Draft, depth: number, isMember: boolean, lineage: readonly Type[]): TreeDraft {
    const made = this.#made(spec, text, parent, isMember);
    this.#fill(made, text, depth, lineage);
    return made;
  }

  /** `text` is where the type stands that brings the entity along; absent for what stands in the source itself. */
  #made(spec: EntitySpec, text: string | undefined, parent: Draft | undefined, isMember: boolean): TreeDraft {
    const found = spec.type && this.#catalog.find(spec.type.value);
    return new TreeDraft(this, text, { spec, parent, found, members: found && this.#catalog.membersOf(found.type), isMember });
  }

  #fill(made: TreeDraft, text: string | undefined, depth: number, lineage: readonly Type[]): void {
    const { spec, members } = made;
    const before = made.children;
    const children: Draft[] = [];
    if (depth < maxDepth) {
      const added = (members?.lineage ?? []).filter(({ parts }) => parts !== undefined);
      for (const type of added) {
        if (lineage.includes(type)) continue;
        const { plan, text: partsText } = partsOf(type);
        for (const child of plan?.children ?? []) children.push(this.#build(child, partsText, made, depth + 1, false, [...lineage, ...added]));
      }
      for (const child of spec.children) {
        const same = before[children.length];
        const known = same?.spec === child ? same : made.parent === undefined ? this.#children.get(child) : undefined;
        const entity = known ?? this.#build(child, text, made, depth + 1, false, lineage);
        if (!known && made.parent === undefined) this.#children.set(child, entity);
        children.push(entity);
      }
      made.describedMembers = spec.specs.map(({ spec: member }) => this.#build(member, text, made, depth + 1, true, lineage));
    }
    made.children = children;
  }
}

class TreeDraft implements Draft {
  spec: EntitySpec;
  readonly parent: Draft | undefined;
  readonly found: Found | undefined;
  readonly members: Members | undefined;
  readonly isScopeRoot = false;
  readonly isMember: boolean;
  children: readonly Draft[] = [];
  describedMembers: readonly Draft[] = [];
  readonly #tree: DraftTree;
  readonly #text: string | undefined;

  constructor(tree: DraftTree, text: string | undefined, { spec, parent, found, members, isMember }: Pick<Draft, 'spec' | 'parent' | 'found' | 'members' | 'isMember'>) {
    this.#tree = tree;
    this.#text = text;
    this.spec = spec;
    this.parent = parent;
    this.found = found;
    this.members = members;
    this.isMember = isMember;
  }

  get key(): string {
    return this.#tree.keyOf(this);
  }

  get source(): string {
    return this.#text ?? this.#tree.source;
  }
}

const readParts = new WeakMap<Type, Reading>();

function partsOf(type: Type): Reading {
  const known = readParts.get(type) ?? read(type.parts ?? '');
  readParts.set(type, known);
  return known;
}

function keysIn(root: Draft): ReadonlyMap<Draft, string> {
  const taken = new Map<string, number>();
  return new Map(all(root).map((entity) => [entity, keyFor(entity.spec, taken)]));
}

/** All entities of a tree, each before what belongs to it. */
export function all(root: Draft): readonly Draft[] {
  return [root, ...root.children.flatMap(all), ...root.describedMembers.flatMap(all)];
}

/** `taken` has the keys that are given, each with the number up to which its own followers are. */
function keyFor(spec: EntitySpec, taken: Map<string, number>): string {
  const base = slug(spec.id?.value ?? spec.name?.value ?? typeWord(spec.type?.value ?? 'application'));
  let key = base;
  let count = taken.get(base) ?? 1;
  while (taken.has(key)) key = `${base}-${++count}`;
  if (key !== base) taken.set(base, count);
  taken.set(key, 1);
  return key;
}

/** `docker:registry.example:5000/team/redis:7` is a `redis`; `org.apache...TomcatServer` is a `tomcatserver`. */
export function typeWord(type: string): string {
  if (type.startsWith('docker:')) return (type.slice('docker:'.length).split('@')[0] ?? '').replace(/:[^/:]*$/, '').split('/').at(-1) ?? type;
  return type.replace(/:[^:]*$/, '').split('.').at(-1) ?? type;
}

/** Lower-case letters, digits, `-`, `_`, `.`, starting with a letter or digit: what Docker takes in a name. */
export function slug(text: string): string {
  const plain = text.toLowerCase().normalize('NFKD').replaceAll(/\p{Mark}/gu, '').replaceAll(/[^a-z0-9_.]+/g, '-').replace(/^[-_.]+/, '').replace(/[-_.]+$/, '');
  return plain === '' ? 'entity' : plain;
}
