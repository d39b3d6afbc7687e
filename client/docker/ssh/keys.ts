// What is shown to an SSH server, one after the other until it is content: nothing at all, the named key, the agent's keys, the
// other key files. Passwords are not offered. A key that needs a passphrase nobody has given is passed over and told about at the end.

import { readFile } from 'node:fs/promises';
import type { AnyAuthMethod, BaseAgent, ParsedKey } from 'ssh2';
import { Need, type Credentials } from '../../engine/ports.ts';
import { fileProblem, Unreachable } from '../transport/problems.ts';
import type { SshTarget } from './target.ts';

type Library = typeof import('ssh2');

export class Keys {
  readonly #target: SshTarget;
  readonly #credentials: Credentials;
  readonly #library: Library;
  readonly #tried: string[] = [];
  #locked: Need | undefined;
  #missing: Unreachable | undefined;

  constructor(target: SshTarget, credentials: Credentials, library: Library) {
    this.#target = target;
    this.#credentials = credentials;
    this.#library = library;
  }

  /** Why the server was not content: a Need where a passphrase may help. */
  refusal(where: string): Error {
    if (this.#locked !== undefined) return this.#locked;
    if (this.#missing !== undefined) return this.#missing;
    const tried = this.#tried.length === 0 ? 'there is no key to show: no SSH agent and no key file' : `it was shown ${this.#tried.join(', ')}`;
    return new Unreachable(`${where} does not let ${this.#target.user} in; ${tried}; add the right public key to ~/.ssh/authorized_keys there, or name the key as identityFile of the host`);
  }

  async *methods(): AsyncGenerator<AnyAuthMethod> {
    const { user: username, identityFiles, agent } = this.#target;
    yield { type: 'none', username };
    const [wanted, others] = [identityFiles.filter(({ isWanted }) => isWanted), identityFiles.filter(({ isWanted }) => !isWanted)];
    for (const { file } of wanted) yield* this.#file(file, true);
    if (agent !== undefined) yield* this.#agent(agent);
    for (const { file } of others) yield* this.#file(file, false);
  }

  async *#file(file: string, isWanted: boolean): AsyncGenerator<AnyAuthMethod> {
    const key = await this.#key(file, isWanted);
    if (key === undefined) return;
    this.#tried.push(file);
    yield { type: 'publickey', username: this.#target.user, key };
  }

  async #key(file: string, isWanted: boolean): Promise<ParsedKey | undefined> {
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (error) {
      if (isWanted || !(error instanceof Error && 'code' in error && error.code === 'ENOENT')) this.#missing ??= new Unreachable(fileProblem(error, 'the key file', file), { cause: error });
      return undefined;
    }
    const plain = this.#parse(text);
    if (plain !== 'locked') return plain ?? this.#senseless(file);
    const passphrase = await this.#credentials.passphrase(file);
    const opened = passphrase === undefined ? undefined : this.#parse(text, passphrase);
    if (opened !== undefined && opened !== 'locked') return opened;
    const isWrong = passphrase !== undefined;
    this.#locked ??= new Need(`the key ${file} needs ${isWrong ? 'another passphrase: the one given is wrong' : 'a passphrase'}; give it to the SSH agent with: ssh-add ${file}`, { kind: 'passphrase', keyFile: file, isWrong });
    return undefined;
  }

  /** Undefined for a text that is no key, `locked` for one that this passphrase does not open. */
  #parse(text: string, passphrase?: string): ParsedKey | 'locked' | undefined {
    const parsed = this.#library.utils.parseKey(text, passphrase);
    if (!(parsed instanceof Error)) return parsed.isPrivateKey() ? parsed : undefined;
    return passphrase !== undefined || /no passphrase/i.test(parsed.message) ? 'locked' : undefined;
  }

  #senseless(file: string): undefined {
    this.#missing ??= new Unreachable(`the key file ${file} holds no private key that can be used; make one with: ssh-keygen -t ed25519`);
  }

  async *#agent(socket: string): AsyncGenerator<AnyAuthMethod> {
    const agent = this.#library.createAgent(socket);
    const keys = await identities(agent);
    const { isIdentitiesOnly, identityFiles } = this.#target;
    const named = await Promise.all(identityFiles.map(async ({ file }) => (await readFile(file.endsWith('.pub') ? file : `${file}.pub`, 'utf8').catch(() => '')).split(/\s+/)[1]));
    const shown = isIdentitiesOnly ? keys.filter((key) => named.includes(blobOf(key)?.toString('base64'))) : keys;
    if (shown.length === 0) return;
    this.#tried.push(`${shown.length === 1 ? 'the key' : `${shown.length} keys`} of the SSH agent`);
    agent.getIdentities = (give) => give(null, shown);
    yield { type: 'agent', username: this.#target.user, agent };
  }
}

type AgentKey = Parameters<Parameters<BaseAgent['getIdentities']>[0]>[1] extends readonly (infer Key)[] | undefined ? Key : never;

/** An agent that does not answer has no keys: ssh goes on without it, too. */
function identities(agent: BaseAgent): Promise<AgentKey[]> {
  return new Promise((resolve) => {
    agent.getIdentities((error, keys) => resolve(error ? [] : (keys ?? [])));
  });
}

function blobOf(key: AgentKey): Buffer | undefined {
  if (typeof key === 'object' && 'getPublicSSH' in key) return key.getPublicSSH();
  return Buffer.isBuffer(key) ? key : undefined;
}
