// Links between entities, as Docker had them first: the linking container finds the other one in its environment and by an alias.
// Addresses are names here, which stay true wherever the other one runs and whatever replaces it.

import type { ContainerSpec, Entity } from '#core/blueprint/application.ts';
import { asText, isList, isMap, isThing, type Value } from '#core/dsl/value.ts';

export interface EntityLink {
  /** The name that the linking entity uses. */
  readonly alias: string;
  /** The key of the entity that it leads to. */
  readonly entity: string;
}

/** What docker.container.links leads to, as far as it names entities; `named` gives the key for an id. */
export function linksIn(value: Value, named: (id: string) => string | undefined): readonly EntityLink[] {
  const keyOf = (target: Value): string | undefined => (isThing(target) ? (target.kind === 'entity' ? target.entity.key : undefined) : named(asText(target)));
  if (isList(value)) return value.flatMap((target) => linkOf(undefined, keyOf(target)));
  return isMap(value) ? [...value].flatMap(([alias, target]) => linkOf(asText(alias), keyOf(target))) : [];
}

function linkOf(alias: string | undefined, entity: string | undefined): readonly EntityLink[] {
  return entity === undefined ? [] : [{ alias: alias ?? entity, entity }];
}

/** The entities with what their links give them; `linksOf` by the entity's key. */
export function withLinks(entities: readonly Entity[], linksOf: (key: string) => readonly EntityLink[]): readonly Entity[] {
  const all = entities.flatMap(({ key }) => linksOf(key));
  if (all.length === 0) return entities;
  const byKey = new Map(entities.map((entity) => [entity.key, entity]));
  return entities.map((entity) => {
    const { key, container } = entity;
    if (container === undefined) return entity;
    const links = linksOf(key).filter((link) => link.entity !== key && byKey.get(link.entity)?.container !== undefined);
    // An alias that is another entity's own name would lead to both.
    const aliases = [...new Set(all.filter((link) => link.entity === key && !byKey.has(link.alias)).map(({ alias }) => alias))].toSorted();
    if (links.length === 0 && aliases.length === 0) return entity;
    const given = Object.fromEntries(links.flatMap(({ alias, entity: other }) => Object.entries(environmentOf(key, alias, other, byKey.get(other)?.container))));
    const reaches = [...new Set([...(entity.reaches ?? []), ...links.map((link) => link.entity)])];
    return { ...entity, container: { ...container, env: { ...given, ...container.env }, ...(aliases.length > 0 && { aliases }) }, ...(reaches.length > 0 && { reaches }) };
  });
}

/** As `docker run --link` made it. */
function environmentOf(from: string, alias: string, other: string, container: ContainerSpec | undefined): Readonly<Record<string, string>> {
  const prefix = alias.toUpperCase().replace(/[^A-Z0-9]/g, '_');
  const env: Record<string, string> = { [`${prefix}_NAME`]: `/${from}/${alias}` };
  const open = container?.openPorts ?? [];
  const ports = (open.length > 0 ? open.map((port) => ({ port, protocol: 'tcp' })) : (container?.publishedPorts ?? [])).toSorted((a, b) => a.port - b.port);
  for (const [index, { port, protocol }] of ports.entries()) {
    const url = `${protocol}://${other}:${port}`;
    const name = `${prefix}_PORT_${port}_${protocol.toUpperCase()}`;
    if (index === 0) env[`${prefix}_PORT`] = url;
    Object.assign(env, { [name]: url, [`${name}_ADDR`]: other, [`${name}_PORT`]: String(port), [`${name}_PROTO`]: protocol });
  }
  for (const [name, value] of Object.entries(container?.env ?? {})) env[`${prefix}_ENV_${name}`] = value;
  return env;
}
