// The deploying process is killed before, in or after its n-th call that changes something; then it is deployed again.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Version, World } from './world.ts';

const whens = ['before', 'in', 'after'] as const;
/** What is deployed, in a circle: a first deployment, one that replaces every container, one that takes all away. */
const phases: readonly (Version | 'deleted')[] = ['one', 'two', 'deleted'];

export interface Point {
  readonly at: number;
  readonly when: (typeof whens)[number];
}

/** How many calls each phase takes when nothing happens to it. Leaves nothing deployed. */
export async function countCalls(world: World): Promise<readonly number[]> {
  const counts: number[] = [];
  for (const phase of phases) {
    const file = join(world.folder, 'calls');
    const { end, said } = await world.start(phase, { CHAOS_COUNT: file }).ended;
    assert.equal(end, 0, said);
    await world.check(phase);
    counts.push(Number(readFileSync(file, 'utf8')));
  }
  return counts;
}

/** Every moment of a phase. */
export function pointsOf(calls: number): readonly Point[] {
  return Array.from({ length: calls }, (_, index) => index + 1).flatMap((at) => whens.map((when) => ({ at, when })));
}

/** `count` of them, spread over the whole. */
export function spread(points: readonly Point[], count: number): readonly Point[] {
  return count >= points.length ? points : Array.from({ length: count }, (_, index) => points[Math.floor(((index + 0.5) * points.length) / count)]).filter((point) => point !== undefined);
}

/** Goes around once: each phase is killed at its point, if there is one left, and deployed again. Gives how many were killed. */
export async function round(world: World, points: readonly (Point | undefined)[]): Promise<number> {
  let killed = 0;
  for (const [index, phase] of phases.entries()) {
    const point = points[index];
    const told = point === undefined ? phase : `${phase}, killed ${point.when} call ${point.at}`;
    try {
      if (point !== undefined) {
        const { end, said } = await world.start(phase, { CHAOS_AT: String(point.at), CHAOS_WHEN: point.when }).ended;
        // The calls before it may be fewer than counted; then it ends as it should.
        assert.ok(end === 'SIGKILL' || end === 0, said);
        if (end === 'SIGKILL') killed += 1;
      }
      await world.converge(phase);
      await world.check(phase);
    } catch (error) {
      throw new Error(`${told}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }
  return killed;
}
