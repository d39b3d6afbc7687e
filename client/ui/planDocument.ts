// Plans as read-only documents: `clocker-plan:/shop.diff?...`. A plan is a text of what would be done, shown before it is.

import { EventEmitter, type TextDocumentContentProvider, Uri, ViewColumn, window, workspace, type Disposable } from 'vscode';

export const planScheme = 'clocker-plan';

export class PlanDocuments implements TextDocumentContentProvider, Disposable {
  readonly #texts = new Map<string, string>();
  readonly #changed = new EventEmitter<Uri>();
  readonly #registration = workspace.registerTextDocumentContentProvider(planScheme, this);

  readonly onDidChange = this.#changed.event;

  provideTextDocumentContent(uri: Uri): string {
    return this.#texts.get(uri.toString()) ?? '';
  }

  /** Shows a plan beside the editor, where there is one; a second plan of the same application takes the place of the first. `source` is the blueprint's address. */
  async show(application: string, text: string, source: Uri | undefined, name = `Plan of ${application}.diff`): Promise<void> {
    const uri = Uri.from({ scheme: planScheme, path: `/${name}`, query: source?.toString() ?? '' });
    this.#texts.set(uri.toString(), text);
    this.#changed.fire(uri);
    const document = await workspace.openTextDocument(uri);
    await window.showTextDocument(document, { preview: true, viewColumn: window.activeTextEditor === undefined ? ViewColumn.Active : ViewColumn.Beside, preserveFocus: true });
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}

/** The blueprint that a plan document was made of. */
export function sourceOf(plan: Uri): Uri | undefined {
  return plan.scheme === planScheme && plan.query !== '' ? Uri.parse(plan.query) : undefined;
}
