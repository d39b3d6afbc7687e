// What a person has said to reach hosts: passphrases and certificates in VS Code's secret storage, trusted keys of SSH servers in
// memory only, for `known_hosts` keeps them. None of it is in a setting or in the output.

import type { SecretStorage } from 'vscode';
import type { Credentials, TlsTexts } from '../engine/ports.ts';

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

  /** Passphrases belong to key files, which other hosts may use, too; they stay. */
  async forget(host: string): Promise<void> {
    await this.#secrets.delete(`tls ${host}`);
  }
}
