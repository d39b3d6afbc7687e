// The log-ins to registries that Docker's command line of this machine has: for a registry its own helper program, else the helper
// for all, else what config.json holds itself. They are handed to an engine with one request and kept nowhere.

import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { dockerHub } from '#core/image/reference.ts';
import { jsonObject } from './streams.ts';

export type RegistryLogin = { readonly username: string; readonly password: string; readonly serveraddress: string } | { readonly identitytoken: string; readonly serveraddress: string };

/** As it is called where log-ins are kept. */
const hubAddress = 'https://index.docker.io/v1/';
const helperWithinMs = 15_000;

/** `folder` is where Docker's command line keeps its configuration. Undefined where nobody has logged in. Fails with an Error whose message is a sentence where a helper cannot be run. */
export async function loginOf(registry: string | undefined, folder: string): Promise<RegistryLogin | undefined> {
  const config = jsonObject(await readFile(join(folder, 'config.json'), 'utf8').catch(() => '')) ?? {};
  const isHub = registry === undefined || registry === dockerHub || registry === 'index.docker.io';
  const names = isHub ? [hubAddress, 'index.docker.io', dockerHub] : [registry, `https://${registry}`, `http://${registry}`, `https://${registry}/v1/`, `https://${registry}/v2/`];
  const helpers = objectIn(config, 'credHelpers');
  for (const name of names) {
    const helper = helpers[name] ?? config['credsStore'];
    const found = typeof helper === 'string' && helper !== '' ? await helped(helper, name) : undefined;
    const login = found ?? written(objectIn(objectIn(config, 'auths'), name), name);
    if (login !== undefined) return login;
  }
  return undefined;
}

function written(entry: Readonly<Record<string, unknown>>, serveraddress: string): RegistryLogin | undefined {
  const { identitytoken, auth, username, password } = entry;
  if (typeof identitytoken === 'string' && identitytoken !== '') return { identitytoken, serveraddress };
  const decoded = typeof auth === 'string' ? Buffer.from(auth, 'base64').toString('utf8') : '';
  const at = decoded.indexOf(':');
  if (at > 0) return { username: decoded.slice(0, at), password: decoded.slice(at + 1).replace(/\0+$/, ''), serveraddress };
  return typeof username === 'string' && typeof password === 'string' && username !== '' ? { username, password, serveraddress } : undefined;
}

/** A helper that knows nothing of the registry ends with an error; so does one that is locked. */
async function helped(helper: string, serveraddress: string): Promise<RegistryLogin | undefined> {
  if (!/^[\w.-]+$/.test(helper)) throw new Error(`Docker's config.json names the credential helper "${helper}", which is no name of a program`);
  const program = `docker-credential-${helper}`;
  const child = spawn(program, ['get'], { stdio: ['pipe', 'pipe', 'ignore'], timeout: helperWithinMs });
  const started = new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  await started.catch((error: unknown) => {
    throw new Error(`the credential helper ${program}, which Docker's config.json names, cannot be run; install it, or take it out of config.json`, { cause: error });
  });
  child.stdin.on('error', () => {});
  child.stdin.end(serveraddress);
  const answer = jsonObject(await text(child.stdout)) ?? {};
  const { Username, Secret } = answer;
  if (typeof Username !== 'string' || typeof Secret !== 'string' || Secret === '') return undefined;
  return Username === '<token>' ? { identitytoken: Secret, serveraddress } : { username: Username, password: Secret, serveraddress };
}

function objectIn(value: Readonly<Record<string, unknown>>, name: string): Readonly<Record<string, unknown>> {
  const found = value[name];
  return typeof found === 'object' && found !== null ? { ...found } : {};
}
