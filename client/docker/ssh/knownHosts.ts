// The keys of SSH servers that are known: reads `known_hosts` files as ssh does (plain, hashed and wildcard names, `@revoked`),
// says what a key is, and adds one. Authorities of certificates (`@cert-authority`) are not used: such a server shows its plain key here.

import { createHash, createHmac, randomBytes } from 'node:crypto';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface KnownKey {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly marker: '' | 'revoked' | 'cert-authority';
  /** As written: `a,b`, `*.example`, `[a]:2222`, `|1|salt|hash`. */
  readonly names: string;
  readonly keyType: string;
  /** Base64. */
  readonly key: string;
}

export type Verdict =
  | { readonly kind: 'known' }
  | { readonly kind: 'unknown' }
  /** Another key is known for the server. */
  | { readonly kind: 'changed'; readonly known: KnownKey }
  | { readonly kind: 'revoked'; readonly known: KnownKey };

/** The keys in the files that are there. A line that makes no sense is passed over, as ssh does. */
export async function readKnownHosts(files: readonly string[]): Promise<readonly KnownKey[]> {
  const texts = await Promise.all(files.map(async (file) => ({ file, text: await readFile(file, 'utf8').catch(() => '') })));
  return texts.flatMap(({ file, text }) => parseKnownHosts(text, file));
}

export function parseKnownHosts(text: string, file: string): readonly KnownKey[] {
  return text.split(/\r?\n/).flatMap((line, index): KnownKey[] => {
    if (/^\s*(?:#|$)/.test(line)) return [];
    const [, marker = '', names, keyType, key] = /^\s*(?:@(revoked|cert-authority)\s+)?(\S+)\s+([a-z][a-z0-9@.-]*)\s+([A-Za-z0-9+/]+={0,2})(?:\s|$)/.exec(line) ?? [];
    if (names === undefined || keyType === undefined || key === undefined || names.startsWith('@')) return [];
    return [{ file, line: index + 1, marker: marker === 'revoked' || marker === 'cert-authority' ? marker : '', names, keyType, key }];
  });
}

/** The name under which a server stands in the files. */
export function knownName(address: string, port: number): string {
  return port === 22 ? address.toLowerCase() : `[${address.toLowerCase()}]:${port}`;
}

/** `key` is the server's public key as it came over the wire. */
export function judge(known: readonly KnownKey[], address: string, port: number, key: Buffer): Verdict {
  const text = key.toString('base64');
  const revoked = known.find((one) => one.marker === 'revoked' && one.key === text && [knownName(address, port), address.toLowerCase()].some((name) => isNamed(one.names, name)));
  if (revoked !== undefined) return { kind: 'revoked', known: revoked };
  const here = namedKeys(known, knownName(address, port));
  if (here.some((one) => one.key === text)) return { kind: 'known' };
  const [other] = here;
  if (other !== undefined) return { kind: 'changed', known: other };
  // As ssh does: a server on a port of its own may be known by its name alone.
  return namedKeys(known, address.toLowerCase()).some((one) => one.key === text) ? { kind: 'known' } : { kind: 'unknown' };
}

/** The types of the keys that are known for a server: asked for first, so that it shows one of these. */
export function knownTypes(known: readonly KnownKey[], address: string, port: number): readonly string[] {
  const keys = namedKeys(known, knownName(address, port));
  return [...new Set((keys.length > 0 ? keys : namedKeys(known, address.toLowerCase())).map(({ keyType }) => keyType))];
}

/** As `ssh` and `ssh-keygen -l` print it: `SHA256:...`. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** The type that is written in a key: `ssh-ed25519`. */
export function typeOfKey(key: Buffer): string {
  const length = key.length < 4 ? 0 : key.readUInt32BE(0);
  return key.subarray(4, 4 + length).toString('latin1');
}

/** Adds a key at the end of the file, which is made where it is not there yet. With `isHashed` the name cannot be read from it. */
export async function remember(file: string, name: string, key: Buffer, isHashed: boolean): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const before = await readFile(file, 'utf8').catch(() => '');
  const gap = before === '' || before.endsWith('\n') ? '' : '\n';
  await appendFile(file, `${gap}${isHashed ? hashed(name, randomBytes(20)) : name} ${typeOfKey(key)} ${key.toString('base64')}\n`, { mode: 0o600 });
}

function namedKeys(known: readonly KnownKey[], name: string): readonly KnownKey[] {
  return known.filter((one) => one.marker === '' && isNamed(one.names, name));
}

function isNamed(names: string, name: string): boolean {
  const [, salt, hash] = /^\|1\|([^|]+)\|(.+)$/.exec(names) ?? [];
  if (salt !== undefined && hash !== undefined) return hashed(name, Buffer.from(salt, 'base64')) === names;
  const patterns = names.toLowerCase().split(',');
  return patterns.some((pattern) => !pattern.startsWith('!') && isLike(pattern, name)) && !patterns.some((pattern) => pattern.startsWith('!') && isLike(pattern.slice(1), name));
}

function hashed(name: string, salt: Buffer): string {
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
}

/** `*` stands for any characters, `?` for one. */
export function isLike(pattern: string, name: string): boolean {
  const source = pattern.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`).replaceAll(/\*+/g, '.*').replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(name);
}
