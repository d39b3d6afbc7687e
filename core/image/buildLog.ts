// What the classic builder tells while it builds, made into steps: which one runs, which came from the cache, what was said last,
// and where in the Dockerfile a failure is. It tells of failures in the middle of what it says; none is passed over.

import { commandsEnd, lastLines, lineIn, type BuildFailure, type BuildNews, type BuildReader } from '#core/image/buildNews.ts';
import { instructionsOf } from '#core/image/dockerfile.ts';

interface Step {
  readonly number: number;
  readonly name: string;
  readonly text: string;
  readonly beganMs: number;
}

export class BuildLog implements BuildReader {
  readonly #dockerfile: string;
  #step: Step | undefined;
  #isOpen = false;
  #tail: string[] = [];
  #rest = '';
  #imageId: string | undefined;
  #failure: BuildFailure | undefined;

  constructor(dockerfile: string) {
    this.#dockerfile = dockerfile;
  }

  get imageId(): string | undefined {
    return this.#failure === undefined ? this.#imageId : undefined;
  }

  get failure(): BuildFailure | undefined {
    return this.#failure;
  }

  take(event: Readonly<Record<string, unknown>>, nowMs: number): readonly BuildNews[] {
    const { stream, error, aux, status } = event;
    const id: unknown = typeof aux === 'object' && aux !== null ? Reflect.get(aux, 'ID') : undefined;
    if (typeof id === 'string') this.#imageId = id;
    if (typeof error === 'string') this.fail(error);
    if (typeof status === 'string') return [{ kind: 'line', text: status }];
    if (typeof stream !== 'string') return [];
    const lines = (this.#rest + stream).split('\n');
    this.#rest = lines.pop() ?? '';
    return lines.flatMap((line) => this.#news(line.replace(/\r$/, ''), nowMs));
  }

  fail(message: string): void {
    const written = lineIn(message);
    const line = written ?? this.#lineOfStep();
    const step = this.#step === undefined || written !== undefined ? '' : `${this.#step.text}: `;
    this.#failure ??= { problem: `${step}${commandsEnd(message.trim()).replace(/\.$/, '')}`, ...(line !== undefined && { line }), logTail: this.#tail.slice(-lastLines) };
  }

  end(nowMs: number): readonly BuildNews[] {
    return this.#ended(this.#failure === undefined ? 'done' : 'failed', nowMs);
  }

  #news(line: string, nowMs: number): readonly BuildNews[] {
    const [, number, count, text = ''] = /^Step (\d+)\/(\d+) : (.*)$/.exec(line) ?? [];
    if (number !== undefined) {
      const before = this.#ended('done', nowMs);
      this.#step = { number: Number(number), name: `${number}/${count ?? ''}`, text, beganMs: nowMs };
      this.#isOpen = true;
      this.#tail = [];
      return [...before, { kind: 'began', step: this.#step.name, text }];
    }
    if (line === ' ---> Using cache') return this.#ended('cached', nowMs);
    if (line === '' || /^ ---> (?:[0-9a-f]{12}|Running in [0-9a-f]{12})$|^Removing intermediate container |^Successfully (?:built|tagged) /.test(line)) return [];
    this.#tail = [...this.#tail.slice(1 - lastLines), line];
    return [{ kind: 'line', text: line }];
  }

  #ended(how: 'done' | 'cached' | 'failed', nowMs: number): readonly BuildNews[] {
    if (this.#step === undefined || !this.#isOpen) return [];
    this.#isOpen = false;
    const { name, text, beganMs } = this.#step;
    return [{ kind: 'ended', step: name, text, how, tookMs: nowMs - beganMs }];
  }

  #lineOfStep(): number | undefined {
    return this.#step && instructionsOf(this.#dockerfile)[this.#step.number - 1]?.line;
  }
}
