// The value of a config entry, where it can be known before anything runs.

import type { Value } from '#core/coerce/value.ts';
import type { Expression } from '#core/dsl/tree.ts';
import { print } from '#core/dsl/print.ts';
import type { Effective } from '#core/resolve/effective.ts';
import type { ScopeOf } from '#core/resolve/scope.ts';

export type BeforeRun = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly problem: string; readonly isAwaited: boolean };

export function isAwaited(result: BeforeRun): boolean {
  return !result.ok && result.isAwaited;
}

export function valueBeforeRun(effective: Effective, _scope: ScopeOf): BeforeRun {
  return valueOf(effective.value);
}

function valueOf(expression: Expression): BeforeRun {
  switch (expression.kind) {
    case 'string':
      return { ok: true, value: expression.value };
    case 'scalar':
      return { ok: true, value: expression.value };
    case 'word':
      return { ok: true, value: expression.text };
    case 'list': {
      const values: Value[] = [];
      for (const item of expression.items) {
        const result = valueOf(item);
        if (!result.ok) return result;
        values.push(result.value);
      }
      return { ok: true, value: values };
    }
    case 'map': {
      const entries = new Map<Value, Value>();
      for (const entry of expression.entries) {
        const key = valueOf(entry.key);
        if (!key.ok) return key;
        const value = valueOf(entry.value);
        if (!value.ok) return value;
        entries.set(key.value, value.value);
      }
      return { ok: true, value: entries };
    }
    case 'chain':
      return { ok: false, problem: print(expression), isAwaited: true };
  }
}
