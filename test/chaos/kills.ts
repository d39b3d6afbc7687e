// The deploying process is struck before, in or after its n-th call that changes something: killed, or told to cancel. Then it is deployed again.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Version } from './application.ts';
import type { World } from './world.ts';

export type Blow = 'SIGKILL' | 'SIGINT';
type State = Version | 'deleted';

/** What is deployed, in a circle: a first deployment, two that replace every container, one that takes all away. */
const phases: readonly { readonly kind: 'deploy' | 'replace' | 'delete'; readonly before: State; readonly wanted: State }[] = [
  { kind: 'deploy', before: 'deleted', wanted: 'one' },
  { kind: 'replace', before: 'one', wanted: 'two' },
  { kind: 'replace', before: 'two', wanted: 'one' },
  { kind: 'delete', before: 'one', wanted: 'deleted' },
];
const whens = ['before', 'in', 'after'] as const;

/** Calls that change something, when nothing happens. */
export type Calls = Readonly<Record<(typeof phases)[number]['kind'], number>>;

export interface Point {
  readonly at: number;
  readonly when: (typeof whens)[number];
}

/** One point for each phase that has one left. */
export type Round = readonly (Point | undefined)[];

/** Leaves nothing deployed. */
export async function countCalls(world: World): Promise<Calls> {
  const calls = { deploy: 0, replace: 0, delete: 0 };
  for (const { kind, wanted } of phases) {
    const file = join(world.folder, 'calls');
    const { end, said } = await world.start(wanted, { CHAOS_COUNT: file }).ended;
    assert.equal(end, 0, said);
    await world.check(wanted);
    calls[kind] = Math.max(calls[kind], Number(readFileSync(file, 'utf8')));
  }
  return calls;
}

/** Every moment of every phase: in the first third of the rounds one moment of every call, then the others. */
export function roundsOf(calls: Calls): readonly Round[] {
  const each = Math.max(calls.deploy, Math.ceil(calls.replace / 2), calls.delete);
  return whens.flatMap((_, pass) => Array.from({ length: each }, (_each, index) => phases.map(({ kind }, phase): Point | undefined => {
    const at = (kind === 'replace' ? index * 2 + phase - 1 : index) + 1;
    return at > calls[kind] ? undefined : { at, when: whens[(at + pass) % whens.length] ?? 'in' };
  })));
}

export function roundText(round: Round): string {
  return phases.flatMap(({ kind }, index) => {
    const point = round[index];
    return point === undefined ? [] : [`${kind} ${point.when} call ${point.at}`];
  }).join(', ');
}

/** Goes around once; gives how many times the process was struck. */
export async function goRound(world: World, round: Round, blow: Blow): Promise<number> {
  let struck = 0;
  for (const [index, { kind, before, wanted }] of phases.entries()) {
    const point = round[index];
    try {
      if (point !== undefined && (await isStruck(world, { before, wanted, point, blow }))) struck += 1;
      await world.converge(wanted);
      await world.check(wanted);
    } catch (error) {
      const told = point === undefined ? kind : `${kind}, struck ${point.when} call ${point.at}`;
      throw new Error(`${told}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }
  return struck;
}

interface Strike {
  readonly before: State;
  readonly wanted: State;
  readonly point: Point;
  readonly blow: Blow;
}

/** The calls before the point may be fewer than counted; then it ends as it should. */
async function isStruck(world: World, { before, wanted, point: { at, when }, blow }: Strike): Promise<boolean> {
  const { end, said } = await world.start(wanted, { CHAOS_AT: String(at), CHAOS_WHEN: when, CHAOS_BLOW: blow }).ended;
  if (blow === 'SIGKILL') {
    assert.ok(end === 'SIGKILL' || end === 0, said);
    return end === 'SIGKILL';
  }
  // Where it is not yet carried out nothing is to be put in order, and it ends at once.
  assert.ok(end === 0 || end === 'SIGINT' || (end === 1 && /^clocker: cancelled: \d+ done, 0 failed/m.test(said)), said);
  await world.look.finishedOrUndone(before, wanted, said);
  return end === 'SIGINT' || said.includes('cancelling');
}
