// The value of a config entry, where it can be known before anything runs.

import type { Value } from '#core/coerce/value.ts';
import { evaluate } from '#core/dsl/evaluate.ts';
import { asData, type Value as Given } from '#core/dsl/value.ts';
import type { Effective } from '#core/resolve/effective.ts';
import type { ScopeOf } from '#core/resolve/scope.ts';

export type BeforeRun<T = Value> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

/** `problem` says what is waited for, or what is wrong with the expression. */
export function valueBeforeRun(effective: Effective, scope: ScopeOf): BeforeRun {
  const given = givenBeforeRun(effective, scope);
  if (!given.ok) return given;
  const data = asData(given.value);
  return data === undefined ? { ok: false, problem: 'this gives an entity or an object, where a plain value is needed' } : { ok: true, value: data };
}

/** The same where objects and entities will do. */
export function givenBeforeRun(effective: Effective, scope: ScopeOf): BeforeRun<Given> {
  const outcome = evaluate(effective.value, { self: scope(effective.at) });
  switch (outcome.state) {
    case 'value':
      return { ok: true, value: outcome.value };
    case 'waiting':
      return { ok: false, problem: `waits for ${outcome.waits.map(({ entity, sensor }) => `the sensor ${sensor} of ${entity.name ?? entity.id ?? entity.key}`).join(' and ')}, which Clocker cannot do yet while deploying; write the value itself` };
    case 'secret':
      return { ok: false, problem: `needs the secret ${outcome.secrets.map(({ provider, key }) => `${provider}/${key}`).join(' and ')}, which Clocker cannot fetch yet; write the value itself` };
    case 'error':
      return { ok: false, problem: outcome.message };
  }
}
