// What the commands know of the terminal: printing, complaining, colours where a person looks, one question, Ctrl-C.

import { createInterface } from 'node:readline/promises';
import { styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];

export class Terminal {
  readonly #process: NodeJS.Process;

  constructor(process: NodeJS.Process) {
    this.#process = process;
  }

  get isInteractive(): boolean {
    return this.#process.stdin.isTTY;
  }

  /** A result. */
  print(text: string): void {
    this.#process.stdout.write(`${text}\n`);
  }

  /** Something for people beside the result: progress, questions. It keeps out of the way of `--json`. */
  tell(text: string): void {
    this.#process.stderr.write(`${text}\n`);
  }

  complain(text: string): void {
    this.tell(`clocker: ${text}`);
  }

  /** Colours go to a terminal only, and not with NO_COLOR. `on` is where the text will be printed. */
  paint(style: Style, text: string, on: 'stdout' | 'stderr' = 'stdout'): string {
    const isPlain = !this.#process[on].isTTY || (this.#process.env['NO_COLOR'] ?? '') !== '';
    return isPlain ? text : styleText(style, text, { validateStream: false });
  }

  /** Anything but yes is no. */
  async confirm(question: string): Promise<boolean> {
    const lines = createInterface({ input: this.#process.stdin, output: this.#process.stderr });
    const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
    lines.once('SIGINT', () => lines.close());
    const answer = await Promise.race([lines.question(`${question} [y/N] `).catch(() => ''), closed]);
    lines.close();
    return /^y(es)?$/i.test(answer.trim());
  }

  /** Plans, or does something else that soon ends and may be at something on a host: Ctrl-C waits for its end. */
  planning<T>(work: () => Promise<T>): Promise<T> {
    return this.cancellable(() => this.complain('cancelling: nothing has begun'), async (signal) => {
      const planned = await work();
      if (signal.aborted) throw new Error('cancelled: nothing was done');
      return planned;
    });
  }

  /** Runs `work` with a signal that Ctrl-C aborts; a second Ctrl-C ends the process at once. */
  async cancellable<T>(onCancel: () => void, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const cancel = new AbortController();
    const interrupt = (): void => {
      if (cancel.signal.aborted) this.#process.exit(1);
      cancel.abort();
      onCancel();
    };
    this.#process.on('SIGINT', interrupt);
    this.#process.on('SIGTERM', interrupt);
    try {
      return await work(cancel.signal);
    } finally {
      this.#process.off('SIGINT', interrupt);
      this.#process.off('SIGTERM', interrupt);
    }
  }
}
