// Files in a container that follow what others do, and the command that makes its program read them again: the configuration of
// a load balancer, with the members of its pool. They are no part of what the container is: they change while it runs.

import type { Follow } from '#core/lifecycle/lifecycle.ts';
import { canonical } from '#core/text/canonical.ts';
import { sha256 } from '#core/text/sha256.ts';
import { ourDir } from '#core/lifecycle/scripts.ts';

/** Says what the files in a container were made from: see `followState`. */
export const followFile = `${ourDir}/follows`;

/** `addressOf` gives the present address of a member: programs may keep it, so that another one is a change. Absent members have none. */
export function followState({ files, members }: Follow, addressOf: (member: string) => string | undefined): string {
  return canonical({ files: sha256(canonical(files)), members: Object.fromEntries(members.map((member) => [member, addressOf(member) ?? ''])) });
}

/** What differs, as short claims; nothing for equal states. */
export function followReasons(before: string, after: string): readonly string[] {
  if (before === after) return [];
  const [one, other] = [membersIn(before), membersIn(after)];
  const reasons = [
    ...Object.keys(other).flatMap((member) => (one[member] === undefined ? [`${member} is added`] : one[member] === other[member] ? [] : [`${member} has another address`])),
    ...Object.keys(one).flatMap((member) => (other[member] === undefined ? [`${member} is removed`] : [])),
  ];
  return reasons.length > 0 ? reasons : ['its configuration changes'];
}

function membersIn(state: string): Readonly<Record<string, string>> {
  try {
    const read: unknown = JSON.parse(state);
    const members: unknown = typeof read === 'object' && read !== null ? Reflect.get(read, 'members') : undefined;
    return typeof members === 'object' && members !== null ? Object.fromEntries(Object.entries(members).map(([member, address]) => [member, String(address)])) : {};
  } catch {
    return {};
  }
}
