// What a builder tells while it builds, as plain data, made into steps: which one runs, which came from the cache, what was said
// last, and where in the Dockerfile a failure is. A builder tells of failures in the middle of what it says; none is passed over.

import { instructionsOf } from '#core/image/dockerfile.ts';

export type BuildNews =
  | { readonly kind: 'step'; readonly number: number; readonly count: number; readonly text: string }
  | { readonly kind: 'cached' }
  | { readonly kind: 'line'; readonly text: string };

export interface BuildFailure {
  /** A sentence without a stop. */
  readonly problem: string;
  /** The line of the Dockerfile, counted from 1; absent where it is about none. */
  readonly line?: number;
  readonly logTail: readonly string[];
}

const lastLines = 20;

export class BuildLog {
  readonly #dockerfile: string;
  #step: { readonly number: number; readonly text: string } | undefined;
  #tail: string[] = [];
  #rest = '';
  #imageId: string | undefined;
  #failure: BuildFailure | undefined;

  constructor(dockerfile: string) {
    this.#dockerfile = dockerfile;
  }

  /** The image that came of it, once it is whole. */
  get imageId(): string | undefined {
    return this.#failure === undefined ? this.#imageId : undefined;
  }

  get failure(): BuildFailure | undefined {
    return this.#failure;
  }

  /** One event of the engine's stream. */
  take(event: Readonly<Record<string, unknown>>): readonly BuildNews[] {
    const { stream, error, aux, status } = event;
    const id: unknown = typeof aux === 'object' && aux !== null ? Reflect.get(aux, 'ID') : undefined;
    if (typeof id === 'string') this.#imageId = id;
    if (typeof error === 'string') this.fail(error);
    if (typeof status === 'string') return [{ kind: 'line', text: status }];
    if (typeof stream !== 'string') return [];
    const lines = (this.#rest + stream).split('\n');
    this.#rest = lines.pop() ?? '';
    return lines.flatMap((line) => this.#news(line.replace(/\r$/, '')));
  }

  /** It ended with this, in its own words. The first failure counts. */
  fail(message: string): void {
    const [, written] = /(?:parse error (?:on )?line|Dockerfile:)\s*(\d+)/i.exec(message) ?? [];
    const line = written === undefined ? this.#lineOfStep() : Number(written);
    const step = this.#step === undefined || written !== undefined ? '' : `${this.#step.text}: `;
    this.#failure ??= { problem: `${step}${message.trim().replace(/\.$/, '')}`, ...(line !== undefined && { line }), logTail: this.#tail.slice(-lastLines) };
  }

  #news(line: string): readonly BuildNews[] {
    const [, number, count, text = ''] = /^Step (\d+)\/(\d+) : (.*)$/.exec(line) ?? [];
    if (number !== undefined) {
      this.#step = { number: Number(number), text };
      this.#tail = [];
      return [{ kind: 'step', number: Number(number), count: Number(count), text }];
    }
    if (line === ' ---> Using cache') return [{ kind: 'cached' }];
    if (line === '' || /^ ---> (?:[0-9a-f]{12}|Running in [0-9a-f]{12})$|^Removing intermediate container |^Successfully (?:built|tagged) /.test(line)) return [];
    this.#tail = [...this.#tail.slice(1 - lastLines), line];
    return [{ kind: 'line', text: line }];
  }

  #lineOfStep(): number | undefined {
    return this.#step && instructionsOf(this.#dockerfile)[this.#step.number - 1]?.line;
  }
}
