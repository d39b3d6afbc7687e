// Quorums: how many members of a group must be up. A name, a number, or points of a line.

import { yamlIn } from '#core/coerce/jsonish.ts';
import { wholeOf } from '#core/coerce/numbers.ts';
import { accepted, describe, isList, refused, type Outcome, type Quorum, type Value } from '#core/coerce/value.ts';

const named: readonly Quorum[] = [
  { kind: 'quorum', name: 'all', minSize: 0, minRatio: 1, allowEmpty: false },
  { kind: 'quorum', name: 'allAndAtLeastOne', minSize: 1, minRatio: 1, allowEmpty: false },
  { kind: 'quorum', name: 'atLeastOne', minSize: 1, minRatio: 0, allowEmpty: false },
  { kind: 'quorum', name: 'atLeastOneUnlessEmpty', minSize: 1, minRatio: 0, allowEmpty: true },
  { kind: 'quorum', name: 'alwaysHealthy', minSize: 0, minRatio: 0, allowEmpty: true },
];

export const quorumNames: readonly string[] = named.flatMap((quorum) => (quorum.kind === 'quorum' && quorum.name !== undefined ? [quorum.name] : []));

export function coerceQuorum(value: Value): Outcome<Quorum> {
  if (typeof value === 'string') {
    const known = named.find((quorum) => quorum.kind === 'quorum' && quorum.name === value);
    return known ? accepted(known) : fromData(yamlIn(value) ?? null, value);
  }
  return fromData(value, value);
}

/** True when `healthy` of `total` members are enough. */
export function isQuorate(quorum: Quorum, healthy: number, total: number): boolean {
  if (quorum.kind === 'quorum') {
    return (quorum.allowEmpty && total === 0) || (healthy >= quorum.minSize && healthy >= total * quorum.minRatio - 1e-9);
  }
  const above = quorum.points.findIndex((point, index) => index > 0 && point.size > total);
  const next = above < 0 ? quorum.points.length - 1 : above;
  const upper = quorum.points[next] ?? { size: 0, required: 0 };
  const lower = quorum.points[next - 1] ?? upper;
  return healthy > ((total - lower.size) / (upper.size - lower.size)) * (upper.required - lower.required) + lower.required - 1e-9;
}

function fromData(data: Value, written: Value): Outcome<Quorum> {
  const count = wholeOf(data);
  if (count !== undefined && BigInt.asIntN(32, count) === count) return accepted({ kind: 'quorum', minSize: Number(count), minRatio: 0, allowEmpty: count > 0n });
  if (!isList(data)) return refused(`${describe(written)} is not a quorum; write one of ${quorumNames.join(', ')}, a number of members, or points such as [[0,0],[1,1]].`);
  const points = data.map(pointOf);
  if (points.length < 2) return refused('A quorum given by points needs at least two, for example [[0,0],[1,1]].');
  const good = points.filter((point) => point !== undefined);
  return good.length === points.length ? accepted({ kind: 'quorumLine', points: good }) : refused('Each point of a quorum is a pair of whole numbers, for example [3,2].');
}

function pointOf(point: Value): { size: number; required: number } | undefined {
  if (!isList(point) || point.length !== 2) return undefined;
  const [size, required] = point;
  return typeof size === 'number' && typeof required === 'number' && Number.isInteger(size) && Number.isInteger(required) ? { size, required } : undefined;
}
