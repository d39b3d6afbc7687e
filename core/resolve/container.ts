// What an entity is on Docker: its container, made from its effective config. The config keys are Clocker's
// (docker.image.name, docker.container.openPorts ...); their flags were translated before.

import type { ContainerSpec, Mount, Port, PublishedPort } from '#core/blueprint/application.ts';
import { coercePorts, portsIn } from '#core/coerce/ports.ts';
import { isList, isMap } from '#core/coerce/value.ts';
import type { Value } from '#core/coerce/value.ts';
import { printCoerced } from '#core/coerce/coerce.ts';
import type { Config, Effective } from '#core/resolve/effective.ts';
import { parseReference } from '#core/image/reference.ts';

/** A value that does not do, with the config value it came from. */
export interface Complaint {
  readonly effective: Effective;
  readonly message: string;
}

export interface ContainerResult {
  /** Absent where the entity runs no image. */
  readonly container: ContainerSpec | undefined;
  readonly complaints: readonly Complaint[];
}

/** `known` gives the value of a config entry, or undefined where it is known only at run time (and has complained about it). */
export function containerOf(config: Config, known: (effective: Effective) => Value | undefined): ContainerResult {
  const complaints: Complaint[] = [];
  const complain = (effective: Effective, message: string): void => void complaints.push({ effective, message });
  const valueOf = (key: string): { readonly effective: Effective; readonly value: Value } | undefined => {
    const effective = config.get(key);
    const value = effective && known(effective);
    return effective && value !== undefined && value !== null ? { effective, value } : undefined;
  };

  const image = imageOf(valueOf, complain);
  if (image === undefined) return { container: undefined, complaints };
  const ports = (key: string): readonly Port[] => {
    const found = valueOf(key);
    if (!found) return [];
    const coerced = coercePorts(found.value);
    if (!coerced.ok) complain(found.effective, coerced.problem);
    const numbers = coerced.ok ? portsIn(coerced.value, 1000) : [];
    const wrong = numbers.find((port) => !isPort(port));
    if (wrong !== undefined) complain(found.effective, `${wrong} is no port; a port is a number from 1 to 65535`);
    return numbers.filter(isPort);
  };
  const openPorts = ports('docker.container.openPorts');
  const directPorts = ports('docker.container.directPorts');
  const bindings = bindingsOf(valueOf('docker.container.portBindings'), complain);
  const fixed: readonly PublishedPort[] = [...directPorts.map((port): PublishedPort => ({ port, hostPort: port, protocol: 'tcp' })), ...bindings];
  const free = openPorts.filter((port) => !fixed.some((published) => published.port === port)).map((port): PublishedPort => ({ port, protocol: 'tcp' }));
  const entrypoint = words(valueOf('docker.image.entrypoint'));
  const command = words(valueOf('docker.image.commands'));
  return {
    container: {
      image,
      ...(entrypoint && { entrypoint }),
      ...(command && { command }),
      env: environmentOf(valueOf('docker.container.environment'), complain),
      openPorts: [...new Set([...openPorts, ...fixed.map(({ port }) => port)])],
      publishedPorts: [...fixed, ...free],
      mounts: mountsOf(valueOf, complain),
    },
    complaints,
  };
}

type Find = (key: string) => { readonly effective: Effective; readonly value: Value } | undefined;
type Complain = (effective: Effective, message: string) => void;

function imageOf(find: Find, complain: Complain): string | undefined {
  const id = find('docker.image.id');
  const name = find('docker.image.name');
  const chosen = id ?? name;
  if (!chosen) return undefined;
  const written = textOf(chosen.value);
  const parsed = parseReference(written);
  if (!parsed.ok) {
    complain(chosen.effective, `${written} is no image reference: ${parsed.problem}`);
    return undefined;
  }
  const tag = chosen === name ? find('docker.image.tag') : undefined;
  // A tag in the name is nearer than the default of the key `docker.image.tag`.
  return parsed.value.tag === undefined && parsed.value.digest === undefined && tag && tag.effective.from !== 'default' ? `${written}:${textOf(tag.value)}` : written;
}

function bindingsOf(found: ReturnType<Find>, complain: Complain): readonly PublishedPort[] {
  if (!found) return [];
  const pairs: readonly (readonly [string, string])[] = isMap(found.value)
    ? [...found.value].map(([host, container]) => [textOf(host), textOf(container)])
    : (isList(found.value) ? found.value.map(textOf) : textOf(found.value).split(',')).map((pair) => [pair.split(':')[0]?.trim() ?? '', pair.split(':')[1]?.trim() ?? '']);
  return pairs.flatMap(([host, target]): readonly PublishedPort[] => {
    const [container = '', protocol = 'tcp'] = target.split('/');
    const hostPort = Number(host);
    const port = Number(container);
    if (isPort(hostPort) && isPort(port) && (protocol === 'tcp' || protocol === 'udp')) return [{ port, hostPort, protocol }];
    complain(found.effective, `${host}: ${target} is no port binding; write the host's port and the container's, for example 8080: 80`);
    return [];
  });
}

function environmentOf(found: ReturnType<Find>, complain: Complain): Readonly<Record<string, string>> {
  if (!found) return {};
  if (isMap(found.value)) return Object.fromEntries([...found.value].map(([name, value]) => [textOf(name), value === null ? '' : textOf(value)]));
  // `[NAME=value]`, as Docker's own tools have it.
  if (isList(found.value)) return Object.fromEntries(found.value.map((item) => nameAndValue(textOf(item))));
  complain(found.effective, 'the environment must be a map of names and values');
  return {};
}

function nameAndValue(text: string): readonly [string, string] {
  const equals = text.indexOf('=');
  return equals < 0 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)];
}

function mountsOf(find: Find, complain: Complain): readonly Mount[] {
  const exported = find('docker.container.volumes.export');
  const mapped = find('docker.host.volumes');
  const texts = exported ? (isList(exported.value) ? exported.value.map(textOf) : textOf(exported.value).split(',').map((text) => text.trim())) : [];
  const mounts = texts.flatMap((text): readonly Mount[] => {
    const mount = mountOf(text);
    if (!mount && exported) complain(exported.effective, `${text} is no volume; write a path of the container, or NAME:/path, or /host/path:/path, with :ro for read-only`);
    return mount ? [mount] : [];
  });
  if (!mapped) return mounts;
  if (!isMap(mapped.value)) {
    complain(mapped.effective, 'volumes must be a map: folders of the host and paths in the container');
    return mounts;
  }
  const pairs = [...mapped.value].flatMap(([source, path]): readonly Mount[] => {
    const mount = mountOf(`${textOf(source)}:${textOf(path)}`);
    if (!mount) complain(mapped.effective, `${textOf(source)}: ${textOf(path)} is no volume; the path in the container must start with /`);
    return mount ? [mount] : [];
  });
  return [...mounts, ...pairs];
}

function mountOf(text: string): Mount | undefined {
  const [first = '', second, mode] = text.split(':');
  if (second === undefined) return first.startsWith('/') ? { path: first, readOnly: false } : undefined;
  if (!second.startsWith('/') || first === '' || (mode !== undefined && mode !== 'ro' && mode !== 'rw')) return undefined;
  return { source: first, path: second, readOnly: mode === 'ro' };
}

/** A list of words: a list as it is, a text split at white space. */
function words(found: ReturnType<Find>): readonly string[] | undefined {
  if (!found) return undefined;
  const list = isList(found.value) ? found.value.map(textOf) : textOf(found.value).split(/\s+/).filter((word) => word !== '');
  return list.length === 0 ? undefined : list;
}

function textOf(value: Value): string {
  return typeof value === 'string' ? value : (printCoerced(value) ?? '');
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}
