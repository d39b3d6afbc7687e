// The item in the status bar: how many hosts are up, or how far a deployment is. A click offers the quick actions.

import { type Disposable, StatusBarAlignment, window } from 'vscode';
import { type Running, statusOf } from '#core/view/status.ts';
import type { Connection } from './connection.ts';

export class StatusBar implements Disposable {
  readonly #item = window.createStatusBarItem('clocker.status', StatusBarAlignment.Left, 10);
  readonly #connection: Connection;
  readonly #subscription: Disposable;
  #running: Running | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#item.name = 'Clocker';
    this.#item.command = 'clocker.quickActions';
    this.#subscription = connection.onChange(() => this.#draw());
    this.#draw();
    this.#item.show();
  }

  /** What is under way now, or nothing any more. */
  show(running: Running | undefined): void {
    this.#running = running;
    this.#draw();
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#item.dispose();
  }

  #draw(): void {
    const status = statusOf(this.#connection.observed, this.#running);
    this.#item.text = status.text;
    this.#item.tooltip = status.tooltip;
    this.#item.accessibilityInformation = { label: status.accessibilityLabel };
  }
}
