// `clocker build PATH`: builds an image from a Dockerfile on each host, side by side, and shows the steps as they go.

import type { BuildNews } from '#core/image/buildLog.ts';
import { parseReference } from '#core/image/reference.ts';
import { contextOf, packed, type BuildContext } from '../build/context.ts';
import type { Built, BuildRequest } from '../engine/builderPort.ts';
import { messageOf } from '../engine/failure.ts';
import { hostOptions, UsageError, type Command, type ExitCode, type Invocation } from './command.ts';
import { withCloud } from './hosts.ts';

export const build: Command = {
  name: 'build',
  operands: 'PATH',
  operandCount: { least: 1, most: 1 },
  sentence: 'build an image from a Dockerfile, or from a folder with one, on all hosts, or on one of them',
  options: [...hostOptions, 'on', 'tag', 'file', 'json'],
  run: async (invocation) => {
    const { operands: [path = ''], terminal, file, on, isJson } = invocation;
    const names = invocation.tag.map(nameOf);
    const context = await contextOf(path, file);
    return withCloud<ExitCode>(invocation, async (cloud) => {
      const { hosts } = cloud.observed;
      const wanted = hosts.filter(({ host, isReadOnly }) => (on === undefined ? isReadOnly !== true : host === on));
      if (wanted.length === 0) throw new Error(on === undefined ? 'there is no host to build on' : `there is no host ${on}; the hosts are ${hosts.map(({ host }) => host).join(', ')}`);
      const results = await terminal.cancellable(
        () => terminal.complain('cancelling: what is built so far stays in the cache and gets no name'),
        (signal) => Promise.all(wanted.map(async ({ host }) => ({ host, result: await buildOn(host, context, names, invocation, (request, onNews) => cloud.build(host, request, onNews, signal)).catch((error: unknown) => ({ kind: 'broken' as const, problem: signal.aborted ? 'cancelled' : messageOf(error) })) }))),
      );
      for (const { host, result } of results) {
        if (result.kind === 'built') {
          if (!isJson) terminal.print(`${host}: ${[result.imageId, ...names].join(' ')}`);
          continue;
        }
        const place = result.kind === 'failed' && result.line !== undefined ? `${context.dockerfile}:${result.line}: ` : '';
        for (const line of result.kind === 'failed' ? result.logTail : []) terminal.tell(`    ${line}`);
        terminal.complain(`build on ${host}: ${place}${result.problem}`);
      }
      if (isJson) terminal.print(JSON.stringify(results.map(({ host, result }) => ({ host, ...result })), undefined, 2));
      return results.every(({ result }) => result.kind === 'built') ? 0 : 1;
    });
  },
};

async function buildOn(host: string, context: BuildContext, names: readonly string[], { terminal }: Invocation, run: (request: BuildRequest, onNews: (news: BuildNews) => void) => Promise<Built>): Promise<Built> {
  let beganMs = performance.now();
  let told = '';
  const ended = (how: string): void => {
    if (told !== '') terminal.tell(`  ${host}: ${told} ${how}`);
    told = '';
  };
  const took = (): string => `(${((performance.now() - beganMs) / 1000).toFixed(1)} s)`;
  const built = await run({ context: await packed(context), dockerfile: context.dockerfile, dockerfileText: context.dockerfileText, names }, (news) => {
    if (news.kind === 'cached') ended('CACHED');
    if (news.kind !== 'step') return;
    ended(took());
    beganMs = performance.now();
    told = `${news.number}/${news.count} ${news.text}`;
  });
  ended(built.kind === 'built' ? took() : 'FAILED');
  return built;
}

function nameOf(text: string): string {
  const parsed = parseReference(text);
  if (!parsed.ok) throw new UsageError(`--tag ${text}: ${parsed.problem}`);
  if (parsed.value.digest !== undefined) throw new UsageError(`--tag ${text}: an image that is built has a name and a tag, no digest`);
  return parsed.value.tag === undefined ? `${text}:latest` : text;
}
