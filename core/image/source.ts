// The registry of a docker cloud or of an entity: images whose names have no registry are asked of it first. How it is written,
// and what an image is called there. Log-ins are beside it, never in it: it is kept and shown.

import { accepted, refused, type Outcome } from '#core/coerce/value.ts';
import { registryName } from '#core/image/known.ts';
import { dockerHub, parseReference, printReference } from '#core/image/reference.ts';

export interface ImageSource {
  /** Host and, where there is one, port; then the folder in which its images are: `registry.example:5000/team`. */
  readonly address: string;
  /** What commands installed is pushed there. */
  readonly isWriteable?: true;
}

/** A user of a registry. The password is secret: it is sent with requests to that registry and is kept nowhere. */
export interface SourceLogin {
  /** As in references: `registry.example:5000`, `docker.io`. */
  readonly registry: string;
  readonly username: string;
  readonly password: string;
}

/** As people write it, with or without a protocol. */
export function coerceSource(written: string): Outcome<string> {
  const address = registryName(written.trim());
  const host = registryOfSource(address);
  if (host === dockerHub) return accepted(dockerHub);
  const probe = parseReference(`${address}/image`);
  if (probe.ok && probe.value.registry === host) return accepted(address);
  // Whoever writes it as an address of the web may have put a password into it.
  const shown = written.includes('@') ? 'this' : `"${written}"`;
  return refused(`${shown} is not the address of a registry; write one like registry.example:5000.`);
}

/** What stands in references, and what log-ins are for. */
export function registryOfSource(address: string): string {
  const host = address.split('/')[0] ?? '';
  return host === 'index.docker.io' || host === 'registry-1.docker.io' ? dockerHub : host;
}

/** What the image is called there; undefined for one that says itself where it is, or that is meant by its id. */
export function nameAtSource(image: string, address: string): string | undefined {
  const parsed = parseReference(image);
  if (!parsed.ok || parsed.value.registry !== undefined || address === dockerHub) return undefined;
  return printReference({ ...parsed.value, registry: address });
}
