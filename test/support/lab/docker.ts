// Plain uses of the Docker API that the lab needs again and again: connect, run a command, wait for an answer.
// It is no part of the product and shares no code with it, so that a mistake there cannot hide itself in the tests.

import { text } from 'node:stream/consumers';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import Docker from 'dockerode';

/** `DOCKER_HOST` would win over `socketPath`, so the host is named as none. */
export function dockerAt(socketPath: string): Docker {
  return new Docker({ socketPath, host: undefined });
}

/** Runs a command in a running container; its whole output, both streams. Throws with that output when the exit code is not 0. */
export async function execIn(container: Docker.Container, command: readonly string[]): Promise<string> {
  const exec = await container.exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true });
  const output = new PassThrough();
  const stream = await exec.start({});
  stream.on('end', () => output.end());
  container.modem.demuxStream(stream, output, output);
  const said = await text(output);
  const { ExitCode: code } = await exec.inspect();
  if (code !== 0) throw new Error(`${command.join(' ')} exited with ${code}:\n${said.trim()}`);
  return said;
}

/** Asks until an answer comes; throws what was said last after `timeoutMs`. */
export async function eventually<T>(ask: () => Promise<T>, timeoutMs: number): Promise<T> {
  const until = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (performance.now() > until) throw error;
      await sleep(50);
    }
  }
}

export async function hasImage(docker: Docker, name: string): Promise<boolean> {
  return await exists(docker.getImage(name));
}

/** Whether the engine knows it. */
export async function exists(thing: { inspect(): Promise<unknown> }): Promise<boolean> {
  try {
    await thing.inspect();
    return true;
  } catch (error) {
    if (error instanceof Error && 'statusCode' in error && error.statusCode === 404) return false;
    throw error;
  }
}

/** Reads a stream of JSON lines to its end; throws the error that the engine reports inside it. */
export async function finished(stream: NodeJS.ReadableStream): Promise<void> {
  const said = await text(stream);
  for (const line of said.split(/\r?\n/).filter((it) => it.trim() !== '')) {
    const event: unknown = JSON.parse(line);
    if (typeof event === 'object' && event !== null && 'error' in event) throw new Error(String(event.error));
  }
}

/** Brings an image from one engine to another, if it is not there yet. */
export async function copyImage(from: Docker, to: Docker, name: string): Promise<void> {
  if (await hasImage(to, name)) return;
  await finished(await to.loadImage(await from.getImage(name).get()));
}
