// Call hierarchy between entities: who waits for sensors of whom.

import { type CallHierarchyIncomingCall, type CallHierarchyItem, type CallHierarchyOutgoingCall, SymbolKind } from 'vscode-languageserver-types';

import type { EntitySpec } from '#core/blueprint/spec.ts';
import { placeAt } from '#core/complete/place.ts';
import { waitsOf, type Wait } from '#core/navigate/waits.ts';
import { contains, touches, type Span } from '#core/text/span.ts';
import type { BlueprintDocument } from './document.ts';
import { tight } from './symbols.ts';

/** The entity that is named at the cursor, or else the innermost one around it. */
export function prepareCallHierarchy(document: BlueprintDocument, offset: number): CallHierarchyItem[] {
  const name = document.names.at(offset);
  const target = name?.kind === 'entity' ? name.target : undefined;
  const spec = target ? specs(document).find(({ id, name: title, type }) => [id, title, type].some((one) => one && touches(one.span, target.start))) : specAround(document, offset);
  return spec ? [itemOf(document, spec)] : [];
}

/** Who waits for this entity. */
export function incomingCalls(document: BlueprintDocument, item: CallHierarchyItem): CallHierarchyIncomingCall[] {
  const spec = specOf(document, item);
  const waits = waitsOf(document.context).filter(({ awaited }) => awaited.spec.node === spec?.node);
  return grouped(waits, ({ waiting }) => waiting.spec).map(([from, spans]) => ({ from: itemOf(document, from), fromRanges: spans.map((span) => document.lines.rangeOf(span)) }));
}

/** For whom this entity waits. */
export function outgoingCalls(document: BlueprintDocument, item: CallHierarchyItem): CallHierarchyOutgoingCall[] {
  const spec = specOf(document, item);
  const waits = waitsOf(document.context).filter(({ waiting }) => waiting.spec.node === spec?.node);
  return grouped(waits, ({ awaited }) => awaited.spec).map(([to, spans]) => ({ to: itemOf(document, to), fromRanges: spans.map((span) => document.lines.rangeOf(span)) }));
}

function grouped(waits: readonly Wait[], by: (wait: Wait) => EntitySpec): readonly (readonly [EntitySpec, readonly Span[]])[] {
  const groups = new Map<EntitySpec, Span[]>();
  for (const wait of waits) {
    const known = groups.get(by(wait));
    if (known) known.push(wait.span);
    else groups.set(by(wait), [wait.span]);
  }
  return [...groups];
}

function specs({ context }: BlueprintDocument): readonly EntitySpec[] {
  return context.entities.map(({ spec }) => spec);
}

function specAround(document: BlueprintDocument, offset: number): EntitySpec | undefined {
  const map = placeAt(document.reading, offset)?.entity?.map;
  return specs(document).find(({ node }) => node === map);
}

/** The entity that an item was made from, perhaps in an earlier version of the text. */
function specOf(document: BlueprintDocument, { selectionRange }: CallHierarchyItem): EntitySpec | undefined {
  return specAround(document, document.lines.offsetAt(selectionRange.start));
}

function itemOf(document: BlueprintDocument, spec: EntitySpec): CallHierarchyItem {
  const { id, name, type, node } = spec;
  const title = id ?? name ?? type;
  const whole = tight(document, node.span);
  const selected = title && contains(whole, title.span) ? title.span : { start: whole.start, end: whole.start };
  return {
    name: title?.value || 'application',
    kind: spec.context === 'plan' ? SymbolKind.Package : SymbolKind.Class,
    ...(type && type !== title && { detail: type.value }),
    uri: document.uri,
    range: document.lines.rangeOf(whole),
    selectionRange: document.lines.rangeOf(selected),
  };
}
