// What every kind of code action beside the quick fixes gives: what could be done at a place, and how, once it is wanted.

import type { CodeActionKind } from 'vscode-languageserver-types';

import type { Placed } from '#core/check/context.ts';
import type { Edit } from '#core/text/diagnostic.ts';
import { touches, type Span } from '#core/text/span.ts';
import type { BlueprintDocument } from '../document.ts';

/** Titles are unique in a document and a kind: by them an offer is found again. */
export interface Offer {
  readonly title: string;
  readonly kind: CodeActionKind;
  /** A function where finding them takes longer than a cursor should wait. */
  readonly edits: readonly Edit[] | (() => readonly Edit[]);
}

/** What can be done where the cursor or the selection is. */
export type Offering = (document: BlueprintDocument, selected: Span) => readonly Offer[];

export function isTouched(place: Span, selected: Span): boolean {
  return place.start <= selected.end && selected.start <= place.end;
}

/** The entity whose type is selected: what is done to an entity is offered there, and not on every line of it. */
export function entityAt({ context }: BlueprintDocument, selected: Span): Placed | undefined {
  return context.entities.find(({ spec, kind }) => kind === 'entity' && spec.type && isAtType(spec.node.span.start, spec.type.span, selected));
}

/** On the type, or between the start of the entity and a type that comes first. */
function isAtType(start: number, type: Span, selected: Span): boolean {
  const isFirst = type.start - start < 'service_type: '.length + 4 && start <= type.start;
  return isTouched({ start: isFirst ? start : type.start, end: type.end }, selected);
}

/** The innermost entity that holds all that is selected. */
export function entityAround({ context }: BlueprintDocument, { start, end }: Span): Placed | undefined {
  return context.entities.findLast(({ spec, kind }) => kind === 'entity' && touches(spec.node.span, start) && touches(spec.node.span, end) && !spec.node.aliased);
}

/** What is offered, where there is anything to do. */
export function offer(title: string, kind: CodeActionKind, edits: readonly Edit[] | undefined): readonly Offer[] {
  return edits && edits.length > 0 ? [{ title, kind, edits }] : [];
}
