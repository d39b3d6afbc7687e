// Blocks of addresses of the networks that a text declares, and the addresses that its entities want in them; and the blocks against
// what hosts use, as far as somebody told that. On which hosts a network comes to be is not known here: the plan looks at that.

import { keyText, textAt, type Located } from '#core/blueprint/tree.ts';
import type { YamlNode } from '#core/blueprint/yaml.ts';
import type { CheckContext, Placed } from '#core/check/context.ts';
import { networkDeclared } from '#core/check/networks.ts';
import { overlappingSubnets } from '#core/diagnostics/overlappingSubnets.ts';
import { report } from '#core/diagnostics/rule.ts';
import { wrongAddress } from '#core/diagnostics/wrongAddress.ts';
import { holdsExpression } from '#core/dsl/read.ts';
import { includes, overlap, printAddress, printBlock, readAddress, readBlock, type Block } from '#core/sdn/address.ts';
import { AddressSpace, longestPrefix, nextSubnet, subnetOf, usualPool } from '#core/sdn/subnet.ts';
import type { BlockInUse } from '#core/sdn/inUse.ts';
import type { Diagnostic, Severity } from '#core/text/diagnostic.ts';
import type { Span } from '#core/text/span.ts';

interface Declared {
  readonly id: string;
  readonly block: Block;
  readonly span: Span;
  readonly space: AddressSpace;
}

export function checkSubnets({ entities }: CheckContext): readonly Diagnostic[] {
  const declared = entities.flatMap(declaredIn);
  return [...overlaps(declared), ...addresses(entities, declared)];
}

/** Blocks that hosts use already. A macvlan is on what they use; a network of the same id is the network itself. */
export function checkBlocksInUse({ entities }: Pick<CheckContext, 'entities'>, inUse: readonly BlockInUse[]): readonly Diagnostic[] {
  const declared = entities.filter((entity) => !isOutside(entity)).flatMap(declaredIn);
  const used = inUse.flatMap((one) => {
    const block = readBlock(one.block);
    return block ? [{ ...one, block, text: one.block }] : [];
  });
  const taken = [...declared, ...used].map(({ block }) => block);
  return declared.flatMap(({ id, block, span }) => {
    const other = used.find((one) => one.network !== id && overlap(one.block, block));
    return other ? [overlapping(block, `${other.text}, ${other.what}`, span, taken, 'warning')] : [];
  });
}

/** The addresses that an entity wants, by network; the network of its application has none. */
export function addressesWanted({ spec }: Pick<Placed, 'spec'>): readonly { readonly network?: string; readonly address: Located<string> }[] {
  const node = spec.config.findLast(({ key }) => key === 'network.address' || key === 'networkAddress')?.value;
  if (node === undefined || holdsExpression(node)) return [];
  if (node.kind !== 'map') return located(node).map((address) => ({ address }));
  return node.entries.flatMap((entry) => {
    const network = keyText(entry);
    return network === undefined || !entry.value ? [] : located(entry.value).map((address) => ({ network, address }));
  });
}

function overlaps(declared: readonly Declared[]): readonly Diagnostic[] {
  const taken: Block[] = declared.map(({ block }) => block);
  return declared.flatMap(({ id, block, span }, index) => {
    const other = declared.slice(0, index).find((one) => one.id !== id && overlap(one.block, block));
    if (!other) return [];
    return [overlapping(block, `${printBlock(other.block)}, the block of network ${other.id}`, span, taken)];
  });
}

/** `taken` gets the block that is proposed. */
function overlapping(block: Block, what: string, span: Span, taken: Block[], severity?: Severity): Diagnostic {
  const free = nextSubnet({ block: usualPool.block, prefix: Math.max(block.prefix, usualPool.block.prefix) }, taken);
  if (free) taken.push(free);
  const text = free && printBlock(free);
  return report(overlappingSubnets, span, `${printBlock(block)} overlaps ${what}${text === undefined ? '' : `; the next free subnet is ${text}`}`, {
    ...(severity && { severity }),
    fixes: text === undefined ? [] : [{ title: `Use the next free subnet, ${text}`, edits: [{ span, newText: text }] }],
  });
}

function isOutside(entity: Placed): boolean {
  return settingOf(entity, 'parent') !== undefined || located(settingOf(entity, 'driver')).some(({ value }) => value === 'macvlan');
}

function addresses(entities: readonly Placed[], declared: readonly Declared[]): readonly Diagnostic[] {
  const wanted = entities.flatMap((entity) => addressesWanted(entity).flatMap(({ network, address }) => {
    const value = readAddress(address.value);
    return value === undefined ? [] : [{ network, span: address.span, value }];
  }));
  const wrong = wanted.flatMap((one, index): readonly { readonly one: typeof one; readonly where: Declared | undefined; readonly why: string }[] => {
    const where = declared.find(({ id }) => id === one.network);
    const isTwice = wanted.slice(0, index).some(({ network, value }) => network === one.network && value === one.value);
    const why = isTwice ? `is the address of another entity on ${one.network === undefined ? 'the network of the application' : `network ${one.network}`}` : where && reasonAgainst(one.value, where);
    return why === undefined ? [] : [{ one, where, why }];
  });
  const right = wanted.filter((one) => !wrong.some((other) => other.one === one));
  for (const { network, value } of right) declared.find(({ id }) => id === network)?.space.take(value);
  return wrong.map(({ one: { span, value }, where, why }) => {
    const free = where?.space.allocate();
    const text = free === undefined ? undefined : printAddress(free);
    return report(wrongAddress, span, `${printAddress(value)} ${why}`, { fixes: text === undefined ? [] : [{ title: `Use the next free address, ${text}`, edits: [{ span, newText: text }] }] });
  });
}

function reasonAgainst(address: number, { id, block, space }: Declared): string | undefined {
  if (!includes(block, address)) return `is not in ${printBlock(block)}, the block of network ${id}`;
  if (space.isReserved(address)) return `is kept out of network ${id} (network.reserved)`;
  return space.isFree(address) ? undefined : `is kept for something else in network ${id}: its ends and its gateway are nobody's, and the last quarter is for what joins by itself`;
}

function declaredIn(entity: Placed): readonly Declared[] {
  const network = networkDeclared(entity);
  const cidr = network && settingOf(entity, 'cidr');
  const [written] = cidr ? located(cidr) : [];
  const block = readBlock(written?.value ?? '');
  if (!network || !written || !block || block.prefix > longestPrefix || block.prefix < 8) return [];
  const [gateway] = located(settingOf(entity, 'gateway')).flatMap(({ value }) => readAddress(value) ?? []);
  const reserved = located(settingOf(entity, 'reserved')).map(({ value }) => value);
  return [{ id: network.value, block, span: written.span, space: new AddressSpace({ ...subnetOf(block, gateway), reserved }) }];
}

/** By its key, by its flag, or among the flags of the provider. */
function settingOf({ spec }: Placed, name: string): YamlNode | undefined {
  const own = spec.config.findLast(({ key }) => key === `network.${name}` || key === name)?.value;
  const flags = spec.config.findLast(({ key }) => key === 'network.flags' || key === 'flags')?.value;
  return own ?? (flags?.kind === 'map' ? flags.entries.find((entry) => keyText(entry) === name)?.value : undefined);
}

function located(node: YamlNode | undefined): readonly Located<string>[] {
  if (!node || holdsExpression(node)) return [];
  return (node.kind === 'list' ? node.items : [node]).flatMap((item) => textAt(item) ?? []);
}
