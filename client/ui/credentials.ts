// What a person has said to reach hosts and registries: passphrases, certificates and log-ins in VS Code's secret storage, trusted keys of SSH servers in
// memory only, for `known_hosts` keeps them. None of it is in a setting or in the output.

import type { SecretStorage } from 'vscode';
import type { Credentials, RegistryTexts, TlsTexts } from '../engine/ports.ts';

const registriesKey = 'registries';

export class KeptCredentials implements Credentials {
  readonly #secrets: SecretStorage;
  readonly #trusted = new Set<string>();

  constructor(secrets: SecretStorage) {
    this.#secrets = secrets;
  }

  trusts(address: string, fingerprint: string): boolean {
    return this.#trusted.has(`${address} ${fingerprint}`);
  }

  trust(address: string, fingerprint: string): void {
    this.#trusted.add(`${address} ${fingerprint}`);
  }

  async passphrase(keyFile: string): Promise<string | undefined> {
    return this.#secrets.get(`passphrase ${keyFile}`);
  }

  async keepPassphrase(keyFile: string, passphrase: string): Promise<void> {
    await this.#secrets.store(`passphrase ${keyFile}`, passphrase);
  }

  async tls(host: string): Promise<TlsTexts | undefined> {
    const kept = await this.#secrets.get(`tls ${host}`);
    const value: unknown = kept === undefined ? undefined : JSON.parse(kept);
    if (typeof value !== 'object' || value === null) return undefined;
    const texts = Object.entries(value).filter((entry): entry is [string, string] => ['ca', 'cert', 'key'].includes(entry[0]) && typeof entry[1] === 'string');
    return Object.fromEntries(texts);
  }

  async keepTls(host: string, texts: TlsTexts): Promise<void> {
    await this.#secrets.store(`tls ${host}`, JSON.stringify(texts));
  }

  async registry(name: string): Promise<RegistryTexts | undefined> {
    const kept = await this.#secrets.get(`registry ${name}`);
    const value: unknown = kept === undefined ? undefined : JSON.parse(kept);
    if (typeof value !== 'object' || value === null) return undefined;
    const texts = Object.entries(value).filter((entry): entry is [string, string] => ['username', 'password', 'ca'].includes(entry[0]) && typeof entry[1] === 'string');
    return Object.fromEntries(texts);
  }

  /** Of those that somebody logged in to here. */
  async registryNames(): Promise<readonly string[]> {
    const value: unknown = JSON.parse((await this.#secrets.get(registriesKey)) ?? '[]');
    return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
  }

  async keepRegistry(name: string, texts: RegistryTexts): Promise<void> {
    await this.#secrets.store(`registry ${name}`, JSON.stringify(texts));
    await this.#secrets.store(registriesKey, JSON.stringify([...new Set([...(await this.registryNames()), name])]));
  }

  async forgetRegistry(name: string): Promise<void> {
    await this.#secrets.delete(`registry ${name}`);
    await this.#secrets.store(registriesKey, JSON.stringify((await this.registryNames()).filter((other) => other !== name)));
  }

  /** Passphrases belong to key files, which other hosts may use, too; they stay. */
  async forget(host: string): Promise<void> {
    await this.#secrets.delete(`tls ${host}`);
  }
}
