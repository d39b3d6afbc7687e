// The deploying process is struck before, in or after its n-th call that changes something: killed, or told to cancel. Then it is deployed again.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Version } from './application.ts';
import type { World } from './world.ts';

export type Blow = 'SIGKILL' | 'SIGINT';
type State = Version | 'deleted';

/** What a process does that is struck. */
type Kind = 'deploy' | 'replace' | 'delete';

interface Change {
  readonly kind: Kind;
  readonly before: State;
  readonly wanted: State;
}

const deploy: Change = { kind: 'deploy', before: 'deleted', wanted: 'one' };
/** Both replace every container. */
const forth: Change = { kind: 'replace', before: 'one', wanted: 'two' };
const back: Change = { kind: 'replace', before: 'two', wanted: 'one' };
const remove: Change = { kind: 'delete', before: 'one', wanted: 'deleted' };
const whens = ['before', 'in', 'after'] as const;
/** So many replacements at most have one deployment and one deletion around them. */
const mostReplacements = 8;

/** Calls that change something, when nothing happens. */
export type Calls = Readonly<Record<Kind, number>>;

export interface Point {
  readonly at: number;
  readonly when: (typeof whens)[number];
}

/** Without a point nothing happens to it. */
export type Round = readonly (Change & { readonly point: Point | undefined })[];

/** Leaves nothing deployed. */
export async function countCalls(world: World): Promise<Calls> {
  const calls = { deploy: 0, replace: 0, delete: 0 };
  for (const { kind, wanted } of [deploy, forth, back, remove]) {
    const file = join(world.folder, 'calls');
    const { end, said } = await world.start(wanted, { CHAOS_COUNT: file }).ended;
    assert.equal(end, 0, said);
    await world.check(wanted);
    calls[kind] = Math.max(calls[kind], Number(readFileSync(file, 'utf8')));
  }
  return calls;
}

/** First one moment of every call, and that is all for a cancellation, which takes its time; then the others of deployments and deletions, and then of replacements. */
export function roundsOf(calls: Calls, blow: Blow): readonly Round[] {
  const all = (kind: Kind, pass: number): readonly Point[] => Array.from({ length: calls[kind] }, (_, index) => ({ at: index + 1, when: whens[(index + 1 + pass) % whens.length] ?? 'in' }));
  const others = (kind: Kind): readonly Point[] => [...all(kind, 1), ...all(kind, 2)];
  const mixed = rounds(Math.max(calls.deploy, Math.ceil(calls.replace / 2), calls.delete), (index) => roundWith({ deploy: all('deploy', 0)[index], replace: all('replace', 0).slice(index * 2, index * 2 + 2), delete: all('delete', 0)[index] }));
  if (blow === 'SIGINT') return mixed;
  const ends = rounds(2 * Math.max(calls.deploy, calls.delete), (index) => roundWith({ deploy: others('deploy')[index], replace: [], delete: others('delete')[index] }));
  const middles = rounds(Math.ceil((2 * calls.replace) / mostReplacements), (index) => roundWith({ replace: others('replace').slice(index * mostReplacements, (index + 1) * mostReplacements) }));
  return [...mixed, ...ends, ...middles];
}

/** One that deploys, replaces forth and back, and deletes, struck at these points. */
export function roundWith({ deploy: first, replace = [], delete: last }: { readonly deploy?: Point | undefined; readonly replace?: readonly Point[]; readonly delete?: Point | undefined }): Round {
  const replacements = replace.map((point, index) => ({ ...(index % 2 === 0 ? forth : back), point }));
  return [{ ...deploy, point: first }, ...replacements, { ...remove, before: replace.length % 2 === 0 ? 'one' : 'two', point: last }];
}

function rounds(count: number, round: (index: number) => Round): readonly Round[] {
  return Array.from({ length: count }, (_, index) => round(index));
}

export function roundText(round: Round): string {
  return round.flatMap(({ kind, point }) => (point === undefined ? [] : [`${kind} ${point.when} call ${point.at}`])).join(', ');
}

/** Goes around once; gives how many times the process was struck. */
export async function goRound(world: World, round: Round, blow: Blow): Promise<number> {
  let struck = 0;
  for (const { kind, before, wanted, point } of round) {
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
  assert.ok(end === 0 || end === 'SIGINT' || (end === 1 && /^clocker: cancelled: (?:\d+ done, 0 failed|nothing was done)/m.test(said)), said);
  await world.look.finishedOrUndone(before, wanted, said);
  return end === 'SIGINT' || said.includes('cancelling');
}
