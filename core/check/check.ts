// Everything that can be said about a blueprint before anything runs: the reading's own diagnostics and those of every check.
// A check is a function from the context to diagnostics; each has a file of its own beside this one.

import type { Reading } from '#core/blueprint/read.ts';
import type { Catalog } from '#core/catalog/catalog.ts';
import { checkCatalogItems } from '#core/check/catalogItems.ts';
import { checkConstraints } from '#core/check/constraints.ts';
import type { CheckContext } from '#core/check/context.ts';
import { contextOf } from '#core/check/context.ts';
import { checkExpressions } from '#core/check/expressions.ts';
import { checkIds } from '#core/check/ids.ts';
import { checkKeys } from '#core/check/keys.ts';
import { checkLocations } from '#core/check/locations.ts';
import { checkNetworks } from '#core/check/networks.ts';
import { checkPlacement } from '#core/check/placement.ts';
import { checkSurprises } from '#core/check/surprises.ts';
import { checkTypes } from '#core/check/types.ts';
import { checkValues } from '#core/check/values.ts';
import type { Diagnostic } from '#core/text/diagnostic.ts';

type Check = (context: CheckContext) => readonly Diagnostic[];

const checks: readonly Check[] = [checkTypes, checkKeys, checkValues, checkConstraints, checkExpressions, checkIds, checkLocations, checkNetworks, checkPlacement, checkSurprises, checkCatalogItems];

/** All diagnostics of a text, in the order of their places. */
export function check(reading: Reading, catalog: Catalog): readonly Diagnostic[] {
  const context = contextOf(reading, catalog);
  const all = [...reading.diagnostics, ...checks.flatMap((one) => one(context))].toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  // A value inside a member's description belongs to the member and to the group's config; what is wrong with it is said once.
  return all.filter((diagnostic, index) => !all.slice(Math.max(0, index - 8), index).some((before) => isSame(before, diagnostic)));
}

function isSame(one: Diagnostic, other: Diagnostic): boolean {
  return one.code === other.code && one.span.start === other.span.start && one.span.end === other.span.end && one.message === other.message;
}
