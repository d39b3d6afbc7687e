// For which documents formatting is offered. Not for all YAML, as everything else is: an editor asks a person to choose between
// formatters, also where one of them would do nothing. So it is registered for blueprints by language, and one by one for the
// YAML files that are blueprints by content or by a setting.

/** As the protocol has it: all that is given must fit. */
export interface Filter {
  readonly language: string;
  readonly scheme?: string;
  readonly pattern?: string;
}

export class FormattingOffers {
  /** Open documents that may be offered yet, with their languages. */
  readonly #languages = new Map<string, string>();
  readonly #offered = new Set<string>();
  readonly #register: (selector: readonly Filter[]) => void;

  constructor(register: (selector: readonly Filter[]) => void) {
    this.#register = register;
  }

  /** Once, when the editor is ready. */
  begin(): void {
    this.#register([{ language: 'blueprint' }]);
  }

  opened(uri: string, languageId: string): void {
    if (languageId !== 'blueprint' && !this.#offered.has(uri)) this.#languages.set(uri, languageId);
  }

  closed(uri: string): void {
    this.#languages.delete(uri);
  }

  /** An open document has turned out to be a blueprint; each is registered once. */
  isBlueprint(uri: string): void {
    const language = this.#languages.get(uri);
    const filter = language === undefined ? undefined : filterOf(uri, language);
    if (!filter) return;
    this.#languages.delete(uri);
    this.#offered.add(uri);
    this.#register([filter]);
  }
}

/** The filter that takes this document and no other; nothing for what is no URI. */
export function filterOf(uri: string, language: string): Filter | undefined {
  const match = /^([a-z][\w+.-]*):(?:\/\/[^/]*)?([^?#]*)/i.exec(uri);
  if (!match) return undefined;
  const [, scheme = '', path = ''] = match;
  try {
    // Windows paths begin with their drive.
    const plain = decodeURIComponent(path).replace(/^\/(?=[a-z]:)/i, '');
    return { language, scheme, pattern: plain.replaceAll(/[*?[\]{}]/g, '?') };
  } catch {
    return undefined;
  }
}
