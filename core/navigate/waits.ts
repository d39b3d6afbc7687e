// Which entity waits for sensors of which other: the calls of the call hierarchy.

import { holdsExpression, readValue } from '#core/dsl/read.ts';
import type { YamlNode } from '#core/blueprint/yaml.ts';
import type { CheckContext } from '#core/check/context.ts';
import { mentionsIn } from '#core/navigate/mentions.ts';
import { rootsOf, type Root } from '#core/navigate/roots.ts';
import type { Draft } from '#core/resolve/draft.ts';
import type { Span } from '#core/text/span.ts';

export interface Wait {
  readonly waiting: Draft;
  readonly awaited: Draft;
  readonly sensor: string;
  /** Where the sensor is named. */
  readonly span: Span;
}

/** All waits between different entities of a text, in the order in which they are written. */
export function waitsOf(context: CheckContext): readonly Wait[] {
  const starts = new Set(context.entities.map(({ spec }) => spec.node.span.start));
  const isOwn = ({ start }: Span): boolean => starts.has(start);
  return rootsOf(context, '').flatMap((root) => root.written.flatMap((entity) => valuesOf(entity).flatMap((node) => waitsIn(node, entity, root, context.reading.text, isOwn))));
}

function waitsIn(node: YamlNode, waiting: Draft, root: Root, source: string, isOwn: (place: Span) => boolean): readonly Wait[] {
  if (!holdsExpression(node)) return [];
  return mentionsIn(readValue(node, source).value, root.scope(waiting), source, isOwn).flatMap((mention): readonly Wait[] => {
    if (mention.kind !== 'sensor' || !mention.isAwaited || !mention.holder) return [];
    const awaited = root.draftOf(mention.holder);
    return awaited && awaited !== waiting && awaited.source === source ? [{ waiting, awaited, sensor: mention.word, span: mention.span }] : [];
  });
}

function valuesOf({ spec }: Draft): readonly YamlNode[] {
  return [...spec.config.map(({ value }) => value), ...spec.adjuncts.flatMap(({ config }) => config.map(({ value }) => value)), ...spec.parameters.flatMap((parameter) => parameter.default ?? [])];
}
