// Which entity a person means: by its key, its name or its container's name, with its application before a slash where several
// have one of that name.

import type { Observed, ObservedContainer, ObservedHost } from '#core/cluster/observed.ts';
import { isAside } from '#core/cluster/aside.ts';
import { nearest } from '#core/text/nearest.ts';

export interface FoundEntity {
  readonly application: string;
  readonly entity: string;
  readonly entityName: string;
  readonly container: ObservedContainer;
  readonly host: ObservedHost;
}

/** Every entity with a container, the one that counts of several: one that runs first, then the newest. */
export function entitiesOn({ hosts }: Observed): readonly FoundEntity[] {
  const all = hosts.flatMap((host) =>
    host.containers.flatMap((container): FoundEntity[] => {
      const { owner } = container;
      return owner === undefined || isAside(container.containerName) ? [] : [{ application: owner.application, entity: owner.entity, entityName: owner.entityName, container, host }];
    }));
  const rank = ({ host, container }: FoundEntity): number => (host.state.kind === 'up' ? 0 : 2) + (container.state === 'running' ? 0 : 1);
  const best = new Map<string, FoundEntity>();
  for (const one of all.toSorted((a, b) => rank(a) - rank(b) || b.container.createdAtMs - a.container.createdAtMs)) {
    const key = `${one.application}/${one.entity}`;
    if (!best.has(key)) best.set(key, one);
  }
  return [...best.values()];
}

/** A sentence where nothing or more than one is meant. */
export function findEntity(observed: Observed, text: string): FoundEntity | string {
  const all = entitiesOn(observed);
  const slash = text.indexOf('/');
  const [application, name] = slash === -1 ? [undefined, text] : [text.slice(0, slash), text.slice(slash + 1)];
  const among = application === undefined ? all : all.filter((one) => one.application === application);
  for (const isMeant of [({ entity }: FoundEntity) => entity === name, ({ container }: FoundEntity) => container.containerName === name, ({ entityName }: FoundEntity) => entityName === name]) {
    const [found, ...others] = among.filter(isMeant);
    if (found === undefined) continue;
    if (others.length === 0) return found;
    return `${others.length + 1} entities are called ${name}; say which: ${[found, ...others].map((one) => `${one.application}/${one.entity}`).join(', ')}`;
  }
  const known = all.map((one) => (application === undefined ? one.entity : `${one.application}/${one.entity}`));
  const meant = nearest(text, [...new Set([...known, ...all.map((one) => `${one.application}/${one.entity}`)])]);
  return `there is no entity ${text}; ${meant === undefined ? (known.length === 0 ? 'nothing is deployed on these hosts' : `there are ${[...new Set(known)].toSorted().join(', ')}`) : `did you mean ${meant}?`}`;
}
