// The settings that the server reads, out of whatever an editor sends.

import type { LensSettings } from './features/codeLens.ts';
import type { HintSettings } from './features/inlayHints.ts';

export interface Settings {
  /** Glob patterns of the files that are blueprints. */
  readonly blueprintFiles: readonly string[];
  /** Names of the Docker hosts. */
  readonly hosts: readonly string[];
  /** Names of the docker clouds. */
  readonly clouds: readonly string[];
  /** Blueprints and catalogs that are not open are checked, too, where the editor asks for that. */
  readonly workspaceDiagnostics: boolean;
  /** Which hints and lenses are shown. */
  readonly inlayHints: HintSettings;
  readonly codeLens: LensSettings;
}

export const defaults: Settings = {
  blueprintFiles: ['*.blueprint.yaml', '*.blueprint.yml', '*.bom'],
  hosts: ['localhost'],
  clouds: [],
  workspaceDiagnostics: true,
  inlayHints: { typeNames: true, values: true, subnets: true, defaults: true },
  codeLens: { deploy: true, references: true },
};

/** What is absent or of the wrong shape is as it was. `value` is the section `clocker`. */
export function settingsFrom(value: unknown, before: Settings): Settings {
  if (!isRecord(value)) return before;
  const { blueprintFiles, hosts, clouds, workspaceDiagnostics, inlayHints, codeLens } = value;
  return {
    blueprintFiles: Array.isArray(blueprintFiles) ? blueprintFiles.filter((one) => typeof one === 'string') : before.blueprintFiles,
    hosts: namesIn(hosts, before.hosts),
    clouds: namesIn(clouds, before.clouds),
    workspaceDiagnostics: typeof workspaceDiagnostics === 'boolean' ? workspaceDiagnostics : before.workspaceDiagnostics,
    inlayHints: switches(inlayHints, before.inlayHints),
    codeLens: switches(codeLens, before.codeLens),
  };
}

function namesIn(list: unknown, before: readonly string[]): readonly string[] {
  return Array.isArray(list) ? list.flatMap((one: unknown) => (isRecord(one) && typeof one['name'] === 'string' ? [one['name']] : [])) : before;
}

/** Settings of on and off. */
function switches<T extends object>(value: unknown, before: T): T {
  const given = isRecord(value) ? Object.keys(before).filter((name) => typeof value[name] === 'boolean').map((name) => [name, value[name]]) : [];
  return { ...before, ...Object.fromEntries(given) };
}

/** The section out of what a client pushes: `{ settings: { clocker: ... } }`. */
export function sectionOf(pushed: unknown): unknown {
  return isRecord(pushed) ? pushed['clocker'] : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
