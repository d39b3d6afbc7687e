// What is wanted on the hosts: the containers of an application, each placed on a host. Made by placement, read by the planner.

import type { ContainerSpec, EntityWait, Gate } from '#core/blueprint/application.ts';
import type { Quarantine } from '#core/cluster/aside.ts';
import type { Installed } from '#core/cluster/installed.ts';
import type { Attachment } from '#core/cluster/network.ts';

export interface DesiredContainer {
  readonly host: string;
  readonly containerName: string;
  readonly application: string;
  readonly applicationName: string;
  readonly entity: string;
  readonly entityName: string;
  /** As in `Entity`: other applications' placement compares with them. */
  readonly entityType?: string;
  readonly entityParent?: string;
  readonly spec: ContainerSpec;
  /** See `Ownership.specHash`. */
  readonly specHash: string;
  /** The networks that it is on, the application's own first. */
  readonly networks: readonly Attachment[];
  /** Why this host: one sentence for people. */
  readonly placedBecause: string;
  /** The blueprint to keep with the container, values that look secret masked. */
  readonly blueprint?: string;
  /** What must run before it starts. */
  readonly waits?: readonly EntityWait[];
  /** What must run before it goes on with its start. */
  readonly gates?: readonly Gate[];
  /** Absent where nothing is installed, and where it shows only while deploying. */
  readonly installed?: Installed;
  /** See `Entity.pending`: spec and hash may change before it is made. */
  readonly pending?: readonly string[];
  /** For a member of a cluster that keeps those aside that fail to start. */
  readonly quarantine?: Quarantine;
}

export function containerName(application: string, entity: string): string {
  return `${application}-${entity}`;
}
