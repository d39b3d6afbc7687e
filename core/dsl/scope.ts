// The entities that an expression can see, and how one is found. Blueprint reading provides the tree (what is written), the
// engine provides it with sensors (what runs); checking and evaluating go through here, so both find the same entity.

import type { Expression } from '#core/dsl/tree.ts';
import type { ScopeWord } from '#core/dsl/functions.ts';
import type { Value } from '#core/dsl/value.ts';

/** One entity as expressions see it. The tree is linked both ways: `child.parent === entity`. */
export interface ScopeEntity {
  /** Unique in the cloud and lasting: what entityId() gives. */
  readonly key: string;
  /** The blueprint's `id`. */
  readonly id?: string;
  readonly name?: string;
  readonly parent?: ScopeEntity;
  readonly children: readonly ScopeEntity[];
  /** For a group: its members so far. */
  readonly members?: readonly ScopeEntity[] | undefined;
  /** An application is the border at which a search for an id pauses; the root always is one. */
  readonly isApplication?: boolean;
  /** The root of what one catalog item describes. */
  readonly isScopeRoot?: boolean;
  /** On a root: what is described here will be put into something larger, such as a catalog item; entities above and beside it are not known. */
  readonly isFragment?: boolean;
  /** More entities may come below this one: members made at run time, children that an unknown type brings along. */
  readonly mayGrow?: boolean;
  readonly type?: KnownType | undefined;
  /** Names of its own locations, nearest first; empty where it has none of its own. */
  readonly locations: readonly string[];
  /** The effective value of a config key, unresolved; undefined when nothing sets it. */
  readonly config: (key: string) => ConfigValue | undefined;
  /** The present value of a sensor; undefined when it has none. */
  readonly sensor: (name: string) => Value | undefined;
  /** On a root: the entities below it, or itself, that have this id, or where none has, this key. Saves walking the tree; absent where nobody keeps count. */
  readonly named?: (id: string) => readonly ScopeEntity[];
  /** On a root, as `named`: what there is to look through. */
  readonly outline?: () => Outline;
}

/** Of an entity and all below it. */
export interface Outline {
  /** In the order of the tree. */
  readonly ids: readonly string[];
  /** True where one of them may grow. */
  readonly mayGrow: boolean;
}

export interface ConfigValue {
  readonly value: Expression;
  /** The entity the value was written at: expressions in it are seen from there. */
  readonly at: ScopeEntity;
}

export interface KnownType {
  readonly name: string;
  readonly configKeys: ReadonlySet<string>;
  readonly sensors: ReadonlySet<string>;
  /** All keys and sensors are known; only then can one be said to be missing. */
  readonly isComplete: boolean;
}

/** The entity that a scope without an id stands for; undefined when there is none (the parent of a root). */
export function relative(entity: ScopeEntity, scope: 'this' | 'parent' | 'root' | 'scopeRoot'): ScopeEntity | undefined {
  switch (scope) {
    case 'this':
      return entity;
    case 'parent':
      return entity.parent;
    case 'root':
      return rootOf(entity);
    case 'scopeRoot':
      return [entity, ...ancestors(entity)].find(({ isScopeRoot }) => isScopeRoot === true) ?? rootOf(entity);
  }
}

export type SearchScope = Exclude<ScopeWord, 'this' | 'parent' | 'root' | 'scopeRoot' | 'applications'>;

/** Everything a search from `entity` in this scope may find, in no particular order. */
export function inScope(entity: ScopeEntity, scope: SearchScope): readonly ScopeEntity[] {
  switch (scope) {
    case 'global':
      return [rootOf(entity), ...descendants(rootOf(entity))];
    case 'child':
      return entity.children;
    case 'sibling':
      return entity.parent?.children.filter((other) => other !== entity) ?? [];
    case 'descendant':
      return descendants(entity);
    case 'ancestor':
      return ancestors(entity);
    case 'members':
      return below(entity, true);
    case 'membersOnly':
      return entity.members ?? [];
  }
}

/** The entity with this id in scope: the blueprint's id before the deployed one, what is near before what is behind the border of another application. */
export function find(entity: ScopeEntity, scope: SearchScope, id: string): ScopeEntity | undefined {
  const named = rootOf(entity).named?.(id);
  if (named?.length === 0) return undefined;
  const [only] = named ?? [];
  if (named?.length === 1 && scope === 'global') return only;
  const allowed = new Set(inScope(entity, scope));
  if (named?.length === 1 && only && allowed.has(only)) return only;
  return nearestWith(entity, (other) => other.id === id && allowed.has(other)) ?? nearestWith(entity, (other) => other.key === id && allowed.has(other));
}

/** The application with this id among all roots: the deployed id first. */
export function findApplication(roots: readonly ScopeEntity[], id: string): ScopeEntity | undefined {
  return roots.find(({ key }) => key === id) ?? roots.find((root) => root.id === id);
}

export function rootOf(entity: ScopeEntity): ScopeEntity {
  return ancestors(entity).at(-1) ?? entity;
}

/** From the parent to the root. */
export function ancestors(entity: ScopeEntity): readonly ScopeEntity[] {
  const found: ScopeEntity[] = [];
  for (let next = entity.parent; next !== undefined; next = next.parent) found.push(next);
  return found;
}

export function descendants(entity: ScopeEntity): readonly ScopeEntity[] {
  return below(entity, false);
}

function below(entity: ScopeEntity, withMembers: boolean): readonly ScopeEntity[] {
  const found = new Set<ScopeEntity>();
  const open = [...next(entity, withMembers)];
  for (let index = 0; index < open.length; index++) {
    const current = open[index];
    if (current === undefined || current === entity || found.has(current)) continue;
    found.add(current);
    open.push(...next(current, withMembers));
  }
  return [...found];
}

function next({ children, members }: ScopeEntity, withMembers: boolean): readonly ScopeEntity[] {
  return withMembers && members ? [...children, ...members] : children;
}

/**
 * The first match in rings around an entity: itself; then its application (up to the root of it, down to the next
 * applications); then theirs. Two applications put into one another can so use the same ids.
 */
function nearestWith(entity: ScopeEntity, matches: (other: ScopeEntity) => boolean): ScopeEntity | undefined {
  if (matches(entity)) return entity;
  const visited = new Set<ScopeEntity>([entity]);
  let up = entity.parent;
  let down = [...next(entity, true)];
  while (up !== undefined || down.length > 0) {
    const ring: ScopeEntity[] = [];
    const borders: ScopeEntity[] = [];
    const open = down;
    if (up !== undefined) {
      let top = up;
      while (top.isApplication !== true && top.parent !== undefined) top = top.parent;
      open.push(top);
      up = top.parent;
    }
    const starts = new Set(open);
    for (let current = open.shift(); current !== undefined; current = open.shift()) {
      const isNew = !visited.has(current);
      visited.add(current);
      if (isNew) ring.push(current);
      else if (!starts.has(current)) continue;
      if (current.isApplication === true && !starts.has(current)) borders.push(current);
      else open.push(...next(current, true).filter((other) => !visited.has(other)));
    }
    const match = ring.find(matches);
    if (match !== undefined) return match;
    down = borders.flatMap((border) => next(border, true));
  }
  return undefined;
}
