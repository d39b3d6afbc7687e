// A fault in one answer costs that answer: it is logged, once for each kind, and the next request works.

import { type CancellationToken, LSPErrorCodes, ResponseError } from 'vscode-languageserver/node';

export class Guard {
  readonly #known = new Set<string>();
  readonly #log: (message: string) => void;

  constructor(log: (message: string) => void) {
    this.#log = log;
  }

  /** Runs something that nobody waits for. */
  run(name: string, action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#report(name, error);
    }
  }

  /** The same for what takes its time. */
  start(name: string, action: () => Promise<void>): void {
    action().catch((error: unknown) => this.#report(name, error));
  }

  /** A handler that answers `nothing` where the real one fails, and that does not begin what was cancelled while it waited. */
  answer<P, R>(name: string, nothing: R, handler: (params: P) => R): (params: P, token: CancellationToken) => R | ResponseError {
    return (params, token) => {
      if (token.isCancellationRequested) return new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
      try {
        return handler(params);
      } catch (error) {
        this.#report(name, error);
        return nothing;
      }
    };
  }

  /** The same for an answer that takes its time. */
  answerLater<P, R, E>(name: string, nothing: R, handler: (params: P, token: CancellationToken) => Promise<R>): (params: P, token: CancellationToken) => Promise<R | ResponseError<E>> {
    return async (params, token) => {
      try {
        const answer = token.isCancellationRequested ? nothing : await handler(params, token);
        return token.isCancellationRequested ? new ResponseError<E>(LSPErrorCodes.RequestCancelled, 'cancelled') : answer;
      } catch (error) {
        this.#report(name, error);
        return nothing;
      }
    };
  }

  #report(name: string, error: unknown): void {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const kind = `${name} ${stack.split('\n').slice(0, 2).join(' ')}`;
    if (this.#known.has(kind)) return;
    this.#known.add(kind);
    this.#log(`${name} failed: ${stack}`);
  }
}
