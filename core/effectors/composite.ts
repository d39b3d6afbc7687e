// Effectors made of others of the same entity, called one after the other: Brooklyn's CompositeEffector, and its ComposeEffector
// and SequenceEffector where they list names. Results are not handed from one to the next.

import type { Effector } from '#core/effectors/effector.ts';

/** The last of a name counts. One that is made of others has the one whose name it takes called with them, unless it is to take its place. */
export function namedOnce(effectors: readonly Effector[]): readonly Effector[] {
  const known = new Map<string, Effector>();
  for (const effector of effectors) {
    const before = known.get(effector.name);
    known.set(effector.name, effector.kind === 'composite' && !effector.isInstead && before !== undefined ? { ...effector, original: before } : effector);
  }
  return [...known.values()];
}

/** What is called, one after the other; of other effectors themselves alone. A sentence where something cannot be called. */
export function stepsOf(effector: Effector, all: readonly Effector[], above: readonly string[] = []): readonly Effector[] | string {
  if (effector.kind === 'unsupported') return effector.reason;
  if (effector.kind !== 'composite') return [effector];
  const { name, calls, original } = effector;
  if (above.includes(name)) return `${name} would call itself for ever: ${[...above.slice(above.indexOf(name)), name].join(' calls ')}`;
  const called: Effector[] = [];
  for (const wanted of calls) {
    const found = all.find((one) => one.name === wanted);
    if (found === undefined) return `${name} calls ${wanted}, which its entity does not have; it has ${all.map((one) => one.name).join(', ')}`;
    called.push(found);
  }
  // What stops goes last, as in Brooklyn: the others need what runs.
  const whole = original === undefined ? called : name === 'stop' ? [...called, original] : [original, ...called];
  const steps: Effector[] = [];
  for (const one of whole) {
    const below = stepsOf(one, all, [...above, name]);
    if (typeof below === 'string') return below;
    steps.push(...below);
  }
  return steps;
}

/** What of the arguments is a step's own. */
export function argumentsOf({ parameters }: Effector, given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(given).filter(([name]) => parameters.some((parameter) => parameter.name === name)));
}
