// Where an SSH connection goes and with what: the endpoint, completed from the user's and the system's ssh_config as ssh does
// (HostName, User, Port, IdentityFile, IdentitiesOnly, IdentityAgent, ProxyJump, HostKeyAlias, known hosts, Include). Options that
// weaken the check of host keys have no effect here.

import { readdir, readFile } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { partsOf } from '#core/host/endpoint.ts';
import { Unreachable } from '../transport/problems.ts';
import { isLike } from './knownHosts.ts';

export interface SshTarget {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** The name under which its key is known, where that is not its address. */
  readonly alias: string | undefined;
  /** In the order in which they are tried. `isWanted` for one that somebody has named: then it must be there. */
  readonly identityFiles: readonly { readonly file: string; readonly isWanted: boolean }[];
  /** Of the agent's keys, use those of `identityFiles` alone. */
  readonly isIdentitiesOnly: boolean;
  /** The socket of the SSH agent. */
  readonly agent: string | undefined;
  /** New keys are added to the first. */
  readonly knownHosts: readonly string[];
  readonly systemKnownHosts: readonly string[];
  readonly isHashed: boolean;
}

export interface Wanted {
  readonly address: string;
  readonly user?: string;
  readonly port?: number;
}

const depthMost = 16;

/** The servers on the way, the last one is the goal. Throws an Unreachable. */
export async function routeTo(wanted: Wanted, identityFile: string | undefined): Promise<readonly SshTarget[]> {
  const config = await readConfig();
  return route(wanted, identityFile, config, 0);
}

async function route(wanted: Wanted, identityFile: string | undefined, config: string, depth: number): Promise<readonly SshTarget[]> {
  const options = await optionsFor(wanted, config);
  const target = targetOf(wanted, identityFile, options);
  const command = options.first('proxycommand');
  if (command !== undefined && command !== 'none') throw new Unreachable(`~/.ssh/config gives ${wanted.address} a ProxyCommand, which Clocker does not run; use ProxyJump there`);
  const jumps = options.first('proxyjump') ?? 'none';
  if (jumps === 'none') return [target];
  if (depth === depthMost) throw new Unreachable(`ProxyJump in ~/.ssh/config goes in circles at ${wanted.address}; correct it`);
  const [first, ...others] = jumps.split(',').map((jump) => jumpOf(jump.trim(), wanted.address));
  const lead = first === undefined ? [] : await route(first, undefined, config, depth + 1);
  const rest = await Promise.all(others.map(async (jump) => targetOf(jump, undefined, await optionsFor(jump, config))));
  return [...lead, ...rest, target];
}

function jumpOf(text: string, address: string): Wanted {
  const { user, address: machine, port } = partsOf(text.replace(/^ssh:\/\//, ''));
  if (machine === undefined || port === false) throw new Unreachable(`~/.ssh/config gives ${address} a ProxyJump that makes no sense: ${text}; write it like USER@HOST:PORT`);
  return { address: machine, ...(user === undefined ? {} : { user }), ...(port === undefined ? {} : { port }) };
}

interface Options {
  first(name: string): string | undefined;
  all(name: string): readonly string[];
}

async function optionsFor({ address, user }: Wanted, config: string): Promise<Options> {
  const { default: SshConfig } = await import('ssh-config');
  let found: Readonly<Record<string, string | readonly string[]>>;
  try {
    found = SshConfig.parse(config).compute({ Host: address, ...(user === undefined ? {} : { User: user }) }, { ignoreCase: true });
  } catch (error) {
    throw new Unreachable(`~/.ssh/config cannot be understood (${error instanceof Error ? error.message : String(error)})`, { cause: error });
  }
  const all = (name: string): readonly string[] => {
    const value = found[name];
    return value === undefined ? [] : typeof value === 'string' ? [value] : value;
  };
  return { all, first: (name) => all(name)[0] };
}

function targetOf(wanted: Wanted, identityFile: string | undefined, options: Options): SshTarget {
  const address = (options.first('hostname') ?? wanted.address).replaceAll('%h', wanted.address).replaceAll('%%', '%');
  const user = wanted.user ?? options.first('user') ?? userInfo().username;
  const port = wanted.port ?? Number(options.first('port') ?? 22);
  const expand = (path: string): string => expanded(path, { address, user, port, original: wanted.address });
  const named = options.all('identityfile').filter((file) => file !== 'none').map((file) => ({ file: expand(file), isWanted: false }));
  const usual = ['id_ed25519', 'id_ecdsa', 'id_rsa'].map((file) => ({ file: join(homedir(), '.ssh', file), isWanted: false }));
  const agent = options.first('identityagent') ?? 'SSH_AUTH_SOCK';
  const files = (name: string, otherwise: readonly string[]): readonly string[] => {
    const given = options.all(name).flatMap((value) => value.split(/\s+/));
    return (given.length > 0 ? given : otherwise).filter((file) => file !== 'none').map(expand);
  };
  return {
    address,
    port,
    user,
    alias: options.first('hostkeyalias'),
    identityFiles: [...(identityFile === undefined ? [] : [{ file: expand(identityFile), isWanted: true }]), ...(options.all('identityfile').length > 0 ? named : usual)],
    isIdentitiesOnly: options.first('identitiesonly')?.toLowerCase() === 'yes',
    agent: agent === 'none' ? undefined : agent === 'SSH_AUTH_SOCK' ? usualAgent() : expand(agent),
    knownHosts: files('userknownhostsfile', ['~/.ssh/known_hosts', '~/.ssh/known_hosts2']),
    systemKnownHosts: files('globalknownhostsfile', ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2']),
    isHashed: options.first('hashknownhosts')?.toLowerCase() === 'yes',
  };
}

function usualAgent(): string | undefined {
  const socket = process.env['SSH_AUTH_SOCK'];
  if (socket !== undefined && socket !== '') return socket;
  return process.platform === 'win32' ? String.raw`\\.\pipe\openssh-ssh-agent` : undefined;
}

interface Place {
  readonly address: string;
  readonly original: string;
  readonly user: string;
  readonly port: number;
}

/** `~`, `${VARIABLE}` and ssh's tokens; a relative path is below the home. */
function expanded(path: string, { address, original, user, port }: Place): string {
  const home = homedir();
  const tokens: Readonly<Record<string, string>> = { '%': '%', d: home, h: address, n: original, p: String(port), r: user, u: userInfo().username, i: String(userInfo().uid) };
  const text = path
    .replace(/^"(.*)"$/, '$1')
    .replaceAll(/\$\{(\w+)\}/g, (_, name: string) => process.env[name] ?? '')
    .replaceAll(/%(.)/g, (token, letter: string) => tokens[letter] ?? token);
  return text.startsWith('~/') ? join(home, text.slice(2)) : isAbsolute(text) ? text : resolve(home, text);
}

/** The user's file before the system's, for the first value found counts; what they include is in its place. */
async function readConfig(): Promise<string> {
  const folder = join(homedir(), '.ssh');
  const texts = await Promise.all([included(join(folder, 'config'), folder, 0), included('/etc/ssh/ssh_config', '/etc/ssh', 0)]);
  // A section goes on until the next begins, so the system's file must not fall into the user's last one.
  return texts.join('\nHost *\n');
}

async function included(file: string, folder: string, depth: number): Promise<string> {
  if (depth > depthMost) return '';
  const text = await readFile(file, 'utf8').catch(() => '');
  const lines = text.split(/\r?\n/);
  let section = 'Host *';
  const out: string[] = [];
  for (const line of lines) {
    const [, patterns] = /^\s*Include(?:\s+|\s*=\s*)(.+?)\s*$/i.exec(line) ?? [];
    if (/^\s*(?:Host|Match)[\s=]/i.test(line)) section = line;
    if (patterns === undefined) out.push(line);
    // Sections of the included file end with it: what follows belongs to the section that the Include stands in.
    else out.push(await filesLike(patterns, folder, depth), section);
  }
  return out.join('\n');
}

async function filesLike(patterns: string, folder: string, depth: number): Promise<string> {
  const texts: string[] = [];
  for (const [, quoted, plain = ''] of patterns.matchAll(/"([^"]*)"|(\S+)/g)) {
    const given = (quoted ?? plain).replace(/^~(?=\/)/, homedir());
    const pattern = isAbsolute(given) ? given : join(folder, given);
    // Wildcards are for names of files, as people use them; folders are written out.
    const names = await readdir(dirname(pattern)).catch((): string[] => []);
    for (const name of names.filter((one) => isLike(basename(pattern), one)).toSorted()) texts.push(await included(join(dirname(pattern), name), folder, depth + 1));
  }
  return texts.join('\n');
}
