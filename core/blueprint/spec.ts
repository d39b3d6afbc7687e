// A blueprint as it was read: entities, their parts and the catalog items, with their places. What types mean, and whether
// values fit them, is not known here: that needs a catalog (check.ts, resolve.ts).

import type { Located } from '#core/blueprint/tree.ts';
import type { Context } from '#core/blueprint/vocabulary.ts';
import type { YamlMap, YamlNode } from '#core/blueprint/yaml.ts';
import type { PlainValue } from '#core/catalog/plain.ts';
import type { Span } from '#core/text/span.ts';

/** One value for a config key, as written: under `brooklyn.config`, under `brooklyn.flags`, or as a key of the entity itself. */
export interface ConfigValue {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: YamlNode;
  readonly written: 'config' | 'flag' | 'direct';
}

/** A policy, an enricher or an initializer. */
export interface AdjunctSpec {
  readonly kind: 'policy' | 'enricher' | 'initializer';
  readonly node: YamlMap;
  readonly type: Located<string> | undefined;
  readonly config: readonly ConfigValue[];
}

export interface ParameterSpec {
  readonly node: YamlNode;
  readonly name: Located<string> | undefined;
  readonly type: Located<string> | undefined;
  readonly flag: string | undefined;
  readonly description: string | undefined;
  readonly default: YamlNode | undefined;
  readonly constraints: YamlNode | undefined;
  readonly deprecatedNames: readonly string[];
}

/** An entity, or the application itself (whose children are its services), or a definition in a catalog. */
export interface EntitySpec {
  readonly context: Context;
  readonly node: YamlMap;
  readonly type: Located<string> | undefined;
  readonly id: Located<string> | undefined;
  readonly name: Located<string> | undefined;
  readonly config: readonly ConfigValue[];
  readonly parameters: readonly ParameterSpec[];
  /** `services` and `brooklyn.children`. */
  readonly children: readonly EntitySpec[];
  /** Entities that config values describe (`$brooklyn:entitySpec`): a cluster's members, say. `key` is the config key. */
  readonly specs: readonly { readonly key: string; readonly spec: EntitySpec }[];
  readonly adjuncts: readonly AdjunctSpec[];
  /** The values of `location` and `locations`, as written. */
  readonly locations: readonly YamlNode[];
}

/** One item of a `brooklyn.catalog`; metadata of the catalog around it is already merged in. */
export interface ItemSpec {
  readonly node: YamlMap;
  readonly id: Located<string> | undefined;
  readonly version: Located<string> | undefined;
  readonly itemType: string | undefined;
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly isDeprecated: boolean;
  readonly aliases: readonly string[];
  readonly runsOnDocker: boolean | undefined;
  readonly sensors: readonly MemberSpec[];
  readonly effectors: readonly MemberSpec[];
  /** What the item is; absent for an item that only refers to others, or is half typed. */
  readonly definition: EntitySpec | undefined;
}

/** A sensor or an effector that an item declares. */
export interface MemberSpec {
  readonly name: string;
  readonly type: string | undefined;
  readonly description: string | undefined;
  /** For a sensor that is worked out of config and other sensors: how. */
  readonly value?: PlainValue;
}
