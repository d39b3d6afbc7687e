// What BuildKit tells while it builds, made into steps. It knows no instructions, only things to do (vertices) with names like
// `[compile 2/4] RUN make`; what it does besides (`[internal] load build context`) is told only where it fails.

import { commandsEnd, lastLines, lineIn, type BuildFailure, type BuildNews, type BuildReader } from '#core/image/buildNews.ts';
import { lineOfImage, lineOfStep } from '#core/image/dockerfile.ts';

export interface TraceStatus {
  /** Told again with every change. Times are milliseconds since 1970 by the engine's clock. */
  readonly vertices: readonly { readonly digest: string; readonly name: string; readonly isCached: boolean; readonly startedMs?: number; readonly completedMs?: number; readonly error?: string }[];
  /** Pieces of what commands say. */
  readonly logs: readonly { readonly vertex: string; readonly text: string }[];
}

interface Seen {
  readonly name: string;
  readonly step: { readonly name: string; readonly stage: string; readonly number: number; readonly text: string } | undefined;
  tail: string[];
  rest: string;
  hasBegun: boolean;
  hasEnded: boolean;
}

export class BuildTrace implements BuildReader {
  readonly #dockerfile: string;
  readonly #decode: (trace: string) => TraceStatus;
  readonly #pullProblem: (message: string, image: string) => string;
  readonly #vertices = new Map<string, Seen>();
  #failing: { readonly seen: Seen; readonly error: string } | undefined;
  #imageId: string | undefined;
  #failure: BuildFailure | undefined;

  /** `decode` reads what the engine sends as `moby.buildkit.trace`; `pullProblem` makes a sentence of what was said of an image that could not be had. */
  constructor(dockerfile: string, decode: (trace: string) => TraceStatus, pullProblem: (message: string, image: string) => string) {
    this.#dockerfile = dockerfile;
    this.#decode = decode;
    this.#pullProblem = pullProblem;
  }

  get imageId(): string | undefined {
    return this.#failure === undefined ? this.#imageId : undefined;
  }

  /** The image that could not be had, where that is what the build failed of. */
  get missing(): string | undefined {
    return /^\[internal\] load metadata for (\S+)$/.exec(this.#failing?.seen.name ?? '')?.[1];
  }

  get failure(): BuildFailure | undefined {
    return this.#failure;
  }

  take(event: Readonly<Record<string, unknown>>): readonly BuildNews[] {
    const { id, aux, error, status } = event;
    const imageId: unknown = typeof aux === 'object' && aux !== null ? Reflect.get(aux, 'ID') : undefined;
    if (typeof imageId === 'string') this.#imageId = imageId;
    if (typeof error === 'string') this.fail(error);
    if (typeof status === 'string') return [{ kind: 'line', text: status }];
    return id === 'moby.buildkit.trace' && typeof aux === 'string' ? this.#news(this.#decode(aux)) : [];
  }

  fail(message: string): void {
    const own = this.#failing;
    const text = plain(own?.error ?? message);
    const written = lineIn(message);
    const step = own?.seen.step;
    const image = this.missing;
    const line = written ?? (step && lineOfStep(this.#dockerfile, step)) ?? (image === undefined ? undefined : lineOfImage(this.#dockerfile, image));
    const problem = written !== undefined ? plain(message) : image === undefined ? text : this.#pullProblem(text, image);
    this.#failure ??= {
      problem: `${step === undefined ? '' : `${step.text}: `}${problem}`,
      ...(line !== undefined && { line }),
      logTail: own === undefined ? [] : [...own.seen.tail, ...(own.seen.rest === '' ? [] : [own.seen.rest])].slice(-lastLines),
    };
  }

  end(): readonly BuildNews[] {
    return [...this.#vertices.values()].flatMap((seen) => (seen.rest === '' ? [] : [{ kind: 'line' as const, text: seen.rest }]));
  }

  #news({ vertices, logs }: TraceStatus): readonly BuildNews[] {
    const news: BuildNews[] = [];
    // What a command said comes before that it has ended, where both are told at once.
    const begun = vertices.flatMap((vertex) => (vertex.startedMs === undefined && !vertex.isCached ? [] : this.#begin(vertex)));
    const said = logs.flatMap(({ vertex, text }) => this.#say(vertex, text));
    news.push(...begun, ...said);
    for (const { digest, isCached, startedMs, completedMs, error } of vertices) {
      const seen = this.#vertices.get(digest);
      if (seen === undefined || (completedMs === undefined && !isCached) || seen.hasEnded) continue;
      seen.hasEnded = true;
      // What was given up because another one failed has not failed itself.
      const isGivenUp = error !== undefined && /context canceled/i.test(error);
      if (error !== undefined && !isGivenUp) this.#failing ??= { seen, error };
      if (seen.step !== undefined && !isGivenUp) {
        const how = error !== undefined ? 'failed' : isCached ? 'cached' : 'done';
        news.push({ kind: 'ended', step: seen.step.name, text: seen.step.text, how, tookMs: Math.max(0, (completedMs ?? 0) - (startedMs ?? completedMs ?? 0)) });
      }
    }
    return news;
  }

  #begin({ digest, name }: TraceStatus['vertices'][number]): readonly BuildNews[] {
    const seen = this.#vertices.get(digest) ?? { name, step: stepOf(name), tail: [], rest: '', hasBegun: false, hasEnded: false };
    this.#vertices.set(digest, seen);
    if (seen.hasBegun) return [];
    seen.hasBegun = true;
    return seen.step === undefined ? [] : [{ kind: 'began', step: seen.step.name, text: seen.step.text }];
  }

  #say(vertex: string, text: string): readonly BuildNews[] {
    const seen = this.#vertices.get(vertex);
    if (seen === undefined) return [];
    const lines = (seen.rest + text).split('\n').map((line) => line.replace(/\r$/, ''));
    seen.rest = lines.pop() ?? '';
    seen.tail = [...seen.tail, ...lines].slice(-lastLines);
    return lines.map((line) => ({ kind: 'line', text: line }));
  }
}

function stepOf(name: string): Seen['step'] {
  const [, label, number, count, text = ''] = /^\[(?:(.*?)\s+)?(\d+)\/(\d+)\] (.*)$/s.exec(name) ?? [];
  if (number === undefined) return undefined;
  // Where several platforms are built, theirs stands before the stage.
  const stage = (label ?? '').trim().split(/\s+/).at(-1) ?? '';
  return { name: `${label === undefined ? '' : `${label.trim()} `}${number}/${count ?? ''}`, stage, number: Number(number), text: text.replaceAll(/\s*\n\s*/g, ' ') };
}

/** Without what each part of BuildKit puts before the words of the one below. */
function plain(message: string): string {
  const own = message.trim().replace(/^(?:failed to (?:solve(?: with frontend [^:]+)?|build LLB|create LLB definition|compute cache key|load cache key): |rpc error: code = \w+ desc = )+/, '');
  return commandsEnd(own).replace(/\.$/, '');
}
