// References to images: `redis:7`, `registry.example:5000/team/app@sha256:...`, by the grammar of the distribution project,
// and the service types `docker:IMAGE`. Whether the image exists is not asked here.

import type { Span } from '#core/text/span.ts';

export interface ImageReference {
  /** Host and, where there is one, port: `registry.example:5000`. Absent where none is written. */
  readonly registry?: string;
  /** The name within the registry, as written: `team/app`. */
  readonly path: string;
  readonly tag?: string;
  /** Algorithm and hex digits: `sha256:...`. */
  readonly digest?: string;
}

export interface ReferenceProblem {
  readonly ok: false;
  /** The wrong part within the text. */
  readonly span: Span;
  readonly problem: string;
  /** What the whole text could be instead. */
  readonly suggestion?: string;
}

export type ParsedReference = { readonly ok: true; readonly value: ImageReference } | ReferenceProblem;

export const dockerHub = 'docker.io';
const typePrefix = 'docker:';
const longestName = 255;

const domain = /^(?:\[[0-9a-fA-F:]+\]|(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*)(?::[0-9]+)?$/;
const component = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;
const tagForm = /^\w[\w.-]{0,127}$/;
const digestForm = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
const digestLengths: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

export function parseReference(text: string): ParsedReference {
  if (text === '') return wrong(0, 0, 'The image is missing; write for example redis:7.');
  const blank = /\s/.exec(text);
  if (blank) return wrong(blank.index, blank.index + 1, 'An image reference has no blanks in it.', text.replace(/\s+/g, ''));
  const scheme = /^[a-z]+:\/\//i.exec(text);
  if (scheme) return wrong(0, scheme[0].length, 'An image is not a URL: leave the protocol away.', text.slice(scheme[0].length).replace(/\/$/, ''));

  const at = text.indexOf('@');
  const nameAndTag = at < 0 ? text : text.slice(0, at);
  const digest = at < 0 ? undefined : text.slice(at + 1);
  const colon = nameAndTag.lastIndexOf(':');
  const hasTag = colon > nameAndTag.lastIndexOf('/');
  const name = hasTag ? nameAndTag.slice(0, colon) : nameAndTag;
  const tag = hasTag ? nameAndTag.slice(colon + 1) : undefined;
  const registry = registryIn(name);
  const pathStart = registry === undefined ? 0 : registry.length + 1;
  const path = name.slice(pathStart);

  return (
    registryProblem(registry) ??
    pathProblem(path, pathStart, text) ??
    (name.length > longestName ? wrong(0, name.length, `The name of an image has at most ${longestName} characters, this one ${name.length}.`) : undefined) ??
    (tag === undefined ? undefined : tagProblem(tag, colon + 1)) ??
    (digest === undefined ? undefined : digestProblem(digest, at + 1)) ?? {
      ok: true,
      value: { ...(registry === undefined ? {} : { registry }), path, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) },
    }
  );
}

/** True for the id of an image on a host, in full or its first 12 digits: Docker takes it in place of a reference, on that host alone. */
export function isImageId(text: string): boolean {
  return /^(?:sha256:)?[0-9a-f]{64}$|^[0-9a-f]{12}$/.test(text);
}

/** True for a service type that names an image: `docker:redis:7`. */
export function isDockerType(type: string): boolean {
  return type.startsWith(typePrefix);
}

/** Reads a service type `docker:IMAGE[:TAG]`; spans and suggestions are of the whole type. */
export function parseDockerType(type: string): ParsedReference {
  if (!isDockerType(type)) return wrong(0, type.length, 'A type that names an image begins with "docker:".', `${typePrefix}${type}`);
  const start = typePrefix.length;
  const parsed = parseReference(type.slice(start));
  return parsed.ok ? parsed : wrong(parsed.span.start + start, parsed.span.end + start, parsed.problem, parsed.suggestion === undefined ? undefined : typePrefix + parsed.suggestion);
}

/** As written. */
export function printReference({ registry, path, tag, digest }: ImageReference): string {
  return `${registry === undefined ? '' : `${registry}/`}${path}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

/** With everything that is left away put in: `docker.io/library/redis:latest`. A digest needs no tag. */
export function canonicalForm(reference: ImageReference): string {
  const registry = registryOf(reference);
  const path = registry === dockerHub && !reference.path.includes('/') ? `library/${reference.path}` : reference.path;
  return printReference({ ...reference, registry, path, ...(reference.tag === undefined && reference.digest === undefined ? { tag: 'latest' } : {}) });
}

/** As short as people know it: `redis:7` for `docker.io/library/redis:7`. */
export function familiarForm(reference: ImageReference): string {
  if (registryOf(reference) !== dockerHub) return printReference(reference);
  const { tag, digest } = reference;
  const path = reference.path.replace(/^library\/(?=[^/]+$)/, '');
  // Without its registry `docker.io/a.b/c` would be read as the registry a.b.
  return printReference({ ...(registryIn(path) === undefined ? {} : { registry: dockerHub }), path, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) });
}

/** The registry that is asked for the image. */
export function registryOf({ registry }: ImageReference): string {
  return registry === undefined || registry === 'index.docker.io' ? dockerHub : registry;
}

function wrong(start: number, end: number, problem: string, suggestion?: string): ReferenceProblem {
  return { ok: false, span: { start, end }, problem, ...(suggestion === undefined ? {} : { suggestion }) };
}

/** The first part of a name is a registry where it cannot be anything else: it has a dot, a port or brackets, or is localhost. */
function registryIn(name: string): string | undefined {
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  return /[.:[]/.test(first) || first === 'localhost' ? first : undefined;
}

function registryProblem(registry: string | undefined): ReferenceProblem | undefined {
  if (registry === undefined || domain.test(registry)) return undefined;
  return wrong(0, registry.length, `"${registry}" is not the address of a registry; write host or host:port, for example registry.example:5000.`);
}

function pathProblem(path: string, start: number, text: string): ReferenceProblem | undefined {
  if (path === '') return wrong(0, text.length, 'The name of the image is missing; write for example redis:7.');
  let at = start;
  for (const part of path.split('/')) {
    const end = at + part.length;
    if (part === '') return wrong(Math.max(0, at - 1), Math.min(text.length, end + 1), 'A part of the name is empty: there is a "/" too many.');
    if (!component.test(part)) {
      const lower = part.toLowerCase();
      if (lower !== part && component.test(lower)) return wrong(at, end, 'The name of an image is written in lower case.', text.slice(0, at) + lower + text.slice(end));
      return wrong(at, end, `"${part}" is not a name of an image: it has lower-case letters and digits, and between them ".", "_", "__" or "-".`);
    }
    at = end + 1;
  }
  if (/^[0-9a-f]{64}$/.test(path)) return wrong(start, start + path.length, 'This is the id of an image on one host; name the image, so that every host can get it.');
  return undefined;
}

function tagProblem(tag: string, start: number): ReferenceProblem | undefined {
  if (tagForm.test(tag)) return undefined;
  if (tag === '') return wrong(start - 1, start, 'The tag is missing after ":".');
  if (tag.length > 128) return wrong(start, start + tag.length, `A tag has at most 128 characters, this one ${tag.length}.`);
  return wrong(start, start + tag.length, `"${tag}" is not a tag: it has letters, digits, "_", "." and "-", and does not begin with "." or "-".`);
}

function digestProblem(digest: string, start: number): ReferenceProblem | undefined {
  const end = start + digest.length;
  if (!digestForm.test(digest)) return wrong(start, end, 'This is not a digest; it is an algorithm and hex digits, as in sha256: followed by 64 of them.');
  const [algorithm = '', hex = ''] = digest.split(':');
  const length = Object.hasOwn(digestLengths, algorithm) ? digestLengths[algorithm] : undefined;
  if (length === undefined) return wrong(start, start + algorithm.length, `"${algorithm}" is not an algorithm that is known; use sha256.`);
  if (hex.length !== length) return wrong(start, end, `A ${algorithm} digest has ${length} hex digits, this one ${hex.length}.`);
  return /[A-F]/.test(hex) ? wrong(start, end, 'The hex digits of a digest are written in lower case.') : undefined;
}
