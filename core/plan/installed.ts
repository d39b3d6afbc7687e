// Which containers of a plan start from an image that was caught, and which image each host needs for them.

import type { DesiredContainer } from '#core/cluster/desired.ts';
import type { Installed } from '#core/cluster/installed.ts';
import type { Observed } from '#core/cluster/observed.ts';
import { isOfInstalling } from '#core/lifecycle/moments.ts';
import { caughtName, imageKey, installationOf, type Installation } from '#core/image/key.ts';

/** What is known of images; hosts are asked beforehand. */
export interface ImageSight {
  /** The id of an image as the host has it, or would get it from a host nearby; undefined where nobody near has it. */
  readonly idOf: (host: string, image: string) => string | undefined;
  /** The host from which it can be had: the host itself if it has it, else one nearby. */
  readonly nearest: (host: string, image: string) => string | undefined;
}

/** The installation whose image may be kept; undefined where nothing is installed, or it is not to be kept. */
export function catchable(container: DesiredContainer, observed: Observed): Installation | undefined {
  const installation = catching(container, observed);
  return installation === undefined || 'reason' in installation || 'isOff' in installation ? undefined : installation;
}

/** What it would be called. */
export function caughtImage(installation: Installation, baseId: string): string {
  return caughtName(installation, imageKey(installation, baseId));
}

export function withInstallations(containers: readonly DesiredContainer[], observed: Observed, sight: ImageSight): readonly DesiredContainer[] {
  const first = new Map<string, string>();
  return containers.map((container): DesiredContainer => {
    const installed = installedOf(container, observed, sight, first);
    return installed === undefined ? container : { ...container, installed };
  });
}

/** The image that a host must have before the container is made. */
export function imageNeeded({ installed, spec }: DesiredContainer): string | undefined {
  if (installed?.kind === 'caught') return installed.image;
  return installed?.kind === 'after' ? undefined : spec.image;
}

function installedOf(container: DesiredContainer, observed: Observed, { idOf, nearest }: ImageSight, first: Map<string, string>): Installed | undefined {
  const installation = catching(container, observed);
  if (installation === undefined) return undefined;
  if ('isOff' in installation) return { kind: 'here' };
  if ('reason' in installation) return { kind: 'here', reason: installation.reason };
  const { host, containerName, spec, pending } = container;
  const baseId = idOf(host, spec.image);
  // A base image that nobody has yet is known when it is there; so is what other entities give.
  if (baseId === undefined || pending !== undefined) return undefined;
  const image = caughtImage(installation, baseId);
  const from = nearest(host, image);
  if (from !== undefined) return { kind: 'caught', image, host: from };
  const group = `${cloudOf(host, observed)} ${image}`;
  const other = first.get(group);
  if (other !== undefined) return { kind: 'after', image, containerName: other };
  first.set(group, containerName);
  return { kind: 'first', image };
}

/** What the entity says goes before what its cloud says; where nobody says anything, it is kept. */
function catching({ spec, entityType, host, gates }: DesiredContainer, observed: Observed): ReturnType<typeof installationOf> | { readonly isOff: true } {
  const installation = installationOf(spec, entityType ?? '');
  if (installation === undefined) return undefined;
  const latched = gates?.find(({ before }) => isOfInstalling(before));
  if (latched !== undefined) return { reason: `its installation waits for ${latched.shown}` };
  const cloud = observed.clouds?.find(({ name }) => name === observed.hosts.find((one) => one.host === host)?.cloud);
  return (spec.lifecycle?.course?.isCaught ?? cloud?.catchesImages ?? true) ? installation : { isOff: true };
}

/** Images go from host to host within a cloud. */
function cloudOf(host: string, { hosts }: Observed): string {
  const cloud = hosts.find((one) => one.host === host)?.cloud;
  return cloud === undefined ? `host ${host}` : `cloud ${cloud}`;
}
