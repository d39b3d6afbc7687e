// The hash that says whether a container is what its spec asks for, and which part of it differs. Values that may be secret
// (environment, command, entrypoint) take part in it. It is therefore never stored: the observer makes it afresh from what the
// engine itself holds, so no label carries anything from which a short secret could be guessed.

import type { SpecParts } from '#core/cluster/observed.ts';
import type { ContainerSpec } from '#core/blueprint/application.ts';
import { fullReference } from '#core/cluster/imageName.ts';
import { canonical } from '#core/text/canonical.ts';
import { sha256 } from '#core/text/sha256.ts';

/** The part of a spec that labels may hold: names of environment variables without their values, and whether commands are given at all. */
export interface PublicSpec {
  readonly image: string;
  readonly envNames: readonly string[];
  readonly hasEntrypoint: boolean;
  readonly hasCommand: boolean;
  /** Commands install and launch it; what they are is kept where the command is. */
  readonly hasLifecycle?: boolean;
  readonly openPorts: ContainerSpec['openPorts'];
  readonly publishedPorts: ContainerSpec['publishedPorts'];
  readonly mounts: ContainerSpec['mounts'];
  readonly cpuShares?: number;
  readonly memoryBytes?: number;
  readonly aliases?: readonly string[];
}

export function publicSpec(spec: ContainerSpec): PublicSpec {
  return {
    image: spec.image,
    envNames: Object.keys(spec.env).toSorted(),
    hasEntrypoint: isGiven(spec.entrypoint),
    hasCommand: isGiven(spec.command),
    ...(spec.lifecycle && { hasLifecycle: true }),
    openPorts: spec.openPorts,
    publishedPorts: spec.publishedPorts,
    mounts: spec.mounts,
    ...(spec.cpuShares !== undefined && { cpuShares: spec.cpuShares }),
    ...(spec.memoryBytes !== undefined && { memoryBytes: spec.memoryBytes }),
    ...(isGiven(spec.aliases) && { aliases: spec.aliases }),
  };
}

export function specParts(application: string, entity: string, spec: ContainerSpec): SpecParts {
  const part = (name: string, value: unknown): [string, string] => [name, sha256(canonical([application, entity, name, value]))];
  return Object.fromEntries([
    part('image', fullReference(spec.image)),
    ...(isGiven(spec.entrypoint) ? [part('entrypoint', spec.entrypoint)] : []),
    ...(isGiven(spec.command) ? [part('command', spec.command)] : []),
    ...Object.entries(spec.lifecycle?.parts ?? {}).map(([name, hash]) => part(name, hash)),
    ...Object.entries(spec.env).map(([name, value]) => part(`environment variable ${name}`, value)),
    part('open ports', spec.openPorts.toSorted((a, b) => a - b)),
    part('published ports', spec.publishedPorts.map((port) => canonical(port)).toSorted()),
    part('volumes', spec.mounts.map((mount) => canonical(mount)).toSorted()),
    ...(spec.cpuShares === undefined ? [] : [part('processor share', spec.cpuShares)]),
    ...(spec.memoryBytes === undefined ? [] : [part('memory limit', spec.memoryBytes)]),
    ...(isGiven(spec.aliases) ? [part('links to it', spec.aliases)] : []),
  ]);
}

export function specHash(parts: SpecParts): string {
  return sha256(canonical(parts));
}

/** Which parts differ, as short claims: "environment variable URL changes". The image is told by the planner, which knows both. */
export function differences(before: SpecParts, after: SpecParts): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => name !== 'image').toSorted();
  return names.flatMap((name) => {
    if (before[name] === after[name]) return [];
    if (before[name] === undefined) return [`${name} is added`];
    if (after[name] === undefined) return [`${name} is removed`];
    return [`${name} ${name.endsWith('s') ? 'change' : 'changes'}`];
  });
}

/** Docker takes an empty list for none. */
function isGiven(list: readonly string[] | undefined): list is readonly string[] {
  return list !== undefined && list.length > 0;
}
