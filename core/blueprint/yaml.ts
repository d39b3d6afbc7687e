// YAML as Brooklyn reads it, as a tree of plain data with places. The only file that imports the `yaml` package.

import type { Span } from '#core/text/span.ts';

/** What a scalar means: YAML 1.1, as SnakeYAML reads it. A date is kept as its milliseconds since 1970. */
export type ScalarValue = string | number | bigint | boolean | null | { readonly dateMs: number };

export interface YamlScalar {
  readonly kind: 'scalar';
  /** From the first character of the scalar (its quote, if any) to the last. */
  readonly span: Span;
  readonly value: ScalarValue;
  /** The characters after unquoting and folding: what the value would be as a string. */
  readonly text: string;
  readonly style: 'plain' | 'single' | 'double' | 'block';
}

export interface YamlEntry {
  readonly key: YamlNode;
  readonly value: YamlNode;
  /** From the key to the end of the value. */
  readonly span: Span;
}

export interface YamlMap {
  readonly kind: 'map';
  readonly span: Span;
  /** All as written, doubled keys included; the last of equal keys wins. Merge keys (`<<`) are already replaced by what they merge. */
  readonly entries: readonly YamlEntry[];
}

export interface YamlList {
  readonly kind: 'list';
  readonly span: Span;
  readonly items: readonly YamlNode[];
}

export type YamlNode = YamlScalar | YamlMap | YamlList;
