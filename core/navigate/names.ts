// All names of one text, asked by definition, references, rename and their like. Only what a question is about is looked at: a
// text of fifty thousand lines is asked at every move of a cursor.

import type { CheckContext } from '#core/check/context.ts';
import { Collector, type Trees } from '#core/navigate/collector.ts';
import { ConfigKeys } from '#core/navigate/configKeys.ts';
import { keyOf, type Name, type Names } from '#core/navigate/name.ts';
import { rootsOf, type Root } from '#core/navigate/roots.ts';
import type { Draft } from '#core/resolve/draft.ts';
import { touches } from '#core/text/span.ts';

/** Questions come in rows about the same word. */
const rememberedWords = 8;

/** `uri` tells texts apart. */
export function namesOf(context: CheckContext, uri: string): Names {
  return new NamesOfText(context, uri);
}

class NamesOfText implements Names {
  readonly #context: CheckContext;
  readonly #uri: string;
  readonly #byWord = new Map<string, readonly Name[]>();
  #trees: Trees | undefined;
  #all: readonly Name[] | undefined;

  constructor(context: CheckContext, uri: string) {
    this.#context = context;
    this.#uri = uri;
  }

  get all(): readonly Name[] {
    return (this.#all ??= this.#collect(() => true));
  }

  get declared(): readonly Name[] {
    return this.#collect(() => false).filter(({ role }) => role === 'declaration');
  }

  at(offset: number): Name | undefined {
    const near = this.#collect(({ spec }) => touches(spec.node.span, offset)).find(({ span }) => touches(span, offset));
    // What an anchor holds belongs to entities elsewhere.
    return near ?? (this.#context.reading.text.includes('*') ? this.all.find(({ span }) => touches(span, offset)) : undefined);
  }

  with(words: readonly string[]): readonly Name[] {
    const question = keyOf(...words);
    const known = this.#byWord.get(question);
    if (known) return known;
    const { text } = this.#context.reading;
    // An alias may stand for any word.
    const telling = ['*', ...words];
    const found = this.#collect(({ spec: { node } }) => telling.some((word) => text.slice(node.span.start, node.span.end).includes(word))).filter(({ word }) => words.includes(word));
    if (this.#byWord.size >= rememberedWords) this.#byWord.clear();
    this.#byWord.set(question, found);
    return found;
  }

  /** Each place once for each thing that it names. Entities that do not interest are left out, but for what they declare. */
  #collect(isWanted: (entity: Draft) => boolean): readonly Name[] {
    const trees = (this.#trees ??= treesOf(this.#context, this.#uri));
    const collector = new Collector(this.#context, this.#uri, trees);
    collector.items();
    collector.networks();
    for (const root of trees.roots) {
      for (const entity of root.written) {
        collector.declarations(entity, root);
        if (isWanted(entity)) collector.uses(entity, root);
      }
    }
    const seen = new Set<string>();
    return collector.names
      .filter(({ word, span, key }) => {
        const place = keyOf(String(span.start), key);
        if (word === '' || seen.has(place)) return false;
        seen.add(place);
        return true;
      })
      .toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  }
}

function treesOf(context: CheckContext, uri: string): Trees {
  const keys = new Map<Root, ConfigKeys>();
  return {
    roots: rootsOf(context, uri),
    keysOf: (root) => {
      const known = keys.get(root) ?? new ConfigKeys(root);
      keys.set(root, known);
      return known;
    },
    entityStarts: new Set(context.entities.map(({ spec }) => spec.node.span.start)),
  };
}
