// The value of a config entry, where it is known before anything runs: for hints in the editor. What deploying makes of values
// that wait is in look.ts.

import type { Value } from '#core/coerce/value.ts';
import { evaluate } from '#core/dsl/evaluate.ts';
import { asData } from '#core/dsl/value.ts';
import type { Effective } from '#core/resolve/effective.ts';
import type { ScopeOf } from '#core/resolve/scope.ts';

/** Undefined for what waits, needs a secret, fails, or gives an entity or an object. */
export function valueBeforeRun(effective: Effective, scope: ScopeOf): Value | undefined {
  const outcome = evaluate(effective.value, { self: scope(effective.at) });
  return outcome.state === 'value' ? asData(outcome.value) : undefined;
}
