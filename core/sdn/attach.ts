// On which networks each container is: its application's own, what the blueprint lists, and what people connected and
// disconnected while it ran, of which the plan says that it is kept.

import type { DesiredContainer } from '#core/cluster/desired.ts';
import type { Attachment, DeclaredNetwork } from '#core/cluster/network.ts';
import type { Observed } from '#core/cluster/observed.ts';
import type { Refusal } from '#core/plan/refusal.ts';
import { assignmentsNow } from '#core/record/assignments.ts';
import type { Assignment } from '#core/record/revision.ts';
import { sharedNetwork, type Shared } from '#core/sdn/declared.ts';
import { ofOwnNetwork, wantsOwnNetwork } from '#core/sdn/own.ts';

export interface Attached {
  readonly containers: readonly DesiredContainer[];
  readonly refusals: readonly Refusal[];
  /** Sentences about what is kept though the blueprint does not say so. */
  readonly keeps: readonly string[];
  /** Those that still make sense. */
  readonly assignments: readonly Assignment[];
}

/** Expects containers on their application's own network alone. */
export function attach(containers: readonly DesiredContainer[], application: string, declared: readonly DeclaredNetwork[], observed: Observed): Attached {
  const refusals: Refusal[] = [];
  const keeps: string[] = [];
  const assignments = assignmentsNow(observed, application).filter(({ entity }) => containers.some((container) => container.entity === entity));
  const attached = containers.map((container): DesiredContainer => {
    const { entity, host, spec } = container;
    const find = (id: string): Shared | undefined => sharedNetwork(id, host, declared, observed);
    const said = assignments.filter((one) => one.entity === entity && one.isOwn !== true);
    const added = said.filter(({ isConnected }) => isConnected);
    const removed = said.filter(({ isConnected }) => !isConnected);
    const networks: Attachment[] = [...ownOf(container, ofOwnNetwork(assignments, entity), observed, keeps)];
    for (const id of new Set([...(spec.networks ?? []), ...added.map(({ network }) => network)])) {
      const keptOff = removed.find(({ network }) => network === id);
      if (keptOff) {
        keeps.push(`${entity} stays off network ${id}, from which ${keptOff.by} disconnected it`);
        continue;
      }
      const shared = find(id);
      const isListed = spec.networks?.includes(id) === true;
      const assignment = added.find(({ network }) => network === id);
      if (shared === undefined) {
        if (isListed) refusals.push({ entity, reason: noNetwork(id) });
        else keeps.push(`${entity} cannot stay on network ${id}${assignment?.by === '' ? '' : `, to which ${assignment?.by ?? ''} connected it`}: it does not reach host ${host}`);
        continue;
      }
      const wish = assignment?.address ?? spec.addresses?.[id];
      if (assignment && (!isListed || (assignment.address !== undefined && assignment.address !== spec.addresses?.[id]))) keeps.push(`${entity} stays on network ${id}, ${assignment.by === '' ? 'on which it is' : `to which ${assignment.by} connected it`}`);
      networks.push(attachmentTo(shared, container, { ...(wish !== undefined && { wish }), aliases: assignment?.aliases ?? [] }));
    }
    for (const id of Object.keys(spec.addresses ?? {})) if (!networks.some(({ networkId }) => networkId === id) && !removed.some(({ network }) => network === id)) refusals.push({ entity, reason: `network.address: it has an address for network ${id}, on which it is not; add ${id} to its network.list` });
    if (!wantsOwnNetwork(container, observed)) refusals.push(...withoutOwn(container, networks));
    return { ...container, networks };
  });
  return { containers: attached, refusals, keeps, assignments };
}

/** The container's place on its application's own network, which it may not have. */
function ownOf(container: DesiredContainer, said: Assignment | undefined, observed: Observed, keeps: string[]): readonly Attachment[] {
  const [own] = container.networks;
  if (own === undefined || !wantsOwnNetwork(container, observed)) return [];
  if (said === undefined) return [own];
  const { isConnected, by, address, aliases = [] } = said;
  if (!isConnected) keeps.push(`${container.entity} stays off its application's own network, ${by === '' ? 'on which it is not' : `from which ${by} disconnected it`}`);
  else if (address !== undefined && address !== container.spec.address) keeps.push(`${container.entity} keeps ${address} on its application's own network, which ${by} gave it`);
  return isConnected ? [{ ...own, aliases: [...new Set([...own.aliases, ...aliases])], ...(address !== undefined && { wish: address }) }] : [];
}

/** What cannot be where an application has no network of its own. */
function withoutOwn({ entity, spec }: DesiredContainer, networks: readonly Attachment[]): readonly Refusal[] {
  const none = 'its application has no network of its own (sdn.applicationNetwork.create is false)';
  return [
    ...(spec.address === undefined ? [] : [{ entity, reason: `network.address: ${none}; say on which network it is to have ${spec.address}: network.address: {ID: ${spec.address}}` }]),
    ...(networks.length > 0 || spec.publishedPorts.length === 0 ? [] : [{ entity, reason: `it publishes ports, but it is on no network: ${none}; add one to its network.list` }]),
  ];
}

/** Found by the names that the container has on its application's own network, and by more. */
export function attachmentTo(shared: Shared, { networks: [own] }: Pick<DesiredContainer, 'networks'>, { wish, aliases }: { readonly wish?: string; readonly aliases: readonly string[] }): Attachment {
  return { ...shared, aliases: [...new Set([...(own?.aliases ?? []), ...aliases])], ...(wish !== undefined && { wish }) };
}

export function noNetwork(id: string): string {
  return `there is no network ${id}; declare it as a virtual-network with this networkId, or make it: clocker network create ${id}`;
}
