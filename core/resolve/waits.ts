// Who must run before whom: the order that expressions with sensors ask for. A wait for a value that is known beforehand (a
// name, a port) only orders where it can; one that needs something to run must be met, so those may not go in a circle.

import type { EntityWait } from '#core/blueprint/application.ts';
import { coerceDuration } from '#core/coerce/duration.ts';
import { asData } from '#core/dsl/value.ts';
import type { Draft } from '#core/resolve/draft.ts';
import type { KeyWait, Look } from '#core/resolve/look.ts';

export interface Edge extends EntityWait {
  readonly from: string;
  /** Met only when the other runs. */
  readonly isHard: boolean;
  readonly wait?: KeyWait;
}

/** The waits of an entity, one for each container that must run first. `named` gives the draft of a key. */
export function edgesOf(from: Draft, waits: readonly KeyWait[], isHard: (wait: KeyWait) => boolean, runs: ReadonlySet<string>, named: (key: string) => Draft | undefined): readonly Edge[] {
  return waits.flatMap((wait) => {
    const target = named(wait.entity);
    if (!target) return [];
    const timeout = wait.options.get('timeout');
    const data = timeout === undefined ? undefined : asData(timeout);
    const duration = data === undefined ? undefined : coerceDuration(data);
    const timeoutMs = duration?.ok === true ? duration.value?.ms : undefined;
    const within = timeoutMs === undefined ? {} : { timeoutMs };
    return containersOf(target, runs).map((entity): Edge => Object.assign({ from: from.key, entity, shown: `${target.key}: ${wait.sensor}`, isHard: isHard(wait), wait }, within));
  });
}

/** What stands behind sensors that are worked out of others: those run first where that can be. */
export function edgesBehind(from: Draft, asked: Look['asked'], runs: ReadonlySet<string>): readonly Edge[] {
  const first = asked.filter(({ entity }, index) => entity !== from.key && runs.has(entity) && asked.findIndex((other) => other.entity === entity) === index);
  return first.map(({ entity, sensor }) => ({ from: from.key, entity, shown: `${entity}: ${sensor}`, isHard: false }));
}

/** Those edges that can be kept without a circle; or the first circle of hard ones, each waiting for the next. */
export function orderly(edges: readonly Edge[]): { readonly edges: readonly Edge[] } | { readonly circle: readonly Edge[] } {
  const kept: Edge[] = [];
  for (const edge of edges.toSorted((a, b) => Number(b.isHard) - Number(a.isHard))) {
    const back = edge.from === edge.entity ? [] : path(edge.entity, edge.from, kept);
    if (back === undefined) kept.push(edge);
    else if (edge.isHard) return { circle: [edge, ...back] };
  }
  return { edges: kept };
}

/** "web waits for db: datastore.url, and db waits for web: main.uri". */
export function circleSentence(circle: readonly Edge[]): string {
  return circle.map(({ from, shown }) => `${from} waits for ${shown}`).join(', and ');
}

function path(from: string, to: string, edges: readonly Edge[], visited = new Set<string>()): readonly Edge[] | undefined {
  if (from === to) return [];
  visited.add(from);
  for (const edge of edges) {
    if (edge.from !== from || visited.has(edge.entity)) continue;
    const rest = path(edge.entity, to, edges, visited);
    if (rest) return [edge, ...rest];
  }
  return undefined;
}

/** The entity itself where it has a container, else those below it that have one. */
function containersOf(entity: Draft, runs: ReadonlySet<string>): readonly string[] {
  if (runs.has(entity.key)) return [entity.key];
  return [...entity.children, ...entity.describedMembers].flatMap((below) => containersOf(below, runs));
}
