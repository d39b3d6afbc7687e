// The value of a config entry, where it can be known before anything runs.

import type { Value } from '#core/coerce/value.ts';
import { evaluate } from '#core/dsl/evaluate.ts';
import { asData } from '#core/dsl/value.ts';
import type { Effective } from '#core/resolve/effective.ts';
import type { ScopeOf } from '#core/resolve/scope.ts';

export type BeforeRun = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly problem: string };

/** `problem` says what is waited for, or what is wrong with the expression. */
export function valueBeforeRun(effective: Effective, scope: ScopeOf): BeforeRun {
  const outcome = evaluate(effective.value, { self: scope(effective.at) });
  switch (outcome.state) {
    case 'value': {
      const data = asData(outcome.value);
      return data === undefined ? { ok: false, problem: 'this gives an entity or an object, where a plain value is needed' } : { ok: true, value: data };
    }
    case 'waiting':
      return { ok: false, problem: `waits for ${outcome.waits.map(({ entity, sensor }) => `the sensor ${sensor} of ${entity.name ?? entity.id ?? entity.key}`).join(' and ')}, which Clocker cannot do yet while deploying; write the value itself` };
    case 'secret':
      return { ok: false, problem: `needs the secret ${outcome.secrets.map(({ provider, key }) => `${provider}/${key}`).join(' and ')}, which Clocker cannot fetch yet; write the value itself` };
    case 'error':
      return { ok: false, problem: outcome.message };
  }
}
