// Where an entity is to go: the names that its location, or that of the nearest entity above it, asks for.

import { valueOf } from '#core/coerce/value.ts';
import { parseLocation, placeNames } from '#core/location/location.ts';
import type { Draft } from '#core/resolve/draft.ts';

/** Names of hosts and clouds, in the order written; empty means anywhere. */
export function locationsOf(entity: Draft): readonly string[] {
  for (let current: Draft | undefined = entity; current; current = current.parent) {
    const names = current.spec.locations.flatMap((node) => {
      const { location } = parseLocation(valueOf(node));
      return location ? placeNames(location) : [];
    });
    if (names.length > 0) return names;
  }
  return [];
}
