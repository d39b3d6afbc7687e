// Types that nobody knows, old names of types, images that cannot be.

import type { Located } from '#core/blueprint/tree.ts';
import type { TypeKind } from '#core/catalog/type.ts';
import type { CheckContext, Placed } from '#core/check/context.ts';
import { invalidImage } from '#core/diagnostics/invalidImage.ts';
import { oldTypeName } from '#core/diagnostics/oldTypeName.ts';
import { report } from '#core/diagnostics/rule.ts';
import { unknownType } from '#core/diagnostics/unknownType.ts';
import { isDockerType, parseDockerType } from '#core/image/reference.ts';
import type { Diagnostic } from '#core/text/diagnostic.ts';
import { nearestFew } from '#core/text/nearest.ts';
import { span } from '#core/text/span.ts';

const kindsOf: Readonly<Record<Exclude<Placed['kind'], 'location'>, readonly TypeKind[]>> = {
  entity: ['entity', 'application', 'template'],
  policy: ['policy'],
  enricher: ['enricher'],
  initializer: ['initializer', 'bean'],
  bean: ['bean', 'initializer'],
};

export function checkTypes(context: CheckContext): readonly Diagnostic[] {
  return context.entities.flatMap(({ spec, kind }) => [
    ...(spec.type && kind !== 'location' ? [...checkName(spec.type, kind, context), ...checkImage(spec.type)] : []),
    ...spec.adjuncts.flatMap(({ kind, type }) => (type ? checkName(type, kind, context) : [])),
  ]);
}

/** The diagnostics of one type name. */
export function checkName(type: Located<string>, kind: keyof typeof kindsOf, { catalog }: CheckContext): readonly Diagnostic[] {
  const found = catalog.find(type.value);
  if (found?.renamedTo !== undefined) {
    return [
      report(oldTypeName, type.span, `${type.value} is an old name of ${found.renamedTo}`, {
        fixes: [{ title: `Change to ${found.renamedTo}`, edits: [{ span: type.span, newText: found.renamedTo }] }],
      }),
    ];
  }
  if (found || isElsewhere(type.value)) return [];
  const simple = (name: string): string => name.slice(name.lastIndexOf('.') + 1);
  const names = catalog.names(...kindsOf[kind]);
  const sameSimpleName = names.filter((name) => simple(name) === simple(type.value));
  const near = [...(sameSimpleName.length > 0 ? sameSimpleName : nearestFew(type.value, names, 3)), ...containing(type.value, names)].filter((name, index, all) => all.indexOf(name) === index).slice(0, 3);
  const hint = near.length > 0 ? `; did you mean ${near.join(' or ')}?` : '; its catalog may be elsewhere';
  return [
    report(unknownType, type.span, `unknown type ${type.value}${hint}`, {
      fixes: near.map((name) => ({ title: `Change to ${name}`, edits: [{ span: type.span, newText: name }] })),
    }),
  ];
}

/** Ids that have the word as one of theirs: `tomcat-server` for `tomcat`. */
function containing(word: string, names: readonly string[]): readonly string[] {
  const wanted = word.toLowerCase();
  return wanted.length < 3 ? [] : names.filter((name) => name !== word && name.split('-').includes(wanted));
}

/** Forms that name something outside any catalog, and placeholders that something else fills in. */
function isElsewhere(name: string): boolean {
  return /^(?:classpath:|https?:|file:|chef:|salt:|ansible:|brooklyn\.catalog:)/.test(name) || name.startsWith('$brooklyn:') || /[$%]\{|^%s$|<.*>/.test(name);
}

function checkImage(type: Located<string>): readonly Diagnostic[] {
  if (!isDockerType(type.value)) return [];
  const parsed = parseDockerType(type.value);
  if (parsed.ok || /[$%]\{|%s/.test(type.value)) return [];
  // In a quoted or folded text the places of the type are not those of the file.
  const isPlain = type.span.end - type.span.start === type.value.length;
  const place = isPlain ? span(type.span.start + parsed.span.start, type.span.start + parsed.span.end) : type.span;
  const { suggestion } = parsed;
  return [report(invalidImage, place, parsed.problem, { fixes: suggestion === undefined ? [] : [{ title: `Change to ${suggestion}`, edits: [{ span: type.span, newText: suggestion }] }] })];
}
