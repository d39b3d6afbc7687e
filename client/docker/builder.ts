// Builds on a Docker Engine: with BuildKit where the engine has it, elsewhere with the classic builder that every engine has. What
// was built gets its names when it is whole.

import { once } from 'node:events';
import type Docker from 'dockerode';
import { BuildLog } from '#core/image/buildLog.ts';
import type { BuildNews } from '#core/image/buildNews.ts';
import { BuildTrace } from '#core/image/buildTrace.ts';
import type { BuilderPort, BuildRequest, Built } from '../engine/builderPort.ts';
import { credentials, registryAuth } from './buildkit/auth.ts';
import { diffCopy, fileSync } from './buildkit/fileSync.ts';
import { type BuildSession, openSession } from './buildkit/session.ts';
import { TraceReader } from './buildkit/trace.ts';
import { dial } from './calls.ts';
import { buildProblem, pullProblem, statusCode } from './problems.ts';
import type { RegistryLogin } from './registryLogin.ts';
import { drain, jsonObject, LineSplitter } from './streams.ts';

/** The first version of the engine's interface with BuildKit for everybody. */
const buildKitSince = [1, 39] as const;

/** What is needed of the host besides. */
export interface BuilderNeeds {
  readonly loginOf: (registry: string) => Promise<RegistryLogin | undefined>;
  /** By the engine itself, which knows every registry that the host trusts. */
  readonly pull: (image: string, onProgress: (detail: string) => void, signal: AbortSignal) => Promise<void>;
}

export class DockerBuilder implements BuilderPort {
  readonly #ask: <T>(work: (docker: Docker) => Promise<T>) => Promise<T>;
  readonly #needs: BuilderNeeds;

  constructor(ask: <T>(work: (docker: Docker) => Promise<T>) => Promise<T>, needs: BuilderNeeds) {
    this.#ask = ask;
    this.#needs = needs;
  }

  async build(request: BuildRequest, onNews: (news: BuildNews) => void, signal: AbortSignal): Promise<Built> {
    const pulled = new Set<string>();
    for (;;) {
      const { result, missing } = await this.#ask((docker) => this.#attempt(docker, request, onNews, signal));
      // A stream is read once.
      if (result.kind === 'built' || missing === undefined || pulled.has(missing) || !('packed' in request.context)) return result;
      pulled.add(missing);
      try {
        await this.#needs.pull(missing, (text) => onNews({ kind: 'line', text }), signal);
      } catch (error) {
        if (signal.aborted) throw error;
        return { ...result, problem: error instanceof Error ? error.message : String(error) };
      }
    }
  }

  async #attempt(docker: Docker, request: BuildRequest, onNews: (news: BuildNews) => void, signal: AbortSignal): Promise<Attempt> {
    const { context } = request;
    const folder = 'files' in context ? context : undefined;
    const stop = new AbortController();
    let onBroken = (_error: unknown): void => {};
    // What breaks the context is what is to be told, not that the engine then got half of it.
    const broken = new Promise<never>((_, reject) => {
      onBroken = (error) => reject(error instanceof Error ? error : new Error(String(error)));
    });
    broken.catch(() => {});
    const services = { [credentials]: registryAuth(this.#needs.loginOf), ...(folder && { [diffCopy]: fileSync(folder, onBroken) }) };
    const session = (await hasBuildKit(docker)) ? await openSession(docker, services, folder?.key ?? '', signal) : undefined;
    const stream = 'pipe' in context ? context : folder !== undefined && session !== undefined ? undefined : await context.packed();
    if (stream !== undefined) void once(stream, 'error', { signal: stop.signal }).then(([error]: unknown[]) => onBroken(error), () => {});
    try {
      return await Promise.race([broken, attempt(docker, request, stream, session, onNews, signal)]);
    } finally {
      stop.abort();
      session?.close();
      // Where the engine did not want all of it, nobody reads on.
      if (stream !== undefined && 'destroy' in stream && typeof stream.destroy === 'function') stream.destroy();
    }
  }
}

interface Attempt {
  readonly result: Built;
  /** An image that BuildKit could not have. It looks for registries that the host trusts when the engine starts, and for none in a range of addresses. */
  readonly missing?: string;
}

async function hasBuildKit(docker: Docker): Promise<boolean> {
  const { ApiVersion, Os } = await docker.version();
  const [major = 0, minor = 0] = ApiVersion.split('.').map(Number);
  return Os === 'linux' && (major > buildKitSince[0] || (major === buildKitSince[0] && minor >= buildKitSince[1]));
}

async function attempt(docker: Docker, request: BuildRequest, stream: NodeJS.ReadableStream | undefined, session: BuildSession | undefined, onNews: (news: BuildNews) => void, signal: AbortSignal): Promise<Attempt> {
  const { dockerfileText, names } = request;
  const trace = new TraceReader();
  const reader = session === undefined ? new BuildLog(dockerfileText) : new BuildTrace(dockerfileText, (base64) => trace.take(base64), (message, image) => pullProblem(new Error(message), image, { endpoint: '', hasLogin: false }));
  const tell = (all: readonly BuildNews[]): void => all.forEach((news) => onNews(news));
  try {
    const told = await begun(docker, request, stream, session, signal);
    const lines = new LineSplitter((line) => tell(reader.take(jsonObject(line) ?? {}, performance.now())));
    const cut = await drain(told, (bytes) => lines.write(bytes));
    lines.end();
    if (cut !== undefined) throw cut;
  } catch (error) {
    // A Dockerfile that cannot be read at all is refused before anything begins.
    if (signal.aborted || (statusCode(error) !== 400 && !/dockerfile parse error/i.test(String(error)))) throw error;
    reader.fail(String(error instanceof Error ? error.message : error).replace(/^\(HTTP code \d+\) [^-]* - /, ''));
  }
  tell(reader.end(performance.now()));
  if (reader.failure !== undefined) return { result: { kind: 'failed', ...reader.failure, problem: buildProblem(reader.failure.problem) }, ...(reader instanceof BuildTrace && reader.missing !== undefined && { missing: reader.missing }) };
  const { imageId } = reader;
  if (imageId === undefined) throw new Error('the engine ended the build without an image and without a reason');
  for (const name of names) {
    const at = name.lastIndexOf(':');
    await docker.getImage(imageId).tag({ repo: name.slice(0, at), tag: name.slice(at + 1) });
  }
  return { result: { kind: 'built', imageId } };
}

/** The engine's stream of what happens. */
async function begun(docker: Docker, { dockerfile, options = {} }: BuildRequest, stream: NodeJS.ReadableStream | undefined, session: BuildSession | undefined, signal: AbortSignal): Promise<NodeJS.ReadableStream> {
  const { args, target, platform, isFresh } = options;
  const query = {
    dockerfile, rm: 1, forcerm: 1, ...(args !== undefined && { buildargs: JSON.stringify(args) }), ...(target !== undefined && { target }), ...(platform !== undefined && { platform }), ...(isFresh === true && { nocache: 1 }),
    ...(session !== undefined && { version: 2, session: session.id, ...(stream === undefined && { remote: 'client-session' }) }),
  };
  // The library has a function for it, which opens a session of its own.
  const answered = await dial(docker, { method: 'POST', path: '/build?', isStream: true, statusCodes: { 200: true, 400: 'bad parameter', 500: 'server error' }, abortSignal: signal, options: { _query: query, _body: {} }, ...(stream !== undefined && { file: stream }) });
  if (!isReadable(answered)) throw new Error('the Docker Engine gave no stream');
  return answered;
}

function isReadable(value: unknown): value is NodeJS.ReadableStream {
  return typeof value === 'object' && value !== null && 'pipe' in value && Symbol.asyncIterator in value;
}
