// All sensors of a tree at one moment, each worked out when somebody asks for it: the scope of expressions, with what was
// observed, read and enriched. Remembers who was asked for what, and finds sensors that are made of themselves.

import type { RunningWorld } from '#core/blueprint/application.ts';
import type { Catalog } from '#core/catalog/catalog.ts';
import { evaluate } from '#core/dsl/evaluate.ts';
import type { Value } from '#core/dsl/value.ts';
import { adjunctsOf } from '#core/resolve/adjuncts.ts';
import { all, type Draft } from '#core/resolve/draft.ts';
import { scopeOf, type ScopeOf } from '#core/resolve/scope.ts';
import type { ServiceState } from '#core/sensors/condition.ts';
import { feedOf, isFeed, type Feed } from '#core/sensors/feeds.ts';
import { sensorNames, sensorOf, type SensorWorld } from '#core/sensors/sensors.ts';

export interface SensingWorld {
  readonly application: string;
  readonly catalog: Catalog;
  /** Keys of the entities that have a container, or will have one. */
  readonly runs: ReadonlySet<string>;
  /** What runs; absent where nothing does yet. */
  readonly running?: Pick<RunningWorld, 'container' | 'read' | 'serves' | 'networks'>;
  /** How entities are doing, by key; absent where all count as up. */
  readonly state?: (entity: string) => ServiceState;
  /** A value that is taken before anything else. */
  readonly instead?: (entity: Draft, name: string) => Value | undefined;
}

export interface Place {
  readonly entity: string;
  readonly sensor: string;
}

export class Sensing {
  readonly scope: ScopeOf;
  readonly #world: SensorWorld;
  readonly #instead: SensingWorld['instead'];
  /** The sensors that are being worked out, outermost first. */
  readonly #under = new Map<string, Place>();
  #asked: Place[] = [];
  readonly #circles: (readonly Place[])[] = [];

  constructor(root: Draft, { application, catalog, runs, running, state, instead }: SensingWorld) {
    const drafts = new Map(all(root).map((entity) => [entity.key, entity]));
    this.#instead = instead;
    this.scope = scopeOf(root, false, (entity, name) => this.sensor(entity, name));
    this.#world = {
      application,
      sensor: (entity, name) => this.sensor(entity, name),
      named: (key) => drafts.get(key) ?? [...drafts.values()].find(({ spec }) => spec.id?.value === key),
      hasContainer: ({ key }) => runs.has(key),
      container: ({ key }) => running?.container(key),
      read: ({ key }, name) => running?.read?.(key, name),
      networks: () => running?.networks?.() ?? [],
      serves: ({ key }) => running?.serves?.(key) ?? true,
      adjuncts: (entity) => adjunctsOf(entity, catalog),
      evaluate: (expression, at) => {
        const outcome = evaluate(expression, { self: this.scope(at) });
        return outcome.state === 'value' ? outcome.value : undefined;
      },
      ...(state && { state: ({ key }: Draft) => state(key) }),
    };
  }

  sensor(entity: Draft, name: string): Value | undefined {
    const instead = this.#instead?.(entity, name);
    if (instead !== undefined) return instead;
    const id = `${entity.key} ${name}`;
    if (this.#under.has(id)) {
      const keys = [...this.#under.keys()];
      this.#circles.push([...this.#under.values()].slice(keys.indexOf(id)));
      return undefined;
    }
    this.#under.set(id, { entity: entity.key, sensor: name });
    const value = sensorOf(entity, name, this.#world);
    this.#under.delete(id);
    if (value !== undefined) this.#asked.push({ entity: entity.key, sensor: name });
    return value;
  }

  names(entity: Draft): readonly string[] {
    return sensorNames(entity, this.#world);
  }

  /** What an expression of the entity gives now. */
  evaluate(...args: Parameters<SensorWorld['evaluate']>): Value | undefined {
    return this.#world.evaluate(...args);
  }

  /** What can be read of the entity now. */
  feeds(entity: Draft): readonly Feed[] {
    const feeds = this.#world.adjuncts(entity).filter(isFeed);
    return feeds.flatMap((adjunct) => {
      const config = (key: string): Value | undefined => {
        const expression = adjunct.config.get(key);
        return expression && this.#world.evaluate(expression, adjunct.at);
      };
      return feedOf(adjunct, config) ?? [];
    });
  }

  /** The sensors that gave a value since the last call. */
  takeAsked(): readonly Place[] {
    const asked = this.#asked;
    this.#asked = [];
    return asked;
  }

  /** Sensors that were to be made of themselves, each circle once, the first found first. */
  circles(): readonly (readonly Place[])[] {
    const seen = new Set<string>();
    return this.#circles.filter((circle) => {
      const id = circle.map(({ entity, sensor }) => `${entity} ${sensor}`).toSorted().join('\n');
      return seen.has(id) ? false : seen.add(id);
    });
  }
}

/** "web: a is made of db: b, and db: b of web: a". */
export function circleText(circle: readonly Place[]): string {
  const shown = ({ entity, sensor }: Place): string => `${entity}: ${sensor}`;
  return circle.map((place, index) => `${shown(place)} ${index === 0 ? 'is made of' : 'of'} ${shown(circle[(index + 1) % circle.length] ?? place)}`).join(', and ');
}
