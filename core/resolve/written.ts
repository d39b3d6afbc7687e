// The entities that are written in a text as drafts, each made when somebody looks at it: for a question about one of them in a
// large text. What types bring along is not among them, so an expression that leads there has no value here.

import type { CheckContext, Placed } from '#core/check/context.ts';
import type { ScopeEntity } from '#core/dsl/scope.ts';
import type { Draft } from '#core/resolve/draft.ts';
import { Scopes } from '#core/resolve/scope.ts';

export class WrittenEntities {
  readonly #context: CheckContext;
  readonly #drafts = new Map<Placed, Draft>();
  readonly #scopes = new Map<Draft, Scopes>();
  #below: ReadonlyMap<Placed | undefined, readonly Placed[]> | undefined;

  constructor(context: CheckContext) {
    this.#context = context;
  }

  of(placed: Placed): Draft {
    const known = this.#drafts.get(placed);
    if (known) return known;
    const { spec, found, members, isMember } = placed;
    const below = (areMembers: boolean): readonly Draft[] => this.#childrenOf(placed).filter((one) => one.isMember === areMembers).map((one) => this.of(one));
    const draft: Draft = {
      key: spec.id?.value ?? `at ${spec.node.span.start}`,
      spec,
      parent: placed.parent && this.of(placed.parent),
      found,
      members,
      source: this.#context.reading.text,
      isScopeRoot: placed.parent === undefined,
      isMember,
      get children() {
        return below(false);
      },
      get describedMembers() {
        return below(true);
      },
    };
    this.#drafts.set(placed, draft);
    if (placed.parent === undefined) this.#scopes.set(draft, new Scopes(draft, placed.isDefinition, undefined, undefined, (id) => this.#withId(id, placed)));
    return draft;
  }

  /** The entity as expressions see it. */
  readonly scope = (draft: Draft): ScopeEntity => {
    let root = draft;
    while (root.parent) root = root.parent;
    const scopes = this.#scopes.get(root) ?? new Scopes(root, false);
    return scopes.of(draft);
  };

  #withId(id: string, root: Placed): readonly Draft[] {
    return this.#context.entities.filter((placed) => placed.spec.id?.value === id && rootOf(placed) === root).map((placed) => this.of(placed));
  }

  #childrenOf(placed: Placed): readonly Placed[] {
    this.#below ??= Map.groupBy(this.#context.entities, ({ parent }) => parent);
    return this.#below.get(placed) ?? [];
  }
}

function rootOf(placed: Placed): Placed {
  let root = placed;
  while (root.parent) root = root.parent;
  return root;
}
