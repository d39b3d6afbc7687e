// Decides on which host each container of an application goes, with the reason; where no host can take it, says for every
// host why not. A container that exists stays where it is while it may. What must then be done is the planner's business.

import type { Application, Entity } from '#core/blueprint/application.ts';
import { containerName, type DesiredContainer } from '#core/cluster/desired.ts';
import type { Attachment } from '#core/cluster/network.ts';
import type { Observed } from '#core/cluster/observed.ts';
import { specHash, specParts } from '#core/cluster/specHash.ts';
import { CloudLoad } from '#core/placement/load.ts';
import { Placing, type PlaceOptions } from '#core/placement/placing.ts';
import type { Verdict } from '#core/placement/rank.ts';
import { nothingAsked } from '#core/placement/strategy.ts';
import { Targets } from '#core/placement/target.ts';
import type { WantedHost } from '#core/placement/wantedHost.ts';
import type { Refusal } from '#core/plan/refusal.ts';

export interface Placement {
  /** In the order of the application's entities. */
  readonly containers: readonly DesiredContainer[];
  readonly refusals: readonly Refusal[];
  /** For each refusal that a new host would settle, that host. */
  readonly wanted: readonly WantedHost[];
}

export interface Explained {
  readonly entity: string;
  readonly entityName: string;
  /** The best host first. */
  readonly verdicts: readonly Verdict[];
  /** Why it goes nowhere; absent where it goes on the first of the hosts. */
  readonly refusal?: string;
}

/** `blueprint` is the text to keep with the containers, already free of secrets. */
export function place(application: Application, observed: Observed, blueprint?: string, options: PlaceOptions = {}): Placement {
  const containers: DesiredContainer[] = [];
  const refusals: Refusal[] = [];
  const wanted: WantedHost[] = [];
  const placing = new Placing(application, observed, options);
  for (const entity of application.entities) {
    if (entity.container === undefined) continue;
    const choice = placing.place(entity);
    if ('refusal' in choice) {
      refusals.push({ entity: entity.key, reason: choice.refusal, ...(choice.downHost !== undefined && { downHost: choice.downHost }) });
      if (choice.wanted) wanted.push(choice.wanted);
    } else containers.push(...desired(application, entity, choice, placing.attachment(entity, choice.host), blueprint));
  }
  return { containers, refusals, wanted };
}

/** What `place` made of every host for one of the entities, the best first; undefined for an entity without a container or with an unknown location. */
export function explain(application: Application, observed: Observed, entity: string, options: PlaceOptions = {}): readonly Verdict[] | undefined {
  const placing = new Placing(application, observed, options);
  for (const other of application.entities) {
    if (other.container === undefined) continue;
    if (other.key === entity) return placing.explain(other);
    placing.place(other);
  }
  return undefined;
}

/** The same for every entity with a container; those with an unknown location have no verdicts. */
export function explainAll(application: Application, observed: Observed, options: PlaceOptions = {}): readonly Explained[] {
  const placing = new Placing(application, observed, options);
  return application.entities.flatMap((entity) => {
    if (entity.container === undefined) return [];
    const verdicts = placing.explain(entity) ?? [];
    const choice = placing.place(entity);
    return [{ entity: entity.key, entityName: entity.name, verdicts, ...('refusal' in choice && { refusal: choice.refusal }) }];
  });
}

/** Names of the clouds to which the blueprint sends entities. */
export function cloudsMeant(application: Application, observed: Observed): ReadonlySet<string> {
  const targets = new Targets(new CloudLoad(observed), nothingAsked);
  return new Set(
    application.entities.flatMap(({ container, locations }) => {
      const targeted = targets.of(locations);
      return container === undefined || 'problem' in targeted ? [] : targeted.targets.flatMap(({ cloud }) => cloud ?? []);
    }),
  );
}

function desired(application: Application, entity: Entity, choice: { readonly host: string; readonly because: string }, network: Attachment, blueprint: string | undefined): readonly DesiredContainer[] {
  const { container: spec } = entity;
  if (spec === undefined) return [];
  return [
    {
      host: choice.host,
      containerName: containerName(application.id, entity.key),
      application: application.id,
      applicationName: application.name,
      entity: entity.key,
      entityName: entity.name,
      entityType: entity.type,
      ...(entity.parent !== undefined && { entityParent: entity.parent }),
      spec,
      specHash: specHash(specParts(application.id, entity.key, spec)),
      networks: [network],
      placedBecause: choice.because,
      ...(entity.quarantine && { quarantine: entity.quarantine }),
      ...(blueprint === undefined ? {} : { blueprint }),
      ...(entity.waits && { waits: entity.waits }),
      ...(entity.gates && { gates: entity.gates }),
      ...(entity.pending && { pending: entity.pending }),
    },
  ];
}
