// What is done in one container: files put in and read, commands run, its log followed.

import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { Container } from 'dockerode';
import type { LogLine, FileToPut, HostPort } from '../engine/ports.ts';
import { raced, unless } from './calls.ts';
import { drain, LogSplitter } from './streams.ts';

export async function putFiles(container: Container, files: readonly FileToPut[]): Promise<void> {
  const { pack } = await import('tar-stream');
  const archive = pack();
  for (const { path, content } of files) archive.entry({ name: path.replace(/^\/+/, ''), mode: 0o755 }, 'text' in content ? Buffer.from(content.text) : Buffer.from(content.base64, 'base64'));
  archive.finalize();
  await container.putArchive(await buffer(archive), { path: '/' });
}

export async function readFile(container: Container, path: string): Promise<string | undefined> {
  const archive = await container.getArchive({ path }).catch(unless(404));
  if (archive === undefined) return undefined;
  const { extract } = await import('tar-stream');
  const entries = extract();
  let text: string | undefined;
  entries.on('entry', (_, content, next) => {
    void buffer(content).then((bytes) => {
      text ??= bytes.toString();
      next();
    }, next);
  });
  await pipeline(archive, entries);
  return text;
}

export async function runCommand(container: Container, command: readonly string[], onLine: Parameters<HostPort['exec']>[2], signal: AbortSignal, env: Readonly<Record<string, string>>): Promise<number> {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const exec = await container.exec({ Cmd: [...command], ...(variables.length > 0 && { Env: variables }), AttachStdout: true, AttachStderr: true, abortSignal: signal });
  const stream = await exec.start({ hijack: true, stdin: false, abortSignal: signal });
  const stop = (): void => void stream.destroy();
  signal.addEventListener('abort', stop, { once: true });
  const lines = new LogSplitter(false, ({ text, stream: of }) => onLine(text, of));
  const broken = await drain(stream, (bytes) => lines.write(bytes));
  signal.removeEventListener('abort', stop);
  // The engine leaves its side open.
  stop();
  lines.end();
  const { Running, ExitCode } = await exec.inspect();
  if (Running || ExitCode === null) throw broken ?? new Error('the connection to the Docker Engine was closed while a command ran');
  return ExitCode;
}

export async function followLog(container: Container, { tail, follow, signal }: Parameters<HostPort['logs']>[1], sink: (line: LogLine) => void): Promise<void> {
  const { Config } = await container.inspect();
  const lines = new LogSplitter(Config.Tty, sink);
  if (follow) {
    const stream = await container.logs({ stdout: true, stderr: true, tail, follow: true, abortSignal: signal });
    const broken = await drain(stream, (bytes) => lines.write(bytes));
    lines.end();
    if (broken !== undefined && !signal.aborted) throw broken;
  } else {
    lines.write(await raced(container.logs({ stdout: true, stderr: true, tail, follow: false }), signal));
    lines.end();
  }
}
