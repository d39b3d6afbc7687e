// What is told of a build while it goes on, and of one that failed; the same whichever builder the engine has.

export type BuildNews =
  /** `step` is what the builder calls it: `2/4`, or `compile 2/4` of a stage with a name. Steps of different stages go on side by side. */
  | { readonly kind: 'began'; readonly step: string; readonly text: string }
  | { readonly kind: 'ended'; readonly step: string; readonly text: string; readonly how: 'done' | 'cached' | 'failed'; readonly tookMs: number }
  /** What a step's command says. */
  | { readonly kind: 'line'; readonly text: string };

export interface BuildFailure {
  /** A sentence without a stop. */
  readonly problem: string;
  /** The line of the Dockerfile, counted from 1; absent where it is about none. */
  readonly line?: number;
  /** What the failing step said last. */
  readonly logTail: readonly string[];
}

/** Reads what a builder says. `nowMs` is a clock of any beginning, always the same one. */
export interface BuildReader {
  /** One event of the engine's stream. */
  take(event: Readonly<Record<string, unknown>>, nowMs: number): readonly BuildNews[];
  /** It ended with this, in its own words. The first failure counts. */
  fail(message: string): void;
  /** There is no more to come. */
  end(nowMs: number): readonly BuildNews[];
  /** The image that came of it, once it is whole. */
  readonly imageId: string | undefined;
  readonly failure: BuildFailure | undefined;
}

/** So many last lines of a step that failed. */
export const lastLines = 20;

/** `2/4 RUN make CACHED`, `2/4 RUN make (1.2 s)`, `2/4 RUN make FAILED`. */
export function endedLine({ step, text, how, tookMs }: Extract<BuildNews, { kind: 'ended' }>): string {
  return `${step} ${text} ${how === 'cached' ? 'CACHED' : how === 'failed' ? 'FAILED' : `(${(tookMs / 1000).toFixed(1)} s)`}`;
}

/** The line of the Dockerfile that the builder's words name. */
export function lineIn(message: string): number | undefined {
  const [, written] = /(?:parse error (?:on )?line|Dockerfile:)\s*(\d+)/i.exec(message) ?? [];
  return written === undefined ? undefined : Number(written);
}

/** A builder repeats the whole command; what it ended with is the news. */
export function commandsEnd(message: string): string {
  const [, code] = /^(?:executor failed running \[.*\]: |process ".*" did not complete successfully: |The command '.*' returned a non-zero )(?:exit )?code: (\d+)$/s.exec(message) ?? [];
  return code === undefined ? message : `ended with exit code ${code}`;
}
