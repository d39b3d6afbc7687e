// Reads a text as a blueprint: gives the value and its diagnostics, never throws, whatever the text.

import type { YamlNode } from '#core/blueprint/yaml.ts';
import type { Diagnostic } from '#core/text/diagnostic.ts';

/** `blueprint` has top-level `services` (or `type`); `catalog` has `brooklyn.catalog`; `other` is YAML that is none of ours. */
export type DocumentKind = 'blueprint' | 'catalog' | 'other';

export interface Reading {
  readonly text: string;
  readonly kind: DocumentKind;
  readonly root: YamlNode | undefined;
  readonly diagnostics: readonly Diagnostic[];
}
