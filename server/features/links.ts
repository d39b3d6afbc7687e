// Document links: addresses of the web, and files that a blueprint names, relative to it: Dockerfiles, scripts, catalog files.
// A path in a text that stands in no folder (untitled) leads nowhere and is no link.

import type { DocumentLink } from 'vscode-languageserver-types';

import { mapAt, valueOf } from '#core/blueprint/tree.ts';
import type { YamlMap, YamlNode, YamlScalar } from '#core/blueprint/yaml.ts';
import { isExpression } from '#core/dsl/tree.ts';
import { writtenAt } from '#core/navigate/writing.ts';
import type { BlueprintDocument } from './document.ts';

export function links(document: BlueprintDocument): DocumentLink[] {
  const { root } = document.reading;
  if (!root) return [];
  const found: DocumentLink[] = [];
  const add = (node: YamlScalar, target: string | undefined, tooltip: string): void => {
    const { span, writing } = writtenAt(document.text, node.span, node.text);
    if (target !== undefined && writing !== 'elsewhere' && node.aliased === undefined) found.push({ range: document.lines.rangeOf(span), target, tooltip });
  };
  forValues(root, '', (node, key) => {
    if (isWebAddress(node.text)) add(node, node.text, 'Open the address');
    else add(node, fileOf(key, node.text, document.uri), 'Open the file');
  });
  const catalog = root.kind === 'map' ? mapAt(valueOf(root, 'brooklyn.catalog')) : undefined;
  for (const node of catalog ? catalogFiles(catalog) : []) add(node, relative(node.text, document.uri), 'Open the catalog');
  return found;
}

/** Every scalar that is a value and no expression, with the key that it belongs to. */
function forValues(node: YamlNode, key: string, visit: (node: YamlScalar, key: string) => void): void {
  if (node.aliased) return;
  switch (node.kind) {
    case 'scalar':
      if (typeof node.value === 'string' && !isExpression(node.value)) visit(node, key);
      return;
    case 'list':
      for (const item of node.items) forValues(item, key, visit);
      return;
    case 'map':
      for (const entry of node.entries) if (!entry.merged) forValues(entry.value, entry.key.kind === 'scalar' ? entry.key.text.trim() : '', visit);
  }
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^\s/$%{}]+(?:\/[^\s]*)?$/i.test(text) && !/[$%]\{|%s/.test(text);
}

/** The file that the value of a config key names. Any word may be a path where a file is wanted; elsewhere only what can be nothing else. */
function fileOf(key: string, text: string, base: string): string | undefined {
  if (!/(?:url|file|path)$/i.test(key) || /[$%]\{|%s|\s/.test(text) || text.length > 1000) return undefined;
  if (/dockerfile.*url$/i.test(key)) return relative(/\.\w+$|Dockerfile[^/]*$/.test(text) ? text : `${text.replace(/\/$/, '')}/Dockerfile`, base);
  if (/(?:entrypoint|context|template|script|config).*url$/i.test(key)) return relative(text, base);
  const isExplicit = /^(?:\.{1,2}\/|file:)/.test(text);
  return isExplicit ? relative(text, base) : undefined;
}

/** Texts that stand where an item is wanted: files that hold it. */
function catalogFiles(catalog: YamlMap): readonly YamlScalar[] {
  const items = valueOf(catalog, 'items');
  const inner = items?.kind === 'list' ? items.items : [];
  const texts = [valueOf(catalog, 'item'), valueOf(catalog, 'include'), items, ...inner].filter((node) => node?.kind === 'scalar' && node.style !== 'block' && typeof node.value === 'string' && !isWebAddress(node.text));
  return [...texts.filter((node) => node?.kind === 'scalar'), ...inner.flatMap((node) => (node.kind === 'map' ? catalogFiles(node) : []))];
}

function relative(text: string, base: string): string | undefined {
  // A scheme of its own (classpath:, docker:) leads to no file that is known here; one letter is a drive of Windows.
  if (text === '' || /^(?!file:)[a-z][\w+.-]+:|^~|^\/\/|[\r\n]/i.test(text)) return undefined;
  try {
    return new URL(text.replace(/^file:(?!\/)/, ''), base).href;
  } catch {
    return undefined;
  }
}
