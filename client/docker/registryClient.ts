// Asks a registry over HTTP, and answers it when it asks who is there: with a password, or with a token that it names the place
// for. A password goes to the registry itself and to the place it names, where that is encrypted or as near as the registry.

import { request as requestPlain, type IncomingMessage } from 'node:http';
import { request as requestTls } from 'node:https';
import { text } from 'node:stream/consumers';
import { rootCertificates } from 'node:tls';
import { readChallenge, type Challenge } from '#core/image/challenge.ts';
import { registryName } from '#core/image/known.ts';
import { dockerHub } from '#core/image/reference.ts';
import type { RegistryAccess } from './registryAccess.ts';
import { answerProblem, reachProblem } from './registryProblems.ts';
import { jsonObject } from './streams.ts';

const hubApi = 'https://registry-1.docker.io';

export interface Answer {
  readonly body: Readonly<Record<string, unknown>>;
  /** The header `Link`. */
  readonly link: string;
}

export class RegistryClient {
  readonly #name: string;
  readonly #base: string;
  readonly #access: RegistryAccess;
  #authorization: string | undefined;

  /** `address` as it is configured, with or without a protocol. */
  constructor(address: string, access: RegistryAccess) {
    this.#name = registryName(address);
    this.#base = baseOf(address, access.ca !== undefined);
    this.#access = access;
  }

  /** Fails with an Error whose message is a sentence. */
  async get(path: string, signal: AbortSignal): Promise<Answer> {
    const url = new URL(path, this.#base);
    const headers = (): Record<string, string> => (this.#authorization === undefined ? {} : { authorization: this.#authorization });
    let answer = await this.#send('GET', url, headers(), signal);
    if (answer.status === 401) {
      const challenge = readChallenge(answer.challenge);
      this.#authorization = challenge && (await this.#answerTo(challenge, signal));
      if (this.#authorization !== undefined) answer = await this.#send('GET', url, headers(), signal);
    }
    if (answer.status === 400 && /HTTP request to an HTTPS server/.test(answer.body)) throw new Error(`registry ${this.#name} speaks TLS; write https:// in front of its address`);
    if (answer.status !== 200) throw new Error(answerProblem(answer.status, this.#name, this.#access.login !== undefined));
    return { body: jsonObject(answer.body) ?? {}, link: answer.link };
  }

  async #answerTo(challenge: Challenge, signal: AbortSignal): Promise<string | undefined> {
    const { login } = this.#access;
    const basic = login !== undefined && 'password' in login ? `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}` : undefined;
    if (challenge.kind === 'basic') return basic;
    const realm = this.#realm(challenge.realm);
    const asked = { ...(challenge.service !== undefined && { service: challenge.service }), ...(challenge.scope !== undefined && { scope: challenge.scope }) };
    for (const [name, value] of Object.entries(asked)) realm.searchParams.set(name, value);
    const refresh = login !== undefined && 'identitytoken' in login ? new URLSearchParams({ ...asked, grant_type: 'refresh_token', client_id: 'clocker', refresh_token: login.identitytoken }).toString() : undefined;
    const answer = refresh === undefined
      ? await this.#send('GET', realm, basic === undefined ? {} : { authorization: basic }, signal)
      : await this.#send('POST', new URL(challenge.realm), { 'content-type': 'application/x-www-form-urlencoded' }, signal, refresh);
    if (answer.status !== 200) throw new Error(answerProblem(answer.status, this.#name, login !== undefined));
    const { token, access_token: access } = jsonObject(answer.body) ?? {};
    const given = typeof token === 'string' ? token : access;
    return typeof given === 'string' ? `Bearer ${given}` : undefined;
  }

  #realm(text: string): URL {
    const realm = URL.canParse(text) ? new URL(text) : undefined;
    const isSafe = realm?.protocol === 'https:' || (realm?.protocol === 'http:' && this.#base.startsWith('http:'));
    if (realm === undefined || !isSafe) throw new Error(`registry ${this.#name} wants log-ins sent to ${text}, which is not encrypted; nothing was sent`);
    return realm;
  }

  async #send(method: string, url: URL, headers: Record<string, string>, signal: AbortSignal, body?: string): Promise<{ readonly status: number; readonly challenge: string; readonly link: string; readonly body: string }> {
    const { ca } = this.#access;
    try {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        const options = { method, headers: { ...headers, accept: 'application/json' }, signal };
        const request = url.protocol === 'http:' ? requestPlain(url, options, resolve) : requestTls(url, { ...options, ...(ca !== undefined && { ca: [...rootCertificates, ca] }) }, resolve);
        request.once('error', reject);
        request.end(body);
      });
      const { statusCode = 0, headers: said } = response;
      return { status: statusCode, challenge: said['www-authenticate'] ?? '', link: String(said['link'] ?? ''), body: await text(response) };
    } catch (error) {
      throw new Error(reachProblem(error, this.#name), { cause: error });
    }
  }
}

/** Registries of this machine are plain HTTP, as engines have it, unless an authority is known for them; others only where the address says so. */
function baseOf(address: string, hasAuthority: boolean): string {
  if (/^https?:\/\//.test(address)) return address;
  const name = registryName(address);
  if (name === dockerHub || name === 'index.docker.io') return hubApi;
  return `${!hasAuthority && /^(?:localhost|127(?:\.\d+){3}|\[::1\])(?::|$)/.test(name) ? 'http' : 'https'}://${name}`;
}
