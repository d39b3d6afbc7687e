// How a container is doing, in one word, one shape and one colour; and how several together are. Used by every view, so
// that a state looks and reads the same everywhere.

import type { HostState, ObservedContainer } from '#core/cluster/observed.ts';
import type { Icon } from '#core/view/node.ts';

export interface Condition {
  /** For people: "running", "unhealthy", "exited with code 3". Healthy, unhealthy and starting containers run. */
  readonly word: string;
  readonly icon: Icon;
  readonly mood: Mood;
  /** One word for a problem, when several containers are told of together: "unhealthy". */
  readonly trouble?: string;
}

/** `problem` is counted in the badge: somebody should look. `quiet` runs not, and nothing is wrong with that. */
export type Mood = 'fine' | 'busy' | 'quiet' | 'problem';

const green = 'testing.iconPassed';
const red = 'testing.iconFailed';
const yellow = 'list.warningForeground';
const blue = 'charts.blue';
const grey = 'disabledForeground';

/** The condition of a container on a host in this state: of a host that cannot be reached only the last known is known. */
export function conditionOf(container: ObservedContainer, host: HostState): Condition {
  if (host.kind === 'down') return { word: `unknown, last seen ${container.state}`, icon: { id: 'question', colour: yellow }, mood: 'problem', trouble: 'unknown' };
  switch (container.state) {
    case 'running':
      return container.isUnfinished === true ? { word: 'not installed yet', icon: { id: 'tools', colour: blue }, mood: 'busy' } : running(container);
    case 'created':
      return { word: 'created, never started', icon: { id: 'circle-outline', colour: grey }, mood: 'quiet' };
    case 'paused':
      return { word: 'paused', icon: { id: 'debug-pause', colour: yellow }, mood: 'quiet' };
    case 'restarting':
      return { word: 'restarting again and again', icon: { id: 'debug-restart', colour: red }, mood: 'problem', trouble: 'restarting' };
    case 'removing':
      return { word: 'being removed', icon: { id: 'trash', colour: blue }, mood: 'busy' };
    case 'exited':
      return container.exitCode === 0 || container.exitCode === undefined || container.isStopped === true
        ? { word: 'stopped', icon: { id: 'debug-stop', colour: grey }, mood: 'quiet' }
        : { word: `exited with code ${container.exitCode}`, icon: { id: 'error', colour: red }, mood: 'problem', trouble: 'exited' };
    case 'dead':
      return { word: 'dead', icon: { id: 'error', colour: red }, mood: 'problem', trouble: 'dead' };
  }
}

function running({ health }: ObservedContainer): Condition {
  switch (health) {
    case 'none':
      return { word: 'running', icon: { id: 'play-circle', colour: green }, mood: 'fine' };
    case 'healthy':
      return { word: 'healthy', icon: { id: 'pass-filled', colour: green }, mood: 'fine' };
    case 'starting':
      return { word: 'starting', icon: { id: 'loading~spin', colour: blue }, mood: 'busy' };
    case 'unhealthy':
      return { word: 'unhealthy', icon: { id: 'warning', colour: yellow }, mood: 'problem', trouble: 'unhealthy' };
  }
}

/** Several conditions as one: the only word there is, or how many of how many are well. */
export function together(conditions: readonly Condition[]): { readonly word: string; readonly mood: Mood } {
  const [first] = conditions;
  if (first === undefined) return { word: 'no containers', mood: 'quiet' };
  const mood = worst(conditions.map((condition) => condition.mood));
  if (conditions.every((condition) => condition.word === first.word)) return { word: conditions.length === 1 ? first.word : `${conditions.length} ${first.word}`, mood };
  const well = conditions.filter((condition) => condition.mood === 'fine').length;
  const troubles = conditions.flatMap(({ trouble }) => (trouble === undefined ? [] : [trouble]));
  const same = troubles.every((trouble) => trouble === troubles[0]) ? troubles[0] : 'with problems';
  return { word: [`${well} of ${conditions.length} running`, ...(troubles.length > 0 ? [`${troubles.length} ${same}`] : [])].join(', '), mood };
}

function worst(moods: readonly Mood[]): Mood {
  const order = ['problem', 'busy', 'fine', 'quiet'] as const;
  return order.find((mood) => moods.includes(mood)) ?? 'quiet';
}
