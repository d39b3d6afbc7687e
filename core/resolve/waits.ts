// Who must run before whom: the order that expressions with sensors ask for. A wait for a value that is known beforehand (a
// name, a port) only orders where it can; one that needs something to run must be met, so those may not go in a circle.

import type { EntityWait } from '#core/blueprint/application.ts';
import { coerceDuration } from '#core/coerce/duration.ts';
import { asData } from '#core/dsl/value.ts';
import { momentOf, type Moment } from '#core/lifecycle/moments.ts';
import type { Draft } from '#core/resolve/draft.ts';
import { effectiveConfig } from '#core/resolve/effective.ts';
import type { KeyWait, Look } from '#core/resolve/look.ts';
import { isKnownOnceThere } from '#core/sensors/sensors.ts';

export interface Edge extends EntityWait {
  readonly from: string;
  /** Met only when the other runs. */
  readonly isHard: boolean;
  readonly wait?: KeyWait;
  /** See `Gate`. */
  readonly before?: Moment;
  readonly isMutual?: true;
}

/** At which moment of its start an entity waits; undefined where all of it does. */
export function momentOfWait(entity: Draft, { effective: { key } }: KeyWait): Moment | undefined {
  return effectiveConfig(entity).has('launch.command') ? momentOf(key) : undefined;
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
    const before = momentOfWait(from, wait);
    const isEarly = runs.has(target.key) && isKnownOnceThere(wait.sensor);
    const more = { ...(timeoutMs !== undefined && { timeoutMs }), ...(before !== undefined && { before }), ...(isEarly && { needsContainerOnly: true as const }) };
    return containersOf(target, runs).map((entity): Edge => Object.assign({ from: from.key, entity, shown: `${target.key}: ${wait.sensor}`, isHard: isHard(wait), wait }, more));
  });
}

/** What stands behind sensors that are worked out of others: those run first where that can be. */
export function edgesBehind(from: Draft, asked: Look['asked'], runs: ReadonlySet<string>): readonly Edge[] {
  const first = asked.filter(({ entity }, index) => entity !== from.key && runs.has(entity) && asked.findIndex((other) => other.entity === entity) === index);
  return first.map(({ entity, sensor }) => ({ from: from.key, entity, shown: `${entity}: ${sensor}`, isHard: false }));
}

/**
 * Those edges that can be kept without a circle; or the first circle of hard ones, each waiting for the next. An entity is there
 * before it is up: who waits at a moment of its start is there meanwhile, and what needs no more than that is no circle.
 */
export function orderly(edges: readonly Edge[]): { readonly edges: readonly Edge[] } | { readonly circle: readonly Edge[] } {
  const kept: Edge[] = [];
  for (const edge of edges.toSorted((a, b) => Number(b.isHard) - Number(a.isHard))) {
    const back = path(endOf(edge), startOf(edge), kept);
    if (back === undefined) kept.push(edge);
    else if (edge.isHard) return { circle: [edge, ...back] };
  }
  const isPlain = kept.every(({ before }) => before === undefined);
  return { edges: kept.map((edge) => (isPlain ? withoutHaste(edge) : sorted(edge, kept))) };
}

/** "web waits for db: datastore.url, and db waits for web: main.uri before launch". */
export function circleSentence(circle: readonly Edge[]): string {
  return circle.map(({ from, shown, before }) => `${from} waits for ${shown}${before === undefined ? '' : ` before ${before}`}`).join(', and ');
}

/** Those that wait for each other take no more time than they must; all others wait until who they wait for is up. */
function sorted(edge: Edge, kept: readonly Edge[]): Edge {
  const isMutual = edge.from === edge.entity || reaches(edge.entity, edge.from, kept);
  if (!isMutual) return withoutHaste(edge);
  return edge.before === undefined ? edge : { ...edge, isMutual };
}

function withoutHaste(edge: Edge): Edge {
  const { needsContainerOnly: _, ...patient } = edge;
  return patient;
}

/** An entity at a point of its start. */
interface Point {
  readonly entity: string;
  readonly isUp: boolean;
}

function startOf({ from, before }: Edge): Point {
  return { entity: from, isUp: before !== undefined };
}

function endOf({ entity, needsContainerOnly }: Edge): Point {
  return { entity, isUp: needsContainerOnly !== true };
}

function path(from: Point, to: Point, edges: readonly Edge[], visited = new Set<string>()): readonly Edge[] | undefined {
  // What is up is there.
  if (from.entity === to.entity && (from.isUp || !to.isUp)) return [];
  visited.add(`${from.entity} ${from.isUp}`);
  for (const edge of edges) {
    if (edge.from !== from.entity || (edge.before !== undefined && !from.isUp)) continue;
    const next = endOf(edge);
    if (visited.has(`${next.entity} ${next.isUp}`)) continue;
    const rest = path(next, to, edges, visited);
    if (rest) return [edge, ...rest];
  }
  return undefined;
}

function reaches(from: string, to: string, edges: readonly Edge[], visited = new Set<string>()): boolean {
  if (from === to) return true;
  visited.add(from);
  return edges.some((edge) => edge.from === from && !visited.has(edge.entity) && reaches(edge.entity, to, edges, visited));
}

/** The entity itself where it has a container, else those below it that have one. */
function containersOf(entity: Draft, runs: ReadonlySet<string>): readonly string[] {
  if (runs.has(entity.key)) return [entity.key];
  return [...entity.children, ...entity.describedMembers].flatMap((below) => containersOf(below, runs));
}
