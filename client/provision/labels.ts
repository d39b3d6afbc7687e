// The labels that a host must have to be what was asked for.

import type { HostRequest } from '#core/cloud/cloud.ts';

/** Of several regions or zones, the first. */
export function labelsFor({ labels, regions: [region], zones: [zone] }: HostRequest): Readonly<Record<string, string>> {
  const asked = labels.map((label): [string, string] => {
    const at = label.indexOf('=');
    return at < 0 ? [label, ''] : [label.slice(0, at), label.slice(at + 1)];
  });
  return Object.fromEntries([...(region === undefined ? [] : [['region', region] as const]), ...(zone === undefined ? [] : [['zone', zone] as const]), ...asked]);
}
