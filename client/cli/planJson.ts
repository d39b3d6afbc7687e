// A plan as JSON: for machines, and in files of plans.

import { shownSource } from '#core/image/imageBuild.ts';
import { makes } from '#core/plan/dependencies.ts';
import type { Action, Plan } from '#core/plan/plan.ts';

/** Neither environment values nor commands nor hashes that they take part in: a plan may be kept and shown. */
export function planJson({ application, applicationName, actions, clouds, refusals, without, unchanged }: Plan): object {
  return { application, applicationName, clouds, actions: actions.map(actionJson), refusals, without, unchanged };
}

export function actionJson(action: Action): object {
  if (action.kind === 'start' || action.kind === 'reload') return { ...action, container: undefined };
  // The Dockerfile's text has values of the blueprint filled in.
  if (action.kind === 'build') return { kind: action.kind, host: action.host, image: action.image, from: shownSource(action.build.source) };
  if (!makes(action)) return action;
  const { kind, host, container } = action;
  const { containerName, entity, entityName, placedBecause, spec } = container;
  return {
    kind,
    host,
    containerName,
    entity,
    entityName,
    placedBecause,
    image: spec.image,
    environment: Object.keys(spec.env),
    ...(container.waits && { after: container.waits.map(({ shown }) => shown) }),
    openPorts: spec.openPorts,
    publishedPorts: spec.publishedPorts,
    mounts: spec.mounts,
    ...(action.kind === 'move' ? { from: action.from } : {}),
    addresses: container.networks.flatMap(({ networkName, address }) => (address === undefined ? [] : [{ network: networkName, address }])),
    ...(action.kind === 'replace' ? { containerId: action.containerId, reasons: action.reasons, handover: action.handover } : {}),
  };
}
