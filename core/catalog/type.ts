// What is known of a type: an item of a catalog as plain data, whether built in or read from a workspace's .bom file.

import type { EntitySpec, ItemSpec, MemberSpec, ParameterSpec } from '#core/blueprint/spec.ts';
import { listAt, valueOf } from '#core/blueprint/tree.ts';
import { plainOf, type PlainValue } from '#core/catalog/plain.ts';
import type { Span } from '#core/text/span.ts';

export type TypeKind = 'entity' | 'application' | 'template' | 'policy' | 'enricher' | 'initializer' | 'location' | 'bean';

export interface Parameter {
  readonly name: string;
  /** The short name under which it may stand as a key of the entity itself. */
  readonly flag?: string;
  readonly deprecatedNames?: readonly string[];
  /** As written: `string`, `duration`, `list<string>`, a Java class name. */
  readonly type?: string;
  readonly description?: string;
  readonly default?: PlainValue;
  readonly constraints?: PlainValue;
}

export interface Type {
  readonly id: string;
  readonly version?: string;
  readonly kind: TypeKind;
  readonly name?: string;
  readonly description?: string;
  readonly aliases: readonly string[];
  /** The type it is made from, as written; absent for a root and for an item made of services. */
  readonly parent?: string;
  /** Its own, without the inherited ones. */
  readonly parameters: readonly Parameter[];
  readonly sensors: readonly MemberSpec[];
  readonly effectors: readonly MemberSpec[];
  /** Values that the type itself sets, by config key or flag as written. */
  readonly config: Readonly<Record<string, PlainValue>>;
  readonly isDeprecated?: boolean;
  readonly runsOnDocker?: boolean;
  /** JSON of a plan with the children (or services) that the type brings along; absent where it brings none. */
  readonly parts?: string;
  /** JSON of a plan whose one service has the policies, enrichers and initializers that the type brings along; absent where it brings none. */
  readonly adjuncts?: string;
  /** Where it is defined, for a type of the workspace. */
  readonly origin?: { readonly uri: string; readonly span: Span };
}

/** The types that items define; an item without an id defines none. `uri` is the file they stand in, absent for built-in ones. */
export function typesOf(items: readonly ItemSpec[], uri?: string): readonly Type[] {
  return items.flatMap((item) => {
    const { id, definition } = item;
    if (!id) return [];
    return [
      {
        id: id.value,
        kind: kindOf(item, definition),
        aliases: item.aliases,
        parameters: (definition?.parameters ?? []).flatMap(parameterOf),
        sensors: item.sensors,
        effectors: item.effectors,
        config: Object.fromEntries((definition?.config ?? []).map(({ key, value }) => [key, plainOf(value)])),
        ...(item.version && { version: item.version.value }),
        ...(item.name !== undefined && { name: item.name }),
        ...(item.description !== undefined && { description: item.description.trim() }),
        ...(definition?.type && { parent: definition.type.value }),
        ...(definition && definition.children.length > 0 && { parts: partsOf(definition) }),
        ...(definition && definition.adjuncts.length > 0 && { adjuncts: adjunctsOf(definition) }),
        ...(item.isDeprecated && { isDeprecated: true }),
        ...(item.runsOnDocker !== undefined && { runsOnDocker: item.runsOnDocker }),
        ...(uri !== undefined && { origin: { uri, span: id.span } }),
      },
    ];
  });
}

function partsOf({ node }: EntitySpec): string {
  const services = [...(listAt(valueOf(node, 'services'))?.items ?? []), ...(listAt(valueOf(node, 'brooklyn.children'))?.items ?? [])];
  return JSON.stringify({ services: services.map(plainOf) });
}

function adjunctsOf({ node }: EntitySpec): string {
  const keys = ['brooklyn.policies', 'brooklyn.enrichers', 'brooklyn.initializers'];
  const lists = keys.map((key) => [key, (listAt(valueOf(node, key))?.items ?? []).map(plainOf)] as const);
  return JSON.stringify({ services: [{ type: 'entity', ...Object.fromEntries(lists.filter(([, items]) => items.length > 0)) }] });
}

function kindOf({ itemType = 'entity' }: ItemSpec, definition: EntitySpec | undefined): TypeKind {
  switch (itemType) {
    case 'policy':
    case 'enricher':
    case 'initializer':
    case 'location':
    case 'bean':
    case 'application':
    case 'template':
      return itemType;
    default:
      return definition && !definition.type && definition.children.length > 0 ? 'application' : 'entity';
  }
}

/** The parameter that a declaration makes; nothing for one without a name. */
export function parameterOf(spec: ParameterSpec): readonly Parameter[] {
  if (!spec.name) return [];
  return [
    {
      name: spec.name.value,
      ...(spec.flag !== undefined && { flag: spec.flag }),
      ...(spec.deprecatedNames.length > 0 && { deprecatedNames: spec.deprecatedNames }),
      ...(spec.type && { type: spec.type.value }),
      ...(spec.description !== undefined && { description: spec.description.trim() }),
      ...(spec.default && { default: plainOf(spec.default) }),
      ...(spec.constraints && { constraints: plainOf(spec.constraints) }),
    },
  ];
}
