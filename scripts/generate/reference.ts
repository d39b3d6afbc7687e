// The reference pages: every key of the language, every built-in type with its parameters.

import { type Context, type Shape, vocabulary } from '#core/blueprint/vocabulary.ts';
import { Catalog, type BuiltIn } from '#core/catalog/catalog.ts';
import type { PlainValue } from '#core/catalog/plain.ts';
import type { Type } from '#core/catalog/type.ts';

export function keysPage(): string {
  const contexts: readonly Context[] = ['plan', 'entity', 'policy', 'enricher', 'initializer', 'parameter', 'catalog', 'item', 'library'];
  const sections = contexts.map((context) => {
    const { noun, others, keys } = vocabulary[context];
    const rest = { flags: 'Any other key is a config key or flag of the type.', ignored: 'Any other key is kept and ignored.', mistake: 'Any other key is a mistake.' }[others];
    const rows = keys.map((key) => {
      const also = key.aliases ? ` (also ${key.aliases.map((alias) => `\`${alias}\``).join(', ')})` : '';
      return `| \`${key.name}\`${also}${key.isRequired ? ' **required**' : ''} | ${shapeWord(key.shape)} | ${key.sentence} |`;
    });
    return `## Keys of ${noun}\n\n${rest}\n\n| key | value | what it says |\n|---|---|---|\n${rows.join('\n')}\n`;
  });
  return `# Keys of the blueprint language\n\nMade from the table that the editor itself uses.\n\n${sections.join('\n')}`;
}

export function typesPage(builtIn: BuiltIn): string {
  const catalog = new Catalog(builtIn);
  const kinds = [...new Set(builtIn.types.map(({ kind }) => kind))];
  const sections = kinds.map((kind) => {
    const types = builtIn.types.filter((type) => type.kind === kind).toSorted((a, b) => a.id.localeCompare(b.id));
    return `## ${kind} types\n\n${types.map((type) => typeSection(type, catalog)).join('\n')}`;
  });
  return `# Built-in types\n\nEvery type that Clocker knows by itself, with the parameters that it adds to its parent's.\n\n${sections.join('\n')}`;
}

function typeSection(type: Type, catalog: Catalog): string {
  const parent = type.parent === undefined ? undefined : catalog.find(type.parent)?.type.id;
  const names = type.aliases.length > 0 ? `\nAlso known as ${type.aliases.map((alias) => `\`${alias}\``).join(', ')}.\n` : '';
  const rows = type.parameters.map(
    (parameter) => `| \`${parameter.name}\` | ${parameter.flag === undefined ? '' : `\`${parameter.flag}\``} | ${parameter.type ?? 'string'} | ${defaultWord(parameter.default)} | ${cell(parameter.description ?? '')} |`,
  );
  const parameters = rows.length > 0 ? `\n| config key | flag | type | default | what it says |\n|---|---|---|---|---|\n${rows.join('\n')}\n` : '';
  const sensors = type.sensors.length > 0 ? `\nSensors: ${type.sensors.map(({ name }) => `\`${name}\``).join(', ')}.\n` : '';
  return `### ${type.id}\n\n${type.description ?? type.name ?? ''}${parent === undefined ? '' : ` Extends \`${parent}\`.`}\n${names}${parameters}${sensors}`;
}

function defaultWord(value: PlainValue | undefined): string {
  if (value === undefined || value === null || value === '') return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return cell(`\`${(text.split('\n')[0] ?? '').slice(0, 60).replaceAll('`', "'")}${text.length > 60 || text.includes('\n') ? '...' : ''}\``);
}

function cell(text: string): string {
  return text.replaceAll('\n', ' ').replaceAll('|', '\\|');
}

function shapeWord(shape: Shape): string {
  switch (shape.kind) {
    case 'map':
      return `${vocabulary[shape.of].noun} (map)`;
    case 'map-or-text':
      return `${vocabulary[shape.of].noun} (map), or an address`;
    case 'list':
      return `list of ${vocabulary[shape.of].noun.replace(/^an? /, '')}`;
    case 'list-or-texts':
      return `list of ${vocabulary[shape.of].noun.replace(/^an? /, '')} or texts`;
    case 'type':
      return `type of ${shape.of}`;
    case 'choice':
      return shape.of.map((choice) => `\`${choice}\``).join(', ');
    case 'config':
      return 'config keys and values';
    case 'texts':
      return 'list of texts';
    case 'anything-list':
      return 'list';
    case 'anything':
      return 'any value';
    case 'text':
    case 'boolean':
    case 'location':
    case 'locations':
      return shape.kind;
  }
}
