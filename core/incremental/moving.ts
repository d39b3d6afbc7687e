// Places that move with the text: a part of a text keeps its tree when something before it changes, and only its beginning is
// told anew. Whoever holds such a place sees where it is now.

import type { Diagnostic } from '#core/text/diagnostic.ts';
import type { Span } from '#core/text/span.ts';

/** Where a part of the text begins at present. */
export interface Base {
  offset: number;
}

export class MovingSpan implements Span {
  readonly #startBase: Base;
  readonly #from: number;
  readonly #endBase: Base;
  readonly #to: number;

  constructor(startBase: Base, from: number, endBase: Base, to: number) {
    this.#startBase = startBase;
    this.#from = from;
    this.#endBase = endBase;
    this.#to = to;
  }

  get start(): number {
    return this.#startBase.offset + this.#from;
  }

  get end(): number {
    return this.#endBase.offset + this.#to;
  }

  /** A place beside this one, of two offsets as they are now. */
  beside(start: number, end: number): MovingSpan {
    const { offset } = this.#startBase;
    return new MovingSpan(this.#startBase, start - offset, this.#startBase, end - offset);
  }

  /** From where this begins to where the other ends. */
  upTo(other: MovingSpan): MovingSpan {
    return new MovingSpan(this.#startBase, this.#from, other.#endBase, other.#to);
  }

  /** As JSON it is a place like any other. */
  toJSON(): Span {
    return { start: this.start, end: this.end };
  }
}

/** The diagnostic with places that move as `anchor` does; where that stays, so do they. */
export function anchored(diagnostic: Diagnostic, anchor: Span): Diagnostic {
  if (!(anchor instanceof MovingSpan)) return diagnostic;
  const moving = (place: Span): Span => (place instanceof MovingSpan ? place : anchor.beside(place.start, place.end));
  return {
    ...diagnostic,
    span: moving(diagnostic.span),
    related: diagnostic.related.map((related) => ({ ...related, span: moving(related.span) })),
    fixes: diagnostic.fixes.map((fix) => ({ ...fix, edits: fix.edits.map((edit) => ({ ...edit, span: moving(edit.span) })) })),
  };
}
