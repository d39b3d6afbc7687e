// The blueprint as it may be kept on the hosts and shown to anybody: values that look secret are replaced by stars. Whoever
// can read a container's labels then learns no password from them. Masking too much is harmless; the running containers have
// their values from elsewhere.

import { applyEdits, type Edit } from '#core/text/diagnostic.ts';
import { parseYaml, type YamlNode, type YamlScalar } from '#core/blueprint/yaml.ts';

export const stars = '********';

const secretWords = 'pass(?:word|wd|phrase|code)?|pwd|requirepass|secret|token|credential|private|api[-_.]?key|access[-_.]?key|cookie|signature';
const secretKey = new RegExp(`${secretWords}|(?:^|[-_.])(?:key|auth|salt|pin)$`, 'i');
/** `--requirepass x`, `PASSWORD=x`, `token: x`, inside a longer text or a comment. Repetitions are bounded: a long line takes no long time. */
const assignment = new RegExp(`((?:${secretWords})[\\w.-]{0,40}\\s{0,9}[=:]\\s{0,9}|--?[\\w-]{0,40}(?:${secretWords})[\\w-]{0,40}\\s+)(["']?)([^\\s"',}\\]{[*&|>][^\\s"',}\\]]*)`, 'gi');
const userInUrl = /(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@]{0,100}:)([^\s/@]{1,400})(@)/gi;
/** A secret shorter than this is not looked for inside other texts: it would be found by accident. */
const shortestSought = 6;

/** True for the name of a config key or an environment variable whose value should not be shown. */
export function looksSecret(name: string): boolean {
  return secretKey.test(name);
}

/** The same text with secrets replaced, line by line the same otherwise; empty for a text that is not YAML, and without what follows the first document. */
export function maskBlueprint(text: string): string {
  const { root, secondDocumentAt, diagnostics } = parseYaml(text);
  if (root === undefined || diagnostics.some(({ severity }) => severity === 'error')) return '';
  const secrets: YamlScalar[] = [];
  collect(root, false, secrets);
  const values = new Set(secrets.map((scalar) => scalar.text).filter((value) => value !== ''));
  const scalars = [...secrets.filter((scalar) => scalar.aliased !== true), ...scalarsOf(root).filter((scalar) => values.has(scalar.text) && scalar.aliased !== true)];
  const edits = new Map(scalars.filter(({ span }) => span.end > span.start).map((scalar) => [scalar.span.start, edit(text, scalar)]));
  let masked = applyEdits(text.slice(0, secondDocumentAt), [...edits.values()]);
  for (const value of values) if (value.length >= shortestSought) masked = masked.replaceAll(value, stars);
  return maskText(masked);
}

/** What a sensor or a command tells, as it may be shown. `name` is what the value is of. */
export function maskValue(name: string, text: string): string {
  return looksSecret(name) ? stars : maskText(text);
}

/** True for commands, settings or expressions that give a secret, or ask for one by its name: `PASSWORD=x`, `$DB_PASSWORD`, `config("db.password")`. */
export function speaksOfSecrets(text: string): boolean {
  const names = [...text.matchAll(/\$\{?([A-Za-z_]\w*)|["']([\w.-]+)["']/g)].map(([, variable, quoted]) => variable ?? quoted ?? '');
  return names.some(looksSecret) || maskText(text) !== text;
}

/** True for a file in which a secret may stand: something that looks like one, or a value that looks secret in the blueprint. */
export function mayHoldSecret(file: string, blueprint: string): boolean {
  if (maskText(file) !== file || /identified\s+(?:with\s+\S+\s+)?(?:by|as)\b|-----BEGIN [A-Z ]{0,40}PRIVATE KEY/i.test(file)) return true;
  const { root } = parseYaml(blueprint);
  const secrets: YamlScalar[] = [];
  if (root !== undefined) collect(root, false, secrets);
  return secrets.some(({ text }) => text.length >= shortestSought && file.includes(text));
}

function maskText(text: string): string {
  return text.replace(userInUrl, `$1${stars}$3`).replace(assignment, (all, name: string, quote: string, value: string) => (value.includes(stars) ? all : `${name}${quote}${stars}`));
}

/** Scalars under a key that looks secret, and what follows an option that looks secret in a list of arguments. */
function collect(node: YamlNode, isSecret: boolean, found: YamlScalar[]): void {
  switch (node.kind) {
    case 'scalar':
      if (isSecret) found.push(node);
      return;
    case 'list':
      for (const [index, item] of node.items.entries()) {
        const before = node.items[index - 1];
        const follows = before?.kind === 'scalar' && /^--?[\w-]+$/.test(before.text) && looksSecret(before.text);
        collect(item, isSecret || follows, found);
      }
      return;
    case 'map':
      for (const { key, value } of node.entries) collect(value, isSecret || (key.kind === 'scalar' && looksSecret(key.text)), found);
  }
}

function scalarsOf(node: YamlNode): YamlScalar[] {
  const found: YamlScalar[] = [];
  collect(node, true, found);
  return found;
}

/** Lines stay lines: a block of text becomes stars, but its last line break stays. */
function edit(text: string, { span }: YamlScalar): Edit {
  const trailing = /\s*$/.exec(text.slice(span.start, span.end))?.[0] ?? '';
  return { span: { start: span.start, end: span.end - trailing.length }, newText: `"${stars}"` };
}
