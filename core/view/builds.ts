// Builds that go on on several hosts, as people see them: one line while they go on, and what to say of those that failed.

import type { BuildFailure, BuildNews } from '#core/image/buildNews.ts';

/** Which steps run on which host. */
export class RunningSteps {
  readonly #hosts: readonly string[];
  readonly #steps = new Map<string, readonly { readonly step: string; readonly text: string }[]>();
  readonly #done = new Set<string>();

  constructor(hosts: readonly string[]) {
    this.#hosts = hosts;
  }

  take(host: string, news: BuildNews): void {
    const others = (this.#steps.get(host) ?? []).filter(({ step }) => news.kind === 'line' || step !== news.step);
    if (news.kind === 'began') this.#steps.set(host, [...others, { step: news.step, text: news.text }]);
    if (news.kind === 'ended') this.#steps.set(host, others);
  }

  end(host: string): void {
    this.#done.add(host);
  }

  /** `2/4 RUN make`; of several hosts each: `a: 2/4 RUN make, b: done`. */
  line(): string {
    const told = this.#hosts.map((host) => {
      const { step, text } = this.#steps.get(host)?.at(-1) ?? {};
      const what = this.#done.has(host) ? 'done' : step === undefined ? 'waiting' : shortened(`${step} ${text ?? ''}`, this.#hosts.length === 1 ? 90 : 40);
      return this.#hosts.length === 1 ? what : `${host}: ${what}`;
    });
    return told.join(', ');
  }
}

export type BuildResult =
  | { readonly host: string; readonly kind: 'built'; readonly imageId: string }
  | ({ readonly host: string; readonly kind: 'failed' } & BuildFailure)
  /** Nothing that the Dockerfile does wrong. */
  | { readonly host: string; readonly kind: 'broken'; readonly problem: string };

/** What is wrong with a Dockerfile, the same on several hosts once. `line` is counted from 1. */
export function dockerfileProblems(results: readonly BuildResult[]): readonly { readonly line: number; readonly message: string }[] {
  const found = new Map<string, { readonly line: number; readonly message: string; readonly hosts: string[] }>();
  for (const result of results) {
    if (result.kind !== 'failed') continue;
    const { problem, line = 1, logTail, host } = result;
    const message = [problem, ...logTail.map((text) => `  ${text}`)].join('\n');
    const same = found.get(`${line} ${problem}`);
    if (same === undefined) found.set(`${line} ${problem}`, { line, message, hosts: [host] });
    else same.hosts.push(host);
  }
  return [...found.values()].map(({ line, message, hosts }) => ({ line, message: results.length === 1 ? message : `on ${hosts.join(', ')}: ${message}` }));
}

/** The last word: `Built shop/web:1 on a, b in 12.1 s.`, or what failed where. */
export function buildSentence(name: string, results: readonly BuildResult[], tookMs: number): string {
  const on = (kind: BuildResult['kind']): readonly string[] => results.flatMap((result) => (result.kind === kind ? [result.host] : []));
  const built = on('built');
  const broken = results.flatMap((result) => (result.kind === 'broken' ? [`${result.host}: ${result.problem}`] : []));
  const failed = on('failed');
  return [
    ...(built.length > 0 ? [`Built ${name} on ${built.join(', ')} in ${(tookMs / 1000).toFixed(1)} s.`] : []),
    ...(failed.length > 0 ? [`The build of ${name} failed on ${failed.join(', ')}: ${firstProblem(results)}.`] : []),
    ...(broken.length > 0 ? [`${name} could not be built on ${broken.join('; ')}.`] : []),
  ].join(' ');
}

function firstProblem(results: readonly BuildResult[]): string {
  const failed = results.find((result) => result.kind === 'failed');
  return failed === undefined ? '' : `${failed.line === undefined ? '' : `line ${failed.line}: `}${shortened(failed.problem, 200)}`;
}

function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 3)}...`;
}
