// What a registry has, by its HTTP API (Docker Registry HTTP API v2): names and tags. Whoever asks brings what it takes to come in.

import { dockerHub } from '#core/image/reference.ts';
import { registryName } from '#core/image/known.ts';
import type { RegistryAccess } from './registryAccess.ts';
import { RegistryClient } from './registryClient.ts';

/** At most so many pages: a registry of the whole world is not for choosing from a list. */
const maxPages = 10;
const perPage = 1000;

/** The names of its images, without the registry. Fails with an Error whose message is a sentence. */
export async function repositories(address: string, signal: AbortSignal, access: RegistryAccess = {}): Promise<readonly string[]> {
  if (registryName(address) === dockerHub) throw new Error('Docker Hub does not tell which images it has; search them at hub.docker.com');
  return paged(address, `/v2/_catalog?n=${perPage}`, 'repositories', { signal, access });
}

/** The tags of one image. */
export async function tags(address: string, repository: string, signal: AbortSignal, access: RegistryAccess = {}): Promise<readonly string[]> {
  const path = registryName(address) === dockerHub && !repository.includes('/') ? `library/${repository}` : repository;
  return paged(address, `/v2/${path}/tags/list?n=${perPage}`, 'tags', { signal, access });
}

/** Whether it lets us in. Fails with an Error whose message is a sentence. */
export async function comeIn(address: string, signal: AbortSignal, access: RegistryAccess): Promise<void> {
  await new RegistryClient(address, access).get('/v2/', signal);
}

async function paged(address: string, first: string, field: string, { signal, access }: { readonly signal: AbortSignal; readonly access: RegistryAccess }): Promise<readonly string[]> {
  const client = new RegistryClient(address, access);
  const found: string[] = [];
  let next: string | undefined = first;
  for (let page = 0; next !== undefined && page < maxPages; page++) {
    const { body, link }: { readonly body: Readonly<Record<string, unknown>>; readonly link: string } = await client.get(next, signal);
    const values = body[field];
    if (Array.isArray(values)) found.push(...values.filter((value) => typeof value === 'string'));
    next = nextPage(link);
  }
  return found;
}

/** `<PATH>; rel="next"`. Only what is the registry's own is asked further. */
function nextPage(link: string): string | undefined {
  const [, next] = /<([^>]+)>\s*;\s*rel="?next"?/.exec(link) ?? [];
  return next === undefined ? undefined : next.replace(/^https?:\/\/[^/]+/, '');
}
