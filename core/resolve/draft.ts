// The entities of a blueprint as a tree, each with its type and a key of its own, and with the children that its type brings
// along. What check and resolve both start from.

import type { EntitySpec } from '#core/blueprint/spec.ts';
import type { Catalog, Found, Members } from '#core/catalog/catalog.ts';
import type { Type } from '#core/catalog/type.ts';
import { type Changes, changesBetween, Mapped } from '#core/incremental/changes.ts';
import { read, type Reading } from '#core/blueprint/read.ts';

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
  /** For a member of a cluster that was made as often as wanted: which one, counted from 1. */
  readonly ordinal?: number;
}

/** True for an entity that names an image for its only child, which runs it: it has no container itself. */
export function isShell({ members }: Draft): boolean {
  return members?.lineage.some(({ id }) => id === 'microservice') === true;
}

/** An entity to make as a member: what describes it, with the text that places in it refer to (absent for the entity's own), and its number. */
export interface MemberPlan {
  readonly spec: EntitySpec;
  readonly text?: string;
  readonly ordinal?: number;
}

/** Types within types, as deep as anybody nests them; a cycle ends here. */
const maxDepth = 30;

/** The tree of a plan or of a catalog item's definition. Never fails: unknown types bring nothing along. `membersOf` says which members an entity has; each entity that its config describes, once, if left out. */
export function draft(root: EntitySpec, source: string, catalog: Catalog, membersOf?: (entity: Draft) => readonly MemberPlan[]): Draft {
  return new DraftTree(root, source, catalog, membersOf).root;
}

/** A tree that follows its text: what is read again takes the place of what it was, the rest stays. */
export class DraftTree {
  readonly #catalog: Catalog;
  readonly #membersOf: (entity: Draft) => readonly MemberPlan[];
  readonly #root: TreeDraft;
  #source: string;
  readonly #children = new Map<EntitySpec, Draft>();
  readonly #drafts = new Mapped<EntitySpec, Draft>();
  #keys: ReadonlyMap<Draft, string> | undefined;

  constructor(root: EntitySpec, source: string, catalog: Catalog, membersOf: (entity: Draft) => readonly MemberPlan[] = ({ spec }) => spec.specs) {
    this.#catalog = catalog;
    this.#membersOf = membersOf;
    this.#source = source;
    this.#root = this.#made({ spec: root }, undefined, undefined, false);
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
    const { children, describedMembers } = this.#root;
    this.#source = source;
    this.#root.spec = root;
    this.#fill(this.#root, undefined, 0, []);
    this.#keys = undefined;
    const changes = changesBetween(children, this.#root.children);
    const members = changesBetween(describedMembers, this.#root.describedMembers);
    for (const { spec } of changes.gone) this.#children.delete(spec);
    return { gone: [...changes.gone, ...members.gone], come: [...changes.come, ...members.come] };
  }

  /** The entity of a child of the root. */
  childOf(spec: EntitySpec): Draft | undefined {
    return this.#children.get(spec);
  }

  keyOf(entity: Draft): string {
    this.#keys ??= keysIn(this.#root);
    return this.#keys.get(entity) ?? '';
  }

  #build(plan: MemberPlan, text: string | undefined, parent: Draft, depth: number, isMember: boolean, lineage: readonly Type[]): TreeDraft {
    const made = this.#made(plan, text, parent, isMember);
    this.#fill(made, text, depth, lineage);
    return made;
  }

  /** `text` is where the type stands that brings the entity along; absent for what stands in the source itself. */
  #made({ spec, ordinal }: MemberPlan, text: string | undefined, parent: Draft | undefined, isMember: boolean): TreeDraft {
    const found = spec.type && this.#catalog.find(spec.type.value);
    return new TreeDraft(this, text, { spec, parent, found, members: found && this.#catalog.membersOf(found.type), isMember, ...(ordinal !== undefined && { ordinal }) });
  }

  #fill(made: TreeDraft, text: string | undefined, depth: number, lineage: readonly Type[]): void {
    const { spec, members } = made;
    if (depth >= maxDepth) return;
    const brought: Draft[] = [];
    const added = (members?.lineage ?? []).filter(({ parts }) => parts !== undefined);
    for (const type of added) {
      if (lineage.includes(type)) continue;
      const { plan, text: partsText } = partsOf(type);
      for (const child of plan?.children ?? []) brought.push(this.#build({ spec: child }, partsText, made, depth + 1, false, [...lineage, ...added]));
    }
    const build = (child: EntitySpec): Draft => this.#build({ spec: child }, text, made, depth + 1, false, lineage);
    const own = made.parent === undefined ? this.#childrenOfRoot(spec, build) : spec.children.map(build);
    made.children = brought.length === 0 ? own : [...brought, ...own];
    made.describedMembers = this.#membersOf(made).map((plan) => this.#build(plan, plan.text ?? text, made, depth + 1, true, lineage));
  }

  /** They stay while the tree follows its text. */
  #childrenOfRoot({ children }: EntitySpec, build: (child: EntitySpec) => Draft): readonly Draft[] {
    const drafts = this.#drafts.of(children, (child) => {
      const entity = this.#children.get(child) ?? build(child);
      this.#children.set(child, entity);
      return entity;
    });
    return drafts ?? [];
  }
}

class TreeDraft implements Draft {
  spec: EntitySpec;
  readonly parent: Draft | undefined;
  readonly found: Found | undefined;
  readonly members: Members | undefined;
  readonly isScopeRoot = false;
  readonly isMember: boolean;
  readonly ordinal?: number;
  children: readonly Draft[] = [];
  describedMembers: readonly Draft[] = [];
  readonly #tree: DraftTree;
  readonly #text: string | undefined;

  constructor(tree: DraftTree, text: string | undefined, { spec, parent, found, members, isMember, ordinal }: Pick<Draft, 'spec' | 'parent' | 'found' | 'members' | 'isMember' | 'ordinal'>) {
    this.#tree = tree;
    this.#text = text;
    this.spec = spec;
    this.parent = parent;
    this.found = found;
    this.members = members;
    this.isMember = isMember;
    if (ordinal !== undefined) this.ordinal = ordinal;
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
  const keys = new Map<Draft, string>();
  for (const entity of all(root)) {
    const { spec, ordinal, parent } = entity;
    const wanted = ordinal === undefined || !parent ? undefined : `${keys.get(parent) ?? ''}-${ordinal}`;
    keys.set(entity, keyFor(wanted === undefined ? ownKey(spec) : slug(wanted), taken));
  }
  return keys;
}

/** All entities of a tree, each before what belongs to it. */
export function all(root: Draft): readonly Draft[] {
  return [root, ...root.children.flatMap(all), ...root.describedMembers.flatMap(all)];
}

const ownKeys = new WeakMap<EntitySpec, string>();

function ownKey(spec: EntitySpec): string {
  const known = ownKeys.get(spec) ?? slug(spec.id?.value ?? spec.name?.value ?? typeWord(spec.type?.value ?? 'application'));
  ownKeys.set(spec, known);
  return known;
}

/** `taken` has the keys that are given, each with the number up to which its own followers are. */
function keyFor(base: string, taken: Map<string, number>): string {
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
