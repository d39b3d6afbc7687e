// Clocker's settings as typed values. Settings are written by hand, so every value is looked at before it is believed.

import { ConfigurationTarget, workspace } from 'vscode';
import type { HostConfig } from '../engine/cloud.ts';

const section = 'clocker';

export interface Settings {
  readonly hosts: readonly HostConfig[];
  /** Globs of files that are blueprints by their name. */
  readonly blueprintFiles: readonly string[];
  readonly confirmDeploy: boolean;
  readonly confirmDelete: boolean;
}

/** Malformed hosts are left out: the settings editor shows what is wrong with them. */
export function settings(): Settings {
  const configuration = workspace.getConfiguration(section);
  return {
    hosts: listOf(configuration.get('hosts'), isHostConfig),
    blueprintFiles: listOf(configuration.get('blueprintFiles'), isText),
    confirmDeploy: configuration.get('confirmDeploy') !== false,
    confirmDelete: configuration.get('confirmDelete') !== false,
  };
}

/** Writes the hosts where they are set now: in the workspace if it has its own, else in the user's settings. */
export async function saveHosts(hosts: readonly HostConfig[]): Promise<void> {
  const configuration = workspace.getConfiguration(section);
  const target = configuration.inspect('hosts')?.workspaceValue === undefined ? ConfigurationTarget.Global : ConfigurationTarget.Workspace;
  await configuration.update('hosts', hosts, target);
}

function listOf<T>(value: unknown, is: (item: unknown) => item is T): readonly T[] {
  return Array.isArray(value) ? value.filter(is) : [];
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isHostConfig(value: unknown): value is HostConfig {
  return typeof value === 'object' && value !== null && 'name' in value && isText(value.name) && 'endpoint' in value && isText(value.endpoint);
}
