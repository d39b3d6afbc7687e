// A bell: whoever waits is woken by the next ring; a ring while nobody waits is kept for the next who does.

export class Bell {
  #rung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Resolves at the next ring, after `withinMs` or when `signal` aborts, whichever is first. */
  async heard(signal: AbortSignal, withinMs?: number): Promise<void> {
    if (!this.#rung && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        const timer = withinMs === undefined ? undefined : setTimeout(wake, withinMs);
        this.#wake = wake;
        signal.addEventListener('abort', wake, { once: true });
      });
    }
    this.#wake = undefined;
    this.#rung = false;
  }
}
