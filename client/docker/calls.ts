// How calls of the Docker library are made safe: answers that mean "it is so already" pass, and none is waited for forever.

import type Docker from 'dockerode';
import { field } from './field.ts';
import { statusCode } from './problems.ts';

/** Passes over refusals with these HTTP codes. */
export function unless(...codes: readonly number[]): (error: unknown) => undefined {
  return (error) => {
    if (!codes.includes(statusCode(error) ?? 0)) throw error;
    return undefined;
  };
}

/** Something on a network across hosts has just left a host as the last one there: its engine forgets the network for a moment. */
const networkWithin = { tries: 10, pauseMs: 300 };

/** `work` makes something join its networks. */
export async function joining<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = networkWithin.tries; ; tries--) {
    try {
      return await work();
    } catch (error) {
      if (tries === 0 || !/network \S+ not found/i.test(String(error))) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, networkWithin.pauseMs));
  }
}

/** An engine that hangs may still accept connections: `signal` is what ends the waiting then. */
export async function raced<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = (): void => reject(new Error('it did not answer in time'));
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** The library's own way to the engine, for what it has no function for. */
export function dial(docker: Docker, options: Readonly<Record<string, unknown>>): Promise<unknown> {
  const modem: unknown = docker.modem;
  const call = field(modem, 'dial');
  if (typeof call !== 'function') throw new Error('the library has changed');
  return new Promise((resolve, reject) => {
    Reflect.apply(call, modem, [options, (error: Error | null, answered: unknown) => (error === null ? resolve(answered) : reject(error))]);
  });
}
