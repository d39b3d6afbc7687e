// Provisioning flags: the host must have the memory and the processors that the entity's provisioning.properties or the strategy
// ask for. Clocker asked for more than that, took every host where the properties were empty, and failed on sizes such as "7g".

import type { Want } from '#core/placement/request.ts';
import { filter, type Rule } from '#core/placement/rule.ts';
import { bytes, counted } from '#core/placement/words.ts';

export function provisioningFlags(own: { readonly minCores?: number; readonly minMemoryBytes?: number }, want: Want): readonly Rule[] {
  const cores = Math.max(own.minCores ?? 0, want.minCores);
  const memory = Math.max(own.minMemoryBytes ?? 0, want.minMemoryBytes);
  return [
    filter((host) => (host.memoryBytes ?? 0) < memory, (host) => `has ${bytes(host.memoryBytes ?? 0)} memory, ${bytes(memory)} are wanted`),
    filter((host) => (host.cores ?? 0) < cores, (host) => `has ${counted(host.cores ?? 0, 'core')}, ${cores} are wanted`),
  ];
}
