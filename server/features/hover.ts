// Hover: what the key, type, config key, function or entity under the cursor is.

import { type Hover, MarkupKind } from 'vscode-languageserver-types';

import { keyIn } from '#core/blueprint/vocabulary.ts';
import type { YamlScalar } from '#core/blueprint/yaml.ts';
import { configKeysOf, entitiesFor, entityOf, follow, sensorsOf } from '#core/complete/entities.ts';
import { placeAt, type Holder, type Place } from '#core/complete/place.ts';
import type { Placed } from '#core/check/context.ts';
import { functionNamed, parameterAt, scopeWord } from '#core/dsl/functions.ts';
import { readValue } from '#core/dsl/read.ts';
import { type Call, type Chain, type Expression, type StringLiteral, type Word, childrenOf, isExpression, plainName } from '#core/dsl/tree.ts';
import { touches, type Span } from '#core/text/span.ts';
import { parameterIn } from './completion/values.ts';
import { declarerOf, entityMarkdown, functionMarkdown, keyMarkdown, parameterMarkdown, scopeMarkdown, sensorMarkdown, typeMarkdown, valueTypeMarkdown } from './describe.ts';
import type { BlueprintDocument } from './document.ts';
import { effectiveSentence, resolvedSentence } from './effective.ts';

interface Answer {
  readonly markdown: string | undefined;
  readonly span: Span;
}

export function hover(document: BlueprintDocument, offset: number): Hover | undefined {
  const place = placeAt(document.reading, offset);
  // Between a key and its value one is on neither.
  if (place?.node.kind !== 'scalar' || !touches(place.node.span, offset)) return undefined;
  const answer = isExpression(place.node.text) ? inExpression(document, place.node, place, offset) : atWord(document, place.node, place);
  if (answer?.markdown === undefined) return undefined;
  return { contents: { kind: MarkupKind.Markdown, value: answer.markdown }, range: document.lines.rangeOf(answer.span) };
}

function atWord(document: BlueprintDocument, node: YamlScalar, { spot }: Place): Answer | undefined {
  const word = node.text.trim();
  const say = (markdown: string | undefined): Answer => ({ markdown, span: node.span });
  switch (spot.kind) {
    case 'key': {
      const key = keyIn(spot.holder.context, word);
      return say(key ? keyMarkdown(key) : parameterText(document, spot.holder, word));
    }
    case 'configKey':
      return say(parameterText(document, spot.holder, word));
    case 'value':
      if (spot.key.shape.kind !== 'type' || spot.isKey) return undefined;
      return say((spot.key.shape.of === 'value' ? valueTypeMarkdown(word) : undefined) ?? typeText(document, word));
    case 'objectValue':
      return spot.key === 'type' ? say(typeText(document, word)) : undefined;
    case 'configValue':
    case 'objectKey':
    case 'unknown':
      return undefined;
  }
}

function typeText({ catalog }: BlueprintDocument, name: string): string | undefined {
  const found = catalog.find(name);
  return found && typeMarkdown(found, name, catalog);
}

function parameterText(document: BlueprintDocument, holder: Holder, key: string): string | undefined {
  const { catalog, context } = document;
  const known = parameterIn(holder, key, catalog, context);
  if (!known) return undefined;
  const { parameter, owner } = known;
  const placed = entityOf(context, holder.map);
  return also(parameterMarkdown(parameter, owner && (declarerOf(catalog.membersOf(owner), parameter) ?? owner).id), placed && effectiveSentence(document, placed, parameter.name));
}

function inExpression(document: BlueprintDocument, node: YamlScalar, { entity, spot }: Place, offset: number): Answer | undefined {
  const self = entityOf(document.context, entity?.map);
  const { value } = readValue(node, document.text);
  const answer = at(value, offset, self, document);
  if (answer?.markdown === undefined || !self) return answer;
  const key = spot.kind === 'configValue' ? spot.key : '';
  return { ...answer, markdown: also(answer.markdown, resolvedSentence(document, node, self, key)) };
}

function also(markdown: string, sentence: string | undefined): string {
  return sentence === undefined ? markdown : `${markdown}\n\n${sentence}`;
}

function at(tree: Expression, offset: number, self: Placed | undefined, document: BlueprintDocument): Answer | undefined {
  if (!touches(tree.span, offset)) return undefined;
  if (tree.kind === 'word') return functionAt(plainName(tree.text), tree.span);
  if (tree.kind === 'chain') return inChain(tree, offset, self, document);
  return childrenOf(tree).reduce<Answer | undefined>((found, child) => found ?? at(child, offset, self, document), undefined);
}

function inChain(chain: Chain, offset: number, self: Placed | undefined, document: BlueprintDocument): Answer | undefined {
  for (const [index, link] of chain.links.entries()) {
    if (!touches(link.span, offset) || link.kind !== 'call') continue;
    if (touches(link.nameSpan, offset)) return functionAt(plainName(link.name), link.nameSpan);
    for (const [position, argument] of link.args.entries()) {
      if (!touches(argument.span, offset)) continue;
      const target = follow(document.context, self, chain.links.slice(0, index));
      return argument.kind === 'string' || argument.kind === 'word' ? argumentAt(link, position, argument, target, document) : at(argument, offset, self, document);
    }
  }
  return undefined;
}

function functionAt(name: string, span: Span): Answer | undefined {
  const known = functionNamed(name);
  return known && { markdown: functionMarkdown(known), span };
}

function argumentAt(call: Call, position: number, argument: StringLiteral | Word, target: Placed | undefined, document: BlueprintDocument): Answer | undefined {
  const { context } = document;
  const name = plainName(call.name);
  const word = argument.kind === 'string' ? argument.value : argument.text;
  const signature = functionNamed(name)?.signatures.find((one) => one.length === call.args.length) ?? functionNamed(name)?.signatures[0] ?? [];
  const say = (markdown: string | undefined): Answer => ({ markdown, span: argument.span });
  switch (parameterAt(signature, position)?.kind) {
    case 'entityId': {
      const placed = entitiesFor(context, target, name).find(({ spec }) => spec.id?.value === word);
      return placed && say(entityMarkdown(placed));
    }
    case 'configKey': {
      const known = target && configKeysOf(target).find((key) => key.name === word || key.parameter?.flag === word);
      if (!known) return undefined;
      const owner = known.at ? (known.at.spec.id?.value ?? known.at.spec.name?.value) : target.found?.type.id;
      const markdown = known.parameter ? parameterMarkdown(known.parameter, owner) : `**${word}**: a config key that ${owner ?? 'the application'} sets.`;
      return say(also(markdown, effectiveSentence(document, target, known.name)));
    }
    case 'sensorName': {
      const sensor = target && sensorsOf(target).find((one) => one.name === word);
      return sensor && say(sensorMarkdown(sensor.name, sensor.type, sensor.description));
    }
    case 'scope': {
      const scope = scopeWord(word);
      return scope && say(scopeMarkdown(scope));
    }
    case 'typeName':
    case 'index':
    case 'text':
    case 'pattern':
    case 'map':
    case 'list':
    case 'objectWithConfig':
    case 'objectPlan':
    case 'whenReadyOptions':
    case 'anything':
    case undefined:
      return undefined;
  }
}
