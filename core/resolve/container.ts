// What an entity is on Docker: its container, made from its effective config. The config keys are Clocker's
// (docker.image.name, docker.container.openPorts ...); their flags were translated before.

import type { ContainerSpec, Mount, PublishedPort } from '#core/blueprint/application.ts';
import { coerceMounts, coercePortBindings, coercePortList } from '#core/coerce/docker.ts';
import { coerceBoolean, coerceInteger } from '#core/coerce/numbers.ts';
import { coercePorts, portsIn } from '#core/coerce/ports.ts';
import { coerceSize } from '#core/coerce/size.ts';
import { isList, isMap, type Outcome, type Value } from '#core/coerce/value.ts';
import { coercePullPolicy } from '#core/coerce/pullPolicy.ts';
import { isImageId, parseReference } from '#core/image/reference.ts';
import type { Follow } from '#core/lifecycle/lifecycle.ts';
import { installLatches } from '#core/lifecycle/moments.ts';
import { builtImage, isBuilt, type BuildWorld } from '#core/resolve/build.ts';
import { environmentOf, foldersOf, lifecycleOf, type CourseWorld } from '#core/resolve/course.ts';
import { readAddress } from '#core/sdn/address.ts';
import { sourceOf } from '#core/resolve/source.ts';
import type { Config } from '#core/resolve/effective.ts';
import { textOf, Values, type ValueWorld } from '#core/resolve/values.ts';

export interface ContainerWorld extends CourseWorld, BuildWorld, ValueWorld {}

/** Whether there is a container at all; that nothing is wrong with it is not said. */
export function runsContainer(config: Config): boolean {
  return ['docker.image.id', 'docker.image.name', 'docker.dockerfile.url', 'launch.command'].some((key) => config.has(key));
}

/** The container, with what follows other entities. */
export function withFollow(container: ContainerSpec | undefined, config: Config, world: ContainerWorld, follow: (values: Values) => Follow | undefined): ContainerSpec | undefined {
  const course = container?.lifecycle?.course;
  const found = course && follow(new Values(config, world));
  return found && container?.lifecycle ? { ...container, lifecycle: { ...container.lifecycle, course: { ...course, follow: found } } } : container;
}

/** The container; undefined where the entity runs no image and launches nothing in a base image. */
export function containerOf(config: Config, world: ContainerWorld): ContainerSpec | undefined {
  const values = new Values(config, world);
  const launch = config.has('launch.command') ? (values.text('launch.command') ?? '') : undefined;
  const built = isBuilt(config) ? builtImage(values, world) : undefined;
  const image = isBuilt(config) ? built?.image : (imageOf(values, world) ?? (launch === undefined ? undefined : values.text('docker.image.base')));
  if (image === undefined) return undefined;
  const container = { ...containerSettings(image, values, world), ...(built?.build && { build: built.build }) };
  // What the entity waits for is known from its values; a latch is nothing else.
  const passed = values.isTrue('skip.install') ? installLatches : [];
  for (const latch of latches) if (!passed.includes(latch)) values.find(latch);
  if (launch === undefined) return container;
  const folders = foldersOf(values);
  const { entrypoint: _, command: __, ...settings } = container;
  const env = { ...container.env, ...environmentOf(values, folders) };
  return { ...settings, env, lifecycle: lifecycleOf(values, folders, { launch, env }, world) };
}

const latches = ['start', 'provision', 'setup', 'preInstall.resources', 'install.resources', 'install', 'customize.resources', 'customize', 'launch.resources', 'launch'].map((name) => `latch.${name}`);

function containerSettings(image: string, values: Values, world: ContainerWorld): ContainerSpec {
  const openPorts = [...(values.coerced('docker.container.openPorts', coercePortList) ?? []), ...portsOfKeys(values, 'docker.container.openPorts.configKeys')];
  const directPorts = [...(values.coerced('docker.container.directPorts', coercePortList) ?? []), ...portsOfKeys(values, 'docker.container.directPorts.configKeys')];
  const bindings = values.coerced('docker.container.portBindings', coercePortBindings) ?? [];
  const fixed: readonly PublishedPort[] = [...directPorts.map((port): PublishedPort => ({ port, hostPort: port, protocol: 'tcp' })), ...bindings];
  const free = [...new Set(openPorts)].filter((port) => !fixed.some((published) => published.port === port)).map((port): PublishedPort => ({ port, protocol: 'tcp' }));
  const entrypoint = values.words('docker.image.entrypoint');
  const command = values.words('docker.image.commands');
  const cpuShares = values.coerced('docker.cpuShares', coerceShares);
  const memoryBytes = values.coerced('docker.memory', coerceMemory);
  const { own: address, others: addresses } = values.coerced('network.address', coerceAddresses) ?? {};
  const pull = values.find('docker.image.pullPolicy');
  const pullPolicy = pull === undefined || pull.effective.from === 'default' ? undefined : values.coerced('docker.image.pullPolicy', coercePullPolicy);
  const source = sourceOf({ text: (key) => values.text(key), complain: (key, message) => values.complainOf(key, message) });
  const networks = values.words('network.list');
  const hasOwnNetwork = values.coerced('sdn.applicationNetwork.create', coerceBoolean);
  return {
    image,
    ...(entrypoint && { entrypoint }),
    ...(command && { command }),
    env: values.coerced('docker.container.environment', coerceEnvironment) ?? {},
    openPorts: [...new Set([...openPorts, ...fixed.map(({ port }) => port)])],
    publishedPorts: [...fixed, ...free],
    mounts: [...mountsOf(values, world, 'docker.container.volumes.export'), ...mountsOf(values, world, 'docker.host.volumes')],
    ...(cpuShares !== undefined && { cpuShares }),
    ...(memoryBytes !== undefined && { memoryBytes }),
    ...(address !== undefined && { address }),
    ...(pullPolicy !== undefined && { pullPolicy }),
    ...(source && { source }),
    ...(networks && { networks: [...new Set(networks)] }),
    ...(hasOwnNetwork !== undefined && { hasOwnNetwork }),
    ...(addresses && { addresses }),
  };
}

function imageOf(values: Values, { complain }: ContainerWorld): string | undefined {
  const id = values.find('docker.image.id');
  const name = values.find('docker.image.name');
  const chosen = id ?? name;
  if (!chosen) return undefined;
  const written = textOf(chosen.value);
  if (chosen === id && isImageId(written)) return written;
  const parsed = parseReference(written);
  if (!parsed.ok) {
    complain(chosen.effective, parsed.problem);
    return undefined;
  }
  const tag = chosen === name ? values.find('docker.image.tag') : undefined;
  // A tag in the name is nearer than the default of the key `docker.image.tag`.
  return parsed.value.tag === undefined && parsed.value.digest === undefined && tag && tag.effective.from !== 'default' ? `${written}:${textOf(tag.value)}` : written;
}

/** The first port of each of the config keys that are named. A container has all ports to itself, so the first is free. */
function portsOfKeys(values: Values, key: string): readonly number[] {
  return (values.words(key) ?? []).flatMap((name) => {
    const range = values.coerced(name, coercePorts);
    return range === undefined ? [] : portsIn(range, 1);
  });
}

function mountsOf(values: Values, { complain }: ContainerWorld, key: string): readonly Mount[] {
  return (values.coerced(key, coerceMounts) ?? []).flatMap((mount): readonly Mount[] => {
    if (!('archive' in mount)) return [mount];
    const found = values.find(key);
    if (found) complain(found.effective, `${mount.archive} is an archive, which Clocker cannot unpack on a host yet; mount a directory or a volume`);
    return [];
  });
}

/** A map of names and values, or `[NAME=value]` as Docker's own tools have it. */
export function coerceEnvironment(value: Value): Outcome<Readonly<Record<string, string>>> {
  if (isMap(value)) return { ok: true, notes: [], value: Object.fromEntries([...value].map(([name, one]) => [textOf(name), one === null ? '' : textOf(one)])) };
  if (isList(value) && value.every((item) => typeof item === 'string')) return { ok: true, notes: [], value: Object.fromEntries(value.map(nameAndValue)) };
  return { ok: false, problem: 'an environment is a map of names and values; write for example { MODE: fast }.' };
}

/** Zero is as good as none, as the engine has it. The engine takes at least 2. */
function coerceShares(value: Value): Outcome<number | undefined> {
  const whole = coerceInteger(value, 'integer');
  if (!whole.ok) return whole;
  const shares = Number(whole.value);
  if (shares === 0) return { ...whole, value: undefined };
  return shares >= 2 && shares <= 262_144 ? { ...whole, value: shares } : { ok: false, problem: `a share of the processors is a whole number from 2 to 262144, not ${shares}; 1024 stands for one processor.` };
}

/** Bytes. A number alone is bytes; zero is no limit, and the engine takes at least 6 MiB. */
function coerceMemory(value: Value): Outcome<number | undefined> {
  const size = coerceSize(value, 'b');
  if (!size.ok) return size;
  if (size.value === 0) return { ...size, value: undefined };
  const least = 6 * 1024 ** 2;
  return size.value >= least ? size : { ok: false, problem: `${size.value} bytes of memory are too few for a container; the least is 6m. A number without a unit is bytes.` };
}

interface FixedAddresses {
  readonly own?: string;
  readonly others?: Readonly<Record<string, string>>;
}

/** One on the application's own network, or a map by networks' ids. Whether it is to be had is known only where the network is. */
function coerceAddresses(value: Value): Outcome<FixedAddresses> {
  const texts = isMap(value) ? [...value].map(([id, one]): [string, string] => [textOf(id), textOf(one).trim()]) : [['', textOf(value).trim()] as const];
  const wrong = texts.find(([, text]) => readAddress(text) === undefined);
  if (wrong) return { ok: false, problem: `"${wrong[1]}" is not an address; write one like 10.200.0.20.` };
  const [first] = texts;
  return { ok: true, notes: [], value: isMap(value) ? { others: Object.fromEntries(texts) } : { ...(first && { own: first[1] }) } };
}

function nameAndValue(text: string): readonly [string, string] {
  const equals = text.indexOf('=');
  return equals < 0 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)];
}
