// Which entities of an application go on one and the same host: those that reach one another by name or address, for the
// containers of one host do not see those of another; and those below an entity that keeps its own together.

import type { Entity } from '#core/blueprint/application.ts';

export interface Companion {
  readonly entity: string;
  /** Why they go together: one clause for people. */
  readonly because: string;
}

/** For each entity the others that must be where it is, by key; entities that go anywhere are not in it. */
export function companionsOf(entities: readonly Entity[]): ReadonlyMap<string, readonly Companion[]> {
  const links = new Map<string, Companion[]>();
  const link = (a: string, b: string, because: string): void => {
    links.set(a, [...(links.get(a) ?? []), { entity: b, because }]);
    links.set(b, [...(links.get(b) ?? []), { entity: a, because }]);
  };
  for (const { key, reaches = [] } of entities) for (const other of reaches) link(key, other, `${key} reaches ${other} by name or address, which only containers on one host can`);
  for (const keeper of entities.filter(({ keepsTogether }) => keepsTogether === true)) {
    const [first, ...others] = entities.filter((entity) => entity.container !== undefined && isBelow(entity, keeper.key, entities));
    for (const other of first === undefined ? [] : others) link(other.key, first?.key ?? '', `${keeper.key} keeps what is below it on one host`);
  }
  return new Map([...links.keys()].map((key) => [key, reachable(key, links)]));
}

function reachable(from: string, links: ReadonlyMap<string, readonly Companion[]>): readonly Companion[] {
  const found = new Map<string, Companion>();
  const open = [from];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    for (const companion of links.get(key) ?? []) {
      if (companion.entity === from || found.has(companion.entity)) continue;
      found.set(companion.entity, companion);
      open.push(companion.entity);
    }
  }
  return [...found.values()];
}

function isBelow(entity: Entity, above: string, entities: readonly Entity[]): boolean {
  for (let { parent } = entity; parent !== undefined; parent = entities.find(({ key }) => key === parent)?.parent) if (parent === above) return true;
  return false;
}
