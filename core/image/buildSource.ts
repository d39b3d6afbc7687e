// Where an image is built from, as blueprints write it: a path, an address of the web, or a git repository. Only the text is
// looked at here; what lies there (a Dockerfile, a folder, an archive) is seen when it is read (client/build/entitySources.ts).

import { maskValue } from '#core/blueprint/mask.ts';

export type BuildPlace =
  /** A file or folder of this machine, relative to the blueprint's folder unless it is absolute. */
  | { readonly kind: 'path'; readonly path: string; readonly checksum?: string }
  /** `http:`, `https:` or `data:`. */
  | { readonly kind: 'web'; readonly url: string; readonly checksum?: string }
  /** `ref`: a branch, a tag or a commit; `folder` is relative to the repository's top. */
  | { readonly kind: 'git'; readonly repository: string; readonly ref?: string; readonly folder?: string };

export type ReadPlace = { readonly place: BuildPlace } | { readonly problem: string };

/** A checksum follows `#`: `https://example.com/web.tgz#sha256:9f86...`. For a repository, `#REF:FOLDER` does. */
export function readPlace(written: string): ReadPlace {
  const text = written.trim();
  if (text === '') return { problem: 'the place of the Dockerfile is missing; write a path, an address with https:, or a git repository' };
  const at = text.indexOf('#');
  const address = at < 0 ? text : text.slice(0, at);
  const fragment = at < 0 ? undefined : text.slice(at + 1);
  if (isRepository(address)) return readRepository(address, fragment ?? '');
  const [, scheme] = /^([a-z][a-z0-9+.-]+):/i.exec(address) ?? [];
  const known = scheme?.toLowerCase();
  if (known !== undefined && !['http', 'https', 'data', 'file'].includes(known)) return { problem: `addresses with ${known}: are not read here; write an address with https:, a path, or a git repository` };
  // In a path or in data, a # may be meant.
  const isChecksum = fragment !== undefined && /^sha256:/i.test(fragment);
  if (fragment !== undefined && !isChecksum && (known === 'http' || known === 'https')) return { problem: `after # stands a checksum, as in #sha256: followed by 64 hex digits, not "${shownPlace(fragment).slice(0, 40)}"; of a git repository the address ends with .git` };
  const checksum = isChecksum ? fragment.slice('sha256:'.length).toLowerCase() : undefined;
  if (checksum !== undefined && !/^[0-9a-f]{64}$/.test(checksum)) return { problem: 'a checksum is sha256: followed by 64 hex digits' };
  const checked = checksum === undefined ? {} : { checksum };
  const bare = isChecksum ? address : text;
  if (known === 'http' || known === 'https' || known === 'data') {
    if (known !== 'data' && !/^https?:\/\/[^\s/?#]+/i.test(bare)) return { problem: `${shownPlace(bare)} is no address` };
    return { place: { kind: 'web', url: bare, ...checked } };
  }
  return { place: { kind: 'path', path: bare, ...checked } };
}

/** As it may be shown: without passwords, and not at any length. */
export function shownPlace(written: string): string {
  const shown = maskValue('', written.trim()).replace(/[\r\n]+/g, ' ').replace(/(\?)[^#]*/, '$1...');
  return shown.length > 120 ? `${shown.slice(0, 117)}...` : shown;
}

/** What it is called: the last part that says something, without what kind of file it is. */
export function nameOfPlace(written: string): string {
  const read = readPlace(written);
  if ('problem' in read) return '';
  const { place } = read;
  if (place.kind === 'web' && place.url.startsWith('data:')) return '';
  const path = place.kind === 'git' ? (place.folder ?? place.repository) : place.kind === 'web' ? place.url.replace(/[?#].*$/, '').replace(/^\w+:\/\/[^/]*/, '') : place.path;
  const parts = path.split(/[\\/]/).map((part) => part.replace(/(?:\.(?:tgz|tar\.gz|tar|zip|git)|[.-]?Dockerfile\b.*|^Dockerfile.*)$/i, '')).filter((part) => /[a-z0-9]/i.test(part));
  return parts.at(-1) ?? '';
}

/** As Docker tells them: by the ending, or by how they begin. */
function isRepository(address: string): boolean {
  return /^(?:git|ssh|git\+ssh):\/\//i.test(address) || /^git@[^/]+:/i.test(address) || /^github\.com\//i.test(address) || /^(?:https?|file):\/\/.*\.git\/?$/i.test(address);
}

function readRepository(address: string, fragment: string): ReadPlace {
  const colon = fragment.indexOf(':');
  const ref = colon < 0 ? fragment : fragment.slice(0, colon);
  const folder = (colon < 0 ? '' : fragment.slice(colon + 1)).replace(/^\/+|\/+$/g, '');
  if (ref !== '' && !/^[A-Za-z0-9_][\w./+@-]*$/.test(ref)) return { problem: `"${shownPlace(ref).slice(0, 60)}" is no branch, tag or commit` };
  if (folder.split('/').some((part) => part === '..')) return { problem: `the folder ${shownPlace(folder)} leads out of the repository` };
  const repository = /^github\.com\//i.test(address) ? `https://${address}` : address;
  return { place: { kind: 'git', repository, ...(ref !== '' && { ref }), ...(folder !== '' && folder !== '.' && { folder }) } };
}
