// The Docker contexts of this machine, as `docker context ls` shows them: read, never changed, and the current one is of no
// consequence. A context becomes a host by being imported.

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { HostConfig, TlsFiles } from '#core/host/config.ts';
import { field } from './field.ts';
import { jsonObject } from './streams.ts';

export interface DockerContext {
  readonly name: string;
  readonly description: string;
  /** As a host, without `insecure`: plain TCP is for a person to allow. */
  readonly host: HostConfig;
  /** It asks for certificates not to be checked, which a host here always does. */
  readonly skipsVerification: boolean;
}

/** `folder` is where Docker's command line keeps its configuration. */
export function dockerFolder(env: Readonly<Record<string, string | undefined>>): string {
  const given = env['DOCKER_CONFIG'] ?? '';
  return given === '' ? join(homedir(), '.docker') : given;
}

/** In the order of their names; a context without an engine, or that cannot be read, is left out. */
export async function readContexts(folder: string): Promise<readonly DockerContext[]> {
  const meta = join(folder, 'contexts', 'meta');
  const ids = await readdir(meta).catch((): string[] => []);
  const contexts = await Promise.all(ids.map(async (id) => readContext(folder, await readFile(join(meta, id, 'meta.json'), 'utf8').catch(() => ''))));
  return contexts.filter((context) => context !== undefined).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

async function readContext(folder: string, text: string): Promise<DockerContext | undefined> {
  const meta = jsonObject(text);
  const engine = field(field(meta, 'Endpoints'), 'docker');
  const [name, endpoint, description] = [field(meta, 'Name'), field(engine, 'Host'), field(field(meta, 'Metadata'), 'Description')];
  if (typeof name !== 'string' || typeof endpoint !== 'string' || name === '' || endpoint === '') return undefined;
  const tls = /^(?:tcp|https):/i.test(endpoint) ? await tlsFiles(folder, name) : undefined;
  return {
    name,
    description: typeof description === 'string' ? description : '',
    host: { name: hostName(name), endpoint, ...(tls === undefined ? {} : { tls }) },
    skipsVerification: field(engine, 'SkipTLSVerify') === true,
  };
}

async function tlsFiles(folder: string, name: string): Promise<TlsFiles | undefined> {
  const files = join(folder, 'contexts', 'tls', createHash('sha256').update(name).digest('hex'), 'docker');
  const there = await readdir(files).catch((): string[] => []);
  const file = (part: string): string | undefined => (there.includes(`${part}.pem`) ? join(files, `${part}.pem`) : undefined);
  const [ca, cert, key] = [file('ca'), file('cert'), file('key')];
  if (ca === undefined && cert === undefined && key === undefined) return undefined;
  return { ...(ca === undefined ? {} : { ca }), ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) };
}

/** A context's name may hold a plus sign, a host's may not. */
function hostName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9._-]/g, '-').replace(/^[^A-Za-z0-9]+/, '') || 'docker';
}
