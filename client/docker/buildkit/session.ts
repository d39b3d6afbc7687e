// A session of BuildKit: for the time of a build the engine asks us, through a connection that we opened, for the files of the
// context and for log-ins to registries. It is gRPC over HTTP/2, in which we are the server.

import { randomUUID } from 'node:crypto';
import { performServerHandshake, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import { dial } from '../calls.ts';
import { field } from '../field.ts';
import { FrameSplitter, frame } from './wire.ts';

/** Answers calls of one method; whoever writes to the stream frames what is written. */
export type Service = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => Promise<void>;

export interface BuildSession {
  readonly id: string;
  close(): void;
}

const health = '/grpc.health.v1.Health/Check';
/** As gRPC numbers them. */
const status = { ok: '0', unknown: '2', unimplemented: '12' } as const;

/** `services` by the paths of their methods. `key` is the same for the same folder: what the engine has of it need not be sent again. Undefined where the engine knows no sessions. */
export async function openSession(docker: Docker, services: Readonly<Record<string, Service>>, key: string, signal: AbortSignal): Promise<BuildSession | undefined> {
  const id = randomUUID();
  const socket = await dial(docker, {
    method: 'POST', path: '/session', hijack: true, statusCodes: { 101: true, 200: true }, abortSignal: signal,
    headers: {
      Upgrade: 'h2c', 'X-Docker-Expose-Session-Uuid': id, 'X-Docker-Expose-Session-Name': 'clocker', 'X-Docker-Expose-Session-Sharedkey': key,
      'X-Docker-Expose-Session-Grpc-Method': [...Object.keys(services), health],
    },
  }).catch((error: unknown) => {
    if ([400, 404, 405, 501].includes(Number(field(error, 'statusCode')))) return undefined;
    throw error;
  });
  if (socket === undefined) return undefined;
  if (!(socket instanceof Duplex)) throw new Error('the Docker Engine gave no stream');
  const session = performServerHandshake(socket);
  session.on('error', () => {});
  socket.on('error', () => {});
  session.on('stream', (stream, headers) => void answer(services, stream, headers));
  return {
    id,
    close: () => {
      session.destroy();
      socket.destroy();
    },
  };
}

async function answer(services: Readonly<Record<string, Service>>, stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
  const path = String(headers[':path']);
  let trailers: Record<string, string> = { 'grpc-status': status.ok };
  stream.on('error', () => {});
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  try {
    const service = services[path];
    if (service !== undefined) await service(stream, headers);
    // It serves.
    else if (path === health) stream.write(frame(Buffer.from([8, 1])));
    else trailers = { 'grpc-status': status.unimplemented };
  } catch (error) {
    trailers = { 'grpc-status': status.unknown, 'grpc-message': encodeURIComponent(error instanceof Error ? error.message : String(error)) };
  }
  if (!stream.destroyed) stream.end();
}

/** The one message of a call that has no more. */
export function asked(stream: ServerHttp2Stream): Promise<Buffer> {
  const frames = new FrameSplitter();
  return new Promise((resolve) => {
    stream.on('data', (bytes: Buffer) => {
      const [first] = frames.take(bytes);
      if (first !== undefined) resolve(first);
    });
    stream.once('end', () => resolve(Buffer.alloc(0)));
    stream.once('close', () => resolve(Buffer.alloc(0)));
  });
}
