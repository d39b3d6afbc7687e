// The image of the containers in which engines live: Docker's own from its hub, or, where that cannot be had, one that is built
// from Debian's packages. An engine that has either of them takes it.

import { PassThrough } from 'node:stream';
import type Docker from 'dockerode';
import { parseReference, printReference } from '#core/image/reference.ts';
import { pullProblem, statusCode } from '../problems.ts';
import { drain, jsonObject, LineSplitter } from '../streams.ts';

const fromHub = 'docker:dind';
const debian = 'debian:bookworm-slim';
const built = 'clocker/host:bookworm';

const dockerfile = `FROM ${debian}
RUN printf '#!/bin/sh\\nexit 101\\n' > /usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d \\
 && apt-get -qq update \\
 && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends docker.io iptables iproute2 ca-certificates \\
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb
VOLUME /var/lib/docker
`;

/** The image to take, which is on the engine then. Throws an Error with a sentence. */
export async function ensureHostImage(docker: Docker, asked: string | undefined, onDetail: (detail: string) => void, signal: AbortSignal): Promise<string> {
  const image = asked ?? fromHub;
  for (const known of asked === undefined ? [fromHub, built] : [asked]) if (await hasImage(docker, known)) return known;
  onDetail(`pulling ${image}`);
  try {
    await pull(docker, image, onDetail, signal);
    return image;
  } catch (error) {
    signal.throwIfAborted();
    if (asked !== undefined) throw error;
    if (!(await hasImage(docker, debian))) {
      throw new Error(`${error instanceof Error ? error.message : String(error)}; nor is ${debian} there, from which the image could be built: bring one of the two there (docker load), or name an image that has Docker Engine and command`, { cause: error });
    }
    await build(docker, onDetail, signal);
    return built;
  }
}

async function hasImage(docker: Docker, image: string): Promise<boolean> {
  try {
    await docker.getImage(image).inspect();
    return true;
  } catch (error) {
    if (statusCode(error) === 404) return false;
    throw error;
  }
}

async function pull(docker: Docker, image: string, onDetail: (detail: string) => void, signal: AbortSignal): Promise<void> {
  const parsed = parseReference(image);
  if (!parsed.ok) throw new Error(parsed.problem);
  const { tag, digest, ...name } = parsed.value;
  try {
    const stream = await docker.createImage({ fromImage: printReference(name), tag: digest ?? tag ?? 'latest', abortSignal: signal });
    await followed(stream, ({ status, id }) => typeof status === 'string' && onDetail(`${image}: ${typeof id === 'string' ? `${id} ` : ''}${status}`));
  } catch (error) {
    throw new Error(pullProblem(error, image, { endpoint: 'the host', hasLogin: false }), { cause: error });
  }
}

async function build(docker: Docker, onDetail: (detail: string) => void, signal: AbortSignal): Promise<void> {
  onDetail(`building ${built} from ${debian}: about a minute`);
  const { pack } = await import('tar-stream');
  const context = pack();
  context.entry({ name: 'Dockerfile' }, dockerfile);
  context.finalize();
  let last = '';
  try {
    await followed(await docker.buildImage(context.pipe(new PassThrough()), { t: built, rm: true, forcerm: true, abortSignal: signal }), ({ stream }) => {
      if (typeof stream === 'string' && stream.trim() !== '') onDetail(`building ${built}: ${(last = stream.trim()).slice(0, 80)}`);
    });
  } catch (error) {
    throw new Error(`image ${built} cannot be built from ${debian}: ${error instanceof Error ? error.message : String(error)}${last === '' ? '' : ` (its last words: ${last})`}`, { cause: error });
  }
}

/** Reads a stream of JSON lines to its end; throws what the engine reports inside it. */
async function followed(stream: NodeJS.ReadableStream, onEvent: (event: Readonly<Record<string, unknown>>) => void): Promise<void> {
  let problem: string | undefined;
  const lines = new LineSplitter((line) => {
    const event = jsonObject(line);
    if (event === undefined) return;
    if (typeof event['error'] === 'string') problem ??= event['error'];
    else onEvent(event);
  });
  const broken = await drain(stream, (bytes) => lines.write(bytes));
  lines.end();
  if (problem !== undefined) throw new Error(problem);
  if (broken !== undefined) throw broken;
}
