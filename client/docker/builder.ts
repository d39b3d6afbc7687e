// Builds on a Docker Engine, with the builder that every engine has. What it built gets its names when it is whole.

import { once } from 'node:events';
import type Docker from 'dockerode';
import { BuildLog, type BuildNews } from '#core/image/buildLog.ts';
import type { BuilderPort, BuildRequest, Built } from '../engine/builderPort.ts';
import { statusCode } from './problems.ts';
import { drain, jsonObject, LineSplitter } from './streams.ts';

export class DockerBuilder implements BuilderPort {
  readonly #ask: <T>(work: (docker: Docker) => Promise<T>) => Promise<T>;

  constructor(ask: <T>(work: (docker: Docker) => Promise<T>) => Promise<T>) {
    this.#ask = ask;
  }

  build({ context, dockerfile, dockerfileText, names }: BuildRequest, onNews: (news: BuildNews) => void, signal: AbortSignal): Promise<Built> {
    return this.#ask(async (docker) => {
      const log = new BuildLog(dockerfileText);
      const stop = new AbortController();
      // What breaks the context is what is to be told, not that the engine then got half of it.
      const broken = once(context, 'error', { signal: stop.signal }).then(([error]: unknown[]): never => {
        throw error instanceof Error ? error : new Error(String(error));
      });
      broken.catch(() => {});
      try {
        return await Promise.race([broken, this.#built(docker, context, dockerfile, names, log, onNews, signal)]);
      } finally {
        stop.abort();
        // Where the engine did not want all of it, nobody reads on.
        if ('destroy' in context && typeof context.destroy === 'function') context.destroy();
      }
    });
  }

  async #built(docker: Docker, context: NodeJS.ReadableStream, dockerfile: string, names: readonly string[], log: BuildLog, onNews: (news: BuildNews) => void, signal: AbortSignal): Promise<Built> {
    try {
      const stream = await docker.buildImage(context, { dockerfile, rm: true, forcerm: true, abortSignal: signal });
      const lines = new LineSplitter((line) => {
        for (const news of log.take(jsonObject(line) ?? {})) onNews(news);
      });
      const cut = await drain(stream, (bytes) => lines.write(bytes));
      lines.end();
      if (cut !== undefined) throw cut;
    } catch (error) {
      // A Dockerfile that cannot be read at all is refused before anything begins.
      if (signal.aborted || (statusCode(error) !== 400 && !/dockerfile parse error/i.test(String(error)))) throw error;
      log.fail(String(error instanceof Error ? error.message : error).replace(/^\(HTTP code \d+\) [^-]* - /, ''));
    }
    if (log.failure !== undefined) return { kind: 'failed', ...log.failure };
    const { imageId } = log;
    if (imageId === undefined) throw new Error('the engine ended the build without an image and without a reason');
    for (const name of names) {
      const at = name.lastIndexOf(':');
      await docker.getImage(imageId).tag({ repo: name.slice(0, at), tag: name.slice(at + 1) });
    }
    return { kind: 'built', imageId };
  }
}
