// Diagnostics for editors that ask for them: of one document, and of the workspace's files that are not open. The id of a report
// is made from what it says, so what has not changed is known without remembering what was sent.

import { createHash } from 'node:crypto';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { CancellationToken, Diagnostic, DocumentDiagnosticReport, WorkspaceDiagnosticReport, WorkspaceDocumentDiagnosticReport } from 'vscode-languageserver/node';

import { diagnosticsOf, type Diagnosed } from './features/diagnostics.ts';
import type { Workspace } from './workspace.ts';

/** As the editor has it: the id of the report last given for a document. */
export interface PreviousId {
  readonly uri: string;
  readonly value: string;
}

/** What is typed in a catalog changes files that nobody looks at: they are read when it has calmed. */
const calmMs = 300;

export class PulledDiagnostics {
  readonly #workspace: Workspace;
  /** Waiting for a change. */
  readonly #waiting = new Set<() => void>();
  /** Documents that were closed: an editor keeps what it showed of them until it hears about the file. */
  readonly #closed = new Set<string>();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  document(uri: string, previousId: string | undefined): DocumentDiagnosticReport {
    const items = this.#itemsOf(this.#workspace.view(uri) ?? this.#workspace.saved(uri));
    const resultId = idOf(items);
    return resultId === previousId ? { kind: 'unchanged', resultId } : { kind: 'full', resultId, items };
  }

  /**
   * Of every file that is not open. `report` takes what has changed as it is found; the answer is then empty, and waits until
   * there was something: the editor asks again right away. Without it the answer has every file.
   */
  async workspace(previous: readonly PreviousId[], token: CancellationToken, report: ((part: WorkspaceDiagnosticReport) => void) | undefined): Promise<WorkspaceDiagnosticReport> {
    const ids = new Map(previous.map(({ uri, value }) => [uri, value]));
    const items: WorkspaceDocumentDiagnosticReport[] = [];
    let hasReported = false;
    while (!token.isCancellationRequested) {
      for (const uri of new Set([...this.#workspace.closedUris, ...ids.keys(), ...this.#closed])) {
        // One file at a time, between whatever else is asked for.
        await setImmediate();
        if (token.isCancellationRequested) break;
        const item = this.#file(uri, ids.get(uri));
        if (!item) continue;
        if (!report) items.push(item);
        else if (item.kind === 'full') report({ items: [item] });
        hasReported ||= item.kind === 'full';
      }
      if (!report || hasReported) break;
      await this.#nextChange(token);
      await setTimeout(calmMs);
    }
    return { items };
  }

  /** Files may read differently now. */
  changed(): void {
    for (const go of this.#waiting) go();
  }

  closed(uri: string): void {
    this.#closed.add(uri);
    this.changed();
  }

  /** Nothing for a document that is open, which is asked for by itself. */
  #file(uri: string, previousId: string | undefined): WorkspaceDocumentDiagnosticReport | undefined {
    if (this.#workspace.isOpen(uri)) return undefined;
    const isNews = this.#closed.delete(uri);
    const items = this.#itemsOf(this.#workspace.settings.workspaceDiagnostics ? this.#workspace.saved(uri) : undefined);
    const resultId = idOf(items);
    return resultId === previousId && !isNews ? { kind: 'unchanged', uri, version: null, resultId } : { kind: 'full', uri, version: null, resultId, items };
  }

  #itemsOf(document: Diagnosed | undefined): Diagnostic[] {
    return document ? diagnosticsOf(document) : [];
  }

  #nextChange(token: CancellationToken): Promise<void> {
    return new Promise((resolve) => {
      const cancelled = token.onCancellationRequested(() => go());
      const go = (): void => {
        this.#waiting.delete(go);
        cancelled.dispose();
        resolve();
      };
      this.#waiting.add(go);
    });
  }
}

function idOf(items: readonly Diagnostic[]): string {
  return createHash('sha1').update(JSON.stringify(items)).digest('base64url');
}
