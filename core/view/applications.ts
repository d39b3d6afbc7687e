// The view "Applications": application > entity > container, made from the labels on the containers alone, so that it is the
// same on every machine that sees the hosts.

import type { Observed, ObservedContainer, ObservedHost, Ownership } from '#core/cluster/observed.ts';
import { historyOf } from '#core/record/record.ts';
import { type Condition, conditionOf, type Mood, together } from '#core/view/condition.ts';
import { containerNode } from '#core/view/containerNode.ts';
import { counted, type Icon, literal, type ViewNode } from '#core/view/node.ts';

interface Owned {
  readonly owner: Ownership;
  readonly container: ObservedContainer;
  readonly host: ObservedHost;
}

export function applicationsView(observed: Observed): readonly ViewNode[] {
  const groups = grouped(ownedContainers(observed), ({ owner }) => owner.application);
  return [...groups.values()].map((owned) => applicationNode(owned, observed)).sort(byLabel);
}

/** The applications there are, with the containers of each. */
export function containersByApplication(observed: Observed): ReadonlyMap<string, readonly ObservedContainer[]> {
  const groups = grouped(ownedContainers(observed), ({ owner }) => owner.application);
  return new Map([...groups].map(([application, owned]) => [application, owned.map(({ container }) => container)]));
}

/** With one host, where a container runs goes without saying. */
function applicationNode(owned: readonly Owned[], observed: Observed): ViewNode {
  const { application, applicationName } = first(owned).owner;
  const conditions = owned.map(condition);
  const { word, mood } = together(conditions);
  const hosts = [...new Set(owned.map(({ container }) => container.host))];
  const [last] = historyOf(observed, application);
  const children = [...grouped(owned, ({ owner }) => owner.entity).values()].map((each) => entityNode(each, observed.hosts.length > 1)).sort(byLabel);
  return {
    id: `application/${application}`,
    subject: { kind: 'application', application },
    label: applicationName,
    description: word,
    icon: groupIcon('layers', mood),
    tooltip: [
      `**${literal(applicationName)}** — ${literal(word)}`,
      '',
      `${counted(children.length, 'entity', 'entities')}, ${counted(owned.length, 'container')} on ${hosts.map(literal).join(', ')}`,
      ...(last === undefined ? [] : ['', `Revision ${last.revision} by ${literal(last.by)}, ${new Date(last.atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC: ${literal(last.what)} (${last.outcome})`]),
    ].join('\n'),
    contextValue: 'application',
    accessibilityLabel: `Application ${applicationName}, ${word}, on ${counted(hosts.length, 'host')}`,
    isBranch: true,
    children,
  };
}

function entityNode(owned: readonly Owned[], hasManyHosts: boolean): ViewNode {
  const { application, applicationName, entity, entityName } = first(owned).owner;
  const { word, mood } = together(owned.map(condition));
  const id = `application/${application}/${entity}`;
  return {
    id,
    subject: { kind: 'entity', application, entity },
    label: entityName,
    description: word,
    icon: groupIcon('package', mood),
    tooltip: `**${literal(entityName)}** (\`${entity}\`) — ${literal(word)}\n\nEntity of ${literal(applicationName)}, ${counted(owned.length, 'container')}`,
    contextValue: 'entity',
    accessibilityLabel: `Entity ${entityName}, ${word}`,
    isBranch: true,
    children: owned.map(({ container, host }) => containerNode(`${id}/${container.host}/${container.containerId}`, container, host, hasManyHosts ? host.host : '')).sort(byLabel),
  };
}

/** Its own shape while nothing is wrong, a warning's while something is. */
function groupIcon(id: string, mood: Mood): Icon {
  return mood === 'problem' ? { id: 'warning', colour: 'list.warningForeground' } : { id };
}

function condition({ container, host }: Owned): Condition {
  return conditionOf(container, host.state);
}

function ownedContainers(observed: Observed): readonly Owned[] {
  return observed.hosts.flatMap((host) => host.containers.flatMap((container) => (container.owner ? [{ owner: container.owner, container, host }] : [])));
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  return Map.groupBy(items, keyOf);
}

function first(owned: readonly Owned[]): Owned {
  const [head] = owned;
  if (head === undefined) throw new Error('a group has at least one container');
  return head;
}

function byLabel(a: ViewNode, b: ViewNode): number {
  return a.label < b.label ? -1 : a.label > b.label ? 1 : a.id < b.id ? -1 : 1;
}
