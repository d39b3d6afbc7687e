// Semantic tokens: what a word is, where a grammar cannot know it: a reserved key, a config key or a flag of the very type, a
// type and whether its name is an old one, functions of expressions and what their arguments name.

import type { SemanticTokens, SemanticTokensDelta, SemanticTokensEdit, SemanticTokensLegend } from 'vscode-languageserver-types';

import { keyText } from '#core/blueprint/tree.ts';
import { keyIn, vocabulary, type Context } from '#core/blueprint/vocabulary.ts';
import type { YamlEntry, YamlMap, YamlNode, YamlScalar } from '#core/blueprint/yaml.ts';
import { parameterFor, type Catalog, type Members } from '#core/catalog/catalog.ts';
import { parameterOfKey } from '#core/check/values.ts';
import { functionNamed, parameterAt, scopeWord, signatureFor } from '#core/dsl/functions.ts';
import { readValue } from '#core/dsl/read.ts';
import { type Call, type Expression, isExpression, plainName } from '#core/dsl/tree.ts';
import { typeNameOf } from '#core/complete/place.ts';
import { span, type Span } from '#core/text/span.ts';
import type { BlueprintDocument } from './document.ts';

const tokenTypes = ['keyword', 'property', 'parameter', 'class', 'variable', 'function', 'string', 'number', 'event', 'enumMember'] as const;
const tokenModifiers = ['declaration', 'deprecated'] as const;

/** `keyword`: reserved keys. `property`: config keys. `parameter`: flags, and parameters where they are declared. `class`: types. `variable`: ids of entities. `event`: sensors. `enumMember`: words of a closed list. */
export const legend: SemanticTokensLegend = { tokenTypes: [...tokenTypes], tokenModifiers: [...tokenModifiers] };

type TokenType = (typeof tokenTypes)[number];
type Modifier = (typeof tokenModifiers)[number];

export interface Token {
  readonly span: Span;
  readonly type: TokenType;
  readonly modifiers: readonly Modifier[];
}

/** Is given the entries of the outermost lists instead: they are many, and few of them change. `read` gives the tokens of one. */
export type Take = (entry: YamlMap, context: Context, read: () => readonly Token[]) => void;

/** In the order of their places, none over another; only those that touch `within`, where it is given. */
export function tokensOf(document: BlueprintDocument, within?: Span, take?: Take): readonly Token[] {
  const reader = new Reader(document, within ?? span(0, document.text.length), take);
  reader.read();
  return inOrder(reader.tokens);
}

function inOrder(tokens: readonly Token[]): readonly Token[] {
  let end = 0;
  return tokens
    .toSorted((a, b) => a.span.start - b.span.start || b.span.end - a.span.end)
    .filter((token) => {
      if (token.span.start < end || token.span.end <= token.span.start) return false;
      end = token.span.end;
      return true;
    });
}

/** Five numbers a token, each place relative to the one before, as the protocol has them. A token of several lines becomes one for each. */
export function encode(tokens: readonly Token[], document: Pick<BlueprintDocument, 'lines' | 'text'>): number[] {
  const encoder = new Encoder(document);
  for (const token of tokens) encoder.add(token);
  return [...encoder.data];
}

/** What `encode` gives for all tokens of a document. Those of an entry that stays the same are encoded once. */
export function encodedTokens(document: BlueprintDocument): Uint32Array {
  const { lines, context: { catalog } } = document;
  const entries: { readonly start: number; readonly block: Block }[] = [];
  const rest = tokensOf(document, undefined, (entry, context, read) => {
    const { start } = entry.span;
    const known = blocks.get(entry);
    // What was a service may be a policy now, without a letter of it changed.
    const block = known?.catalog === catalog && known.context === context ? known : { catalog, context, ...new Encoder(document).block(read(), lines.positionAt(start).line) };
    blocks.set(entry, block);
    entries.push({ start, block });
  });
  const encoder = new Encoder(document);
  let next = 0;
  const restUpTo = (end: number): void => {
    for (let token = rest[next]; token && token.span.start < end; token = rest[++next]) encoder.add(token);
  };
  for (const { start, block } of entries.toSorted((a, b) => a.start - b.start)) {
    restUpTo(start);
    encoder.addBlock(block, lines.positionAt(start).line);
  }
  restUpTo(Infinity);
  return encoder.data;
}

/** Encoded tokens of an entry: lines count from its first one. */
interface Encoded {
  readonly data: Uint32Array;
  readonly lastLine: number;
  readonly lastCharacter: number;
}

interface Block extends Encoded {
  readonly catalog: Catalog;
  readonly context: Context;
}

const blocks = new WeakMap<YamlMap, Block>();

class Encoder {
  #numbers = new Uint32Array(64);
  #count = 0;
  readonly #document: Pick<BlueprintDocument, 'lines' | 'text'>;
  #lastLine = 0;
  #lastCharacter = 0;

  constructor(document: Pick<BlueprintDocument, 'lines' | 'text'>) {
    this.#document = document;
  }

  get data(): Uint32Array {
    return this.#numbers.subarray(0, this.#count);
  }

  #push(numbers: ArrayLike<number>): void {
    const count = this.#count + numbers.length;
    if (count > this.#numbers.length) {
      const grown = new Uint32Array(2 * count);
      grown.set(this.data);
      this.#numbers = grown;
    }
    this.#numbers.set(numbers, this.#count);
    this.#count = count;
  }

  add(token: Token): void {
    const { lines, text } = this.#document;
    const bits = token.modifiers.reduce((sum, modifier) => sum | (1 << tokenModifiers.indexOf(modifier)), 0);
    for (const part of linesOf(token.span, text)) {
      const { line, character } = lines.positionAt(part.start);
      this.#push([line - this.#lastLine, line === this.#lastLine ? character - this.#lastCharacter : character, lines.lengthOf(part), tokenTypes.indexOf(token.type), bits]);
      this.#lastLine = line;
      this.#lastCharacter = character;
    }
  }

  /** The tokens alone, which begin at a line or below it. */
  block(tokens: readonly Token[], line: number): Encoded {
    for (const token of tokens) this.add(token);
    const data = this.data.slice();
    if (data[0] !== undefined) data[0] -= line;
    return { data, lastLine: this.#lastLine - line, lastCharacter: this.#lastCharacter };
  }

  addBlock({ data, lastLine, lastCharacter }: Encoded, line: number): void {
    const [first, character = 0] = data;
    if (first === undefined) return;
    const down = first + line - this.#lastLine;
    const at = this.#count;
    this.#push(data);
    this.#numbers[at] = down;
    this.#numbers[at + 1] = down === 0 ? character - this.#lastCharacter : character;
    this.#lastLine = line + lastLine;
    this.#lastCharacter = lastCharacter;
  }
}

function* linesOf({ start, end }: Span, text: string): Generator<Span> {
  for (const line of text.slice(start, end).matchAll(/[^\r\n]+/g)) {
    const [written] = line;
    const indent = line.index === 0 ? 0 : written.search(/\S|$/);
    const from = start + line.index + indent;
    const to = start + line.index + written.trimEnd().length;
    if (to > from) yield span(from, to);
  }
}

/** The tokens last given for each document, so that only what is new travels. */
export class TokenHistory {
  readonly #last = new Map<string, { readonly resultId: string; readonly data: ArrayLike<number> }>();
  #count = 0;

  whole(uri: string, data: ArrayLike<number>): SemanticTokens {
    return { resultId: this.#keep(uri, data), data: Array.from(data) };
  }

  /** The one edit that makes the tokens of `previousId` these; all of them where those are not known any more. */
  delta(uri: string, previousId: string, data: ArrayLike<number>): SemanticTokens | SemanticTokensDelta {
    const last = this.#last.get(uri);
    return last?.resultId === previousId ? { resultId: this.#keep(uri, data), edits: editsBetween(last.data, data) } : this.whole(uri, data);
  }

  forget(uri: string): void {
    this.#last.delete(uri);
  }

  #keep(uri: string, data: ArrayLike<number>): string {
    const resultId = String(++this.#count);
    this.#last.set(uri, { resultId, data });
    return resultId;
  }
}

export function editsBetween(before: ArrayLike<number>, after: ArrayLike<number>): SemanticTokensEdit[] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const deleteCount = before.length - start - end;
  const data = Array.from({ length: after.length - end - start }, (_, index) => after[start + index] ?? 0);
  return deleteCount === 0 && data.length === 0 ? [] : [{ start, deleteCount, ...(data.length > 0 && { data }) }];
}

/** Whose config keys these are: the entity, or the type of a policy and its like. */
type ParameterOf = (key: string) => { readonly deprecatedNames?: readonly string[]; readonly flag?: string } | undefined;

class Reader {
  tokens: Token[] = [];
  readonly #document: BlueprintDocument;
  readonly #within: Span;
  #take: Take | undefined;
  #parameters: Map<YamlNode, ParameterOf> | undefined;

  constructor(document: BlueprintDocument, within: Span, take: Take | undefined) {
    this.#document = document;
    this.#within = within;
    this.#take = take;
  }

  read(): void {
    const { root } = this.#document.reading;
    if (root?.kind === 'map') this.#map(root, 'plan');
  }

  #add(place: Span, type: TokenType, ...modifiers: readonly Modifier[]): void {
    if (this.#isWanted(place)) this.tokens.push({ span: place, type, modifiers });
  }

  #isWanted({ start, end }: Span): boolean {
    return start <= this.#within.end && this.#within.start <= end;
  }

  #map(map: YamlMap, context: Context): void {
    if (map.aliased || !this.#isWanted(map.span)) return;
    for (const entry of map.entries) {
      if (entry.merged || !this.#isWanted(entry.span)) continue;
      const word = keyText(entry)?.trim();
      if (word === undefined) continue;
      const key = keyIn(context, word);
      if (key) {
        this.#add(entry.key.span, 'keyword');
        this.#reserved(entry, key.name, context, map);
      } else if (vocabulary[context].others === 'flags') {
        const parameter = this.#parameterOf(map, context)(word);
        if (parameter) this.#add(entry.key.span, 'parameter', ...(isOld(parameter, word) ? (['deprecated'] as const) : []));
        this.#value(entry.value);
      }
    }
  }

  #entry(map: YamlMap, context: Context): void {
    const take = this.#take;
    if (!take || map.aliased) return this.#map(map, context);
    const outside = this.tokens;
    this.#take = undefined;
    take(map, context, () => {
      this.tokens = [];
      this.#map(map, context);
      return inOrder(this.tokens);
    });
    this.tokens = outside;
    this.#take = take;
  }

  #reserved({ value }: YamlEntry, name: string, context: Context, map: YamlMap): void {
    const shape = keyIn(context, name)?.shape;
    if (!shape || value.aliased) return;
    switch (shape.kind) {
      case 'type':
        if (value.kind === 'scalar') this.#typeName(value, shape.of === 'value');
        return;
      case 'map':
      case 'map-or-text':
        if (value.kind === 'map') this.#map(value, shape.of);
        return;
      case 'list':
      case 'list-or-texts':
        for (const item of value.kind === 'list' ? value.items : []) {
          if (item.kind === 'map') this.#entry(item, shape.of);
          else if (shape.of === 'parameter' && item.kind === 'scalar' && !item.aliased) this.#add(item.span, 'parameter', 'declaration');
        }
        return;
      case 'config':
        if (value.kind === 'map') this.#config(value, this.#parameterOf(map, context), name === 'brooklyn.flags' ? 'parameter' : 'property');
        return;
      case 'choice':
        if (value.kind === 'scalar') this.#add(value.span, 'enumMember');
        return;
      case 'text':
        if (value.kind === 'scalar' && name === 'id' && value.value !== null) this.#add(value.span, context === 'catalog' || context === 'item' ? 'class' : 'variable', 'declaration');
        else if (value.kind === 'scalar' && name === 'name' && context === 'parameter') this.#add(value.span, 'parameter', 'declaration');
        else this.#value(value);
        return;
      case 'boolean':
      case 'location':
      case 'locations':
      case 'texts':
      case 'anything-list':
      case 'anything':
        this.#value(value);
    }
  }

  #typeName(value: YamlScalar, isValueType: boolean): void {
    const found = isValueType ? undefined : this.#document.context.catalog.find(value.text);
    const isOldName = found?.renamedTo !== undefined || found?.type.isDeprecated === true;
    if (isExpression(value.text)) this.#value(value);
    else this.#add(value.span, 'class', ...(isOldName ? (['deprecated'] as const) : []));
  }

  #config(map: YamlMap, parameterOf: ParameterOf, type: TokenType): void {
    if (map.aliased || !this.#isWanted(map.span)) return;
    for (const entry of map.entries) {
      const word = keyText(entry)?.trim();
      if (entry.merged || word === undefined || !this.#isWanted(entry.span)) continue;
      const parameter = parameterOf(word);
      if (!isExpression(word)) this.#add(entry.key.span, type, ...(parameter && isOld(parameter, word) ? (['deprecated'] as const) : []));
      this.#value(entry.value);
    }
  }

  /** Any value: expressions are looked for inside of it. */
  #value(node: YamlNode): void {
    if (node.aliased || !this.#isWanted(node.span)) return;
    switch (node.kind) {
      case 'scalar':
        if (typeof node.value === 'string' && isExpression(node.value)) this.#expression(readValue(node, this.#document.text).value);
        return;
      case 'list':
        for (const item of node.items) this.#value(item);
        return;
      case 'map':
        for (const entry of node.entries) {
          if (!entry.merged) this.#valueEntry(entry);
        }
    }
  }

  #valueEntry(entry: YamlEntry): void {
    const word = keyText(entry);
    const { key, value } = entry;
    if (word === undefined || !isExpression(word)) return this.#value(value);
    const name = plainName(word);
    if (functionNamed(name) && key.span.end - key.span.start >= name.length) this.#add(span(key.span.end - name.length - (key.kind === 'scalar' && key.style !== 'plain' ? 1 : 0), key.span.end - (key.kind === 'scalar' && key.style !== 'plain' ? 1 : 0)), 'function');
    const inner = value.kind === 'list' && name === 'entitySpec' ? value.items[0] : value;
    if (name === 'entitySpec' && inner?.kind === 'map') return this.#map(inner, 'entity');
    if (name === 'object' && value.kind === 'map') return this.#object(value);
    const args = value.kind === 'list' ? value.items : [value];
    for (const [index, argument] of args.entries()) {
      if (argument.kind === 'scalar' && !argument.aliased && typeof argument.value === 'string' && !isExpression(argument.value)) this.#argument(name, args.length, index, argument.text, argument.span);
      else this.#value(argument);
    }
  }

  #object(map: YamlMap): void {
    if (map.aliased) return;
    for (const entry of map.entries) {
      if (entry.merged) continue;
      const word = keyText(entry) ?? '';
      const { value } = entry;
      if (/^(?:type|object_?[tT]ype|brooklyn\.config|object\.fields|constructor\.args|factoryMethod\.(?:name|args)|deferred)$/.test(word)) this.#add(entry.key.span, 'keyword');
      if (/^(?:type|object_?[tT]ype)$/.test(word) && value.kind === 'scalar' && !value.aliased) this.#typeName(value, false);
      else if ((word === 'brooklyn.config' || word === 'object.fields') && value.kind === 'map') this.#config(value, () => undefined, 'property');
      else this.#value(value);
    }
  }

  #expression(tree: Expression): void {
    if (tree.kind !== 'chain') return;
    for (const link of tree.links) {
      if (link.kind === 'selector') {
        if (link.key.kind === 'chain') this.#expression(link.key);
        else this.#add(link.key.span, link.key.kind === 'word' && /^\d+$/.test(link.key.text) ? 'number' : 'property');
        continue;
      }
      const name = plainName(link.name);
      if (functionNamed(name) && link.form === 'text') this.#add(span(Math.max(link.nameSpan.start, link.nameSpan.end - name.length), link.nameSpan.end), 'function');
      for (const [index, argument] of link.args.entries()) this.#callArgument(link, name, index, argument);
    }
  }

  #callArgument(call: Call, name: string, index: number, argument: Expression): void {
    if (argument.kind === 'string') this.#argument(name, call.args.length, index, argument.value, argument.span);
    else if (argument.kind === 'word') {
      if (/^\d/.test(argument.text)) this.#add(argument.span, 'number');
      else if (argument.text !== '') this.#argument(name, call.args.length, index, argument.text, argument.span);
    } else this.#expression(argument);
  }

  #argument(name: string, count: number, index: number, word: string, place: Span): void {
    const known = functionNamed(name);
    const signature = known && (signatureFor(known, count) ?? known.signatures[0]);
    const kind = signature && parameterAt(signature, index)?.kind;
    this.#add(place, kind === 'entityId' ? 'variable' : kind === 'configKey' ? 'property' : kind === 'sensorName' ? 'event' : kind === 'typeName' ? 'class' : kind === 'scope' && scopeWord(word) ? 'enumMember' : 'string');
  }

  /** Made when first asked for: a part of a text may have no config at all. */
  #parameterOf(map: YamlMap, context: Context): ParameterOf {
    this.#parameters ??= new Map(this.#document.context.entities.map((placed) => [placed.spec.node, (key) => parameterOfKey(placed, key)]));
    const known = this.#parameters.get(map);
    if (known) return known;
    const name = typeNameOf({ context, map });
    const found = name === undefined ? undefined : this.#document.context.catalog.find(name);
    const members: Members | undefined = found && this.#document.context.catalog.membersOf(found.type);
    return (key) => members && parameterFor(members, key);
  }
}

function isOld({ deprecatedNames, flag }: { readonly deprecatedNames?: readonly string[]; readonly flag?: string }, word: string): boolean {
  return deprecatedNames?.includes(word) === true && flag !== word;
}
