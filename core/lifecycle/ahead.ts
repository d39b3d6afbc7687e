// What is left of an entity's installation, and when so little that its container needs nobody: one whose image brings along what is
// installed gets everything before it starts, and launches by itself.

import type { Gate } from '#core/blueprint/application.ts';
import { stages, type Course, type Phase, type PlacedFile, type StageName } from '#core/lifecycle/lifecycle.ts';

export interface StageLeft {
  readonly name: StageName;
  readonly files: readonly PlacedFile[];
  readonly phases: readonly Phase[];
}

/** Stages that are not done. Without phases nothing tells that a stage's files are there. */
export function stagesLeft({ phases, files }: Course, done: ReadonlySet<string>): readonly StageLeft[] {
  return stages.flatMap(({ name, phases: names }): readonly StageLeft[] => {
    const own = phases.filter((phase) => names.some((one) => one === phase.name));
    const left = own.filter((phase) => !done.has(phase.name));
    return own.length > 0 && left.length === 0 ? [] : [{ name, files: files.filter(({ stage }) => stage === name), phases: left }];
  });
}

/** The phases that an image has behind it that was caught of this course. */
export function caughtPhases({ phases }: Course): ReadonlySet<string> {
  const installing = new Set<string>(stages.flatMap(({ name, phases: names }): readonly string[] => (name === 'preinstall' || name === 'install' ? names : [])));
  return new Set(phases.flatMap(({ name }) => (installing.has(name) ? [name] : [])));
}

/** The files that are still to be put into a container that can launch as soon as it starts; undefined where something else comes before its launch. */
export function filesOfLaunch(course: Course, done: ReadonlySet<string>, gates: readonly Gate[] = []): readonly PlacedFile[] | undefined {
  const left = stagesLeft(course, done);
  if (gates.length > 0 || course.follow !== undefined || left.some(({ phases }) => phases.length > 0)) return undefined;
  return left.flatMap(({ files }) => files);
}
