// How diagnostics are offered to an editor that asks for them: again whenever the setting about files that are not open changes,
// where the editor can be told later.

import { type Connection, type DiagnosticOptions, type Disposable, DocumentDiagnosticRequest } from 'vscode-languageserver/node';

import type { Settings } from './settings.ts';

/** What is wrong with one document depends on the catalogs beside it. */
export function diagnosticOptions({ workspaceDiagnostics }: Settings): DiagnosticOptions {
  return { identifier: 'clocker', interFileDependencies: true, workspaceDiagnostics };
}

export class DiagnosticsOffer {
  readonly #connection: Connection;
  #isWide: boolean | undefined;
  #made: Promise<Disposable> | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async make(settings: Settings): Promise<void> {
    if (this.#isWide === settings.workspaceDiagnostics) return;
    this.#isWide = settings.workspaceDiagnostics;
    const before = this.#made;
    this.#made = this.#connection.client.register(DocumentDiagnosticRequest.type, { documentSelector: [{ language: 'blueprint' }, { language: 'yaml' }], ...diagnosticOptions(settings) });
    (await before)?.dispose();
    await this.#made;
  }
}
