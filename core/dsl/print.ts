// Expression -> canonical text: the prefix at the start and nowhere inside, one space after a comma. Parsing what is printed
// gives the same tree. Lists and maps have no text form; an expression with one in it is printed as flow YAML.

import { asText } from '#core/dsl/value.ts';
import { childrenOf, plainName, prefix, type Chain, type Expression, type Link, type Scalar } from '#core/dsl/tree.ts';

/** The whole value as YAML would hold it: `$brooklyn:config("x")`, a quoted string, `{ $brooklyn:object: [ ... ] }`. */
export function print(expression: Expression): string {
  if (expression.kind === 'chain') return hasTextForm(expression) ? start(expression) + text(expression) : flowChain(expression);
  return flow(expression);
}

/** `value` as a string of the expression language, in double quotes. */
export function quote(value: string): string {
  const escaped = value.replaceAll(/[\\"\n\t\r]/g, (character) => escapes[character] ?? character);
  return `"${escaped}"`;
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n', '\t': '\\t', '\r': '\\r' };

/** False where a list or a map stands somewhere in the arguments. */
export function hasTextForm(expression: Expression): boolean {
  if (expression.kind === 'list' || expression.kind === 'map') return false;
  return childrenOf(expression).every(hasTextForm);
}

function start(chain: Chain): string {
  return chain.links[0]?.kind === 'call' ? prefix : '';
}

function text(expression: Expression): string {
  switch (expression.kind) {
    case 'string':
      return quote(expression.value);
    case 'word':
      return plainName(expression.text);
    case 'chain':
      return expression.links.map(printLink).join('');
    case 'scalar':
      return scalarWord(expression);
    case 'list':
    case 'map':
      return flow(expression);
  }
}

function printLink(link: Link, index: number): string {
  if (link.kind === 'call') return `${index > 0 ? '.' : ''}${plainName(link.name)}(${link.args.map(text).join(', ')})`;
  if (link.isDotted && link.key.kind === 'word') return `${index > 0 ? '.' : ''}${link.key.text}`;
  return `[${text(link.key)}]`;
}

/** Numbers and constants are bare words where they can be (`[a-zA-Z0-9]`), strings otherwise: `1.5` has no bare form. */
function scalarWord({ value }: Scalar): string {
  const shown = asText(value);
  return /^\w+$/.test(shown) ? shown : quote(shown);
}

function flow(expression: Expression): string {
  switch (expression.kind) {
    case 'string':
      return quote(expression.value);
    case 'word':
      return expression.text;
    case 'scalar':
      return asText(expression.value);
    case 'list':
      return expression.items.length === 0 ? '[]' : `[ ${expression.items.map(flow).join(', ')} ]`;
    case 'map':
      return expression.entries.length === 0 ? '{}' : `{ ${expression.entries.map(({ key, value }) => `${flow(key)}: ${flow(value)}`).join(', ')} }`;
    case 'chain':
      // Inside flow YAML an expression is a quoted scalar, for it may hold commas and brackets.
      return hasTextForm(expression) ? `'${(start(expression) + text(expression)).replaceAll("'", "''")}'` : flowChain(expression);
  }
}

function flowChain({ links, span }: Chain): string {
  const [first, ...rest] = links;
  if (first === undefined) return '{}';
  const call = first.kind === 'call' ? `{ ${prefix}${plainName(first.name)}: ${flow({ kind: 'list', span, items: first.args })} }` : printLink(first, 0);
  if (rest.length === 0) return call;
  const head = first.kind === 'call' && first.args.every(hasTextForm) ? flow({ kind: 'chain', span, links: [first] }) : call;
  const steps = rest.map((link) => (link.kind === 'call' ? `{ ${plainName(link.name)}: ${flow({ kind: 'list', span, items: link.args })} }` : quote(`[${text(link.key)}]`)));
  return `{ ${prefix}chain: [ ${[head, ...steps].join(', ')} ] }`;
}
