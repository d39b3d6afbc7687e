// Deployment records in a Swarm: one config for each revision. Every manager shows them, none is mounted anywhere. What is listed
// often is in labels; the blueprint is in the data, which a Swarm limits.

import type Docker from 'dockerode';
import type { DeploymentRecord, SeenRevision } from '#core/record/revision.ts';
import { sha256 } from '#core/text/sha256.ts';
import { field } from './field.ts';
import { pack, unpack } from './labels.ts';
import { statusCode } from './problems.ts';
import { namePrefix, payloadOf, recordLabels, recordOf, revisionLabels, revisionOf } from './records.ts';

/** More a Swarm does not take. */
const mostBytes = 500 * 1024;
const mostNameCharacters = 64;

/** None where the host is no manager of a Swarm. */
export async function listShared(docker: Docker, abortSignal: AbortSignal): Promise<readonly SeenRevision[]> {
  const found: unknown = await docker.listConfigs({ filters: { label: [recordLabels.application] }, abortSignal });
  return (Array.isArray(found) ? found : []).flatMap((config) => seenOf(config) ?? []);
}

export async function readShared(docker: Docker, application: string, revision: number): Promise<DeploymentRecord | undefined> {
  try {
    const found: unknown = await docker.getConfig(configName(application, revision)).inspect();
    const [seen, text] = [seenOf(found), textOf(found)];
    return seen === undefined || seen.application !== application || text === undefined ? undefined : recordOf(seen, text);
  } catch (error) {
    if (isNotThere(error)) return undefined;
    throw error;
  }
}

/** False where it is too large for a Swarm. */
export async function writeShared(docker: Docker, record: DeploymentRecord): Promise<boolean> {
  const data = Buffer.from(pack(payloadOf(record)));
  if (data.length > mostBytes) return false;
  await removeShared(docker, record.application, record.revision);
  await docker.createConfig({ Name: configName(record.application, record.revision), Labels: revisionLabels(record), Data: data.toString('base64') });
  return true;
}

export async function removeShared(docker: Docker, application: string, revision: number): Promise<void> {
  const config = docker.getConfig(configName(application, revision));
  try {
    if (seenOf(await config.inspect())?.application === application) await config.remove();
  } catch (error) {
    if (!isNotThere(error)) throw error;
  }
}

function configName(application: string, revision: number): string {
  const name = `${namePrefix}${application}-${revision}`;
  return name.length <= mostNameCharacters ? name : `${namePrefix}${sha256(name).slice(0, 40)}`;
}

function seenOf(config: unknown): SeenRevision | undefined {
  const found = field(field(config, 'Spec'), 'Labels');
  const labels = Object.fromEntries(Object.entries(typeof found === 'object' && found !== null ? found : {}).map(([name, value]) => [name, String(value)]));
  const revision = revisionOf(labels);
  return revision && { ...revision, store: 'swarm' };
}

function textOf(config: unknown): string | undefined {
  const data = field(field(config, 'Spec'), 'Data');
  return typeof data === 'string' ? unpack(Buffer.from(data, 'base64').toString()) : undefined;
}

/** Or the host manages no Swarm. */
function isNotThere(error: unknown): boolean {
  return [404, 503].includes(statusCode(error) ?? 0) || /not a swarm manager/i.test(String(error));
}
