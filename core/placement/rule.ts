// What strategies are made of. Each gives rules: filters that refuse hosts, orders that say which is better, and ways to take
// one of equals. The plain ranking and the fast index both read them, so that a strategy is written once.

import type { HostLoad } from '#core/placement/load.ts';

export type Rule = Filter | Order | Tie;

/** Refuses hosts. What it says of a host changes only when what is on that host does. */
export interface Filter {
  readonly kind: 'filter';
  readonly refuses: (host: HostLoad) => boolean;
  /** Why, as a claim about the host: `has 8 containers, of at most 8`. Asked only of hosts that are refused. */
  readonly why: (host: HostLoad) => string;
  /** Whether a container that is there already must go, where that is another question; `'never'` where it may stay. */
  readonly refusesToKeep?: ((host: HostLoad) => boolean) | 'never';
  /** Not asked while other members bind the container's group to their hosts. */
  readonly isForUnbound?: true;
  /** Nothing can be done there at all: a container that is there is refused rather than moved. */
  readonly isHard?: true;
}

/** The host with the smaller key is better. Of several orders the last counts first, as if each had sorted anew what those before it sorted. */
export interface Order {
  readonly kind: 'order';
  /** Never NaN. What the container's group is matters only to orders with parts. */
  readonly key: (host: HostLoad, group: string) => number;
  /** What there is to say of the host: `3 containers`. */
  readonly shows: (host: HostLoad, group: string) => string;
  /** What is true of the best host: `has the fewest containers`. */
  readonly best: string;
  /** Hosts of one part always have the same key, which may change for all of them at once. */
  readonly part?: (host: HostLoad) => string;
}

/** Orders all hosts without equals, so that orders before it have nothing to say. */
export interface Tie {
  readonly kind: 'tie';
  readonly how: 'in turn' | 'random';
  /** For what is random, where it has one of its own. */
  readonly seed?: number;
  readonly best: string;
}

export function filter(refuses: Filter['refuses'], why: Filter['why'], more: Pick<Filter, 'refusesToKeep' | 'isForUnbound' | 'isHard'> = {}): Filter {
  return { kind: 'filter', refuses, why, ...more };
}
