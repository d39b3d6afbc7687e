// Deployment records on a host: one empty volume for each revision, of which nothing but the labels counts. A volume needs no
// image, is on no container's way, and its labels may be as long as a blueprint is. Engines before 23 take unused volumes away
// in `docker volume prune`; what is lost then is written again by the next deployment, from hosts that still have it. Those of a
// Swarm are in sharedRecords.ts, with the same labels.

import type Docker from 'dockerode';
import type { DescribedCloud } from '#core/cloud/describedCloud.ts';
import { readKeptClouds } from '#core/record/clouds.ts';
import { outcomes, type DeploymentRecord, type Places, type RecordedOutcome, type Revision, type Addresses, type Assignment } from '#core/record/revision.ts';
import { readKeptFiles } from '#core/record/files.ts';
import type { Undertaking } from '#core/record/lock.ts';
import { field } from './field.ts';
import { pack, prefix, unpack } from './labels.ts';
import { statusCode } from './problems.ts';
import { jsonObject } from './streams.ts';

/** Not the label of containers and their volumes: whoever takes an application's volumes away by that one leaves its history. */
export const recordLabels = {
  application: `${prefix}record`,
  applicationName: `${prefix}record.name`,
  revision: `${prefix}record.revision`,
  /** ISO 8601. */
  at: `${prefix}record.at`,
  by: `${prefix}record.by`,
  what: `${prefix}record.what`,
  outcome: `${prefix}record.outcome`,
  /** JSON: hosts by entity. */
  places: `${prefix}record.places`,
  /** JSON: addresses by entity and network. */
  addresses: `${prefix}record.addresses`,
  /** JSON: built images by entity. */
  images: `${prefix}record.images`,
  /** JSON: what people changed of its networks. */
  assignments: `${prefix}record.assignments`,
  /** JSON: the docker clouds that its blueprint describes. */
  clouds: `${prefix}record.clouds`,
  blueprint: `${prefix}record.blueprint`,
  /** JSON: files by their sources. */
  files: `${prefix}record.files`,
} as const;

export const namePrefix = 'clocker-record-';

function volumeName(application: string, revision: number): string {
  return `${namePrefix}${application}-${revision}`;
}

/** Of a volume or of a config. */
export function isRecordName(name: string): boolean {
  return name.startsWith(namePrefix);
}

/** Those of all applications, without their blueprints. */
export async function listRecords(docker: Docker, abortSignal: AbortSignal): Promise<readonly Revision[]> {
  // The engine's answer is null where there are none.
  const { Volumes } = await docker.listVolumes({ filters: { label: [recordLabels.application] }, abortSignal });
  const found = (Volumes ?? []).flatMap(({ Labels }) => revisionOf(Labels ?? {}) ?? []);
  // The engine lists them in any order.
  return found.toSorted((a, b) => (a.application < b.application ? -1 : a.application > b.application ? 1 : a.revision - b.revision));
}

export async function readRecord(docker: Docker, application: string, revision: number): Promise<DeploymentRecord | undefined> {
  try {
    const { Labels } = await docker.getVolume(volumeName(application, revision)).inspect();
    const found = revisionOf(Labels ?? {});
    const blueprint = unpack(Labels?.[recordLabels.blueprint]);
    return found === undefined || found.application !== application || blueprint === undefined ? undefined : { ...found, blueprint, ...filesOf(Labels?.[recordLabels.files]) };
  } catch (error) {
    if (statusCode(error) === 404) return undefined;
    throw error;
  }
}

/** What is there under its number is replaced: labels cannot be changed. */
export async function writeRecord(docker: Docker, record: DeploymentRecord): Promise<void> {
  await removeRecord(docker, record.application, record.revision);
  await docker.createVolume({ Name: volumeName(record.application, record.revision), Labels: { ...revisionLabels(record), ...contentLabels(record) } });
}

/** A volume of this name that is no record of the application is somebody else's, and stays. */
export async function removeRecord(docker: Docker, application: string, revision: number): Promise<void> {
  const volume = docker.getVolume(volumeName(application, revision));
  try {
    const { Labels } = await volume.inspect();
    if (Labels?.[recordLabels.application] === application) await volume.remove();
  } catch (error) {
    if (statusCode(error) !== 404) throw error;
  }
}

export function undertakingLabels({ application, applicationName, atMs, by, what }: Omit<Undertaking, 'blueprint' | 'files'>): Record<string, string> {
  return {
    [recordLabels.application]: application,
    [recordLabels.applicationName]: applicationName,
    [recordLabels.at]: new Date(atMs).toISOString(),
    [recordLabels.by]: by,
    [recordLabels.what]: what,
  };
}

/** All but the blueprint. */
export function revisionLabels(revision: Revision): Record<string, string> {
  const { revision: number, outcome, places, addresses, images, assignments, clouds } = revision;
  return {
    ...undertakingLabels(revision),
    [recordLabels.revision]: String(number),
    [recordLabels.outcome]: outcome,
    ...(places && { [recordLabels.places]: JSON.stringify(places) }),
    ...(addresses && { [recordLabels.addresses]: JSON.stringify(addresses) }),
    ...(images && { [recordLabels.images]: JSON.stringify(images) }),
    ...(assignments && { [recordLabels.assignments]: JSON.stringify(assignments) }),
    ...(clouds && { [recordLabels.clouds]: JSON.stringify(clouds) }),
  };
}

/** The blueprint and its files. */
export function contentLabels({ blueprint, files }: Pick<DeploymentRecord, 'blueprint' | 'files'>): Record<string, string> {
  return { [recordLabels.blueprint]: pack(blueprint), ...(files && { [recordLabels.files]: pack(JSON.stringify(files)) }) };
}

export function filesOf(label: string | undefined): Pick<DeploymentRecord, 'files'> {
  const files = readKeptFiles(jsonObject(unpack(label) ?? ''));
  return files === undefined ? {} : { files };
}

/** The same as text, for what has no labels of any length. */
export function payloadOf({ blueprint, files }: DeploymentRecord): string {
  return JSON.stringify({ blueprint, files });
}

export function recordOf(revision: Revision, payload: string): DeploymentRecord | undefined {
  const { blueprint, files } = jsonObject(payload) ?? {};
  const kept = readKeptFiles(files);
  return typeof blueprint === 'string' ? { ...revision, blueprint, ...(kept && { files: kept }) } : undefined;
}

/** Undefined for labels that say nothing of the kind. */
export function undertakingOf(labels: Readonly<Record<string, string>>): Omit<Undertaking, 'blueprint' | 'files'> | undefined {
  const application = labels[recordLabels.application];
  const atMs = Date.parse(labels[recordLabels.at] ?? '');
  if (application === undefined || Number.isNaN(atMs)) return undefined;
  return { application, applicationName: labels[recordLabels.applicationName] ?? application, atMs, by: labels[recordLabels.by] ?? 'somebody', what: labels[recordLabels.what] ?? '' };
}

export function revisionOf(labels: Readonly<Record<string, string>>): Revision | undefined {
  const known = undertakingOf(labels);
  const revision = Number(labels[recordLabels.revision]);
  const outcome = outcomes.find((one): one is RecordedOutcome => one === labels[recordLabels.outcome]);
  return known === undefined || outcome === undefined || !Number.isSafeInteger(revision) || revision < 1 ? undefined : { ...known, revision, outcome, ...placesOf(labels[recordLabels.places]), ...addressesOf(labels[recordLabels.addresses]), ...imagesOf(labels[recordLabels.images]), ...assignmentsOf(labels[recordLabels.assignments]), ...cloudsOf(labels[recordLabels.clouds]) };
}

function placesOf(label: string | undefined): { readonly places?: Places } {
  const read = label === undefined ? undefined : jsonObject(label);
  if (read === undefined) return {};
  return { places: Object.fromEntries(Object.entries(read).flatMap(([entity, host]): [string, string][] => (typeof host === 'string' ? [[entity, host]] : []))) };
}

function imagesOf(label: string | undefined): { readonly images?: Readonly<Record<string, string>> } {
  const read = label === undefined ? undefined : jsonObject(label);
  return read === undefined ? {} : { images: textsOf(read) };
}

function addressesOf(label: string | undefined): { readonly addresses?: Addresses } {
  const read = label === undefined ? undefined : jsonObject(label);
  if (read === undefined) return {};
  return { addresses: Object.fromEntries(Object.entries(read).flatMap(([entity, own]) => (typeof own === 'object' && own !== null ? [[entity, textsOf(own)]] : []))) };
}

function assignmentsOf(label: string | undefined): { readonly assignments?: readonly Assignment[] } {
  const read = listIn(label);
  return Array.isArray(read) ? { assignments: read.flatMap((one: unknown) => assignmentOf(one) ?? []) } : {};
}

function cloudsOf(label: string | undefined): { readonly clouds?: readonly DescribedCloud[] } {
  const clouds = readKeptClouds(listIn(label));
  return clouds === undefined ? {} : { clouds };
}

/** A list has no names: it is read as the value of one. */
function listIn(label: string | undefined): unknown {
  return label === undefined ? undefined : jsonObject(`{"all":${label}}`)?.['all'];
}

function assignmentOf(value: unknown): Assignment | undefined {
  const [entity, network, isOwn, isConnected, by, address, aliases] = ['entity', 'network', 'isOwn', 'isConnected', 'by', 'address', 'aliases'].map((name) => field(value, name));
  if (typeof entity !== 'string' || typeof network !== 'string' || typeof isConnected !== 'boolean') return undefined;
  const names: readonly unknown[] = Array.isArray(aliases) ? aliases : [];
  return { entity, network, ...(isOwn === true && { isOwn }), isConnected, by: typeof by === 'string' ? by : '', ...(typeof address === 'string' && { address }), ...(names.length > 0 && { aliases: names.filter((name) => typeof name === 'string') }) };
}

function textsOf(value: object): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(value).flatMap(([name, one]: [string, unknown]): [string, string][] => (typeof one === 'string' ? [[name, one]] : [])));
}
