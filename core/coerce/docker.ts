// What containers have of the host and of each other: ports, port bindings, volumes and links, in every form that blueprints
// write them. Values are plain data; whether a port is free or a directory exists is not asked.

import type { Mount, Port, PublishedPort } from '#core/blueprint/application.ts';
import { parseJavaInt, wholeOf } from '#core/coerce/numbers.ts';
import { coercePorts, highestPort, portsIn } from '#core/coerce/ports.ts';
import { accepted, describe, isList, isMap, quote, refused, type Outcome, type Value } from '#core/coerce/value.ts';

/** More ports than this in one list are a mistake. */
const mostPorts = 1000;

/** `openPorts`, `directPorts`: `80`, `"80,443"`, `[80, "8000-8003"]`. Each port once, in the order written. */
export function coercePortList(value: Value): Outcome<readonly Port[]> {
  const range = coercePorts(value);
  if (!range.ok) return range;
  const ports = [...new Set(portsIn(range.value, mostPorts + 1))];
  if (ports.length > mostPorts) return refused(`That are more than ${mostPorts} ports; name those that are used.`);
  const wrong = ports.find((port) => port < 1 || port > highestPort);
  return wrong === undefined ? accepted(ports) : refused(`${wrong} is not a port: ports run from 1 to ${highestPort}.`);
}

/** `portBindings`: a map from the port of the host to that of the container, or texts `8080:80`, `8080:80/udp`. */
export function coercePortBindings(value: Value): Outcome<readonly PublishedPort[]> {
  const pairs = isMap(value) ? [...value] : (isList(value) ? value : typeof value === 'string' ? value.split(',') : [value]).map(pairOf);
  const bindings: PublishedPort[] = [];
  for (const [host, container] of pairs) {
    const [number = '', protocol = 'tcp', ...more] = typeof container === 'string' ? container.trim().toLowerCase().split('/') : [String(wholeOf(container) ?? '')];
    const port = portOf(number);
    const hostPort = portOf(typeof host === 'string' ? host : String(wholeOf(host) ?? ''));
    if (port === undefined || hostPort === undefined || more.length > 0) {
      return refused(`${describe(host)} to ${describe(container)} is not a binding of ports; write the port of the host and that of the container, for example 8080: 80.`);
    }
    if (protocol !== 'tcp' && protocol !== 'udp') return refused(`${quote(protocol)} is not a protocol of a port; write tcp or udp.`);
    if (bindings.some((other) => other.hostPort === hostPort && other.protocol === protocol)) return refused(`The port ${hostPort} of the host is bound twice.`);
    bindings.push({ port, hostPort, protocol });
  }
  return accepted(bindings);
}

/** An archive at a URL, unpacked on the host and mounted at `path`. */
export interface ArchiveMount {
  readonly archive: string;
  readonly path: string;
  readonly readOnly: boolean;
}

/** Volumes: `/data`, `name:/data`, `/host:/data:ro`, in a list or a text with commas; or a map from the host's directory, or the URL of an archive, to the container's. */
export function coerceMounts(value: Value): Outcome<readonly (Mount | ArchiveMount)[]> {
  const texts = isMap(value) ? [...value] : (isList(value) ? value : typeof value === 'string' ? value.split(',') : [value]).map((item): [Value, Value] => [null, item]);
  const mounts: (Mount | ArchiveMount)[] = [];
  for (const [source, target] of texts) {
    if (typeof target !== 'string' || (source !== null && typeof source !== 'string')) return refused(`${describe(target)} is not a volume; ${mountExample}.`);
    const mount = source !== null && isArchive(source) ? archiveOf(source, target) : mountOf(source === null ? target.trim() : `${source}:${target}`);
    if (typeof mount === 'string') return refused(mount);
    if (mounts.some(({ path }) => path === mount.path)) return refused(`Two volumes are mounted at ${mount.path}.`);
    mounts.push(mount);
  }
  return accepted(mounts);
}

/** `target` is an entity, given by an expression, or the id of one; the alias too may be an expression. */
export interface Link {
  readonly alias?: string;
  readonly target: Value;
}

/** Links: a map from the alias to the entity, or a list of entities that keep their own names. */
export function coerceLinks(value: Value): Outcome<readonly Link[]> {
  if (isList(value)) return accepted(value.map((target) => ({ target })));
  if (!isMap(value)) return refused(`${describe(value)} is not a map of links; write alias: $brooklyn:entity("id").`);
  const links: Link[] = [];
  for (const [alias, target] of value) {
    const isExpression = typeof alias === 'string' && alias.startsWith('$brooklyn:');
    if (typeof alias !== 'string' || (!isExpression && !/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(alias))) return refused(`${describe(alias)} is not an alias: it has letters, digits, "_", "." and "-", and is a name in the network.`);
    if (target === null) return refused(`The link ${alias} leads nowhere; write ${alias}: $brooklyn:entity("id").`);
    links.push({ alias, target });
  }
  return accepted(links);
}

const mountExample = 'write a path of the container, or name:/path, or /host/path:/path, with :ro to allow reading only';

function pairOf(item: Value): [Value, Value] {
  if (typeof item !== 'string') return [item, item];
  const colon = item.indexOf(':');
  return colon < 0 ? [item.trim().split('/')[0] ?? '', item.trim()] : [item.slice(0, colon).trim(), item.slice(colon + 1).trim()];
}

function portOf(text: string): Port | undefined {
  const port = parseJavaInt(text.trim());
  return port !== undefined && port >= 1 && port <= highestPort ? port : undefined;
}

function isArchive(source: string): boolean {
  return /^(?:https?|ftp|file|classpath):/i.test(source);
}

function archiveOf(archive: string, target: string): ArchiveMount | string {
  const [path = '', mode, ...more] = target.split(':');
  if (!/^\/./.test(path) || more.length > 0 || (mode !== undefined && mode !== 'ro' && mode !== 'rw')) return `${quote(target)} is not where an archive can be mounted; write a path of the container, with :ro to allow reading only.`;
  return { archive, path, readOnly: mode === 'ro' };
}

function mountOf(text: string): Mount | string {
  const parts = text.split(':');
  const mode = parts.length > 1 && !parts.at(-1)?.startsWith('/') ? parts.pop() : undefined;
  const [first = '', second, ...more] = parts;
  const path = second ?? first;
  if (more.length > 0 || first === '' || !path.startsWith('/')) return `${quote(text)} is not a volume; ${mountExample}.`;
  const modes = mode?.split(',') ?? [];
  const unknown = modes.find((word) => !['ro', 'rw', 'z', 'Z', 'nocopy', 'cached', 'delegated', 'consistent'].includes(word));
  if (unknown !== undefined) return `${quote(text)} is not a volume: ${quote(unknown)} is not a mode; write ro or rw.`;
  if (path === '/') return `${quote(text)} would hide the whole file system of the container; mount it below a directory.`;
  if (second !== undefined && !first.startsWith('/') && !/^[A-Za-z0-9][A-Za-z0-9_.-]+$/.test(first)) {
    return `${quote(first)} is neither a directory, which begins with "/", nor the name of a volume, which has letters, digits, "_", "." and "-".`;
  }
  return { ...(second === undefined ? {} : { source: first }), path, readOnly: modes.includes('ro') };
}
