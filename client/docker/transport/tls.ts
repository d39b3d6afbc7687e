// TCP with TLS: the engine shows a certificate that is always checked, and we show ours where it asks for one. Certificates
// and key come from files or from what is kept for the host; they are read anew for each connection, so a renewed one counts at once.

import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import type { HostConfig } from '#core/host/config.ts';
import { Need, type Credentials, type TlsTexts } from '../../engine/ports.ts';
import { dial, dialWithinMs } from './dial.ts';
import { readConfigured } from './files.ts';
import { tlsProblem, Unreachable } from './problems.ts';

const dayMs = 24 * 3600 * 1000;
/** So long before its end an expiry is told. */
const warnedWithinMs = 30 * dayMs;

export class TlsDialer {
  readonly #config: HostConfig;
  readonly #place: { readonly address: string; readonly port: number };
  readonly #credentials: Credentials;
  #warnings: readonly string[] = [];

  constructor(config: HostConfig, place: { readonly address: string; readonly port: number }, credentials: Credentials) {
    this.#config = config;
    this.#place = place;
    this.#credentials = credentials;
  }

  /** About the certificates of the latest connection. */
  get warnings(): readonly string[] {
    return this.#warnings;
  }

  /** Throws an Unreachable or a Need. */
  async dial(): Promise<TLSSocket> {
    const { endpoint } = this.#config;
    const { address, port } = this.#place;
    const { secureContext, cert } = await this.#material();
    const tcp = await dial(address, port, endpoint);
    const socket = connect({ socket: tcp, host: address, ...(isIP(address) === 0 ? { servername: address } : {}), secureContext, minVersion: 'TLSv1.2' });
    const limit = setTimeout(() => socket.destroy(Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' })), dialWithinMs);
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once('secureConnect', resolve).once('error', reject).once('close', () => reject(new Error('the connection was broken off')));
      });
    } catch (error) {
      socket.destroy();
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      throw new Unreachable(tlsProblem(code, endpoint, namesIn(error)) ?? `no TLS connection to ${endpoint} came about (${error instanceof Error ? error.message : String(error)})`, { cause: error });
    } finally {
      clearTimeout(limit);
    }
    const now = Date.now();
    const theirs = Date.parse(socket.getPeerCertificate().valid_to);
    this.#warnings = [...expiry(`the certificate of ${endpoint}`, theirs, now), ...(cert === undefined ? [] : expiry(`your certificate for ${endpoint}`, Date.parse(cert.validTo), now))];
    return socket;
  }

  async #material(): Promise<{ readonly secureContext: SecureContext; readonly cert: X509Certificate | undefined }> {
    const { name, endpoint, tls = {} } = this.#config;
    const kept: TlsTexts = tls.ca !== undefined && tls.cert !== undefined ? {} : ((await this.#credentials.tls(name)) ?? {});
    const ca = tls.ca === undefined ? kept.ca : await readConfigured(tls.ca, 'the certificate authority');
    const cert = tls.cert === undefined ? kept.cert : await readConfigured(tls.cert, 'the certificate');
    const key = tls.key === undefined ? kept.key : await readConfigured(tls.key, 'the key of the certificate');
    const keyFile = tls.key ?? `kept for host ${name}`;
    const passphrase = key !== undefined && /ENCRYPTED/.test(key) ? await this.#credentials.passphrase(keyFile) : undefined;
    try {
      const mine = cert === undefined ? undefined : new X509Certificate(cert);
      const secureContext = createSecureContext({
        ...(ca === undefined ? {} : { ca }),
        ...(cert === undefined ? {} : { cert }),
        ...(key === undefined ? {} : { key }),
        ...(passphrase === undefined ? {} : { passphrase }),
      });
      if (mine !== undefined && Date.parse(mine.validTo) < Date.now()) throw new Unreachable(`your certificate for ${endpoint} expired on ${day(Date.parse(mine.validTo))}; renew it`);
      return { secureContext, cert: mine };
    } catch (error) {
      if (error instanceof Unreachable) throw error;
      throw materialProblem(error, { endpoint, keyFile, isEncrypted: key !== undefined && /ENCRYPTED/.test(key), hasPassphrase: passphrase !== undefined });
    }
  }
}

interface Material {
  readonly endpoint: string;
  readonly keyFile: string;
  readonly isEncrypted: boolean;
  readonly hasPassphrase: boolean;
}

/** OpenSSL's own messages may quote what was read, so they are not passed on. */
function materialProblem(error: unknown, { endpoint, keyFile, isEncrypted, hasPassphrase }: Material): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/KEY_VALUES_MISMATCH/.test(code)) return new Unreachable(`the key for ${endpoint} does not belong to its certificate; name the two that belong together`);
  if (isEncrypted) return new Need(`the key ${keyFile} needs ${hasPassphrase ? 'another passphrase: the one given is wrong' : 'a passphrase'}`, { kind: 'passphrase', keyFile, isWrong: hasPassphrase });
  return new Unreachable(`ca, cert or key for ${endpoint} cannot be understood; each must be a file in PEM ("-----BEGIN ...")`);
}

function namesIn(error: unknown): string {
  const cert: unknown = error instanceof Error && 'cert' in error ? error.cert : undefined;
  const names: unknown = typeof cert === 'object' && cert !== null && 'subjectaltname' in cert ? cert.subjectaltname : undefined;
  return typeof names === 'string' ? names.replaceAll(/DNS:|IP Address:/g, '').split(', ').join(', ') : '';
}

function expiry(what: string, endsMs: number, nowMs: number): string[] {
  const leftMs = endsMs - nowMs;
  if (!(leftMs < warnedWithinMs)) return [];
  const days = Math.max(0, Math.floor(leftMs / dayMs));
  return [`${what} expires ${days === 0 ? 'within a day' : days === 1 ? 'in a day' : `in ${days} days`}, on ${day(endsMs)}; renew it`];
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
