// An HTTP request about an entity: from this machine where a way leads there, else from inside a container of its application.

import { requestOf, type Run } from '#core/effectors/script.ts';
import { waysTo, type Reachable } from '#core/sensors/reach.ts';
import { messageOf } from './failure.ts';

export interface Exchange {
  readonly uri: string;
  /** That it is about. */
  readonly entity: string;
  readonly method?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly user?: { readonly name: string; readonly password: string };
  readonly body?: string;
}

export interface ExchangeWorld {
  readonly reachable: readonly Reachable[];
  readonly inside: (entity: string, run: Run, signal: AbortSignal) => Promise<{ readonly code: number; readonly output: string }>;
  /** Where there are two ways, the one from this machine is given up after this time. */
  readonly firstWayMs: number;
}

export type Answer = { readonly status: number; readonly body: string } | { readonly problem: string };

/** `problem` is a clause: why there is no answer. */
export async function exchange({ uri, entity, method = 'GET', headers: own, user, body }: Exchange, { reachable, inside: run, firstWayMs }: ExchangeWorld, signal: AbortSignal): Promise<Answer> {
  const headers = { ...own, ...(user && { Authorization: `Basic ${Buffer.from(`${user.name}:${user.password}`).toString('base64')}` }) };
  const shown = uri.replace(/\/\/[^/?#@]*@/, '//');
  const { outside, inside } = waysTo(uri, entity, reachable);
  if (outside !== undefined) {
    // What changes something is not sent twice.
    const mayRepeat = method === 'GET' || method === 'HEAD';
    const limited = inside === undefined || !mayRepeat ? signal : AbortSignal.any([signal, AbortSignal.timeout(firstWayMs)]);
    const answer = await fetch(outside, { method, headers, signal: limited, ...(body !== undefined && { body }) }).catch((error: unknown) => ({ error }));
    if (!('error' in answer)) return { status: answer.status, body: await answer.text() };
    if (inside === undefined || (!mayRepeat && !wasNotSent(answer.error))) return { problem: `${shown} cannot be reached (${reasonOf(answer.error)})` };
  }
  const { code, output } = await run(inside ?? entity, requestOf(uri, headers, { method, body }), signal);
  if (code === 127) return { problem: `${shown} can be asked inside the container only, and there is ${method === 'GET' ? 'neither curl nor wget' : 'no curl'}` };
  if (code !== 0) return { problem: `${shown} cannot be reached from inside the container (exit code ${code})` };
  const at = output.lastIndexOf('\n');
  return { status: Number(output.slice(at + 1)), body: output.slice(0, at) };
}

function wasNotSent(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  const code: unknown = typeof cause === 'object' && cause !== null ? Reflect.get(cause, 'code') : undefined;
  return ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'].some((known) => known === code);
}

function reasonOf(error: unknown): string {
  return error instanceof Error && error.cause instanceof Error ? error.cause.message : messageOf(error);
}
