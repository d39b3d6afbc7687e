// The tree of drafts as expressions see it (core/dsl/scope.ts): what is written, before anything runs.

import type { Draft } from '#core/resolve/draft.ts';
import { effectiveConfig } from '#core/resolve/effective.ts';
import type { KnownType, ScopeEntity } from '#core/dsl/scope.ts';

export type ScopeOf = (entity: Draft) => ScopeEntity;

/** Makes the scope of a whole tree; gives the way from a draft to its entity in it. A fragment is a tree that will be put into another: a catalog item. */
export function scopeOf(root: Draft, isFragment = false): ScopeOf {
  const entities = new Map<Draft, ScopeEntity>();
  const of = (entity: Draft): ScopeEntity => {
    const known = entities.get(entity);
    if (!known) throw new Error(`the entity ${entity.key} is not in this tree`);
    return known;
  };
  const build = (entity: Draft, parent: ScopeEntity | undefined): ScopeEntity => {
    const children: ScopeEntity[] = [];
    const members: ScopeEntity[] = [];
    const made: ScopeEntity = {
      key: entity.key,
      ...(entity.spec.id && { id: entity.spec.id.value }),
      ...(entity.spec.name && { name: entity.spec.name.value }),
      ...(parent && { parent }),
      children,
      ...(entity.describedMembers.length > 0 && { members }),
      isFragment: isFragment && parent === undefined,
      isApplication: parent === undefined || entity.found?.type.kind === 'application',
      isScopeRoot: parent === undefined || (entity.found?.type.parts !== undefined),
      mayGrow: entity.spec.type !== undefined && (entity.found === undefined || entity.members?.isWhole === false || entity.describedMembers.length > 0),
      ...(entity.spec.type && { type: knownType(entity) }),
      locations: [],
      config: (key) => {
        const effective = effectiveConfig(entity).get(key);
        return effective && { value: effective.value, at: of(effective.at) };
      },
      sensor: () => undefined,
    };
    entities.set(entity, made);
    for (const child of entity.children) children.push(build(child, made));
    for (const member of entity.describedMembers) members.push(build(member, made));
    return made;
  };
  build(root, undefined);
  return of;
}

function knownType({ spec, found, members }: Draft): KnownType {
  return {
    name: found?.type.name ?? found?.type.id ?? spec.type?.value ?? '',
    configKeys: new Set([...(members?.parameters.keys() ?? []), ...(members?.flags.keys() ?? []), ...spec.parameters.flatMap(({ name }) => (name ? [name.value] : [])), ...spec.config.map(({ key }) => key)]),
    sensors: new Set(members?.sensors.keys()),
    isComplete: members?.isWhole === true && spec.adjuncts.length === 0,
  };
}
