// The options of attributeWhenReady, once: how long it waits and when it gives up. Reading, completion and hover use this table.

import { isList, isMap, isWholeDouble, type Value } from '#core/dsl/value.ts';

export interface WhenReadyOption {
  readonly name: string;
  /** Another spelling that upstream accepts. */
  readonly alias?: string;
  readonly kind: 'duration' | 'boolean';
  /** In force for a call without options. A call with options waits for ever unless it says otherwise. */
  readonly byDefault?: string;
  readonly sentence: string;
}

export const whenReadyOptions: readonly WhenReadyOption[] = [
  { name: 'timeout', kind: 'duration', sentence: 'Gives up after this time; 0 never waits.' },
  { name: 'timeout_if_down', alias: 'timeoutIfDown', kind: 'duration', byDefault: '1m', sentence: 'Gives up after this time when the entity is stopping or stopped.' },
  { name: 'timeout_if_down_initial', alias: 'timeoutIfDownInitial', kind: 'duration', sentence: 'The same for an entity that was already down when the waiting began.' },
  { name: 'timeout_if_on_fire', alias: 'timeoutIfOnFire', kind: 'duration', byDefault: '0', sentence: 'Gives up after this time when the entity is on fire.' },
  { name: 'timeout_if_on_fire_initial', alias: 'timeoutIfOnFireInitial', kind: 'duration', byDefault: '15s', sentence: 'The same for an entity that was already on fire when the waiting began.' },
  { name: 'abort_if_on_fire', alias: 'abortIfOnFire', kind: 'boolean', byDefault: 'true', sentence: 'Gives up at all when the entity is on fire.' },
  { name: 'wait_for_truthy', alias: 'waitForTruthy', kind: 'boolean', byDefault: 'true', sentence: 'Waits on while the value is false, zero or empty; otherwise any value will do.' },
];

/** Options by their plain name, as given or by default. Durations are as written. */
export type WhenReady = ReadonlyMap<string, Value>;

/** What attributeWhenReady(sensor) waits by. */
export const defaultWhenReady: WhenReady = new Map(whenReadyOptions.flatMap(({ name, byDefault }) => (byDefault === undefined ? [] : [[name, typed(byDefault)] as const])));

/** What attributeWhenReadyAllowingOnFire(sensor) waits by. */
export const allowingOnFire: WhenReady = new Map<string, Value>([
  ['timeout', 'forever'],
  ['abort_if_on_fire', false],
  ['wait_for_truthy', true],
]);

/** The option of this name or alias. */
export function whenReadyOption(name: string): WhenReadyOption | undefined {
  return whenReadyOptions.find((option) => option.name === name || option.alias === name);
}

/** Options as a map of the blueprint; undefined when it is none. Unknown names are left out. */
export function readWhenReady(given: Value): WhenReady | undefined {
  if (!isMap(given)) return undefined;
  const options = new Map<string, Value>([
    ['abort_if_on_fire', true],
    ['wait_for_truthy', true],
  ]);
  for (const [name, value] of given) {
    const option = typeof name === 'string' ? whenReadyOption(name) : undefined;
    if (option) options.set(option.name, option.kind === 'boolean' && typeof value === 'string' ? value.toLowerCase() === 'true' : value);
  }
  return options;
}

/** True when the options forbid any waiting: a timeout of nothing. */
export function mayNotWait(options: WhenReady): boolean {
  const timeout = options.get('timeout');
  return timeout === 0 || (typeof timeout === 'string' && /^\s*0+\s*[a-z]*\s*$/i.test(timeout));
}

/** Whether a value ends the waiting. */
export function isReady(value: Value | undefined, options: WhenReady): value is Value {
  if (value === undefined || value === null) return false;
  return options.get('wait_for_truthy') === false || isTruthy(value);
}

/** Truth as Groovy has it, which decides when a sensor is ready: null, false, zero and everything empty are not true. */
export function isTruthy(value: Value): boolean {
  if (value === null || value === false || value === '' || value === 0 || value === 0n) return false;
  if (isList(value)) return value.length > 0;
  if (isMap(value)) return value.size > 0;
  return !(isWholeDouble(value) && value.double === 0);
}

function typed(text: string): Value {
  return text === 'true' ? true : text === '0' ? 0 : text;
}
