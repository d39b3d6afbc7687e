// Takes TCP connections on this machine and joins each with another stream: bytes both ways, either side may end its half first.

import { createServer, type Server, type Socket } from 'node:net';
import type { Forward } from './engine/openPort.ts';

const here = '127.0.0.1';

/** Nobody but this machine reaches it. `onProblem` gets a sentence for a connection that could not be joined. */
export function forwarder(onProblem: (problem: string) => void): Forward {
  return async (dial, wanted) => {
    const sockets = new Set<Socket>();
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', () => socket.destroy());
      dial().then(
        (stream) => join(socket, stream),
        (error: unknown) => {
          onProblem(error instanceof Error ? error.message : String(error));
          socket.resetAndDestroy();
        },
      );
    });
    const port = await listening(server, wanted).catch(() => listening(server, 0));
    return {
      port,
      close: async () => {
        for (const socket of sockets) socket.destroy();
        await new Promise((resolve) => server.close(resolve));
      },
    };
  };
}

function join(socket: Socket, stream: NodeJS.ReadWriteStream): void {
  const end = (): void => {
    if ('destroy' in stream && typeof stream.destroy === 'function') stream.destroy();
  };
  stream.on('error', () => socket.resetAndDestroy());
  socket.on('close', end);
  if (socket.destroyed) return end();
  socket.pipe(stream);
  stream.pipe(socket);
}

function listening(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, here, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
