// What people configure of a docker cloud's networks, in the words of its settings -> the keys that blueprints have for the same.

import { readBlock } from '#core/sdn/address.ts';
import { longestPrefix } from '#core/sdn/subnet.ts';
import type { Fields } from '#core/text/fields.ts';

/** The keys with a sentence each. */
export const networkKeys = {
  span: 'Whether networks span the hosts that the cloud makes in containers; yes if left out.',
  cidr: 'The block that networks take their addresses from, like 10.200.0.0/13.',
  size: 'The size of each network, as the length of its prefix; 24 leaves 190 addresses for containers.',
  encrypted: 'Whether what goes from host to host is encrypted; the kernels of the hosts must be able to (ESP).',
  ofApplications: 'Whether each application gets a network of its own; yes if left out.',
} as const;

/** Undefined where nothing is said. */
export function networksIn(reader: Fields): Readonly<Record<string, string>> | undefined {
  const inner = reader.inner('networks', 'a map, like {cidr: 10.200.0.0/13, size: 24}');
  if (inner === undefined) return undefined;
  inner.refuseUnknown(networkKeys, 'networks');
  const [span, encrypted, ofApplications] = [inner.flag('span'), inner.flag('encrypted'), inner.flag('ofApplications')];
  const cidr = inner.text('cidr');
  const size = inner.count('size');
  const block = cidr === undefined ? undefined : readBlock(cidr);
  if (cidr !== undefined && block === undefined) inner.problem('cidr', `"${cidr}" is no block of addresses; write one like 10.200.0.0/13`);
  if (size !== undefined && (size < 8 || size > longestPrefix)) inner.problem('size', `the size of a network is the length of its prefix, from 8 to ${longestPrefix}, not ${size}`);
  else if (size !== undefined && block !== undefined && size < block.prefix) inner.problem('size', `subnets of ${size} bits do not fit into ${cidr ?? ''}`);
  reader.adopt(inner);
  const given = { 'sdn.enable': span, 'sdn.network.cidr': cidr, 'sdn.network.size': size, 'sdn.network.encrypted': encrypted, 'sdn.applicationNetwork.create': ofApplications };
  return Object.fromEntries(Object.entries(given).flatMap(([key, value]): [string, string][] => (value === undefined ? [] : [[key, String(value)]])));
}
