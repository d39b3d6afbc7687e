// A failed action: what was being done, to what, on which host, and what the container said last.

export class Failure extends Error {
  readonly logTail: readonly string[];

  constructor(problem: string, options: { readonly logTail?: readonly string[]; readonly cause?: unknown } = {}) {
    super(problem, { cause: options.cause });
    this.logTail = options.logTail ?? [];
  }

  get problem(): string {
    return this.message;
  }

  static from(error: unknown): Failure {
    return error instanceof Failure ? error : new Failure(messageOf(error), { cause: error });
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
