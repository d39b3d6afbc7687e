// How one comes into a registry, by one chain for everything that asks: what a person has said here (kept in VS Code's secret
// storage), then what a blueprint or its docker cloud brings (engine/registryLogins.ts), then what Docker's command line of this
// machine has: its log-ins, and the authorities that it believes for a registry.

import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { dockerHub } from '#core/image/reference.ts';
import type { Credentials } from '../engine/ports.ts';
import { dockerFolder } from './contexts.ts';
import { loginOf, type RegistryLogin } from './registryLogin.ts';

export interface RegistryAccess {
  readonly login?: RegistryLogin;
  /** Certificates of its authority (PEM), besides those that everybody believes. */
  readonly ca?: string;
  /** See `RegistryTexts.isOurs`. */
  readonly isOurs?: true;
}

/** `registry` as it stands in references; absent for Docker Hub. Fails with an Error whose message is a sentence where a helper cannot be run. */
export async function accessTo(registry: string | undefined, credentials: Credentials, env: Readonly<Record<string, string | undefined>> = process.env): Promise<RegistryAccess> {
  const name = registry === undefined || registry === 'index.docker.io' ? dockerHub : registry;
  const kept = await credentials.registry(name);
  const { username, password } = kept ?? {};
  const folder = dockerFolder(env);
  const login = username !== undefined && password !== undefined ? { username, password, serveraddress: name } : await loginOf(registry, folder);
  const ca = kept?.ca ?? (await believed(name, [folder, '/etc/docker', join(homedir(), '.config', 'docker')]));
  return { ...(login !== undefined && { login }), ...(ca !== undefined && { ca }), ...(kept?.isOurs && { isOurs: true }) };
}

/** The certificates that engines and Docker's command line keep for a registry. */
async function believed(name: string, folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) {
    const certs = join(folder, 'certs.d', name);
    const files = (await readdir(certs).catch((): string[] => [])).filter((file) => file.endsWith('.crt'));
    if (files.length > 0) return (await Promise.all(files.map((file) => readFile(join(certs, file), 'utf8')))).join('\n');
  }
  return undefined;
}
