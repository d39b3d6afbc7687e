// Images that are caught: what commands install is kept as an image, known by a key made of everything that the installation
// depends on, so that the next entity with the same key starts from it. Decided here: what belongs to an installation, what its
// key is, and when none is kept. Nothing of the entity itself is in it: the commands run in a container of their own, which gets
// only what is in the key, so that no secret can come into an image.

import type { ContainerSpec } from '#core/blueprint/application.ts';
import { looksSecret, speaksOfSecrets } from '#core/blueprint/mask.ts';
import { fullReference } from '#core/cluster/imageName.ts';
import type { Course, Phase, PlacedFile } from '#core/lifecycle/lifecycle.ts';
import { ownAddress } from '#core/lifecycle/scripts.ts';
import { canonical } from '#core/text/canonical.ts';
import { sha256 } from '#core/text/sha256.ts';

/** All that an installation depends on, besides the image in which it begins. */
export interface Installation {
  /** The entity's type. */
  readonly type: string;
  /** The image in which it begins, as a full reference. */
  readonly base: string;
  /** The part of the entity's course that ends before it is customized. */
  readonly course: Course;
  /** The variables that the commands see: those that they name, and those that installers read by themselves. */
  readonly env: Readonly<Record<string, string>>;
}

/** Why an installation is not kept, as a clause: "it is switched off". */
export interface NotCaught {
  readonly reason: string;
}

/** With another number nothing that was caught before is found. */
const keyVersion = 1;
const always = new Set(['INSTALL_DIR', 'RUN_DIR', 'PID_FILE']);
/** What package managers and their like look at without being told. */
const readByInstallers = /^(?:\w+_proxy|LANG|LANGUAGE|LC_\w+|TZ|PATH|HOME|DEBIAN_FRONTEND|(?:PIP|NPM|NPM_CONFIG|MAVEN|GRADLE|JAVA|GIT|SSL|CURL|APT|GO|CARGO|RUST|PYTHON|NODE|GEM|BUNDLE|YARN)_\w+)$/i;

/** Undefined for an entity that nothing is installed for. */
export function installationOf(spec: ContainerSpec, type: string): Installation | NotCaught | undefined {
  const course = spec.lifecycle?.course;
  const phases = course?.phases.filter(isInstalling) ?? [];
  if (course === undefined || phases.length === 0) return undefined;
  const files = course.files.filter(({ stage }) => stage === 'preinstall' || stage === 'install');
  const text = phases.map(({ commands }) => commands).join('\n');
  const folder = spec.mounts.find(({ source }) => source?.startsWith('/'));
  if (folder !== undefined) return { reason: `it sees the folder ${folder.source ?? ''} of its host` };
  const env = relevant(spec.env, [text, ...files.map(({ base64 }) => textOf(base64))]);
  const [secret] = Object.entries(env).find(([name, value]) => looksSecret(name) || speaksOfSecrets(value)) ?? [];
  if (secret !== undefined) return { reason: `its commands use ${secret}, which may be secret` };
  const isGiven = Object.entries(spec.env).some(([name, value]) => looksSecret(name) && value.length > 5 && text.includes(value));
  if (isGiven || course.installsSecret === true || speaksOfSecrets(text)) return { reason: 'its install commands or files may hold a secret' };
  if ([text, ...Object.values(env)].some((one) => one.includes(ownAddress))) return { reason: 'its install commands use its own address' };
  const { installDir, runDir, startTimeoutMs } = course;
  return { type, base: fullReference(spec.image), env, course: { installDir, runDir, phases, files, launch: '', ownAddressIn: [], startTimeoutMs } };
}

/** `baseId` is the id of the image in which it begins: one content, one platform, on whichever host. */
export function imageKey({ type, course, env }: Installation, baseId: string): string {
  const files = course.files.map((file) => [file.stage, file.path, hashOf(file)]);
  const phases = course.phases.map(({ name, directory, commands }) => [name, directory, commands]);
  return sha256(canonical({ keyVersion, type, baseId, phases, files, env }));
}

/** Files may be large, and a key is asked for again and again. */
const hashes = new WeakMap<PlacedFile, string>();

function hashOf(file: PlacedFile): string {
  const known = hashes.get(file) ?? sha256(file.base64);
  hashes.set(file, known);
  return known;
}

/** The domain is one that no registry has: what was caught is never asked of strangers. */
const domain = 'localhost';
const keyCharactersShown = 24;

/** The image's name: `localhost/clocker-caught/redis-store:3f...`. */
export function caughtName({ type }: Pick<Installation, 'type'>, key: string): string {
  const word = type.toLowerCase().replace(/^.*[.:/]/, '').replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '');
  return `${domain}/clocker-caught/${word === '' ? 'entity' : word}:${key.slice(0, keyCharactersShown)}`;
}

/** What it is called in a registry. */
export function storedName(image: string, address: string): string {
  return `${address}/${image.slice(domain.length + 1)}`;
}

export function isCaughtName(image: string): boolean {
  return image.startsWith(`${domain}/clocker-caught/`);
}

function isInstalling({ name }: Phase): boolean {
  return name === 'pre-install' || name === 'install' || name === 'post-install';
}

function relevant(env: Readonly<Record<string, string>>, texts: readonly string[]): Readonly<Record<string, string>> {
  const named = new Set(texts.flatMap((text) => text.match(/\b[A-Za-z_]\w*\b/g) ?? []));
  return Object.fromEntries(Object.entries(env).filter(([name]) => always.has(name) || named.has(name) || readByInstallers.test(name)));
}

/** Enough of a file to see which variables it names. */
const readOfFile = 64 * 1024;
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Latin letters are all that names of variables have, so no bytes need to be joined. */
function textOf(base64: PlacedFile['base64']): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const letter of base64.slice(0, readOfFile)) {
    const value = letters.indexOf(letter);
    if (value < 0) break;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    text += String.fromCharCode((held >> bits) & 0xff);
  }
  return text;
}
