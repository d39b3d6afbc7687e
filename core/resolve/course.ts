// The lifecycle of an entity that is installed by commands, made from its effective config: the commands as they are, the
// files and filled-in templates, the folders. Brooklyn's keys and order.

import { speaksOfSecrets } from '#core/blueprint/mask.ts';
import { coerceDuration } from '#core/coerce/duration.ts';
import { isDate, isList, isMap, isWholeDouble, numberText, isoDate, type Outcome, type Value } from '#core/coerce/value.ts';
import { print } from '#core/dsl/print.ts';
import { phaseNames, stages, type Course, type Lifecycle, type Phase, type PhaseName, type PlacedFile, type StageName } from '#core/lifecycle/lifecycle.ts';
import { ownAddress } from '#core/lifecycle/scripts.ts';
import type { Values } from '#core/resolve/values.ts';
import type { Effective } from '#core/resolve/effective.ts';
import { canonical } from '#core/text/canonical.ts';
import { sha256 } from '#core/text/sha256.ts';

/** A file's content: as it is, and as text. */
export interface Content {
  readonly base64: string;
  readonly text: string;
}

export interface CourseWorld {
  /** Undefined where it has not been read. */
  readonly file: (source: string) => Content | undefined;
  /** A template filled in; undefined where it cannot be (yet), which it has said. */
  readonly fill: (effective: Effective, text: string, substitutions: Value | undefined) => string | undefined;
}

/** What the entity's commands find in their environment besides what the blueprint gives them. */
export interface Folders {
  readonly installDir: string;
  readonly runDir: string;
}

const commandKeys: Readonly<Record<PhaseName, string>> = {
  'pre-install': 'pre.install.command',
  install: 'install.command',
  'post-install': 'post.install.command',
  'pre-customize': 'pre.customize.command',
  customize: 'customize.command',
  'post-customize': 'post.customize.command',
  'pre-launch': 'pre.launch.command',
  'post-launch': 'post.launch.command',
};
const defaultStartMs = 120_000;

export function foldersOf(values: Values): Folders {
  const base = values.text('onbox.base.dir') ?? '/opt/clocker';
  return { installDir: values.text('install.dir') ?? `${base}/install`, runDir: values.text('run.dir') ?? `${base}/run` };
}

/** The entity's own environment: that of its container, its commands' over it, and the folders. */
export function environmentOf(values: Values, { installDir, runDir }: Folders): Readonly<Record<string, string>> {
  return { ...values.coerced('shell.env', coerceShellEnvironment), INSTALL_DIR: installDir, RUN_DIR: runDir, PID_FILE: values.text('pidFile') ?? `${runDir}/pid.txt` };
}

export function lifecycleOf(values: Values, folders: Folders, { launch, env }: { readonly launch: string; readonly env: Readonly<Record<string, string>> }, world: CourseWorld): Lifecycle {
  const isSkipped = values.isTrue('skip.install');
  const phase = (name: PhaseName): readonly Phase[] => {
    const commands = values.text(commandKeys[name]);
    if (commands === undefined || commands.trim() === '' || (isSkipped && name.endsWith('install'))) return [];
    return [{ name, commands, directory: name.endsWith('install') ? folders.installDir : folders.runDir }];
  };
  const check = values.text('checkRunning.command');
  const stop = values.text('stop.command');
  const timeout = values.coerced('start.timeout', coerceDuration);
  const checkpoint = values.find('docker.container.autoCheckpointImage');
  const course: Course = {
    ...folders,
    ...(checkpoint !== undefined && checkpoint.effective.from !== 'default' && { isCaught: values.isTrue('docker.container.autoCheckpointImage') }),
    ...(installsSecret(values, world) && { installsSecret: true }),
    phases: [...phaseNames, 'post-launch' as const].flatMap(phase),
    files: stages.flatMap(({ name }) => filesOf(values, name, folders, world)),
    launch,
    ...(check !== undefined && { check }),
    ...(stop !== undefined && { stop }),
    ownAddressIn: Object.keys(env).filter((name) => /^\w+$/.test(name) && env[name]?.includes(ownAddress) === true),
    startTimeoutMs: timeout?.ms ?? defaultStartMs,
  };
  return { parts: partsOf(course), course };
}

/** Whether the commands and templates, as they are written, ask for a value that looks secret: what comes of them does not show it. */
function installsSecret(values: Values, world: CourseWorld): boolean {
  const commands = phaseNames.filter((name) => name.endsWith('install')).flatMap((name) => values.find(commandKeys[name]) ?? []);
  const templates = ['preinstall', 'install'].flatMap((stage) => sourcesAt(values, `templates.${stage}`)).flatMap(({ source }) => world.file(source)?.text ?? []);
  return [...commands.map(({ effective }) => print(effective.value)), ...templates].some(speaksOfSecrets);
}

function partsOf({ phases, files, launch, check, stop, installDir, runDir }: Course): Readonly<Record<string, string>> {
  const part = (name: string, value: unknown): readonly [string, string] => [name, sha256(canonical([name, value]))];
  const last = new Map(files.map((file) => [file.path, file]));
  return Object.fromEntries([
    ...phases.map(({ name, commands, directory }) => part(`${name} commands`, [commands, directory])),
    ...[...last.values()].map(({ stage, path, base64 }) => part(`file ${path}`, [stage, base64])),
    part('launch commands', [launch, installDir, runDir]),
    ...(check === undefined ? [] : [part('check commands', check)]),
    ...(stop === undefined ? [] : [part('stop commands', stop)]),
  ]);
}

function filesOf(values: Values, stage: StageName, { installDir, runDir }: Folders, world: CourseWorld): readonly PlacedFile[] {
  const directory = stage === 'preinstall' || stage === 'install' ? installDir : runDir;
  const placed = (path: string, base64: string): PlacedFile => ({ stage, base64, path: path.startsWith('/') ? path : `${directory}/${path}` });
  const substitutions = values.find('template.substitutions')?.value;
  const plain = sourcesAt(values, `files.${stage}`).flatMap(({ source, path }) => {
    const content = world.file(source);
    return content ? [placed(path, content.base64)] : [];
  });
  const filled = sourcesAt(values, `templates.${stage}`).flatMap(({ source, path, effective }) => {
    const content = world.file(source);
    const text = content && world.fill(effective, content.text, substitutions);
    return text === undefined ? [] : [placed(path, base64Of(text))];
  });
  return [...plain, ...filled];
}

interface Source {
  readonly source: string;
  readonly path: string;
  readonly effective: Effective;
}

function sourcesAt(values: Values, key: string): readonly Source[] {
  const found = values.find(key);
  if (!found) return [];
  if (!isMap(found.value)) {
    values.complain(found.effective, `${key}: a map is wanted, of what to copy and the path of each in the container; write for example { "https://example.com/app.conf": /etc/app.conf }`);
    return [];
  }
  return [...found.value].flatMap(([source, path]) => (typeof source === 'string' && source !== '' && typeof path === 'string' ? [{ source, path, effective: found.effective }] : []));
}

/** A map of names and values; entries without a value are left out, lists and maps are given as JSON. */
function coerceShellEnvironment(value: Value): Outcome<Readonly<Record<string, string>>> {
  if (!isMap(value)) return { ok: false, problem: 'an environment is a map of names and values; write for example { MODE: fast }.' };
  return { ok: true, notes: [], value: Object.fromEntries([...value].flatMap(([name, one]) => (one === null ? [] : [[plainText(name), plainText(one)]]))) };
}

function plainText(value: Value): string {
  if (typeof value === 'string') return value;
  return isList(value) || isMap(value) ? JSON.stringify(jsonOf(value)) : String(jsonOf(value));
}

function jsonOf(value: Value): unknown {
  if (isList(value)) return value.map(jsonOf);
  if (isMap(value)) return Object.fromEntries([...value].map(([key, item]) => [plainText(key), jsonOf(item)]));
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (isDate(value)) return isoDate(value.dateMs);
  return isWholeDouble(value) || typeof value === 'bigint' ? numberText(value) : value;
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** UTF-8 in base64. */
export function base64Of(text: string): string {
  const bytes = [...encodeURIComponent(text.toWellFormed()).matchAll(/%([0-9A-F]{2})|[^%]/g)].map(([whole, hex]) => (hex === undefined ? whole.charCodeAt(0) : parseInt(hex, 16)));
  let coded = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b = 0, c = 0] = bytes.slice(at, at + 3);
    const group = (a << 16) | (b << 8) | c;
    const left = bytes.length - at;
    coded += letters.charAt(group >> 18) + letters.charAt((group >> 12) & 63) + (left > 1 ? letters.charAt((group >> 6) & 63) : '=') + (left > 2 ? letters.charAt(group & 63) : '=');
  }
  return coded;
}
