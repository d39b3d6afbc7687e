// Generated expressions, trees without places, and a small application that expressions can be evaluated in.

import * as fc from 'fast-check';
import { parseYaml } from '#core/blueprint/yaml.ts';
import { readValue } from '#core/dsl/read.ts';
import { print } from '#core/dsl/print.ts';
import { isExpression, type Chain, type Expression, type Link } from '#core/dsl/tree.ts';
import type { ConfigValue, KnownType, ScopeEntity } from '#core/dsl/scope.ts';
import type { Value } from '#core/dsl/value.ts';

const nowhere = { start: 0, end: 0 };
const text = fc.string({ maxLength: 8, unit: fc.constantFrom('a', '.', '"', '\\', '\n', ' ', 'é', '(', '$brooklyn:') });
const word = fc.stringMatching(/^[a-zA-Z0-9_]{1,6}$/);
const name = fc.constantFrom('config', 'entity', 'f', 'x1', 'function.regexReplacement', 'a:b');

/** Trees as print writes them: the prefix at the start and nowhere else. */
export const canonical: fc.Arbitrary<Expression> = fc.letrec<{ expression: Expression; chain: Chain; link: Link }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'expression' },
    text.map((value): Expression => ({ kind: 'string', span: nowhere, value })),
    word.map((given): Expression => ({ kind: 'word', span: nowhere, text: given })),
    tie('chain'),
  ),
  chain: fc.tuple(call(tie('expression')), fc.array(tie('link'), { maxLength: 3 })).map(([first, rest]): Chain => ({ kind: 'chain', span: nowhere, links: [first, ...rest] })),
  link: fc.oneof(
    call(tie('expression')),
    word.map((given): Link => ({ kind: 'selector', span: nowhere, key: { kind: 'word', span: nowhere, text: given }, isDotted: true })),
    fc.oneof(text.map((value) => ({ kind: 'string' as const, span: nowhere, value })), word.map((given) => ({ kind: 'word' as const, span: nowhere, text: given })), tie('chain')).map(
      (key): Link => ({ kind: 'selector', span: nowhere, key, isDotted: false }),
    ),
  ),
})).chain.map((chain) => prefixed(chain));

function call(expression: fc.Arbitrary<Expression>): fc.Arbitrary<Link> {
  return fc.tuple(name, fc.array(expression, { maxLength: 3 })).map(([given, args]) => ({ kind: 'call', span: nowhere, name: given, nameSpan: nowhere, args, commas: [], isClosed: true, form: 'text' }));
}

function prefixed(chain: Chain): Chain {
  const [first, ...rest] = chain.links;
  return first?.kind === 'call' ? { ...chain, links: [{ ...first, name: `$brooklyn:${first.name}` }, ...rest] } : chain;
}

/** A tree as nested lists, for comparing. */
export function withoutPlaces(tree: Expression): unknown {
  switch (tree.kind) {
    case 'string':
      return ['string', tree.value];
    case 'word':
      return ['word', tree.text];
    case 'scalar':
      return ['scalar', tree.value];
    case 'list':
      return ['list', ...tree.items.map(withoutPlaces)];
    case 'map':
      return ['map', ...tree.entries.map(({ key, value }) => [withoutPlaces(key), withoutPlaces(value)])];
    case 'chain':
      return ['chain', ...tree.links.map((link) => (link.kind === 'call' ? ['call', link.name, ...link.args.map(withoutPlaces)] : ['selector', link.isDotted, withoutPlaces(link.key)]))];
  }
}

/** One entity of a test's application, as few words as possible. `config` is YAML. */
export interface Sketch {
  readonly id?: string;
  readonly key?: string;
  readonly config?: string;
  readonly sensors?: Readonly<Record<string, Value>>;
  readonly locations?: readonly string[];
  readonly children?: readonly Sketch[];
  /** Keys of the members of a group, anywhere in the application. */
  readonly members?: readonly string[];
  readonly isApplication?: boolean;
  readonly isScopeRoot?: boolean;
  readonly mayGrow?: boolean;
  readonly isFragment?: boolean;
  readonly type?: KnownType;
}

/** Builds an application; entities are found by id or key. Config keys are inherited, as upstream has it. */
export function application(sketch: Sketch): { readonly root: ScopeEntity; readonly at: (name: string) => ScopeEntity } {
  const byName = new Map<string, ScopeEntity>();
  const whenBuilt: (() => void)[] = [];
  const build = (given: Sketch, parent: ScopeEntity | undefined): ScopeEntity => {
    const own = given.config === undefined ? new Map<string, Expression>() : configOf(given.config);
    const children: ScopeEntity[] = [];
    const members: ScopeEntity[] = [];
    for (const member of given.members ?? []) whenBuilt.push(() => members.push(...[byName.get(member) ?? []].flat()));
    const entity: ScopeEntity = {
      key: given.key ?? `key-of-${given.id ?? byName.size}`,
      ...(given.id !== undefined && { id: given.id }),
      ...(parent && { parent }),
      children,
      ...(given.members && { members }),
      isApplication: given.isApplication ?? parent === undefined,
      isScopeRoot: given.isScopeRoot ?? false,
      mayGrow: given.mayGrow ?? false,
      isFragment: given.isFragment ?? false,
      ...(given.type && { type: given.type }),
      locations: given.locations ?? [],
      config: (key): ConfigValue | undefined => {
        const value = own.get(key);
        return value ? { value, at: entity } : parent?.config(key);
      },
      sensor: (name) => given.sensors?.[name],
    };
    for (const name of [entity.id, entity.key]) if (name !== undefined && !byName.has(name)) byName.set(name, entity);
    children.push(...(given.children ?? []).map((child) => build(child, entity)));
    return entity;
  };
  const root = build(sketch, undefined);
  for (const join of whenBuilt) join();
  return {
    root,
    at: (wanted) => {
      const found = byName.get(wanted);
      if (!found) throw new Error(`the test has no entity ${wanted}`);
      return found;
    },
  };
}

function configOf(yaml: string): ReadonlyMap<string, Expression> {
  const tree = valueOf(yaml);
  if (tree.kind !== 'map') throw new Error('a test gives its config as a map');
  return new Map(tree.entries.map(({ key, value }) => [key.kind === 'string' ? key.value : print(key), value]));
}

/** A YAML text, or the text of an expression, as a tree. */
export function valueOf(source: string): Expression {
  const quoted = isExpression(source) && !source.includes('\n') && !/^\$brooklyn:[\w.]+:/.test(source) ? `'${source.replaceAll("'", "''")}'` : source;
  const { root } = parseYaml(quoted);
  if (!root) throw new Error(`the test's YAML is empty: ${source}`);
  return readValue(root, quoted).value;
}
