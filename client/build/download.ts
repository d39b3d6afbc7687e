// Files from the web, with bounds: so many redirections, so many bytes, so much time, and never from https: to something less.

import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { shownPlace } from '#core/image/buildSource.ts';
import { bytes as shownBytes } from '#core/placement/words.ts';

export interface DownloadLimits {
  readonly mostBytes: number;
  readonly mostRedirections: number;
  /** Until it answers, and between any two pieces of what it sends. */
  readonly silentMs: number;
}

export const usualDownload: DownloadLimits = { mostBytes: 1e9, mostRedirections: 5, silentMs: 60_000 };

/** Writes what the address gives into `file`. Fails with an Error whose message is a clause: "the server answers 404 Not Found". `checksum`: 64 hex digits. */
export async function download(address: string, file: string, { checksum, limits = usualDownload }: { readonly checksum?: string; readonly limits?: DownloadLimits } = {}): Promise<void> {
  const silence = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const heard = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(new Error(`the server has been silent for ${limits.silentMs / 1000} s`)), limits.silentMs);
  };
  heard();
  const hash = createHash('sha256');
  let received = 0;
  try {
    const response = await answer(address, limits, silence.signal);
    const announced = Number(response.headers.get('content-length') ?? 0);
    if (announced > limits.mostBytes) throw new Error(tooBig(limits));
    if (response.body === null) throw new Error('the server sends nothing');
    await pipeline(Readable.fromWeb(response.body), async function* counted(pieces: AsyncIterable<Uint8Array>) {
      for await (const piece of pieces) {
        heard();
        received += piece.length;
        if (received > limits.mostBytes) throw new Error(tooBig(limits));
        hash.update(piece);
        yield piece;
      }
    }, createWriteStream(file), { signal: silence.signal });
  } catch (error) {
    if (silence.signal.aborted) throw silence.signal.reason;
    throw error;
  } finally {
    clearTimeout(timer);
  }
  matches(hash.digest('hex'), checksum);
}

/** Fails where it is another one than was wanted. */
export function matches(found: string, checksum: string | undefined): void {
  if (checksum !== undefined && found !== checksum) throw new Error(`its checksum is sha256:${found}, not the one that was wanted`);
}

export function tooBig({ mostBytes }: Pick<DownloadLimits, 'mostBytes'>): string {
  return `it is larger than ${shownBytes(mostBytes)}`;
}

async function answer(address: string, { mostRedirections }: DownloadLimits, signal: AbortSignal): Promise<Response> {
  let url = new URL(address);
  let authorization = credentialsOf(url);
  for (let left = mostRedirections; ; left--) {
    const response = await fetch(url, { redirect: 'manual', signal, headers: authorization === undefined ? {} : { authorization } }).catch((error: unknown) => {
      if (signal.aborted) throw error;
      throw new Error(`${shownPlace(url.href)} cannot be reached (${error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)})`, { cause: error });
    });
    const location = response.headers.get('location');
    if (response.status >= 300 && response.status < 400 && location !== null) {
      await response.body?.cancel();
      if (left === 0) throw new Error(`the server sends from address to address, more than ${mostRedirections} times`);
      const next = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
      if (next === undefined || !['http:', 'https:'].includes(next.protocol) || (url.protocol === 'https:' && next.protocol !== 'https:')) throw new Error(`the server sends on to ${shownPlace(location)}, which is not followed`);
      // A password is for the one it was meant for.
      authorization = credentialsOf(next) ?? (next.origin === url.origin ? authorization : undefined);
      url = next;
      continue;
    }
    if (!response.ok) throw new Error(`the server answers ${response.status} ${response.statusText}`.trim());
    return response;
  }
}

function credentialsOf(url: URL): string | undefined {
  const { username, password } = url;
  if (username === '' && password === '') return undefined;
  url.username = '';
  url.password = '';
  return `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`;
}
