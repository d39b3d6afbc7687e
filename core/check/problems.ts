// A text understood whole: the application it describes, and everything that stands in the way of deploying it.

import type { Application } from '#core/blueprint/application.ts';
import { read, type Reading } from '#core/blueprint/read.ts';
import type { Catalog } from '#core/catalog/catalog.ts';
import { check } from '#core/check/check.ts';
import { resolve } from '#core/resolve/resolve.ts';
import type { Diagnostic } from '#core/text/diagnostic.ts';
import { contains } from '#core/text/span.ts';

export interface Understood {
  /** Absent where the text describes none; with an error among the diagnostics it is not to be deployed. */
  readonly application: Application | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

export function understand(text: string, catalog: Catalog): Understood {
  const reading = read(text);
  return { application: resolve(reading, catalog).application, diagnostics: problemsOf(reading, catalog) };
}

/** What `check` finds and what only resolving finds, each place once, in the order of the places. */
export function problemsOf(reading: Reading, catalog: Catalog): readonly Diagnostic[] {
  const checked = check(reading, catalog);
  const isSaid = ({ code, span: place }: Diagnostic): boolean => checked.some((other) => other.code === code && contains(place, other.span));
  return [...checked, ...resolve(reading, catalog).diagnostics.filter((diagnostic) => !isSaid(diagnostic))].toSorted((a, b) => a.span.start - b.span.start);
}
