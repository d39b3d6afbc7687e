// Ids that two entities share: an expression that names the id finds only the first.

import type { CheckContext, Placed } from '#core/check/context.ts';
import { duplicateId } from '#core/diagnostics/duplicateId.ts';
import { report } from '#core/diagnostics/rule.ts';
import type { Diagnostic } from '#core/text/diagnostic.ts';

export function checkIds({ entities }: CheckContext): readonly Diagnostic[] {
  const firsts = new Map<Placed, Map<string, Placed>>();
  return entities.flatMap((placed): readonly Diagnostic[] => {
    const { id } = placed.spec;
    // The item's own id is the catalog's; `firstMemberSpec` and `memberSpec` often share one on purpose.
    if (!id || !placed.parent || placed.isMember) return [];
    const root = rootOf(placed);
    const seen = firsts.get(root) ?? new Map<string, Placed>();
    firsts.set(root, seen);
    const first = seen.get(id.value);
    if (!first) seen.set(id.value, placed);
    if (!first?.spec.id) return [];
    return [
      report(duplicateId, id.span, `the id ${id.value} is already taken; expressions that name it find the first entity only`, {
        related: [{ span: first.spec.id.span, message: `the first ${id.value}` }],
      }),
    ];
  });
}

/** The blueprint, definition or member spec in which ids are looked for. */
function rootOf(placed: Placed): Placed {
  let current = placed;
  while (current.parent && !current.isMember) current = current.parent;
  return current;
}
