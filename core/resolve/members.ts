// Clusters as they are deployed: as many members as the initial size says, each made from the member's description (the first
// from its own where there is one), and the load balancer of a cluster that has one.

import { read } from '#core/blueprint/read.ts';
import type { EntitySpec } from '#core/blueprint/spec.ts';
import { parameterFor, type Catalog } from '#core/catalog/catalog.ts';
import type { PlainValue } from '#core/catalog/plain.ts';
import { evaluate } from '#core/dsl/evaluate.ts';
import { asData, type Value } from '#core/dsl/value.ts';
import { all, draft, type Draft, type MemberPlan } from '#core/resolve/draft.ts';
import { effectiveConfig, type Effective } from '#core/resolve/effective.ts';
import { scopeOf } from '#core/resolve/scope.ts';

const sizeKey = 'cluster.initial.size';
/** More is a slip of the finger. */
const mostMembers = 1000;

/** The tree of a plan with all members that its clusters begin with, or as many as `wanted` has for the key of a cluster. */
export function withMembers(root: EntitySpec, source: string, catalog: Catalog, wanted: ReadonlyMap<string, number> = new Map()): Draft {
  const described = draft(root, source, catalog);
  const clusters = all(described).filter(isCluster);
  if (clusters.length === 0) return described;
  const scope = scopeOf(described);
  // The same description gives the same size wherever it stands.
  const sizes = new Map(clusters.map((cluster) => [cluster.spec, wanted.get(cluster.key) ?? sizeOf(cluster)]));
  return draft(root, source, catalog, (entity) => (isCluster(entity) ? plansOf(entity, sizes.get(entity.spec) ?? sizeOf(entity)) : entity.spec.specs));

  function sizeOf(cluster: Draft): number {
    const effective = effectiveConfig(cluster).get(sizeKey);
    const outcome = effective && evaluate(effective.value, { self: scope(effective.at) });
    const size = Number(outcome?.state === 'value' ? asData(outcome.value) : 1);
    return Number.isInteger(size) && size >= 0 && size <= mostMembers ? size : 1;
  }
}

export function isCluster(entity: Draft): boolean {
  return hasAncestor(entity, 'dynamic-cluster');
}

/** The members of a cluster; its load balancer is none. */
export function membersOf(cluster: Draft): readonly Draft[] {
  return cluster.describedMembers.filter(({ ordinal }) => ordinal !== undefined);
}

/** How many members of a cluster must start, and whether those that fail are kept aside. */
export function startingRules(cluster: Draft, evaluated: (effective: Effective) => Value | undefined): { readonly quorum: number; readonly quarantines: boolean } {
  const value = (key: string): Value | undefined => {
    const effective = effectiveConfig(cluster).get(key);
    return effective && evaluated(effective);
  };
  const size = membersOf(cluster).length;
  const quorum = Number(value('cluster.initial.quorumSize') ?? -1);
  return { quorum: Number.isInteger(quorum) && quorum >= 0 ? Math.min(quorum, size) : size, quarantines: value('dynamiccluster.quarantineFailedEntities') !== false };
}

function plansOf(cluster: Draft, size: number): readonly MemberPlan[] {
  const member = planOf(cluster, 'dynamiccluster.memberspec');
  const first = planOf(cluster, 'dynamiccluster.firstmemberspec') ?? member;
  const controller = hasAncestor(cluster, 'controlled-web-app-cluster') ? planOf(cluster, 'controlleddynamicwebappcluster.controllerSpec') : undefined;
  const members = Array.from({ length: size }, (_, index) => index + 1).flatMap((ordinal) => {
    const plan = ordinal === 1 ? first : member;
    return plan ? [{ ...plan, ordinal }] : [];
  });
  return [...members, ...(controller ? [controller] : [])];
}

/** What describes an entity in a config key: the blueprint, else the type, else the key's default. */
function planOf(cluster: Draft, key: string): MemberPlan | undefined {
  const { members } = cluster;
  const means = (written: string): boolean => written === key || (members !== undefined && parameterFor(members, written)?.name === key);
  const own = cluster.spec.specs.findLast((spec) => means(spec.key));
  if (own) return { spec: own.spec };
  const ofType = members?.lineage.flatMap(({ config }) => Object.entries(config).flatMap(([written, value]) => (means(written) ? [value] : [])))[0];
  const value = ofType ?? members?.parameters.get(key)?.default;
  return value === undefined ? undefined : readPlan(value);
}

const plans = new Map<string, MemberPlan | undefined>();

function readPlan(value: PlainValue): MemberPlan | undefined {
  const described = typeof value === 'object' && value !== null && '$brooklyn:entitySpec' in value ? value['$brooklyn:entitySpec'] : undefined;
  const spec = Array.isArray(described) ? described[0] : described;
  if (typeof spec !== 'object' || spec === null) return undefined;
  const text = JSON.stringify({ services: [spec] });
  if (!plans.has(text)) {
    const found = read(text).plan?.children[0];
    plans.set(text, found && { spec: found, text });
  }
  return plans.get(text);
}

function hasAncestor({ members }: Draft, type: string): boolean {
  return members?.lineage.some(({ id }) => id === type) === true;
}
