// Which entities of an application go together: those that reach one another by name or address share a network, and those
// below an entity that keeps its own together share a host.

import type { Entity } from '#core/blueprint/application.ts';

export interface Companion {
  readonly entity: string;
  /** Why they go together: one clause for people. */
  readonly because: string;
  /** What they share. */
  readonly shares: 'host' | 'network';
}

/** For each entity the others that must be where it is, by key, those that share its host first; entities that go anywhere are not in it. */
export function companionsOf(entities: readonly Entity[]): ReadonlyMap<string, readonly Companion[]> {
  const links = new Map<string, Companion[]>();
  const link = (a: string, b: string, because: string, shares: Companion['shares']): void => {
    links.set(a, [...(links.get(a) ?? []), { entity: b, because, shares }]);
    links.set(b, [...(links.get(b) ?? []), { entity: a, because, shares }]);
  };
  for (const { key, reaches = [] } of entities) for (const other of reaches) link(key, other, `${key} reaches ${other} by name or address, which only containers on one network can`, 'network');
  for (const keeper of entities.filter(({ keepsTogether }) => keepsTogether === true)) {
    const [first, ...others] = entities.filter((entity) => entity.container !== undefined && isBelow(entity, keeper.key, entities));
    for (const other of first === undefined ? [] : others) link(other.key, first?.key ?? '', `${keeper.key} keeps what is below it on one host`, 'host');
  }
  const onHost = new Map([...links].map(([key, all]) => [key, all.filter(({ shares }) => shares === 'host')]));
  return new Map(
    [...links.keys()].map((key) => {
      const near = reachable(key, onHost);
      const far = reachable(key, links).filter(({ entity }) => !near.some((other) => other.entity === entity));
      return [key, [...near, ...far.map(({ entity, because }): Companion => ({ entity, because, shares: 'network' }))]];
    }),
  );
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
