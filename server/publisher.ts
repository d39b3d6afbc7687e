// When diagnostics are sent, to editors that do not ask for them; to the others, when they are told to ask again.

import type { Connection } from 'vscode-languageserver/node';

import { diagnosticsOf } from './features/diagnostics.ts';
import type { Guard } from './guard.ts';
import type { Workspace } from './workspace.ts';

export interface PublisherEvents {
  /** A document has turned out to be a blueprint; told again and again. */
  readonly onShown: (uri: string) => void;
  /** Documents may read differently now that have not changed themselves. */
  readonly onRenewed: () => void;
}

/** Works as soon as nothing more is waiting to be read: a burst of changes is checked once, without any delay. */
export class Publisher {
  readonly #connection: Connection;
  readonly #workspace: Workspace;
  readonly #guard: Guard;
  readonly #events: PublisherEvents;
  /** Documents that have changed, and whether all count as such. */
  readonly #pending = new Set<string>();
  #isForAll = false;
  /** Documents that show diagnostics of ours. */
  readonly #shown = new Set<string>();
  #turn: NodeJS.Immediate | undefined;
  /** The editor asks for diagnostics itself: none are sent. */
  isAsked = false;

  constructor(connection: Connection, workspace: Workspace, guard: Guard, events: PublisherEvents) {
    this.#connection = connection;
    this.#workspace = workspace;
    this.#guard = guard;
    this.#events = events;
  }

  /** After a document changed. */
  changed(uri: string): void {
    this.#pending.add(uri);
    this.#schedule();
  }

  /** After the types or the settings changed: every document may read differently. */
  renewed(): void {
    this.#isForAll = true;
    this.#schedule();
  }

  #schedule(): void {
    // The connection takes one message in each turn of the event loop. Two turns later a message that was already there has been taken, and has come here.
    if (this.#turn) clearImmediate(this.#turn);
    this.#turn = setImmediate(() => {
      this.#turn = setImmediate(() => this.#send());
    });
  }

  #send(): void {
    this.#turn = undefined;
    this.#guard.run('read', () => {
      if (this.#workspace.settle()) this.#isForAll = true;
    });
    const uris = new Set([...this.#pending, ...(this.#isForAll ? this.#workspace.openUris : [])]);
    this.#pending.clear();
    if (this.#isForAll) this.#events.onRenewed();
    this.#isForAll = false;
    for (const uri of uris) this.#guard.run('diagnostics', () => this.#sendFor(uri));
  }

  #sendFor(uri: string): void {
    const document = this.#workspace.view(uri);
    if (document) this.#events.onShown(uri);
    if (this.isAsked) return;
    if (document) {
      this.#shown.add(uri);
      void this.#connection.sendDiagnostics({ uri, version: document.version, diagnostics: diagnosticsOf(document) });
    } else if (this.#shown.delete(uri)) {
      void this.#connection.sendDiagnostics({ uri, diagnostics: [] });
    }
  }
}
