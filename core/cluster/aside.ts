// Members of clusters that failed to start: their containers are kept aside, stopped, to be looked at, until the next deployment
// takes them away. That they are is known from their names alone, since labels cannot change.

const mark = '.quarantined-';

/** Containers of one member may fail one after the other. */
export function asideName(containerName: string, containerId: string): string {
  return `${containerName}${mark}${containerId.slice(0, 6)}`;
}

export function isAside(containerName: string): boolean {
  return containerName.includes(mark);
}

/** How the members of clusters must start. */
export interface Quarantine {
  readonly cluster: string;
  /** So many members may fail and the cluster has started nonetheless. */
  readonly mayFail: number;
}
