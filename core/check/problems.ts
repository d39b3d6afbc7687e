// Everything that stands in the way of deploying a blueprint: what `check` finds, and what only resolving finds.

import type { Reading } from '#core/blueprint/read.ts';
import type { Catalog } from '#core/catalog/catalog.ts';
import { check } from '#core/check/check.ts';
import { resolve } from '#core/resolve/resolve.ts';
import type { Diagnostic } from '#core/text/diagnostic.ts';
import { contains } from '#core/text/span.ts';

/** Each place once; in the order of the places. Without an error here the blueprint can be planned. */
export function problemsOf(reading: Reading, catalog: Catalog): readonly Diagnostic[] {
  const checked = check(reading, catalog);
  const isSaid = ({ code, span: place }: Diagnostic): boolean => checked.some((other) => other.code === code && contains(place, other.span));
  return [...checked, ...resolve(reading, catalog).diagnostics.filter((diagnostic) => !isSaid(diagnostic))].toSorted((a, b) => a.span.start - b.span.start);
}
