// A file of hosts (YAML): read with the place of everything that is wrong with it.

import { dirname, isAbsolute, resolve } from 'node:path';
import { parseYaml, type YamlNode } from '#core/blueprint/yaml.ts';
import { readHosts, type HostConfig, type TlsFiles } from '#core/host/config.ts';
import { Lines, type Span } from '#core/text/span.ts';
import { UsageError } from './command.ts';
import { readText } from './readText.ts';

/** Throws a UsageError with one line for each problem: `hosts.yaml:2:5: host b ...`. Relative files are beside the hosts file. */
export async function readHostsFile(file: string): Promise<readonly HostConfig[]> {
  const text = await readText(file);
  const { root, diagnostics } = parseYaml(text);
  const lines = new Lines(text);
  const at = ({ start }: Span): string => {
    const { line, character } = lines.rangeOf({ start, end: start }).start;
    return `${file}:${line + 1}:${character + 1}`;
  };
  const invalid = diagnostics.find(({ severity }) => severity === 'error');
  if (invalid !== undefined) throw new UsageError(`${at(invalid.span)}: ${invalid.message}`);
  const { hosts, problems } = readHosts(root === undefined ? undefined : plain(root));
  if (problems.length > 0) throw new UsageError(problems.map(({ path, message }) => `${at(spanOf(root, path))}: ${message}`).join('\n'));
  if (hosts.length === 0) throw new UsageError(`${file}: there is no host in it; write them like "- {name: a, endpoint: unix:///var/run/docker.sock}"`);
  const folder = dirname(resolve(file));
  return hosts.map((host) => withAbsoluteFiles(host, (path) => (isAbsolute(path) || path.startsWith('~') ? path : resolve(folder, path))));
}

function withAbsoluteFiles(host: HostConfig, absolute: (path: string) => string): HostConfig {
  const { tls, identityFile } = host;
  const files: TlsFiles | undefined = tls === undefined ? undefined : Object.fromEntries(Object.entries(tls).map(([part, path]: [string, string]) => [part, absolute(path)]));
  return { ...host, ...(files === undefined ? {} : { tls: files }), ...(identityFile === undefined ? {} : { identityFile: absolute(identityFile) }) };
}

function plain(node: YamlNode): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(plain);
    case 'map':
      return Object.fromEntries(node.entries.map(({ key, value }) => [key.kind === 'scalar' ? key.text : '', plain(value)]));
  }
}

/** Of the value at the path; of the key where it is about a key; of what is nearest where nothing is there. */
function spanOf(node: YamlNode | undefined, path: readonly (string | number)[]): Span {
  const [step, ...rest] = path;
  if (node === undefined) return { start: 0, end: 0 };
  if (step === undefined) return node.span;
  if (typeof step === 'number') return node.kind === 'list' ? spanOf(node.items[step], rest) : node.span;
  const entry = node.kind === 'map' ? node.entries.findLast(({ key }) => key.kind === 'scalar' && key.text === step) : undefined;
  if (entry === undefined) return node.span;
  return rest.length === 0 ? entry.key.span : spanOf(entry.value, rest);
}
