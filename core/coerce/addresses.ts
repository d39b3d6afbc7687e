// Addresses of machines and resources: `host:port`, `user@host:port`, URIs and URLs. Whether anything answers there is not asked.

import { parseJavaInt } from '#core/coerce/numbers.ts';
import { highestPort } from '#core/coerce/ports.ts';
import { accepted, describe, quote, refused, type Coerced, type Outcome, type Value } from '#core/coerce/value.ts';

export type Address = Extract<Coerced, { readonly kind: 'address' }>;

const knownProtocols = new Set(['http', 'https', 'ftp', 'file', 'jar', 'mailto', 'jrt', 'jmod']);

/** `host`, `host:80`, `[::1]:80`, `::1`. */
export function coerceHostAndPort(value: Value): Outcome<Address> {
  return typeof value === 'string' ? hostAndPort(value) : refused(`${describe(value)} is not an address; write a host, or host:port in quotes.`);
}

/** `user@host` or `user@host:22`. */
export function coerceUserAndHostAndPort(value: Value): Outcome<Address> {
  const at = typeof value === 'string' ? value.indexOf('@') : -1;
  if (typeof value !== 'string' || at < 0) return refused(`${describe(value)} does not name a user; write user@host or user@host:22.`);
  const address = hostAndPort(value.slice(at + 1).trim());
  return address.ok ? { ...address, value: { ...address.value, user: value.slice(0, at).trim() } } : address;
}

export function printAddress({ user, host, port }: Address): string {
  const shown = host.includes(':') && user === undefined ? `[${host}]` : host;
  return `${user === undefined ? '' : `${user}@`}${shown}${port === undefined ? '' : `:${port}`}`;
}

/** The text itself where it is a URI; null for a blank text. */
export function coerceUri(value: Value): Outcome<string | null> {
  if (typeof value !== 'string') return refused(`${describe(value)} is not a URI; write one, for example http://example.org/a.`);
  if (value.trim() === '') return accepted(null);
  const wrong = /[\s<>"{}|\\^`\p{Cc}]|%(?![0-9A-Fa-f]{2})/u.exec(value);
  if (wrong) return refused(`${quote(value)} is not a URI: ${JSON.stringify(wrong[0])} is not allowed there; write it as ${encodeURIComponent(wrong[0])}.`);
  const [beforeFragment = '', ...fragments] = value.split('#');
  if (fragments.length > 1) return refused(`${quote(value)} is not a URI: it has two "#".`);
  const colon = /^[^/?]*?:/.exec(beforeFragment)?.[0];
  if (colon !== undefined && !/^[A-Za-z][A-Za-z0-9+.-]*:$/.test(colon)) return refused(`${quote(value)} is not a URI: ${quote(colon)} is no scheme; write http:, say.`);
  if (colon !== undefined && colon === beforeFragment) return refused(`${quote(value)} is not a URI: nothing comes after ${quote(colon)}.`);
  return accepted(value);
}

/** The text itself where it is a URL of a protocol that is known. */
export function coerceUrl(value: Value): Outcome<string> {
  const example = 'write one, for example http://example.org/a';
  if (typeof value !== 'string') return refused(`${describe(value)} is not a URL; ${example}.`);
  const [, protocol, rest = ''] = /^(?:url:)?([A-Za-z][A-Za-z0-9+.-]*):(.*)$/is.exec(value.trim()) ?? [];
  if (protocol === undefined) return refused(`${quote(value)} is not a URL: the protocol is missing; ${example}.`);
  if (!knownProtocols.has(protocol.toLowerCase())) return refused(`${quote(value)} is not a URL: the protocol ${quote(protocol)} is not known; use http, https, ftp or file.`);
  const port = /^\/\/[^/?#[\]]*?(?:\[[^\]]*\])?:([^/?#:\]]*)(?:[/?#]|$)/.exec(rest)?.[1];
  if (port !== undefined && port !== '' && parseJavaInt(port) === undefined) return refused(`${quote(value)} is not a URL: ${quote(port)} is not a port.`);
  return accepted(value.trim());
}

function hostAndPort(text: string): Outcome<Address> {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/s.exec(text);
  const colons = text.split(':').length - 1;
  if (text.startsWith('[') && (!bracketed || !bracketed[1]?.includes(':'))) return refused(`${quote(text)} is not an address: brackets are for IPv6, as in [::1]:80.`);
  const host = bracketed ? (bracketed[1] ?? '') : colons === 1 ? text.slice(0, text.indexOf(':')) : text;
  const port = bracketed ? bracketed[2] : colons === 1 ? text.slice(text.indexOf(':') + 1) : undefined;
  if (port === undefined || port === '') return accepted({ kind: 'address', host });
  if (!/^[0-9]+$/.test(port)) return refused(`${quote(text)} is not an address: ${quote(port)} is not a port.`);
  return Number(port) <= highestPort ? accepted({ kind: 'address', host, port: Number(port) }) : refused(`${quote(text)} is not an address: ports run from 1 to ${highestPort}.`);
}
