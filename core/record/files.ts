// The files that a deployment was made with, as they are remembered with it: small ones by their content, others by its hash
// alone, so that whoever goes back to it has the same files or is told which are missing. What may hold a secret is never kept.

import { mayHoldSecret } from '#core/blueprint/mask.ts';
import { sha256 } from '#core/text/sha256.ts';

export interface KeptFile {
  /** Of its content in base64. */
  readonly hash: string;
  /** The content; absent where it is only known by its hash. */
  readonly base64?: string;
}

/** By their sources in the blueprint. */
export type KeptFiles = Readonly<Record<string, KeptFile>>;

/** All contents of a deployment together; the records of all are listed often. */
const mostCharacters = 64 * 1024;

/** `blueprint` is the text with its secrets. Only files of the machine that deploys are kept; what is on the web is there. */
export function keepFiles(blueprint: string, sources: readonly string[], content: (source: string) => { readonly base64: string; readonly text: string } | undefined): KeptFiles | undefined {
  const files = sources.filter(isOfMachine).flatMap((source) => {
    const found = content(source);
    return found === undefined ? [] : [{ source, ...found }];
  });
  if (files.length === 0) return undefined;
  let left = mostCharacters;
  const kept = files.toSorted((a, b) => a.base64.length - b.base64.length).map(({ source, base64, text }): [string, KeptFile] => {
    const hash = sha256(base64);
    if (base64.length > left || !isText(text) || mayHoldSecret(text, blueprint)) return [source, { hash }];
    left -= base64.length;
    return [source, { hash, base64 }];
  });
  return Object.fromEntries(kept.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

export function isOfMachine(source: string): boolean {
  const [, scheme] = /^([a-z][a-z0-9+.-]+):/i.exec(source) ?? [];
  return scheme === undefined || scheme.toLowerCase() === 'file';
}

/** What is packed cannot be looked through for secrets. A folder comes as a .tar, in which texts are as they are. */
function isText(text: string): boolean {
  return !text.includes('\ufffd');
}

export function readKeptFiles(value: unknown): KeptFiles | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const read = Object.entries(value).flatMap(([source, file]: [string, unknown]): [string, KeptFile][] => {
    if (typeof file !== 'object' || file === null || !('hash' in file) || typeof file.hash !== 'string') return [];
    return [[source, { hash: file.hash, ...('base64' in file && typeof file.base64 === 'string' && { base64: file.base64 }) }]];
  });
  return Object.fromEntries(read);
}
