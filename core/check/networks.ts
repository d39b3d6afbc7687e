// Networks that entities want (`network.list`) against those that are declared: a VirtualNetwork's `network.id` anywhere in
// the text. A blueprint without any declaration may rely on networks of its cloud, so then nothing is certain and only a hint is given.

import { textAt, type Located } from '#core/blueprint/tree.ts';
import type { EntitySpec } from '#core/blueprint/spec.ts';
import type { YamlNode } from '#core/blueprint/yaml.ts';
import type { CheckContext, Placed } from '#core/check/context.ts';
import { report } from '#core/diagnostics/rule.ts';
import { undeclaredNetwork } from '#core/diagnostics/undeclaredNetwork.ts';
import { holdsExpression } from '#core/dsl/read.ts';
import { nearest } from '#core/text/nearest.ts';
import type { Diagnostic } from '#core/text/diagnostic.ts';

export function checkNetworks({ entities }: CheckContext): readonly Diagnostic[] {
  const declared = new Set(entities.flatMap((placed) => networkDeclared(placed)?.value ?? []));
  return entities
    .flatMap(networksWanted)
    .filter(({ value }) => !declared.has(value))
    .map(({ value, span }) => {
      const near = nearest(value, declared);
      return report(undeclaredNetwork, span, `no network ${value} is declared here${near === undefined ? '; declare it as a virtual-network with this networkId, or make sure that the cloud has it' : `; did you mean ${near}?`}`, {
        fixes: near === undefined ? [] : [{ title: `Change to ${near}`, edits: [{ span, newText: near }] }],
      });
    });
}

type Typed = Pick<Placed, 'spec' | 'found'>;

/** The id of the network that an entity is: the entity's own where no other is given. */
export function networkDeclared(entity: Typed): Located<string> | undefined {
  if (!isNetwork(entity)) return undefined;
  const given = valueOfKey(entity, 'network.id', 'networkId');
  return given ? namesIn(given)[0] : entity.spec.id;
}

/** The ids of the networks that an entity wants to join. */
export function networksWanted({ spec }: Pick<Typed, 'spec'>): readonly Located<string>[] {
  const known = wanted.get(spec) ?? namesIn(valueOfKey({ spec }, 'network.list', 'networks', 'networkList'));
  wanted.set(spec, known);
  return known;
}

/** Asked of every entity after every edit. */
const wanted = new WeakMap<EntitySpec, readonly Located<string>[]>();

function isNetwork({ spec, found }: Typed): boolean {
  return /virtual-?network/i.test(found?.type.id ?? spec.type?.value ?? '');
}

function valueOfKey({ spec }: Pick<Typed, 'spec'>, ...keys: readonly string[]): YamlNode | undefined {
  return spec.config.findLast(({ key }) => keys.includes(key))?.value;
}

function namesIn(node: YamlNode | undefined): readonly Located<string>[] {
  if (!node || holdsExpression(node)) return [];
  const items = node.kind === 'list' ? node.items : [node];
  return items.flatMap((item) => textAt(item) ?? []);
}
