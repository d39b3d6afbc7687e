// Values against the types that their config keys declare; notes on values that are accepted but surprise.

import type { ConfigValue } from '#core/blueprint/spec.ts';
import { looksSecret } from '#core/blueprint/mask.ts';
import type { YamlNode } from '#core/blueprint/yaml.ts';
import { type Parameter, parameterOf } from '#core/catalog/type.ts';
import { parameterFor, type Members } from '#core/catalog/catalog.ts';
import type { CheckContext, Placed } from '#core/check/context.ts';
import { coerce } from '#core/coerce/coerce.ts';
import { coerceLinks, coerceMounts, coercePortBindings, coercePortList } from '#core/coerce/docker.ts';
import { parseType, type Type } from '#core/coerce/types.ts';
import { valueOf, type Outcome, type Value } from '#core/coerce/value.ts';
import { coerceEnvironment } from '#core/resolve/container.ts';
import { report } from '#core/diagnostics/rule.ts';
import { surprisingValue } from '#core/diagnostics/surprisingValue.ts';
import { yamlSurprise } from '#core/diagnostics/yamlSurprise.ts';
import { wrongValue } from '#core/diagnostics/wrongValue.ts';
import { holdsExpression } from '#core/dsl/read.ts';
import type { Diagnostic } from '#core/text/diagnostic.ts';
import type { Span } from '#core/text/span.ts';

export function checkValues({ entities, catalog }: CheckContext): readonly Diagnostic[] {
  return entities.flatMap((placed) => [
    ...placed.spec.config.flatMap((value) => checkValue(value, parameterOfKey(placed, value.key), placed.members)),
    ...placed.spec.adjuncts.flatMap(({ type, config }) => {
      const found = type && catalog.find(type.value);
      const members = found && catalog.membersOf(found.type);
      return members ? config.flatMap((value) => checkValue(value, parameterFor(members, value.key), members)) : [];
    }),
  ]);
}

function checkValue({ value, written }: ConfigValue, parameter: Parameter | undefined, members: Members | undefined): readonly Diagnostic[] {
  if (!parameter || (written === 'direct' && value.kind === 'scalar' && value.value === null)) return [];
  const type = parseType(parameter.type ?? 'string');
  return type.ok ? [...findings(value, type.value, parameter, members), ...lostDigits(value, type.value, parameter)] : [];
}

/** The parameter a written key means: declared by the entity itself or by its type. */
export function parameterOfKey({ spec, members }: Placed, key: string): Parameter | undefined {
  const own = spec.parameters.find(({ name, flag }) => name?.value === key || flag === key);
  return (own && parameterOf(own)[0]) ?? (members && parameterFor(members, key));
}

/** Numbers where a text is wanted: `1.10` becomes the text "1.1". */
function lostDigits(node: YamlNode, type: Type, parameter: Parameter): readonly Diagnostic[] {
  if (node.kind === 'scalar') {
    const isTextWanted = type.name === 'string' || environments.has(parameter.name);
    if (!isTextWanted || node.aliased || (node.surprise !== 'trailing-zero' && node.surprise !== 'underscores')) return [];
    const fixes = [{ title: `Quote it: "${node.text}"`, edits: [{ span: node.span, newText: `"${node.text}"` }] }];
    return [report(yamlSurprise, node.span, `${node.text} is read as the number ${Number(node.value)}; quote it to keep it as it is`, { fixes })];
  }
  if (node.kind === 'map') return environments.has(parameter.name) ? node.entries.flatMap((entry) => (entry.merged ? [] : lostDigits(entry.value, type, parameter))) : partsOf(node, type).flatMap(([part, partType]) => lostDigits(part, partType, parameter));
  return partsOf(node, type).flatMap(([part, partType]) => lostDigits(part, partType, parameter));
}

/** Maps whose values all become texts. */
const environments: ReadonlySet<string> = new Set(['docker.container.environment', 'shell.env']);

/** Config keys with a little language of their own, wider than the type they declare. */
const containerWords: Readonly<Record<string, (value: Value) => Outcome<unknown>>> = {
  'docker.container.openPorts': coercePortList,
  'docker.container.directPorts': coercePortList,
  'docker.container.portBindings': coercePortBindings,
  'docker.container.volumes.export': coerceMounts,
  'docker.host.volumes': coerceMounts,
  'docker.container.links': coerceLinks,
  'docker.container.environment': coerceEnvironment,
};

function findings(node: YamlNode, type: Type, parameter: Parameter, members: Members | undefined): readonly Diagnostic[] {
  const word = containerWords[parameter.name];
  // The little languages are read whole, or an element at a time; their maps cannot be taken apart.
  const parts = word ? (node.kind === 'list' ? node.items.map((item) => [item, type] as const) : []) : partsOf(node, type);
  const ofParts = (): readonly Diagnostic[] => parts.flatMap(([part, partType]) => findings(part, partType, parameter, members));
  if (holdsExpression(node) || holdsPlaceholder(node)) return ofParts();
  const named = node.kind === 'scalar' && members?.parameters.has(`${parameter.name}.configKeys`) ? members.parameters.get(node.text) : undefined;
  if (named) return [report(surprisingValue, node.span, `${named.name} is a config key, whose value is meant; write it under ${parameter.name}.configKeys`)];
  const outcome = word ? word(valueOf(node)) : coerce(valueOf(node), type);
  if (!outcome.ok) {
    // The smallest part that is wrong by itself says it better.
    const inner = ofParts();
    return inner.length > 0 ? inner : [complain(node.span, outcome.problem, parameter)];
  }
  return looksSecret(parameter.name) ? [] : outcome.notes.map((note) => report(surprisingValue, node.span, `${parameter.name}: ${note}`));
}

function complain(place: Span, problem: string, parameter: Parameter): Diagnostic {
  // The problem quotes the value, which must not be shown where it may be secret.
  const sentence = looksSecret(parameter.name) ? `this does not fit the type ${parameter.type ?? 'string'}` : problem;
  return report(wrongValue, place, `${parameter.name}: ${sentence}`);
}

/** Elements of a list or values of a map, with their type. */
function partsOf(node: YamlNode, type: Type): readonly (readonly [YamlNode, Type])[] {
  if (type.name !== 'list' && type.name !== 'set' && type.name !== 'map') return [];
  const { of } = type;
  if (!of) return [];
  if (node.kind === 'list' && type.name !== 'map') return node.items.map((item) => [item, of] as const);
  return node.kind === 'map' && type.name === 'map' ? node.entries.map((entry) => [entry.value, of] as const) : [];
}

/** `${...}` and `%s` are filled in by whoever uses the text, so the value is not known. */
function holdsPlaceholder(node: YamlNode): boolean {
  return node.kind === 'scalar' && typeof node.value === 'string' && /\$\{|<#|^%s$/.test(node.value);
}
