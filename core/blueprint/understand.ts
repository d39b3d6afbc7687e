// A blueprint's text, understood whole: read, checked against the built-in types, made into an application that can be planned.
// For whoever deploys; the language server takes the same steps one by one, with the catalogs of its workspace.

import type { Application } from '#core/blueprint/application.ts';
import { read } from '#core/blueprint/read.ts';
import { type BuiltIn, Catalog } from '#core/catalog/catalog.ts';
import { check } from '#core/check/check.ts';
import { resolve } from '#core/resolve/resolve.ts';
import type { Diagnostic } from '#core/text/diagnostic.ts';
import builtIn from '../../schemas/catalog.json' with { type: 'json' };

export interface Understood {
  /** Absent where there is nothing to deploy; with errors, as much as could be understood. */
  readonly application: Application | undefined;
  /** In the order of their places; an error among them means: not to be deployed as it is. */
  readonly diagnostics: readonly Diagnostic[];
}

// Made by `npm run generate` from values of this very type; JSON has no closed unions.
const catalog = new Catalog(builtIn as BuiltIn);

export function understand(text: string): Understood {
  const reading = read(text);
  const { application, diagnostics } = resolve(reading, catalog);
  return { application, diagnostics: [...check(reading, catalog), ...diagnostics].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end) };
}
