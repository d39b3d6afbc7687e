// The events of an engine that matter here: which are asked for, and what each says.

import type { HostEvent } from '../engine/ports.ts';
import { field } from './field.ts';
import { labels } from './labels.ts';
import { isRecordName } from './records.ts';
import { jsonObject } from './streams.ts';

export const watched = {
  type: ['container' as const, 'network' as const, 'volume' as const, 'config' as const],
  event: ['create', 'start', 'die', 'destroy', 'rename', 'pause', 'unpause', 'health_status', 'connect', 'disconnect', 'exec_die', 'remove'],
};

/** `line` is one of the engine's event stream. Undefined where it is of no concern. */
export function eventOf(line: string): HostEvent | undefined {
  const event = jsonObject(line);
  const actor = event?.['Actor'];
  if (event === undefined || typeof actor !== 'object' || actor === null) return undefined;
  const attributes: unknown = Reflect.get(actor, 'Attributes');
  const seconds = event['time'];
  if (typeof seconds !== 'number') return undefined;
  const atMs = seconds * 1000;
  if (event['Type'] === 'volume' || event['Type'] === 'config') return isRecordName(String(event['Type'] === 'config' ? field(attributes, 'name') : Reflect.get(actor, 'ID'))) ? { kind: 'record', atMs } : undefined;
  // A command that ran may have finished an installation; what runs in containers of others is none of our business.
  if (event['Action'] === 'exec_die' && (typeof attributes !== 'object' || attributes === null || !Object.hasOwn(attributes, labels.application))) return undefined;
  const containerId: unknown = event['Type'] === 'network' ? (typeof attributes === 'object' && attributes !== null ? Reflect.get(attributes, 'container') : undefined) : Reflect.get(actor, 'ID');
  return typeof containerId === 'string' ? { kind: 'container', containerId, atMs } : undefined;
}
