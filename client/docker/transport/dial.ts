// A connection over TCP, or a sentence why there is none.

import { connect, type Socket } from 'node:net';
import { dialProblem, Unreachable } from './problems.ts';

/** Below the time that an engine has to answer, so that whoever waits hears why. */
export const dialWithinMs = 8_000;

/** `where` names the place in sentences. A peer that has gone silent is noticed within half a minute. Throws an Unreachable. */
export async function dial(address: string, port: number, where: string): Promise<Socket> {
  const socket = connect({ host: address, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 10_000 });
  const limit = setTimeout(() => socket.destroy(Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' })), dialWithinMs);
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve).once('error', reject);
    });
    return socket;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new Unreachable(dialProblem(code, where) ?? `${where} cannot be reached (${error instanceof Error ? error.message : String(error)})`, { cause: error });
  } finally {
    clearTimeout(limit);
  }
}

/** An address as it stands before a port: IPv6 in brackets. */
export function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
