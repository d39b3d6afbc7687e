// What a blueprint may ask of placement, as plain data: strategies, and what an entity or a cloud wants besides. Made by
// core/resolve and by who knows the cloud; core/placement/chain.ts says what each means.

import type { AffinityRule } from '#core/placement/affinity.ts';

export type Strategy =
  /** Fills one host after the other. `maxContainers` stands in clouds written before there was a strategy for that. */
  | { readonly kind: 'depth-first'; readonly maxContainers?: number }
  /** Takes the hosts in turn. */
  | { readonly kind: 'breadth-first'; readonly maxContainers?: number }
  | { readonly kind: 'least-containers' }
  | { readonly kind: 'lowest-cpu' }
  /** `seed` is a whole number: another one, another choice. */
  | { readonly kind: 'random'; readonly seed?: number }
  | { readonly kind: 'max-containers'; readonly maxContainers: number }
  /** `maxCpu` is a share of all processors, 0 to 1. */
  | { readonly kind: 'max-cpu'; readonly maxCpu: number }
  | { readonly kind: 'provisioning-flags'; readonly minCores?: number; readonly minMemoryBytes?: number }
  /** Rules that hold besides those of the entity, the host and the cloud. */
  | { readonly kind: 'affinity-rules'; readonly rules: readonly AffinityRule[] }
  | { readonly kind: 'group'; readonly isExclusive: boolean }
  /** Each is the name of a label, or `name=value`. */
  | { readonly kind: 'labels'; readonly labels: readonly string[] }
  /** A regular expression, as Java has them, for the whole name. */
  | { readonly kind: 'hostname'; readonly pattern: string }
  | Geography;

/** Every part is optional; together they hold all. Hosts say where they are by the labels `region`, `zone`, `latitude`, `longitude`. */
export interface Geography {
  readonly kind: 'geography';
  readonly regions?: readonly string[];
  readonly zones?: readonly string[];
  /** Near hosts are preferred: near a point, or near the host of this name. */
  readonly near?: Point | string;
  /** Hosts farther than this from `near` are refused. */
  readonly withinKm?: number;
  /** A label (`region`, `zone` ...): of its values the one with the fewest members of the same group is preferred. */
  readonly spreadOver?: string;
}

/** Degrees: latitude -90 to 90, north positive; longitude -180 to 180, east positive. */
export interface Point {
  readonly latitude: number;
  readonly longitude: number;
}

/** What one entity asks for. */
export interface EntityPlacement {
  /** Applied after those of the cloud. */
  readonly strategies: readonly Strategy[];
  readonly affinityRules: readonly AffinityRule[];
  /** From `provisioning.properties`: what its host must have, asked by the strategy `provisioning-flags` and of new hosts. */
  readonly minCores?: number;
  readonly minMemoryBytes?: number;
}

/** What a cloud asks for, for everything placed on it. */
export interface CloudPlacement {
  /** Applied before those of the entity. */
  readonly strategies: readonly Strategy[];
  readonly affinityRules: readonly AffinityRule[];
  /** Hold with or without a strategy that asks for them, and override what strategies say. */
  readonly maxContainers?: number;
  readonly maxCpu?: number;
}

export const nothingAsked: CloudPlacement & EntityPlacement = { strategies: [], affinityRules: [] };

/** The most containers that an entity's strategies let its host have. */
export function mostOf(strategies: readonly Strategy[]): number {
  return Math.min(Number.POSITIVE_INFINITY, ...strategies.flatMap((strategy) => ('maxContainers' in strategy && strategy.maxContainers !== undefined ? [strategy.maxContainers] : [])));
}
