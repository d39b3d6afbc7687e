// Clocker's settings as typed values. Settings are written by hand, so every value is looked at before it is believed.

import { ConfigurationTarget, workspace } from 'vscode';
import { type HostConfig, readHosts } from '#core/host/config.ts';

const section = 'clocker';

export interface Settings {
  readonly hosts: readonly HostConfig[];
  /** Sentences, without full stops, about hosts that are left out. */
  readonly hostProblems: readonly string[];
  /** Addresses of registries whose images are offered. */
  readonly registries: readonly string[];
  /** As it is written; reading it takes the catalog. */
  readonly clouds: unknown;
  /** Globs of files that are blueprints by their name. */
  readonly blueprintFiles: readonly string[];
  readonly confirmDeploy: boolean;
  readonly confirmDelete: boolean;
  /** Policies of deployed blueprints are acted on. */
  readonly followPolicies: boolean;
}

export function settings(): Settings {
  const configuration = workspace.getConfiguration(section);
  const { hosts, problems } = readHosts(configuration.get('hosts') ?? []);
  return {
    hosts,
    hostProblems: problems.map(({ path, message }) => `clocker.hosts${typeof path[0] === 'number' ? `, host ${path[0] + 1}` : ''}: ${message}`),
    registries: listOf(configuration.get('registries'), isText),
    clouds: configuration.get('clouds'),
    blueprintFiles: listOf(configuration.get('blueprintFiles'), isText),
    confirmDeploy: configuration.get('confirmDeploy') !== false,
    confirmDelete: configuration.get('confirmDelete') !== false,
    followPolicies: configuration.get('followPolicies') !== false,
  };
}

export async function addToHosts(host: HostConfig): Promise<void> {
  await saveHosts((hosts) => [...hosts, host]);
}

export async function addToRegistries(address: string): Promise<void> {
  const configuration = workspace.getConfiguration(section);
  const target = configuration.inspect('registries')?.workspaceValue === undefined ? ConfigurationTarget.Global : ConfigurationTarget.Workspace;
  await configuration.update('registries', [...settings().registries, address], target);
}

export async function removeFromHosts(name: string): Promise<void> {
  await saveHosts((hosts) => hosts.filter((host) => !(typeof host === 'object' && host !== null && 'name' in host && host.name === name)));
}

/** Writes the hosts where they are set now: in the workspace if it has its own, else in the user's settings. What is malformed stays, for its owner to correct. */
async function saveHosts(change: (hosts: readonly unknown[]) => readonly unknown[]): Promise<void> {
  const configuration = workspace.getConfiguration(section);
  const written: unknown = configuration.get('hosts');
  const hosts = change(Array.isArray(written) ? written : []);
  const target = configuration.inspect('hosts')?.workspaceValue === undefined ? ConfigurationTarget.Global : ConfigurationTarget.Workspace;
  await configuration.update('hosts', hosts, target);
}

function listOf<T>(value: unknown, is: (item: unknown) => item is T): readonly T[] {
  return Array.isArray(value) ? value.filter(is) : [];
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
