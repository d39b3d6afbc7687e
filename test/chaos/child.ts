// A process that deploys, with all that it says.

import type { ChildProcess } from 'node:child_process';

export interface Child {
  readonly process: ChildProcess;
  /** Its exit code, or the signal that ended it; with all that it said. */
  readonly ended: Promise<{ readonly end: number | NodeJS.Signals | null; readonly said: string }>;
  /** Resolves when it has said something that matches, or has ended. */
  said(pattern: RegExp): Promise<void>;
}

export function childOf(process: ChildProcess): Child {
  let said = '';
  let end: number | NodeJS.Signals | null | undefined;
  const listeners = new Set<() => void>();
  const hear = (text: unknown): void => {
    said += String(text);
    for (const listener of listeners) listener();
  };
  process.stdout?.on('data', hear);
  process.stderr?.on('data', hear);
  const ended = new Promise<{ end: number | NodeJS.Signals | null; said: string }>((resolve) => {
    process.on('close', (code, signal) => {
      end = code ?? signal;
      hear('');
      resolve({ end, said });
    });
  });
  const heard = (pattern: RegExp): Promise<void> =>
    new Promise((resolve) => {
      const listen = (): void => {
        if (!pattern.test(said) && end === undefined) return;
        listeners.delete(listen);
        resolve();
      };
      listeners.add(listen);
      listen();
    });
  return { process, ended, said: heard };
}
