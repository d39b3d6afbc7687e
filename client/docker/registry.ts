// What a registry has, by its HTTP API (Docker Registry HTTP API v2): names and tags. Nobody logs in: one that asks for that
// has nothing to offer here.

import { registryName } from '#core/image/known.ts';

/** At most so many pages: a registry of the whole world is not for choosing from a list. */
const maxPages = 10;
const perPage = 1000;

/** The names of its images, without the registry. Fails with an Error whose message is a sentence. */
export function repositories(address: string, signal: AbortSignal): Promise<readonly string[]> {
  return paged(address, `/v2/_catalog?n=${perPage}`, 'repositories', signal);
}

/** The tags of one image. */
export function tags(address: string, repository: string, signal: AbortSignal): Promise<readonly string[]> {
  return paged(address, `/v2/${repository}/tags/list?n=${perPage}`, 'tags', signal);
}

async function paged(address: string, first: string, field: string, signal: AbortSignal): Promise<readonly string[]> {
  const base = baseOf(address);
  const found: string[] = [];
  let next: string | undefined = first;
  for (let page = 0; next !== undefined && page < maxPages; page++) {
    const response: Response = await fetch(new URL(next, base), { signal, redirect: 'error' });
    if (!response.ok) throw new Error(`registry ${registryName(address)} answered ${response.status}`);
    const body: unknown = await response.json();
    const values: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, field) : undefined;
    if (Array.isArray(values)) found.push(...values.filter((value) => typeof value === 'string'));
    next = nextPage(response.headers.get('link'));
  }
  return found;
}

/** Registries of this machine are plain HTTP, as engines have it; others only where the address says so. */
function baseOf(address: string): string {
  if (/^https?:\/\//.test(address)) return address;
  return `${/^(?:localhost|127(?:\.\d+){3}|\[::1\])(?::|$)/.test(address) ? 'http' : 'https'}://${address}`;
}

/** `<PATH>; rel="next"`. */
function nextPage(link: string | null): string | undefined {
  return /<([^>]+)>\s*;\s*rel="?next"?/.exec(link ?? '')?.[1];
}
