// The trees of entities of one text, each a space of ids of its own: the blueprint, and what every catalog item defines. With
// the way from an entity that an expression finds back to where it is written.

import type { Located } from '#core/blueprint/tree.ts';
import type { EntitySpec, ItemSpec } from '#core/blueprint/spec.ts';
import type { Type } from '#core/catalog/type.ts';
import type { CheckContext, KeptTree } from '#core/check/context.ts';
import type { ScopeEntity } from '#core/dsl/scope.ts';
import { keyOf } from '#core/navigate/name.ts';
import { all, draft, type Draft } from '#core/resolve/draft.ts';
import { scopeOf } from '#core/resolve/scope.ts';

export interface Root {
  /** Distinguishes the trees of the workspace: the text and, in it, the item. */
  readonly key: string;
  readonly draft: Draft;
  /** The item that the tree defines; absent for the blueprint itself. */
  readonly item: ItemSpec | undefined;
  /** The `id` of the blueprint. */
  readonly applicationId: string | undefined;
  /** The entities that are written in the text itself, not brought along by types. */
  readonly written: readonly Draft[];
  readonly scope: (entity: Draft) => ScopeEntity;
  readonly draftOf: (entity: ScopeEntity) => Draft | undefined;
}

export function rootsOf({ reading, catalog, entities, treeOf }: CheckContext, uri: string): readonly Root[] {
  const made = (spec: EntitySpec, isItem: boolean): KeptTree => {
    const tree = draft(spec, reading.text, catalog);
    return { draft: tree, scope: scopeOf(tree, isItem) };
  };
  return entities.flatMap(({ spec, parent }): readonly Root[] => {
    if (parent !== undefined) return [];
    const item = reading.items.find(({ definition }) => definition === spec);
    const { draft: tree, scope } = treeOf?.(spec) ?? made(spec, item !== undefined);
    const drafts = all(tree);
    let byScope: ReadonlyMap<ScopeEntity, Draft> | undefined;
    return [
      {
        key: keyOf(uri, item ? itemKey(item.id, item.version?.value, spec.node.span.start) : planKey(reading.items, spec.node)),
        draft: tree,
        item,
        applicationId: item ? undefined : spec.id?.value,
        written: drafts.filter(({ source }) => source === reading.text),
        scope,
        draftOf: (entity) => (byScope ??= new Map(drafts.map((one) => [scope(one), one]))).get(entity),
      },
    ];
  });
}

/** The key of the tree that a type of a workspace was read from; `own` is the text itself. */
export function rootKeyOf({ id, version, origin }: Type, own: string): string | undefined {
  return origin && keyOf(origin.uri === '' ? own : origin.uri, `${id}:${version ?? ''}`);
}

function itemKey(id: Located<string> | undefined, version: string | undefined, start: number): string {
  return id ? `${id.value}:${version ?? ''}` : `#${start}`;
}

/** A blueprint with metadata of a catalog beside its services is an item itself. */
function planKey(items: readonly ItemSpec[], node: unknown): string {
  const item = items.find(({ definition }) => definition?.node === node);
  return item ? itemKey(item.id, item.version?.value, 0) : '';
}
