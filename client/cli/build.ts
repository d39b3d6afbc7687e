// `clocker build PATH`: builds an image from a Dockerfile on each host, side by side, and shows the steps as they go.

import { imageName } from '#core/image/built.ts';
import { endedLine } from '#core/image/buildNews.ts';
import { buildSource } from '../build/source.ts';
import type { Built, BuildOptions } from '../engine/builderPort.ts';
import { messageOf } from '../engine/failure.ts';
import { hostOptions, UsageError, type Command, type ExitCode, type Invocation } from './command.ts';
import { withCloud } from './hosts.ts';

export const build: Command = {
  name: 'build',
  operands: 'PATH',
  operandCount: { least: 1, most: 1 },
  sentence: 'build an image from a Dockerfile, a folder with one or an archive (clocker package), on all hosts, or on one of them',
  options: [...hostOptions, 'on', 'tag', 'file', 'target', 'build-arg', 'platform', 'no-cache', 'json'],
  run: async (invocation) => {
    const { operands: [path = ''], terminal, file, on, isJson } = invocation;
    const names = invocation.tag.map(nameOf);
    const options = optionsOf(invocation);
    const { defaultName: _, ...source } = await buildSource(path, file);
    return withCloud<ExitCode>(invocation, async (cloud) => {
      const { hosts } = cloud.observed;
      const wanted = hosts.filter(({ host, isReadOnly }) => (on === undefined ? isReadOnly !== true : host === on));
      if (wanted.length === 0) throw new Error(on === undefined ? 'there is no host to build on' : `there is no host ${on}; the hosts are ${hosts.map(({ host }) => host).join(', ')}`);
      const results = await terminal.cancellable(
        () => terminal.complain('cancelling: what is built so far stays in the cache and gets no name'),
        (signal) => Promise.all(wanted.map(async ({ host }): Promise<Result> => {
          const beganMs = performance.now();
          const onNews: Parameters<typeof cloud.build>[2] = (news) => {
            if (news.kind === 'ended') terminal.tell(`  ${host}: ${endedLine(news)}`);
          };
          const result = await cloud.build(host, { ...source, names, options }, onNews, signal).catch((error: unknown) => ({ kind: 'broken' as const, problem: signal.aborted ? 'cancelled' : messageOf(error) }));
          return { host, result, seconds: Math.round((performance.now() - beganMs) / 100) / 10 };
        })),
      );
      for (const one of results) tell(one, source.dockerfile, names, invocation);
      if (isJson) terminal.print(JSON.stringify(results.map(({ host, result, seconds }) => ({ host, ...result, seconds })), undefined, 2));
      return results.every(({ result }) => result.kind === 'built') ? 0 : 1;
    });
  },
};

interface Result {
  readonly host: string;
  readonly result: Built | { readonly kind: 'broken'; readonly problem: string };
  readonly seconds: number;
}

function tell({ host, result, seconds }: Result, dockerfile: string, names: readonly string[], { terminal, isJson }: Invocation): void {
  if (result.kind === 'built') {
    terminal.tell(`  ${host}: built in ${seconds.toFixed(1)} s`);
    if (!isJson) terminal.print(`${host}: ${[result.imageId, ...names].join(' ')}`);
    return;
  }
  const place = result.kind === 'failed' && result.line !== undefined ? `${dockerfile}:${result.line}: ` : '';
  for (const line of result.kind === 'failed' ? result.logTail : []) terminal.tell(`    ${line}`);
  terminal.complain(`build on ${host}: ${place}${result.problem}`);
}

function nameOf(text: string): string {
  const read = imageName(text);
  if ('problem' in read) throw new UsageError(`--tag ${text}: ${read.problem}`);
  return read.name;
}

function optionsOf({ buildArg, target, platform, isFresh, env }: Invocation): BuildOptions {
  const args = Object.fromEntries(buildArg.flatMap((text): [string, string][] => {
    const [, name = '', value] = /^([^=]+)(?:=(.*))?$/s.exec(text) ?? [];
    if (name === '') throw new UsageError(`--build-arg ${text}: write NAME=VALUE`);
    // As docker has it: a name alone takes the value from the environment.
    const given = value ?? env[name];
    return given === undefined ? [] : [[name, given]];
  }));
  if (platform !== undefined && !/^[a-z0-9]+(?:\/[a-z0-9_]+){0,2}$/.test(platform)) throw new UsageError(`--platform ${platform}: write it as linux/arm64`);
  return { args, ...(target !== undefined && { target }), ...(platform !== undefined && { platform }), isFresh };
}
