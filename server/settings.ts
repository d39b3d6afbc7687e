// The settings that the server reads, out of whatever an editor sends.

export interface Settings {
  /** Glob patterns of the files that are blueprints. */
  readonly blueprintFiles: readonly string[];
  /** Names of the Docker hosts. */
  readonly hosts: readonly string[];
}

export const defaults: Settings = { blueprintFiles: ['*.blueprint.yaml', '*.blueprint.yml', '*.bom'], hosts: ['localhost'] };

/** What is absent or of the wrong shape is as it was. `value` is the section `clocker`. */
export function settingsFrom(value: unknown, before: Settings): Settings {
  if (!isRecord(value)) return before;
  const { blueprintFiles, hosts } = value;
  return {
    blueprintFiles: Array.isArray(blueprintFiles) ? blueprintFiles.filter((one) => typeof one === 'string') : before.blueprintFiles,
    hosts: Array.isArray(hosts) ? hosts.flatMap((host: unknown) => (isRecord(host) && typeof host['name'] === 'string' ? [host['name']] : [])) : before.hosts,
  };
}

/** The section out of what a client pushes: `{ settings: { clocker: ... } }`. */
export function sectionOf(pushed: unknown): unknown {
  return isRecord(pushed) ? pushed['clocker'] : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
