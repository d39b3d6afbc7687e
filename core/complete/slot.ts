// What an expression wants at its end: the text up to the cursor is parsed with a marker word behind it, and the marker is
// looked up. For completion; hover looks at whole expressions instead.

import { type Parameter, functionNamed, parameterAt } from '#core/dsl/functions.ts';
import { parse } from '#core/dsl/parse.ts';
import { type Call, type Expression, type Link, plainName } from '#core/dsl/tree.ts';

export interface Slot {
  /** `start`: a function begins here; `dot`: one is called on what `links` give; `string`: inside of quotes. */
  readonly kind: 'start' | 'dot' | 'string';
  /** The calls before: what the function, or the call whose argument this is, is called on. */
  readonly links: readonly Link[];
  /** The call whose argument this is. */
  readonly call: Call | undefined;
  /** What the argument may be: one for each signature that has so many. */
  readonly parameters: readonly Parameter[];
}

/** `text` is an expression up to the cursor, with `marker` behind it. Nothing where the marker is not to be found. */
export function slotAt(text: string, marker: string): Slot | undefined {
  return within(parse(text).tree, marker, [], undefined, 0);
}

function within(tree: Expression, marker: string, links: readonly Link[], call: Call | undefined, index: number): Slot | undefined {
  switch (tree.kind) {
    case 'word':
      return tree.text.includes(marker) ? { kind: 'start', links, call, parameters: parametersOf(call, index) } : undefined;
    case 'string':
      return tree.value.includes(marker) ? { kind: 'string', links, call, parameters: parametersOf(call, index) } : undefined;
    case 'chain':
      for (const [at, link] of tree.links.entries()) {
        const before = tree.links.slice(0, at);
        const found = link.kind === 'call' ? inArguments(link, marker, before) : link.key.kind === 'word' && link.key.text.includes(marker) ? dotted(link.isDotted, before) : undefined;
        if (found) return found;
      }
      return undefined;
    case 'scalar':
    case 'list':
    case 'map':
      return undefined;
  }
}

function dotted(isDotted: boolean, links: readonly Link[]): Slot | undefined {
  return isDotted ? { kind: 'dot', links, call: undefined, parameters: [] } : undefined;
}

function inArguments(call: Call, marker: string, links: readonly Link[]): Slot | undefined {
  for (const [index, argument] of call.args.entries()) {
    const found = within(argument, marker, links, call, index);
    if (found) return found;
  }
  return undefined;
}

function parametersOf(call: Call | undefined, index: number): readonly Parameter[] {
  const signatures = (call && functionNamed(plainName(call.name))?.signatures) ?? [];
  return signatures.flatMap((signature) => parameterAt(signature, index) ?? []);
}
