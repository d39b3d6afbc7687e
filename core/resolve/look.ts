// One look at all entities of a tree: the container of each, with what is known of running entities and of files at that
// moment; what it waits for; what is wrong with it. Looked at with nothing known it tells everything that is waited for.

import type { ContainerSpec, RunningWorld } from '#core/blueprint/application.ts';
import type { Catalog } from '#core/catalog/catalog.ts';
import type { DescribedCloud } from '#core/cloud/describedCloud.ts';
import type { Value } from '#core/coerce/value.ts';
import { evaluate, evaluateConfig } from '#core/dsl/evaluate.ts';
import type { Outcome, Wait } from '#core/dsl/outcome.ts';
import { renderTemplate } from '#core/dsl/template.ts';
import { asData, isList, isThing, type Value as Given } from '#core/dsl/value.ts';
import type { DockerfileSource } from '#core/image/imageBuild.ts';
import { ownAddress } from '#core/lifecycle/scripts.ts';
import type { ImageSource, SourceLogin } from '#core/image/source.ts';
import type { EntityPlacement } from '#core/placement/strategy.ts';
import type { Follow } from '#core/lifecycle/lifecycle.ts';
import { describedCloudOf, isDockerCloud } from '#core/resolve/cloud.ts';
import { containerOf, withFollow, type ContainerWorld } from '#core/resolve/container.ts';
import { Values } from '#core/resolve/values.ts';
import { all, isShell, type Draft } from '#core/resolve/draft.ts';
import { effectiveConfig, type Effective } from '#core/resolve/effective.ts';
import { linksIn, type EntityLink } from '#core/resolve/links.ts';
import { followOf, isController } from '#core/resolve/follow.ts';
import { declaredNetworkOf } from '#core/resolve/network.ts';
import { placementOf } from '#core/resolve/placement.ts';
import { loginOf } from '#core/resolve/source.ts';
import { scopeOf, type ScopeOf } from '#core/resolve/scope.ts';
import type { DeclaredNetwork } from '#core/cluster/network.ts';
import { isNetwork } from '#core/sensors/networkSensors.ts';
import { Sensing } from '#core/sensors/sensing.ts';

export interface Problem {
  readonly effective: Effective;
  readonly message: string;
  /** A value that is no such value, or one that cannot be had. */
  readonly kind: 'wrong' | 'unavailable';
}

export interface KeyWait {
  readonly effective: Effective;
  /** By the draft's key. */
  readonly entity: string;
  readonly sensor: string;
  readonly options: Wait['options'];
}

export interface Look {
  readonly container: ContainerSpec | undefined;
  readonly placement: EntityPlacement | undefined;
  readonly cloud: DescribedCloud | undefined;
  /** For the registry that it names. */
  readonly login?: SourceLogin | undefined;
  /** For an entity that is a network. */
  readonly network?: DeclaredNetwork | undefined;
  readonly waits: readonly KeyWait[];
  readonly problems: readonly Problem[];
  readonly links: readonly EntityLink[];
  /** Where its files come from. */
  readonly sources: readonly string[];
  /** What its image is built from. */
  readonly build: DockerfileSource | undefined;
  /** The sensors it was given, those behind them included: by the key of their entity. */
  readonly asked: readonly { readonly entity: string; readonly sensor: string }[];
}

/** Looks in which no sensor has a value; in which those have one that need nothing to run; and those at what runs. */
export type Seen = 'nothing' | 'what is written' | RunningWorld;

/** `runs` tells which entities have a container; by key, and only where known. */
export function lookAt(root: Draft, application: string, seen: Seen, runs: ReadonlySet<string>, catalog: Catalog): ReadonlyMap<Draft, Look> {
  const world = typeof seen === 'object' ? seen : undefined;
  let current: Draft | undefined;
  // Its own address is filled in inside the container, by the scripts that are put there.
  const isOwnAddress = (entity: Draft, name: string): boolean => entity === current && /^host\.(?:subnet\.)?address$/.test(name) && effectiveConfig(entity).has('launch.command');
  const sensing = new Sensing(root, { application, catalog, runs, ...(world && { running: world }), instead: (entity, name) => (isOwnAddress(entity, name) ? ownAddress : undefined) });
  const scope: ScopeOf = seen === 'nothing' ? scopeOf(root) : sensing.scope;
  const keys = new Set(all(root).map(({ key }) => key));
  const look = (entity: Draft): Look => {
    const waits: KeyWait[] = [];
    const problems: Problem[] = [];
    const sources = new Set<string>();
    let build: DockerfileSource | undefined;
    sensing.takeAsked();
    current = entity;
    const given = (effective: Effective, outcome: Outcome): Given | undefined => {
      switch (outcome.state) {
        case 'value':
          return outcome.value;
        case 'waiting':
          waits.push(...outcome.waits.map((wait) => ({ effective, entity: wait.entity.key, sensor: wait.sensor, options: wait.options })));
          return undefined;
        case 'secret':
          problems.push({ effective, kind: 'unavailable', message: `needs the secret ${outcome.secrets.map(({ provider, key }) => `${provider}/${key}`).join(' and ')}, which Clocker cannot fetch yet; write the value itself` });
          return undefined;
        case 'error':
          // That a sensor has no value yet is no fault while nothing is known.
          if (outcome.kind !== 'mayNotWait' || seen !== 'nothing') problems.push({ effective, kind: 'unavailable', message: outcome.message });
          return undefined;
      }
    };
    const take = (effective: Effective, outcome: Outcome): Value | undefined => {
      const value = given(effective, outcome);
      const data = value === undefined ? undefined : asData(withNames(value));
      if (value !== undefined && data === undefined) problems.push({ effective, kind: 'unavailable', message: 'this gives an entity or an object, where a plain value is needed' });
      return data;
    };
    const evaluated = (effective: Effective): Outcome => evaluate(effective.value, { self: scope(effective.at) });
    const complain = (effective: Effective, message: string): void => {
      problems.push({ effective, message, kind: 'wrong' });
    };
    const config = effectiveConfig(entity);
    const placing = { evaluated: (effective: Effective) => given(effective, evaluated(effective)), complain, catalog };
    const containerWorld: ContainerWorld = {
      known: (effective) => take(effective, evaluated(effective)),
      complain,
      file: (source) => {
        sources.add(source);
        return world?.file(source);
      },
      build: (source) => {
        build = source;
        return world?.build?.(source);
      },
      fill: (effective, text, substitutions) => {
        const self = scope(entity);
        const names = new Map(substitutions instanceof Map ? [...substitutions].map(([name, value]) => [String(name), value] as const) : []);
        const filled = take(effective, renderTemplate(text, { span: effective.value.span, names, entity: self, config: (of, key) => evaluateConfig(of, key, { self }) }));
        if (typeof filled !== 'string') return undefined;
        if (filled.includes(ownAddress)) problems.push({ effective, kind: 'unavailable', message: `fills in the address of ${entity.key} itself, which is known only when it runs; take host.name, or shell.env and the commands` });
        return filled;
      },
    };
    const login = (source: ImageSource | undefined): SourceLogin | undefined => loginOf(source, (key) => new Values(config, containerWorld).text(key));
    if (isDockerCloud(entity)) {
      const cloud = describedCloudOf(entity, config, placing);
      return { container: undefined, placement: undefined, cloud, login: login(cloud.source), links: [], waits, problems, sources: [], build: undefined, asked: sensing.takeAsked() };
    }
    if (isNetwork(entity)) return { container: undefined, placement: undefined, cloud: undefined, network: declaredNetworkOf(entity, config, containerWorld), links: [], waits, problems, sources: [], build: undefined, asked: sensing.takeAsked() };
    const follow = (values: Values): Follow | undefined => (isController(entity) ? followOf(entity, values, seen === 'nothing' ? undefined : sensing.sensor(entity, 'proxy.serverpool.targets'), containerWorld) : undefined);
    const container = withFollow(isShell(entity) ? undefined : containerOf(config, containerWorld), config, containerWorld, follow);
    const placement = container && placementOf(config, placing);
    const linked = container && config.get('docker.container.links');
    const value = linked && given(linked, evaluated(linked));
    const links = value === undefined ? [] : linksIn(value, (name) => (keys.has(name) ? name : undefined));
    return { container, placement, cloud: undefined, login: login(container?.source), links, waits, problems, sources: [...sources], build, asked: sensing.takeAsked() };
  };
  return new Map(all(root).map((entity) => [entity, look(entity)]));
}

/** A sensor, alone or in a list, stands for its name: `docker.container.openPorts.configKeys: [$brooklyn:sensor("http.port")]`. */
function withNames(value: Given): Given {
  if (isList(value)) return value.map(withNames);
  return isThing(value) && value.kind === 'sensor' ? value.name : value;
}
