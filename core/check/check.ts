// Everything that can be said about a blueprint before anything runs: the reading's own diagnostics and those of every check.
// A check is a function to diagnostics; each has a file of its own beside this one. checker.ts knows which runs when.

import type { Reading } from '#core/blueprint/read.ts';
import type { Catalog } from '#core/catalog/catalog.ts';
import { Checker } from '#core/check/checker.ts';
import type { Diagnostic } from '#core/text/diagnostic.ts';

/** All diagnostics of a text, in the order of their places. */
export function check(reading: Reading, catalog: Catalog): readonly Diagnostic[] {
  return new Checker(catalog).check(reading);
}
