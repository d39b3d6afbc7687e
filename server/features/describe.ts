// What is said about keys, types, config keys, functions and entities, as Markdown: in hovers, and beside completions.

import { textAt } from '#core/blueprint/tree.ts';
import { type Key, type Shape, vocabulary } from '#core/blueprint/vocabulary.ts';
import type { Catalog, Found, Members } from '#core/catalog/catalog.ts';
import type { PlainValue } from '#core/catalog/plain.ts';
import type { Parameter, Type } from '#core/catalog/type.ts';
import type { Placed } from '#core/check/context.ts';
import { typeEntry } from '#core/coerce/types.ts';
import { scopeWords, signatureText, type DslFunction } from '#core/dsl/functions.ts';

const paragraphs = (...parts: readonly (string | undefined)[]): string => parts.filter((part) => part !== undefined && part !== '').join('\n\n');
export const code = (text: string): string => `\`${text.replaceAll('`', "'")}\``;
const fenced = (text: string, language = 'yaml'): string => `\`\`\`${language}\n${text}\n\`\`\``;

export function keyMarkdown(key: Key): string {
  const facts = [
    shapeWord(key.shape),
    ...(key.isRequired ? ['**required**'] : []),
    ...(key.default === undefined ? [] : [`default ${code(key.default)}`]),
    ...(key.aliases ? [`also written ${key.aliases.map(code).join(', ')}`] : []),
  ];
  return paragraphs(`**${key.name}**: ${facts.join(', ')}`, key.sentence, key.isIgnored ? 'It is understood, but nothing reads it.' : undefined);
}

export function shapeWord(shape: Shape): string {
  switch (shape.kind) {
    case 'text':
      return 'text';
    case 'boolean':
      return '`true` or `false`';
    case 'type':
      return shape.of === 'value' ? 'type of value' : `type of ${shape.of}`;
    case 'map':
      return `map: ${vocabulary[shape.of].noun}`;
    case 'map-or-text':
      return `${vocabulary[shape.of].noun}, or a text`;
    case 'list':
      return `list: each is ${vocabulary[shape.of].noun}`;
    case 'list-or-texts':
      return `list: each is ${vocabulary[shape.of].noun}, or a text`;
    case 'config':
      return 'map from config keys to values';
    case 'location':
      return 'location';
    case 'locations':
      return 'list of locations';
    case 'texts':
      return 'list of texts';
    case 'choice':
      return `one of ${shape.of.map(code).join(', ')}`;
    case 'anything-list':
      return 'list';
    case 'anything':
      return 'any value';
  }
}

export function typeMarkdown({ type, renamedTo }: Found, written: string, catalog: Catalog): string {
  const image = written.startsWith('docker:') ? written.slice('docker:'.length) : undefined;
  const parent = type.parent === undefined ? undefined : (catalog.find(type.parent, type)?.type.id ?? type.parent);
  const { parameters, sensors, isWhole } = catalog.membersOf(type);
  const counts = `${parameters.size} config key${parameters.size === 1 ? '' : 's'}, ${sensors.size} sensor${sensors.size === 1 ? '' : 's'}${isWhole ? '' : ', and those of a parent that is not known here'}`;
  return paragraphs(
    image === undefined ? `**${type.id}**${type.origin === undefined || type.version === undefined ? '' : ` ${type.version}`}: ${type.kind}${parent === undefined ? '' : `, extends ${code(parent)}`}` : `**docker:${image}**: a container of the image ${code(image || 'IMAGE')}, as ${code(type.id)}`,
    renamedTo === undefined ? undefined : `${code(written)} is an old name; the present one is ${code(renamedTo)}.`,
    type.isDeprecated ? '**Deprecated.**' : undefined,
    type.description ?? type.name,
    type.aliases.length > 0 ? `Also known as ${type.aliases.slice(0, 6).map(code).join(', ')}${type.aliases.length > 6 ? ' and others' : ''}.` : undefined,
    runsWord(type),
    `${counts}.`,
    type.origin === undefined ? undefined : `Defined in ${code(decodeURIComponent(type.origin.uri.replace(/^.*\//, '')))}.`,
  );
}

function runsWord({ runsOnDocker, kind }: Type): string | undefined {
  if (kind !== 'entity' && kind !== 'application' && kind !== 'template') return undefined;
  return runsOnDocker === false ? 'On Docker: it is known, but has nothing that runs in a container.' : undefined;
}

/** `owner` is the type that declares the parameter, or the words for who else does. */
export function parameterMarkdown(parameter: Parameter, owner: string | undefined): string {
  const { name, flag, type, description, deprecatedNames } = parameter;
  const entry = type === undefined ? undefined : typeEntry(type.replace(/<.*$/, ''));
  return paragraphs(
    `**${name}**: ${code(type ?? 'string')}${isRequired(parameter) ? ', **required**' : ''}${defaultWord(parameter.default)}`,
    description,
    flag === undefined ? undefined : `As a key of the entity itself: ${code(flag)}.`,
    deprecatedNames ? `Older names: ${deprecatedNames.map(code).join(', ')}.` : undefined,
    entry && entry.name !== 'string' ? `${entry.description} For example ${entry.examples.map(code).join(', ')}.` : undefined,
    constraintWord(parameter.constraints),
    owner === undefined ? undefined : `Declared by ${code(owner)}.`,
  );
}

/** The type in whose lineage a parameter is declared. */
export function declarerOf({ lineage }: Members, parameter: Parameter): Type | undefined {
  return lineage.find(({ parameters }) => parameters.includes(parameter));
}

export function isRequired({ constraints, default: value }: Parameter): boolean {
  if (value !== undefined) return false;
  return constraints === 'required' || (Array.isArray(constraints) && constraints.includes('required'));
}

function constraintWord(constraints: PlainValue | undefined): string | undefined {
  if (constraints === undefined || constraints === null || constraints === 'required') return undefined;
  const list = (Array.isArray(constraints) ? constraints : [constraints]).filter((one) => one !== 'required');
  return list.length === 0 ? undefined : `Must satisfy ${list.map((one) => code(plainWord(one))).join(', ')}.`;
}

function defaultWord(value: PlainValue | undefined): string {
  if (value === undefined || value === null || value === '') return '';
  const text = plainWord(value);
  const [first = ''] = text.split('\n');
  return `, default ${code(first.length > 80 || first.length < text.length ? `${first.slice(0, 80)}...` : first)}`;
}

export function plainWord(value: PlainValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export function functionMarkdown({ name, signatures, sentence, example, since }: DslFunction): string {
  const usages = signatures.map((signature) => signatureText(name, signature)).join('\n');
  const parameters = [...new Map(signatures.flat().map((parameter) => [parameter.name, parameter])).values()];
  const list = parameters.map((parameter) => `- ${code(parameter.name)}: ${parameter.sentence}`).join('\n');
  return paragraphs(fenced(usages, 'text'), sentence, list, fenced(example), since === 'master' ? 'Not in any release of Brooklyn yet.' : `Since Brooklyn ${since}.`);
}

export function scopeMarkdown(word: keyof typeof scopeWords): string {
  return `**${word}**: ${scopeWords[word]}.`;
}

export function entityMarkdown({ spec, found, isMember }: Placed): string {
  const image = spec.type?.value.startsWith('docker:') ? spec.type.value : undefined;
  const what = image ?? found?.type.id ?? spec.type?.value ?? 'an application';
  const description = textAt(spec.node.entries.find(({ key }) => key.kind === 'scalar' && key.text === 'description')?.value)?.value ?? found?.type.description;
  return paragraphs(`**${spec.id?.value ?? spec.name?.value ?? what}**: ${spec.name ? `${spec.name.value}, ` : ''}${code(what)}`, description, isMember ? 'It is made when the cluster makes its members.' : undefined);
}

export function sensorMarkdown(name: string, type: string | undefined, description: string | undefined): string {
  return paragraphs(`**${name}**: sensor${type === undefined ? '' : ` of type ${code(type)}`}`, description);
}

export function valueTypeMarkdown(name: string): string | undefined {
  const entry = typeEntry(name.replace(/<.*$/, ''));
  return entry && paragraphs(`**${entry.name}**: type of value`, entry.description, `For example ${entry.examples.map(code).join(', ')}.`, entry.aliases.length > 0 ? `Also written ${entry.aliases.map(code).join(', ')}.` : undefined);
}
