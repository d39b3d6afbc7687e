// Images that are built from Dockerfiles for entities: what is filled into a Dockerfile, what the image is called, and what is
// known of it beforehand. Its name holds a key of everything that the build sees, so the same content is the same image on every
// host, and other content another image. Nothing is read or built here.

import { looksSecret, speaksOfSecrets } from '#core/blueprint/mask.ts';
import { instructionsOf } from '#core/image/dockerfile.ts';
import { nameOfPlace, shownPlace } from '#core/image/buildSource.ts';
import { parseReference } from '#core/image/reference.ts';
import { canonical } from '#core/text/canonical.ts';
import { sha256 } from '#core/text/sha256.ts';

/** As the blueprint writes it. */
export interface DockerfileSource {
  /** A Dockerfile, or what holds one: a folder, an archive, a repository. */
  readonly dockerfile: string;
  /** What the Dockerfile copies from, where it does not lie there. */
  readonly context?: string;
  /** A script that comes beside the Dockerfile as `entrypoint.sh`. */
  readonly entrypoint?: string;
}

/** What was found there. */
export interface FoundBuild {
  /** The Dockerfile's path in what the build sees, and its text as it is written. */
  readonly dockerfile: string;
  readonly text: string;
  /** Hash of everything else that the build sees: paths, modes, links, contents. */
  readonly digest: string;
  /** What the tags stand for with which its Dockerfile begins, as far as that is known: `sha256:...` by image. */
  readonly baseDigests?: Readonly<Record<string, string>>;
  /** Images that run and may have been built of it. */
  readonly running?: readonly string[];
}

/** Nobody here can read it any more; the image that was built of it before runs. */
export interface KeptBuild {
  readonly keptImage: string;
}

/** Ready to be built. */
export interface ImageBuild {
  readonly source: DockerfileSource;
  readonly image: string;
  readonly dockerfile: string;
  /** Filled in. */
  readonly text: string;
  readonly args: Readonly<Record<string, string>>;
  /** See `FoundBuild.digest`. */
  readonly digest: string;
  /** The images that it begins with, as far as they are written out. */
  readonly bases: readonly string[];
  /** Those of them that are meant with exactly these bytes: digests by image. */
  readonly pins: Readonly<Record<string, string>>;
}

/** With another number nothing that was built before is found. */
const keyVersion = 1;
/** The domain is one that no registry has: what was built is never asked of strangers. */
const prefix = 'localhost/clocker-built/';
const keyCharactersShown = 24;
const baseCharactersShown = 8;

/** The image's name without its key: `localhost/clocker-built/web`. */
export function repositoryOf(source: DockerfileSource, given: string | undefined): string {
  const word = (given ?? '').trim() === '' ? nameOfPlace(source.context ?? source.dockerfile) || nameOfPlace(source.dockerfile) : (given ?? '');
  const name = word.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '').slice(0, 80);
  return `${prefix}${name === '' ? 'image' : name}`;
}

/** For people: `./web, with files from ./files.tgz`. */
export function shownSource({ dockerfile, context, entrypoint }: DockerfileSource): string {
  const others = [...(context === undefined ? [] : [`files from ${shownPlace(context)}`]), ...(entrypoint === undefined ? [] : [`the entry point ${shownPlace(entrypoint)}`])];
  return `${shownPlace(dockerfile)}${others.length === 0 ? '' : `, with ${others.join(' and ')}`}`;
}

/** True for an image that was built here, with or without its key. */
export function isBuiltName(image: string): boolean {
  return image.startsWith(prefix);
}

/** Where built images are listed. */
export const builtImages = `${prefix}*`;

/** The parts of a built image's name: `web` and its key. */
export function partsOfBuilt(image: string): { readonly type: string; readonly key: string } {
  const at = image.lastIndexOf(':');
  return { type: image.slice(prefix.length, at), key: image.slice(at + 1) };
}

/** True while nobody has read what it is to be built from. */
export function isUnread(image: string): boolean {
  return isBuiltName(image) && !image.includes(':');
}

/** The names that Clocker gives a Dockerfile, besides those of the blueprint. */
export function givenNames(repository: string): ReadonlyMap<string, string> {
  return new Map([['fullyQualifiedImageName', repository], ['repository', prefix.slice(0, -1)], ['imageName', repository.slice(prefix.length)]]);
}

export interface BuildTemplate {
  /** For FreeMarker. What only Docker understands is guarded from it. */
  readonly text: string;
  /** Whether it asks for something that looks secret, which would stay in the image. */
  readonly asksSecret: boolean;
}

/**
 * `${name}` is filled in where somebody gives the name, and `${config['k']}`, `${attribute['s']}`, `${entity.x}`; every other `${...}`
 * is Docker's own. Undefined where nothing is filled in.
 */
export function templateOf(text: string, names: Iterable<string>): BuildTemplate | undefined {
  const declared = [...text.matchAll(directiveNames)].flatMap(([, assigned = '', listed = '']) => `${assigned},${listed}`.split(',')).map((name) => name.trim());
  const known = new Set([...names, ...declared]);
  const asked: string[] = [];
  const filled = text.replaceAll(opening, (all, directive: string | undefined, offset: number) => {
    const rest = text.slice(offset + all.length, offset + all.length + longestAsked);
    const inner = rest.slice(0, rest.search(/[}>\n]|$/));
    const [, root = '', follows = ''] = /^\s*([A-Za-z_]\w*)\s*(.?)/.exec(inner) ?? [];
    const isOurs = all === '${' ? known.has(root) || (ofEntities.has(root) && (follows === '.' || follows === '[')) : directive === undefined || directives.has(directive);
    if (isOurs) asked.push(inner);
    return isOurs ? all : `\${'${all.charAt(0)}'}${all.slice(1)}`;
  });
  return asked.length === 0 ? undefined : { text: filled, asksSecret: asked.some((inner) => speaksOfSecrets(inner) || speaksOfSecrets(`\${${inner}}`) || inner.split(/[^\w-]+/).some(looksSecret)) };
}

/** What FreeMarker would take for its own. */
const opening = /\$\{|<#--|<\/?#([a-z]+)/g;
const directives = new Set(['if', 'elseif', 'else', 'list', 'sep', 'assign', 'noparse']);
const directiveNames = /<#(?:assign\s+(\w+)|list\s+[^>\n]{1,200}\sas\s+([\w,\s]+))/g;
const ofEntities = new Set(['entity', 'config', 'attribute', 'driver', 'location']);
const longestAsked = 400;

/** Those of the values that the Dockerfile declares as arguments (`ARG`). */
export function argsOf(text: string, values: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  const declared = instructionsOf(text).flatMap(({ text: line }) => (/^ARG\s/i.test(line) ? line.slice(4).trim().split(/\s+/).map((arg) => arg.replace(/=.*$/, '')) : []));
  return Object.fromEntries([...new Set(declared)].toSorted().flatMap((name) => (values.has(name) ? [[name, values.get(name) ?? '']] : [])));
}

/** Its name tells the content and the bases that it is built on. While a registry does not say what a base is now, the image that runs is kept, so that silence replaces nothing. */
export function imageBuild(source: DockerfileSource, repository: string, { dockerfile, digest, baseDigests = {}, running = [] }: FoundBuild, { text, args }: Pick<ImageBuild, 'text' | 'args'>): ImageBuild {
  const key = sha256(canonical({ keyVersion, dockerfile, digest, text, args })).slice(0, keyCharactersShown);
  const bases = basesOf(text);
  const pins = Object.fromEntries(bases.flatMap((base) => (baseDigests[base] === undefined ? [] : [[base, baseDigests[base]]])));
  const isKnown = bases.every((base) => pins[base] !== undefined || base.includes('@') || isBuiltName(base));
  const name = `${repository}:${key}`;
  const same = isKnown ? undefined : running.find((one) => one === name || one.startsWith(`${name}-`));
  const image = same ?? (isKnown && Object.keys(pins).length > 0 ? `${name}-${sha256(canonical(pins)).slice(0, baseCharactersShown)}` : name);
  return { source, image, dockerfile, text, args, digest, bases, pins };
}

/** As far as they are written out. */
export function basesOf(text: string): readonly string[] {
  const stages = new Set(['scratch']);
  const bases = new Set<string>();
  for (const { text: line } of instructionsOf(text)) {
    const [, image = '', name] = /^FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(line) ?? [];
    if (!stages.has(image.toLowerCase()) && parseReference(image).ok) bases.add(image);
    if (name !== undefined) stages.add(name.toLowerCase());
  }
  return [...bases];
}
