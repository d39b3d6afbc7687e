// An entity that is a network (`VirtualNetwork`, under any name it had) -> the network that it declares.

import { coerceBoolean, coerceInteger } from '#core/coerce/numbers.ts';
import { isList, isMap, type Outcome, type Value } from '#core/coerce/value.ts';
import type { Driver, NetworkSettings, DeclaredNetwork } from '#core/cluster/network.ts';
import type { ContainerWorld } from '#core/resolve/container.ts';
import { textOf, Values } from '#core/resolve/values.ts';
import type { Draft } from '#core/resolve/draft.ts';
import type { Config } from '#core/resolve/effective.ts';
import { includes, overlap, readAddress, readBlock, readRange, blockAround } from '#core/sdn/address.ts';
import { readBlock6 } from '#core/sdn/address6.ts';
import { longestPrefix } from '#core/sdn/subnet.ts';

/** Of `network.flags`, those that have keys of their own. */
const settingNames = ['size', 'gateway', 'reserved', 'internal', 'encrypted', 'ipv6', 'driver', 'parent'] as const;
type SettingName = (typeof settingNames)[number];

export function declaredNetworkOf(entity: Draft, config: Config, world: ContainerWorld): DeclaredNetwork {
  const values = new Values(config, world);
  const flags = values.find('network.flags');
  const given = flags && isMap(flags.value) ? new Map([...flags.value].map(([name, value]) => [textOf(name), value])) : new Map<string, Value>();
  const setting = <T>(name: SettingName, coerce: (value: Value) => Outcome<T>): T | undefined => {
    const key = `network.${name}`;
    const effective = config.get(key);
    const own = effective !== undefined && effective.from !== 'default' ? values.coerced(key, coerce) : undefined;
    const flag = given.get(name);
    if (own !== undefined || flag === undefined || flag === null || flags === undefined) return own;
    const outcome = coerce(flag);
    if (!outcome.ok) values.complain(flags.effective, `network.flags: ${name}: ${outcome.problem}`);
    return outcome.ok ? outcome.value : undefined;
  };
  const cidr = values.text('network.cidr');
  const block = cidr === undefined ? undefined : readBlock(cidr);
  const complain = (key: string, message: string): void => {
    const effective = config.get(key) ?? flags?.effective;
    if (effective) values.complain(effective, message);
  };
  if (cidr !== undefined && (block === undefined || block.prefix > longestPrefix || block.prefix < 8)) complain('network.cidr', `network.cidr: ${cidr} is no block for a network; its prefix is 8 to ${longestPrefix} long`);
  const driver = setting('driver', coerceDriver);
  const parent = setting('parent', coerceText);
  const gateway = setting('gateway', coerceGateway);
  const reserved = setting('reserved', coerceRanges);
  const size = setting('size', coerceSize);
  const [isInternal, isEncrypted, ipv6] = [setting('internal', coerceBoolean), setting('encrypted', coerceBoolean), setting('ipv6', coerceBlock6)];
  if (block === undefined && cidr === undefined && (gateway !== undefined || reserved !== undefined)) complain(gateway === undefined ? 'network.reserved' : 'network.gateway', 'network.gateway and network.reserved are places in a block; give the block, too (network.cidr)');
  if (block && gateway !== undefined && !includes(block, readAddress(gateway) ?? -1)) complain('network.gateway', `network.gateway: ${gateway} is not in ${cidr ?? ''}`);
  const outside = block && reserved?.find((text) => !meets(text, block));
  if (outside !== undefined) complain('network.reserved', `network.reserved: ${outside} is not in ${cidr ?? ''}`);
  if (driver === 'macvlan' && parent === undefined) complain('network.driver', 'network.driver: a macvlan is on a device of the hosts; say which (network.parent: eth0)');
  if (driver !== undefined && driver !== 'macvlan' && parent !== undefined) complain('network.parent', `network.parent: only a macvlan is on a device of the hosts; leave it out, or take network.driver: macvlan`);
  const options = Object.fromEntries([...given].filter(([name]) => !settingNames.some((known) => known === name)).map(([name, value]) => [name, textOf(value)]));
  const settings: NetworkSettings = {
    ...(cidr !== undefined && { cidr }),
    ...(size !== undefined && { size }),
    ...(gateway !== undefined && { gateway }),
    ...(reserved && reserved.length > 0 && { reserved }),
    ...(isInternal === true && { isInternal }),
    ...(isEncrypted === true && { isEncrypted }),
    ...(ipv6 !== undefined && { ipv6 }),
    ...(parent !== undefined && { parent }),
    ...(Object.keys(options).length > 0 && { options }),
  };
  return { id: values.text('network.id') ?? entity.spec.id?.value ?? entity.key, entity: entity.key, ...(driver && { driver }), settings };
}

function meets(text: string, block: { readonly base: number; readonly prefix: number }): boolean {
  const range = readRange(text);
  return range !== undefined && (includes(block, range.first) || includes(block, range.last) || overlap(block, blockAround(range.first, 32)));
}

const drivers: readonly Driver[] = ['overlay', 'bridge', 'macvlan'];

function coerceDriver(value: Value): Outcome<Driver> {
  const found = drivers.find((one) => one === textOf(value));
  return found ? { ok: true, notes: [], value: found } : { ok: false, problem: `"${textOf(value)}" is no provider of networks; take overlay, bridge or macvlan.` };
}

function coerceText(value: Value): Outcome<string> {
  return { ok: true, notes: [], value: textOf(value) };
}

function coerceGateway(value: Value): Outcome<string> {
  const text = textOf(value);
  return readAddress(text) === undefined ? { ok: false, problem: `"${text}" is not an address; write one like 10.1.0.1.` } : { ok: true, notes: [], value: text };
}

function coerceBlock6(value: Value): Outcome<string> {
  const text = textOf(value);
  return readBlock6(text) === undefined ? { ok: false, problem: `"${text}" is no block of IPv6 addresses; write one like fd00:1::/64.` } : { ok: true, notes: [], value: text };
}

function coerceSize(value: Value): Outcome<number> {
  const whole = coerceInteger(value, 'integer');
  if (!whole.ok) return whole;
  const size = Number(whole.value);
  return size >= 8 && size <= longestPrefix ? { ...whole, value: size } : { ok: false, problem: `the size of a network is the length of its prefix, from 8 to ${longestPrefix}, not ${size}.` };
}

function coerceRanges(value: Value): Outcome<readonly string[]> {
  const texts = (isList(value) ? value.map(textOf) : textOf(value).split(',')).map((text) => text.trim()).filter((text) => text !== '');
  const wrong = texts.find((text) => readRange(text) === undefined);
  return wrong === undefined ? { ok: true, notes: [], value: texts } : { ok: false, problem: `"${wrong}" is neither an address nor a block nor a range; write it like 10.1.0.5, 10.1.0.0/28 or 10.1.0.10-10.1.0.20.` };
}
