// Affinity rules: those of the entity, the strategy, the cloud and the host together, compared with the application entities on
// the host, those to come included. Clocker compared them with its containers, which have no such types and names, and only
// where the strategy was listed; here rules hold wherever they are given, and both ways: who is there has rules too, so that
// nobody comes whom they would flee. Of other applications only what they are is known, not their rules.

import { affinityConflict, affinityRefusal, printAffinityRule, satisfies, type AffinityRule } from '#core/placement/affinity.ts';
import type { HostLoad, Resident } from '#core/placement/load.ts';
import type { Want } from '#core/placement/request.ts';
import { filter, type Rule } from '#core/placement/rule.ts';

export function affinityFilter({ affinityRules, commonRules, identity, guest, cloud: own }: Want): readonly Rule[] {
  if (guest === undefined) return [];
  /** Those of the host, and of its cloud where that is not the want's own, whose rules are among the want's. */
  const hostRules = ({ observed, cloud }: HostLoad): readonly AffinityRule[] => {
    const ofHost = observed.affinityRules ?? [];
    const ofCloud = own === undefined ? (cloud?.placement.affinityRules ?? []) : [];
    return ofCloud.length === 0 ? ofHost : [...ofHost, ...ofCloud];
  };
  const rulesAt = (host: HostLoad): readonly AffinityRule[] => {
    const rules = hostRules(host);
    return rules.length === 0 ? affinityRules : [...affinityRules, ...rules];
  };
  /** Of those who are there, the first with a rule that the guest breaks. */
  const objector = (host: HostLoad, residents: readonly Resident[]): { readonly resident: Resident; readonly rule: AffinityRule } | undefined => {
    for (const resident of residents) {
      const refuses = (rule: AffinityRule): boolean => !satisfies(rule, resident, guest);
      const rule = resident.rules.find(refuses) ?? commonRules.find(refuses) ?? hostRules(host).find(refuses);
      if (rule) return { resident, rule };
    }
    return undefined;
  };
  // What was compared once need not be again as long as nothing leaves the host: only what came since is looked at.
  const seen: Seen[] = [];
  const refuses = (at: HostLoad): boolean => {
    const { index, residents, removals } = at;
    const before = seen[index];
    const isKnown = before !== undefined && before.removals === removals && before.compared > 0;
    if (isKnown && before.isRefused) return true;
    const since = isKnown ? residents.slice(before.compared) : residents;
    const isRefused = affinityConflict(rulesAt(at), identity, since, residents.length === 0) !== undefined || objector(at, since) !== undefined;
    seen[index] = { removals, compared: residents.length, isRefused };
    return isRefused;
  };
  const why = (at: HostLoad): string => {
    const own = affinityRefusal(rulesAt(at), identity, at.residents);
    const other = own === undefined ? objector(at, at.residents) : undefined;
    return own ?? (other ? `has ${other.resident.name} on it, whose rule ${printAffinityRule(other.rule)} refuses what comes` : '');
  };
  return [filter(refuses, why)];
}

interface Seen {
  readonly removals: number;
  readonly compared: number;
  readonly isRefused: boolean;
}
