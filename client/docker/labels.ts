// What Clocker writes on the containers it makes, and reads back: all that is known of a deployment is here. No label holds
// anything made from an environment value or a command.

import { gunzipSync, gzipSync } from 'node:zlib';
import type { ContainerSpec } from '#core/blueprint/application.ts';
import type { DesiredContainer } from '#core/cluster/desired.ts';
import type { ObservedContainer, Ownership } from '#core/cluster/observed.ts';
import { publicSpec, specHash, specParts, type PublicSpec } from '#core/cluster/specHash.ts';
import type { Subnet } from '#core/sdn/subnet.ts';
import { canonical } from '#core/text/canonical.ts';
import { sha256 } from '#core/text/sha256.ts';
import { jsonObject } from './streams.ts';

export const prefix = 'io.clocker.';
export const labels = {
  application: `${prefix}application`,
  applicationName: `${prefix}application.name`,
  entity: `${prefix}entity`,
  entityName: `${prefix}entity.name`,
  /** On what was made for a docker cloud: its name. */
  cloud: `${prefix}cloud`,
  /** What other applications' placement compares with. */
  entityType: `${prefix}entity.type`,
  entityParent: `${prefix}entity.parent`,
  /** By network, the addresses that are its own, as JSON: so nothing about them is lost with anything but the container. */
  addresses: `${prefix}addresses`,
  /** On a network that is not an application's own: the id by which containers join it. */
  network: `${prefix}network`,
  /** On a network: its subnet as it was made, as JSON. */
  subnet: `${prefix}subnet`,
  /** The spec without values that may be secret, as JSON. */
  spec: `${prefix}spec`,
  /** Hash of the label above: tells a spec label that was changed by hand. */
  specHash: `${prefix}spec-hash`,
  /** The blueprint, secrets masked; a long one as `gzip:` and base64. */
  blueprint: `${prefix}blueprint`,
} as const;

/** Longer blueprints are packed. */
const plainUpToCharacters = 1000;
const packedMark = 'gzip:';

export function labelsOf(container: DesiredContainer): Record<string, string> {
  const spec = canonical(publicSpec(container.spec));
  return {
    [labels.application]: container.application,
    [labels.applicationName]: container.applicationName,
    [labels.entity]: container.entity,
    [labels.entityName]: container.entityName,
    ...(container.entityType === undefined ? {} : { [labels.entityType]: container.entityType }),
    ...(container.entityParent === undefined ? {} : { [labels.entityParent]: container.entityParent }),
    ...addressLabel(container),
    [labels.spec]: spec,
    [labels.specHash]: sha256(`${container.application} ${container.entity} ${spec}`),
    ...(container.blueprint === undefined ? {} : { [labels.blueprint]: pack(container.blueprint) }),
  };
}

/** What the engine itself knows of a container's configuration; `env` as `NAME=value`. */
export interface InspectedConfig {
  readonly env: readonly string[];
  readonly entrypoint: readonly string[] | undefined;
  readonly command: readonly string[] | undefined;
}

export function isOurs(found: Readonly<Record<string, string>>): boolean {
  return found[labels.application] !== undefined && found[labels.entity] !== undefined;
}

/**
 * Undefined for a container that Clocker did not make. Where labels make no sense, or its configuration has not been asked for, the hash
 * equals none: a deployment replaces what it cannot compare.
 */
export function ownership(found: Readonly<Record<string, string>>, config: InspectedConfig | undefined): Ownership | undefined {
  const application = found[labels.application];
  const entity = found[labels.entity];
  if (application === undefined || entity === undefined) return undefined;
  const spec = config && specOf(found, application, entity, config);
  const parts = spec === undefined ? undefined : specParts(application, entity, spec);
  const blueprint = unpack(found[labels.blueprint]);
  const entityType = found[labels.entityType];
  const entityParent = found[labels.entityParent];
  return {
    application,
    applicationName: found[labels.applicationName] ?? application,
    entity,
    entityName: found[labels.entityName] ?? entity,
    ...(entityType === undefined ? {} : { entityType }),
    ...(entityParent === undefined ? {} : { entityParent }),
    ...addressesOf(found),
    specHash: parts === undefined ? 'unknown' : specHash(parts),
    ...(parts === undefined ? {} : { parts }),
    ...(blueprint === undefined ? {} : { blueprint }),
  };
}

function addressLabel({ networks }: DesiredContainer): Record<string, string> {
  const addresses = Object.fromEntries(networks.flatMap(({ networkName, address }) => (address === undefined ? [] : [[networkName, address]])));
  return Object.keys(addresses).length === 0 ? {} : { [labels.addresses]: canonical(addresses) };
}

function addressesOf(found: Readonly<Record<string, string>>): Pick<Ownership, 'addresses'> {
  const addresses = Object.entries(jsonObject(found[labels.addresses] ?? '') ?? {}).flatMap(([networkName, address]) => (typeof address === 'string' ? [[networkName, address]] : []));
  return addresses.length === 0 ? {} : { addresses: Object.fromEntries(addresses) };
}

/** The subnet that a network of ours was made with. */
export function subnetLabel(found: Readonly<Record<string, string>>): Subnet | undefined {
  const { cidr, gateway, range, reserved, ipv6 } = jsonObject(found[labels.subnet] ?? '') ?? {};
  if (typeof cidr !== 'string' || typeof gateway !== 'string' || typeof range !== 'string') return undefined;
  const keptOut: readonly unknown[] = Array.isArray(reserved) ? reserved : [];
  return { cidr, gateway, range, ...(keptOut.length > 0 && { reserved: keptOut.filter((one) => typeof one === 'string') }), ...(typeof ipv6 === 'string' && { ipv6 }) };
}

/** What the spec of a container of ours says where nobody compares it. */
export interface Told {
  /** As the blueprint has it: the engine's own listing shows an id once the tag has moved on. */
  readonly image?: string;
  /** What it reserves of its host. */
  readonly reserved?: NonNullable<ObservedContainer['reserved']>;
  /** Whether commands install and launch its entity. */
  readonly hasLifecycle: boolean;
}

export function toldBy(found: Readonly<Record<string, string>>): Told {
  const { image, cpuShares, memoryBytes, hasLifecycle } = publicSpecOf(found) ?? {};
  const reserved = { ...(cpuShares !== undefined && { cpuShares }), ...(memoryBytes !== undefined && { memoryBytes }) };
  return { ...(image !== undefined && { image }), ...(Object.keys(reserved).length > 0 && { reserved }), hasLifecycle: hasLifecycle === true };
}

function specOf(found: Readonly<Record<string, string>>, application: string, entity: string, config: InspectedConfig): ContainerSpec | undefined {
  const label = found[labels.spec] ?? '';
  if (found[labels.specHash] !== sha256(`${application} ${entity} ${label}`)) return undefined;
  const known = publicSpecOf(found);
  if (known === undefined) return undefined;
  const { image, openPorts, publishedPorts, mounts, cpuShares, memoryBytes, aliases } = known;
  const env = Object.fromEntries(
    config.env.flatMap((line): [string, string][] => {
      const at = line.indexOf('=');
      return at > 0 && known.envNames.includes(line.slice(0, at)) ? [[line.slice(0, at), line.slice(at + 1)]] : [];
    }),
  );
  return {
    image,
    openPorts,
    publishedPorts,
    mounts,
    env,
    ...(cpuShares === undefined ? {} : { cpuShares }),
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
    ...(aliases === undefined ? {} : { aliases }),
    ...(known.hasLifecycle === true ? { lifecycle: { parts: lifecycleParts(config.command) } } : {}),
    ...(known.hasEntrypoint && config.entrypoint !== undefined ? { entrypoint: config.entrypoint } : {}),
    ...(known.hasCommand && config.command !== undefined ? { command: config.command } : {}),
  };
}

/** The argument of a container's main program that says what its lifecycle was made from: it may be secret, so it is no label. */
export function lifecycleArgument(parts: Readonly<Record<string, string>>): string {
  return canonical(parts);
}

function lifecycleParts([argument = '']: readonly string[] = []): Readonly<Record<string, string>> {
  const parts = jsonObject(argument) ?? {};
  return Object.fromEntries(Object.entries(parts).flatMap(([name, hash]) => (typeof hash === 'string' ? [[name, hash]] : [])));
}

function publicSpecOf(found: Readonly<Record<string, string>>): PublicSpec | undefined {
  try {
    const value: unknown = JSON.parse(found[labels.spec] ?? '');
    return isPublicSpec(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isPublicSpec(value: unknown): value is PublicSpec {
  if (typeof value !== 'object' || value === null || !('image' in value) || typeof value.image !== 'string') return false;
  const lists = ['envNames', 'openPorts', 'publishedPorts', 'mounts'];
  const numbers = ['cpuShares', 'memoryBytes'];
  return lists.every((name) => Array.isArray(Reflect.get(value, name))) && numbers.every((name) => ['number', 'undefined'].includes(typeof Reflect.get(value, name))) && (!('aliases' in value) || Array.isArray(value.aliases));
}

export function pack(text: string): string {
  return text.length <= plainUpToCharacters && !text.startsWith(packedMark) ? text : packedMark + gzipSync(text).toString('base64');
}

export function unpack(label: string | undefined): string | undefined {
  if (label === undefined || !label.startsWith(packedMark)) return label;
  try {
    return gunzipSync(Buffer.from(label.slice(packedMark.length), 'base64'), { maxOutputLength: 16 * 1024 * 1024 }).toString();
  } catch {
    return undefined;
  }
}
