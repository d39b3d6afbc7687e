// A read blueprint and a catalog -> an application, ready to be planned. What cannot be deployed is said in diagnostics that
// only planning and deploying show: a blueprint may be right though Clocker has nothing to run for it.

import type { Application, Entity } from '#core/blueprint/application.ts';
import type { Reading } from '#core/blueprint/read.ts';
import { valueOf as entryValue } from '#core/blueprint/tree.ts';
import type { Catalog } from '#core/catalog/catalog.ts';
import { withOwnItems } from '#core/catalog/own.ts';
import type { Value } from '#core/coerce/value.ts';
import { notDeployable } from '#core/diagnostics/notDeployable.ts';
import { report } from '#core/diagnostics/rule.ts';
import { wrongValue } from '#core/diagnostics/wrongValue.ts';
import { givenBeforeRun, valueBeforeRun, type BeforeRun } from '#core/resolve/constant.ts';
import { containerOf } from '#core/resolve/container.ts';
import { all, draft, slug } from '#core/resolve/draft.ts';
import type { Draft } from '#core/resolve/draft.ts';
import { effectiveConfig } from '#core/resolve/effective.ts';
import type { Config, Effective } from '#core/resolve/effective.ts';
import { locationsOf } from '#core/resolve/locations.ts';
import { placementOf } from '#core/resolve/placement.ts';
import { scopeOf } from '#core/resolve/scope.ts';
import type { Diagnostic } from '#core/text/diagnostic.ts';
import { span } from '#core/text/span.ts';
import type { Span } from '#core/text/span.ts';

export interface Resolution {
  /** Absent where there is no plan; otherwise as much as could be understood. */
  readonly application: Application | undefined;
  /** An error here means: not to be deployed as it is. */
  readonly diagnostics: readonly Diagnostic[];
}

export function resolve(reading: Reading, catalog: Catalog): Resolution {
  const { plan, text } = reading;
  const own = withOwnItems(catalog, reading);
  if (!plan || (plan.children.length === 0 && !plan.type)) {
    return { application: undefined, diagnostics: [report(notDeployable, span(0, 0), 'there are no services here: a blueprint that can be deployed has a list of services, each with a type')] };
  }
  const root = draft(plan, text, own);
  const scope = scopeOf(root);
  const diagnostics: Diagnostic[] = [];
  const entities = all(root).flatMap((entity): readonly Entity[] => {
    // The application itself is no entity of its own, unless its one type stands at the top.
    if (entity === root && !plan.type) return [];
    const config = effectiveConfig(entity);
    let isRefused = false;
    const complain = ({ node, from }: Effective, message: string): void => {
      isRefused = true;
      // The image of `docker:IMAGE` has no value of its own; what is wrong with it is said of the type.
      if (node || from !== 'entity') diagnostics.push(report(wrongValue, node?.span ?? placeOf(entity), message));
    };
    const valueOf = <T>(effective: Effective, result: BeforeRun<T>): T | undefined => {
      if (result.ok) return result.value;
      diagnostics.push(report(notDeployable, effective.node?.span ?? placeOf(entity), `${effective.key} ${result.problem}`));
      return undefined;
    };
    const known = (effective: Effective): Value | undefined => valueOf(effective, valueBeforeRun(effective, scope));
    const container = containerOf(config, { known, complain });
    const placement = container && placementOf(config, { evaluated: (effective) => valueOf(effective, givenBeforeRun(effective, scope)), complain, catalog: own });
    if (!container && !isRefused && entity.children.length === 0 && entity.describedMembers.length === 0) diagnostics.push(report(notDeployable, placeOf(entity), reasonFor(entity, config)));
    return [
      {
        key: entity.key,
        name: entity.spec.name?.value ?? entity.spec.id?.value ?? entity.key,
        type: entity.found?.renamedTo ?? entity.spec.type?.value ?? '',
        locations: locationsOf(entity),
        ...(entity.parent && entity.parent !== root && { parent: entity.parent.key }),
        ...(container && { container }),
        ...(placement && { placement }),
      },
    ];
  });
  const name = plan.name?.value ?? plan.id?.value ?? root.children[0]?.spec.name?.value ?? root.children[0]?.key ?? 'application';
  return { application: { id: slug(plan.id?.value ?? name), name, entities, blueprint: text }, diagnostics };
}

function reasonFor({ spec, found }: Draft, config: Config): string {
  const type = spec.type?.value ?? 'this entity';
  if (!found) return `${type} is a type that Clocker does not know, so there is nothing to run; use docker:IMAGE or a built-in type, or add the catalog that defines it to the workspace`;
  if (found.type.runsOnDocker !== false && config.has('docker.image.base')) return `${type} is installed by commands in a base image, which Clocker cannot deploy yet; use docker:IMAGE or a type that has an image`;
  return `nothing runs in a container for ${type}; give it children, or use docker:IMAGE or a type that has an image`;
}

function placeOf(entity: Draft): Span {
  // What a type brings along stands in another text: the entity of this blueprint it belongs to is what a person can change.
  let current = entity;
  while (current.parent && current.source !== rootOf(current).source) current = current.parent;
  const { type, node } = current.spec;
  const first = entryValue(node, 'type');
  return type?.span ?? first?.span ?? span(node.span.start, node.span.start);
}

function rootOf(entity: Draft): Draft {
  let current = entity;
  while (current.parent) current = current.parent;
  return current;
}
