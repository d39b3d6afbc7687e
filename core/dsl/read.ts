// A YAML value -> an expression tree: strings that start with `$brooklyn:` are parsed, maps of one `$brooklyn:fn` key become
// calls, everything else is data that may hold more of both. Never throws. Places are offsets into the document.

import { parse, maxDepth } from '#core/dsl/parse.ts';
import { mapSpan, placesIn, shift, within, type Places } from '#core/dsl/places.ts';
import { isExpression, plainName, prefix, type Call, type Chain, type Expression, type Link, type MapEntry, type Problem, type Selector } from '#core/dsl/tree.ts';
import { valueOf } from '#core/coerce/value.ts';
import type { YamlEntry, YamlMap, YamlNode, YamlScalar } from '#core/blueprint/yaml.ts';

export interface ReadValue {
  readonly value: Expression;
  readonly problems: readonly Problem[];
}

/** Reads any value of a blueprint. `source` is the text of the document the node's places refer to. */
export function readValue(node: YamlNode, source: string): ReadValue {
  const problems: Problem[] = [];
  return { value: read(node, { source, problems }, 0), problems };
}

/** True when the value is an expression or holds one somewhere. */
export function holdsExpression(node: YamlNode): boolean {
  switch (node.kind) {
    case 'scalar':
      return typeof node.value === 'string' && isExpression(node.value);
    case 'list':
      return node.items.some(holdsExpression);
    case 'map':
      return node.entries.some(({ key, value }) => holdsExpression(key) || holdsExpression(value));
  }
}

interface Reading {
  readonly source: string;
  readonly problems: Problem[];
}

function read(node: YamlNode, reading: Reading, depth: number): Expression {
  if (depth > maxDepth) {
    reading.problems.push({ span: node.span, message: `The value is nested more than ${maxDepth} levels deep.` });
    return { kind: 'scalar', span: node.span, value: null };
  }
  switch (node.kind) {
    case 'scalar':
      return readScalar(node, reading);
    case 'list':
      return { kind: 'list', span: node.span, items: node.items.map((item) => read(item, reading, depth + 1)) };
    case 'map':
      return readMap(node, reading, depth);
  }
}

function readScalar(node: YamlScalar, reading: Reading): Expression {
  const { value, span } = node;
  if (typeof value === 'number' && isWrittenAsDouble(node)) return { kind: 'scalar', span, value: { double: value } };
  if (typeof value !== 'string') return { kind: 'scalar', span, value };
  if (!isExpression(value)) return { kind: 'string', span, value };
  const tree = readText(node, value, reading);
  if (tree.kind === 'word') {
    const message = `${tree.text} is a function without its parentheses; write ${tree.text}().`;
    reading.problems.push({ span: tree.span, message, suggestion: { title: 'Add parentheses', span: { start: tree.span.end, end: tree.span.end }, newText: '()' } });
  }
  return tree;
}

/** `1.0` and `1e3` are doubles to Java, and print as such. */
function isWrittenAsDouble(node: YamlScalar): boolean {
  const value = valueOf(node);
  return typeof value === 'object' && value !== null && 'double' in value;
}

function readText(node: YamlScalar, value: string, reading: Reading): Expression {
  const { tree, problems } = parse(value);
  const places = placesIn(reading.source, node);
  reading.problems.push(...problems.map((problem) => moveProblem(problem, places)));
  return relocate(tree, places);
}

function readMap(node: YamlMap, reading: Reading, depth: number): Expression {
  const keyed = node.entries.find(({ key }) => keyText(key) !== undefined);
  if (keyed !== undefined) {
    const name = keyText(keyed.key) ?? '';
    const { tree, problems } = parse(name);
    // A key that is a whole expression is a key made by that expression; only a bare name is the key form.
    if (problems.length === 0 && tree.kind === 'word') {
      if (distinctKeys(node) === 1) return keyForm(node, keyed, tree.text, reading, depth);
      const message = `${name} takes its arguments from a map of its own; it cannot stand beside other keys.`;
      reading.problems.push({ span: keyed.key.span, message });
    }
  }
  const entries: MapEntry[] = node.entries.map(({ key, value }) => ({ key: readKey(key, reading, depth), value: read(value, reading, depth + 1) }));
  return { kind: 'map', span: node.span, entries };
}

function readKey(key: YamlNode, reading: Reading, depth: number): Expression {
  if (key.kind === 'scalar' && typeof key.value === 'string' && isExpression(key.value)) return readText(key, key.value, reading);
  return read(key, reading, depth + 1);
}

function keyText(key: YamlNode): string | undefined {
  return key.kind === 'scalar' && typeof key.value === 'string' && isExpression(key.value) ? key.value : undefined;
}

function distinctKeys(map: YamlMap): number {
  return new Set(map.entries.map(({ key }) => (key.kind === 'scalar' ? key.text : key))).size;
}

function keyForm(node: YamlMap, { key, value }: YamlEntry, name: string, reading: Reading, depth: number): Chain {
  const argument = read(value, reading, depth + 1);
  const args = argument.kind === 'list' ? argument.items : [argument];
  const call: Call = { kind: 'call', span: node.span, name, nameSpan: key.span, args, commas: [], isClosed: true, form: 'key' };
  return { kind: 'chain', span: node.span, links: [call] };
}

/**
 * The chain that `$brooklyn:chain: [ expression, { fn: [args] }, "[key]" ]` stands for; undefined when the expression is no
 * such call or a part has another shape. `onBadPart` is told of each such part.
 */
export function unchain(call: Call, onBadPart: (part: Expression) => void = () => {}): Chain | undefined {
  if (plainName(call.name) !== 'chain') return undefined;
  const [only] = call.args;
  const [head, ...steps] = call.args.length === 1 && only?.kind === 'list' ? only.items : call.args;
  if (head?.kind !== 'chain') {
    if (head !== undefined) onBadPart(head);
    return undefined;
  }
  const links: Link[] = [...head.links];
  let isWhole = true;
  for (const step of steps) {
    const link = stepLink(step);
    if (link) links.push(link);
    else {
      isWhole = false;
      onBadPart(step);
    }
  }
  return isWhole ? { kind: 'chain', span: call.span, links } : undefined;
}

function stepLink(step: Expression): Link | undefined {
  if (step.kind === 'string') return bracketLink(step.value, step.span.start, step.span.end);
  if (step.kind !== 'map' || step.entries.length !== 1) return undefined;
  const [entry] = step.entries;
  if (entry?.key.kind !== 'string' || entry.value.kind !== 'list') return undefined;
  return { kind: 'call', span: step.span, name: entry.key.value, nameSpan: entry.key.span, args: entry.value.items, commas: [], isClosed: true, form: 'key' };
}

function bracketLink(text: string, start: number, end: number): Selector | undefined {
  const { tree, problems } = parse(text);
  const [link] = tree.kind === 'chain' && tree.links.length === 1 ? tree.links : [];
  if (problems.length > 0 || link?.kind !== 'selector') return undefined;
  const key = relocate(link.key, within({ start, end }));
  return key.kind === 'string' || key.kind === 'word' || key.kind === 'chain' ? { kind: 'selector', span: { start, end }, key, isDotted: false } : undefined;
}

/** The same tree with other places. */
export function relocate(expression: Expression, places: Places): Expression {
  const span = mapSpan(expression.span, places);
  switch (expression.kind) {
    case 'string':
    case 'word':
    case 'scalar':
      return { ...expression, span };
    case 'list':
      return { ...expression, span, items: expression.items.map((item) => relocate(item, places)) };
    case 'map':
      return { ...expression, span, entries: expression.entries.map(({ key, value }) => ({ key: relocate(key, places), value: relocate(value, places) })) };
    case 'chain':
      return relocateChain(expression, places);
  }
}

function relocateChain(chain: Chain, places: Places): Chain {
  return { kind: 'chain', span: mapSpan(chain.span, places), links: chain.links.map((link) => relocateLink(link, places)) };
}

function relocateLink(link: Link, places: Places): Link {
  const span = mapSpan(link.span, places);
  if (link.kind === 'call') {
    const args = link.args.map((arg) => relocate(arg, places));
    return { ...link, span, nameSpan: mapSpan(link.nameSpan, places), args, commas: link.commas.map((comma) => places.startOf(comma)) };
  }
  const { key } = link;
  return { ...link, span, key: key.kind === 'chain' ? relocateChain(key, places) : { ...key, span: mapSpan(key.span, places) } };
}

function moveProblem(problem: Problem, places: Places): Problem {
  const { suggestion } = problem;
  const moved = { ...problem, span: mapSpan(problem.span, places) };
  return suggestion ? { ...moved, suggestion: { ...suggestion, span: mapSpan(suggestion.span, places) } } : moved;
}

/** Reads the text of one expression that stands at `start` in the document as it is: for tests and for text that is no YAML. */
export function readExpression(text: string, start = 0): ReadValue {
  const { tree, problems } = parse(text);
  const to = shift(start);
  return { value: relocate(tree, to), problems: problems.map((problem) => moveProblem(problem, to)) };
}

/** The name of the key form's function as a key is written: `$brooklyn:formatString`. */
export function keyFormName(name: string): string {
  return prefix + plainName(name);
}
