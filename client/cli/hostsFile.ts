// A file of hosts and clouds (YAML): a list of hosts, or a map with `hosts` and `clouds`; read with the place of everything that
// is wrong with it.

import { dirname, isAbsolute, resolve } from 'node:path';
import { parseYaml, type YamlNode } from '#core/blueprint/yaml.ts';
import type { CloudConfig } from '#core/cloud/cloud.ts';
import { readHosts, type HostConfig, type TlsFiles } from '#core/host/config.ts';
import type { FieldProblem } from '#core/text/fields.ts';
import { Lines, type Span } from '#core/text/span.ts';
import { understandClouds } from '../understand.ts';
import { UsageError } from './command.ts';
import { readText } from './readText.ts';

export interface HostsFile {
  readonly hosts: readonly HostConfig[];
  /** `hosts` are all there are, those of the file among them. Throws as `readHostsFile` does. */
  readonly clouds: (hosts: readonly HostConfig[]) => readonly CloudConfig[];
}

/** Throws a UsageError with one line for each problem: `hosts.yaml:2:5: host b ...`. Relative files are beside the hosts file. */
export async function readHostsFile(file: string): Promise<HostsFile> {
  const text = await readText(file);
  const { root, diagnostics } = parseYaml(text);
  const lines = new Lines(text);
  const at = ({ start }: Span): string => {
    const { line, character } = lines.rangeOf({ start, end: start }).start;
    return `${file}:${line + 1}:${character + 1}`;
  };
  const refuse = (problems: readonly FieldProblem[], of: YamlNode | undefined): void => {
    if (problems.length > 0) throw new UsageError(problems.map(({ path, message }) => `${at(spanOf(of, path))}: ${message}`).join('\n'));
  };
  const invalid = diagnostics.find(({ severity }) => severity === 'error');
  if (invalid !== undefined) throw new UsageError(`${at(invalid.span)}: ${invalid.message}`);
  const sections = root?.kind === 'map' ? root : undefined;
  refuse(unknownSections(sections), root);
  const section = (name: string): YamlNode | undefined => sections?.entries.findLast(({ key }) => key.kind === 'scalar' && key.text === name)?.value;
  const [hostList, cloudList] = sections ? [section('hosts'), section('clouds')] : [root, undefined];
  const { hosts, problems } = hostList === undefined && cloudList !== undefined ? { hosts: [], problems: [] } : readHosts(hostList === undefined ? undefined : plain(hostList));
  refuse(problems, hostList);
  if (hosts.length === 0 && cloudList === undefined) throw new UsageError(`${file}: there is no host in it; write them like "- {name: a, endpoint: unix:///var/run/docker.sock}"`);
  const folder = dirname(resolve(file));
  const absolute = (path: string): string => (isAbsolute(path) || path.startsWith('~') ? path : resolve(folder, path));
  return {
    hosts: hosts.map((host) => withAbsoluteFiles(host, absolute)),
    clouds: (all) => {
      const read = understandClouds(cloudList === undefined ? undefined : plain(cloudList), all);
      refuse(read.problems, cloudList);
      return read.clouds.map((cloud) => withAbsoluteKey(cloud, absolute));
    },
  };
}

function withAbsoluteKey(cloud: CloudConfig, absolute: (path: string) => string): CloudConfig {
  const { provisioner } = cloud;
  if (provisioner?.kind !== 'byon' || provisioner.identityFile === undefined) return cloud;
  return { ...cloud, provisioner: { ...provisioner, identityFile: absolute(provisioner.identityFile) } };
}

function unknownSections(root: YamlNode | undefined): readonly FieldProblem[] {
  const names = root?.kind === 'map' ? root.entries.flatMap(({ key }) => (key.kind === 'scalar' ? [key.text] : [])) : [];
  if (root !== undefined && !names.includes('hosts') && !names.includes('clouds')) return [{ path: [], message: 'a list of hosts is wanted, or a map with hosts and clouds' }];
  return names.filter((name) => name !== 'hosts' && name !== 'clouds').map((name) => ({ path: [name], message: `there is no ${name} here, only hosts and clouds` }));
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
