// A host of a docker cloud that lives in a container, and what it is called.

import type { CloudConfig } from '#core/cloud/cloud.ts';

/** A host that lives in a container. */
export interface NestedHost {
  readonly cloud: string;
  /** The host's name: `local-1`. */
  readonly host: string;
  readonly labels: Readonly<Record<string, string>>;
  /** What it may use of its parent; absent means everything. */
  readonly cores?: number;
  readonly memoryBytes?: number;
  /** The cloud as it was when the host was made. Nothing secret is in it. */
  readonly definition?: CloudConfig;
}

/** Where an engine is reached that lives in a container of this name on the host `parent`. */
export function nestedEndpoint(parent: string, containerName: string): string {
  return `nested://${parent}/${containerName}`;
}

/** The name of the container in which a host lives; it never changes. */
export function nestedContainerName(host: string): string {
  return `clocker-host-${host}`;
}

/** Whether the host lives in a container. */
export function isNested(endpoint: string): boolean {
  return endpoint.startsWith('nested://');
}
