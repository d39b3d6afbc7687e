// What is written on the container in which a host of a docker cloud lives, and read back: all that is known of that host.

import type { CloudConfig } from '#core/cloud/cloud.ts';
import type { NestedHost } from '#core/cloud/nestedHost.ts';
import { labels } from '../labels.ts';
import { jsonObject } from '../streams.ts';

export const nestedLabels = {
  /** The cloud's name; on the container, its volume and the cloud's network. */
  cloud: labels.cloud,
  /** The host's name; on the container and its volume. */
  host: 'io.clocker.cloud.host',
  /** The host's labels and what it may use, as JSON. */
  config: 'io.clocker.cloud.host.config',
  /** The cloud's definition, as JSON. */
  definition: 'io.clocker.cloud.definition',
} as const;

export function labelsOfNested({ cloud, host, labels, cores, memoryBytes, definition }: NestedHost): Record<string, string> {
  return {
    [nestedLabels.cloud]: cloud,
    [nestedLabels.host]: host,
    [nestedLabels.config]: JSON.stringify({ labels, cores, memoryBytes }),
    ...(definition === undefined ? {} : { [nestedLabels.definition]: JSON.stringify(definition) }),
  };
}

/** Undefined for a container in which no host lives. What makes no sense in a label is left out. */
export function nestedHostOf(found: Readonly<Record<string, string>>): NestedHost | undefined {
  const [cloud, host] = [found[nestedLabels.cloud], found[nestedLabels.host]];
  if (cloud === undefined || host === undefined || cloud === '' || host === '') return undefined;
  const { labels, cores, memoryBytes } = jsonObject(found[nestedLabels.config] ?? '') ?? {};
  const definition: unknown = jsonObject(found[nestedLabels.definition] ?? '');
  return {
    cloud,
    host,
    labels: typeof labels === 'object' && labels !== null ? Object.fromEntries(Object.entries(labels).map(([name, value]: [string, unknown]) => [name, String(value)])) : {},
    ...(typeof cores === 'number' && cores > 0 ? { cores } : {}),
    ...(typeof memoryBytes === 'number' && memoryBytes > 0 ? { memoryBytes } : {}),
    ...(isCloud(definition) ? { definition } : {}),
  };
}

function isCloud(value: unknown): value is CloudConfig {
  if (typeof value !== 'object' || value === null || !('name' in value) || typeof value.name !== 'string') return false;
  if (!('hosts' in value) || !Array.isArray(value.hosts) || !('placement' in value)) return false;
  const { placement } = value;
  return typeof placement === 'object' && placement !== null && Array.isArray(Reflect.get(placement, 'strategies')) && Array.isArray(Reflect.get(placement, 'affinityRules'));
}
