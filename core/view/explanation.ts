// Why containers go where they go, as lines of text: for each entity every host, how it ranked or why not.

import type { Explained } from '#core/placement/place.ts';

export function explanationLines(explained: readonly Explained[]): readonly string[] {
  return explained.flatMap(({ entity, entityName, verdicts, refusal }, index) => {
    const width = Math.max(0, ...verdicts.map(({ host }) => host.length));
    const shown = entityName === entity ? entity : `${entityName} (${entity})`;
    const [best] = verdicts;
    return [
      ...(index === 0 ? [] : ['']),
      refusal === undefined ? `${shown} goes on ${best?.host ?? ''}` : `${shown} goes nowhere: ${refusal}`,
      ...verdicts.map(({ host, rank, reason }) => `  ${rank === undefined ? '-' : `${rank}.`}`.padEnd(6) + `${host.padEnd(width)}  ${reason}`),
    ];
  });
}
