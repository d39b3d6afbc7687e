// All names of one text, asked by definition, references, rename and their like. Only what a question is about is looked at: a
// text of fifty thousand lines is asked at every move of a cursor.

import type { CheckContext } from '#core/check/context.ts';
import { Collector, type Trees } from '#core/navigate/collector.ts';
import { ConfigKeys } from '#core/navigate/configKeys.ts';
import { keyOf, type Name, type Names } from '#core/navigate/name.ts';
import { rootsOf, type Root } from '#core/navigate/roots.ts';
import type { Draft } from '#core/resolve/draft.ts';
import { touches, type Span } from '#core/text/span.ts';

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
  /** What the text declares, and what it says of networks: little, and needed for every answer. */
  #outline: readonly Name[] | undefined;
  #aliases: readonly number[] | undefined;
  #all: readonly Name[] | undefined;

  constructor(context: CheckContext, uri: string) {
    this.#context = context;
    this.#uri = uri;
  }

  get all(): readonly Name[] {
    return (this.#all ??= this.#collect(() => true));
  }

  get declared(): readonly Name[] {
    return this.#collect(() => false, ({ role }) => role === 'declaration');
  }

  at(offset: number): Name | undefined {
    const [near] = this.#collect(({ spec }) => touches(spec.node.span, offset), ({ span }) => touches(span, offset));
    // What an anchor holds belongs to entities elsewhere.
    return near ?? (this.#placesOf('*').length > 0 ? this.all.find(({ span }) => touches(span, offset)) : undefined);
  }

  with(words: readonly string[]): readonly Name[] {
    const question = keyOf(...words);
    const known = this.#byWord.get(question);
    if (known) return known;
    // An alias may stand for any word.
    const places = ['*', ...words].map((word) => this.#placesOf(word));
    const found = this.#collect(({ spec: { node } }) => places.some((one) => isOneIn(one, node.span)), ({ word }) => words.includes(word));
    if (this.#byWord.size >= rememberedWords) this.#byWord.clear();
    this.#byWord.set(question, found);
    return found;
  }

  /** Each place once for each thing that it names. In an entity that is not wanted only declarations are seen. */
  #collect(isWanted: (entity: Draft) => boolean, isAsked: (name: Name) => boolean = () => true): readonly Name[] {
    const trees = (this.#trees ??= treesOf(this.#context, this.#uri));
    const collector = new Collector(this.#context, this.#uri, trees);
    for (const root of trees.roots) for (const entity of root.written) if (isWanted(entity)) collector.uses(entity, root);
    this.#outline ??= outlineOf(new Collector(this.#context, this.#uri, trees), trees);
    const asked = [...this.#outline, ...collector.names].filter((name) => name.word !== '' && isAsked(name)).map((name) => ({ name, start: name.span.start }));
    const inOrder = asked.toSorted((a, b) => a.start - b.start);
    const isFirst = ({ name, start }: (typeof asked)[number], index: number): boolean => {
      for (let before = inOrder[--index]; before?.start === start; before = inOrder[--index]) if (before.name.key === name.key) return false;
      return true;
    };
    return inOrder.filter(isFirst).toSorted((a, b) => a.start - b.start || a.name.span.end - b.name.span.end).map(({ name }) => name);
  }

  /** Where a word begins, in order. Those of aliases are asked for again and again. */
  #placesOf(word: string): readonly number[] {
    const { text } = this.#context.reading;
    return word === '*' ? (this.#aliases ??= placesIn(text, word)) : placesIn(text, word);
  }
}

function outlineOf(collector: Collector, { roots }: Trees): readonly Name[] {
  collector.items();
  collector.networks();
  for (const root of roots) for (const entity of root.written) collector.declarations(entity, root);
  return collector.names;
}

function placesIn(text: string, word: string): readonly number[] {
  const places: number[] = [];
  if (word !== '') for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) places.push(at);
  return places;
}

function isOneIn(places: readonly number[], { start, end }: Span): boolean {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle] ?? 0) < start) low = middle + 1;
    else high = middle;
  }
  const first = places[low];
  return first !== undefined && first < end;
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
