// Swarms: what a host says of its part in one, and between which hosts a network can therefore span. How hosts come to be in
// one Swarm is decided beside this, in join.ts.

/** A host's part in a Swarm, as the host itself tells it. */
export interface SwarmMembership {
  readonly nodeId: string;
  /** By which the other nodes reach it. */
  readonly address: string;
  readonly isManager: boolean;
  /** Whether it takes part now; one that does not was removed, is locked, or never came in. */
  readonly isActive: boolean;
  /** What the engine says is wrong: one clause. */
  readonly problem?: string;
  /** The ids of the managers that it knows, itself among them. */
  readonly managers: readonly string[];
  /** How many nodes there are; only managers know. */
  readonly nodes?: number;
  /** The docker cloud that the Swarm was made for; only managers know, and only of a Swarm that Clocker made. */
  readonly cloud?: string;
}

export interface InSwarm {
  readonly host: string;
  readonly swarm?: SwarmMembership;
}

/** The hosts, by those between which one network can span, each group in the order given. A host without a Swarm of several nodes is alone. */
export function spans(hosts: readonly InSwarm[]): readonly (readonly string[])[] {
  const groups: { readonly ids: Set<string>; readonly hosts: string[] }[] = [];
  for (const { host, swarm } of hosts) {
    const ids = new Set(isSpanning(swarm) ? [swarm.nodeId, ...swarm.managers] : []);
    const known = groups.filter((group) => [...ids].some((id) => group.ids.has(id)));
    const [first, ...others] = known;
    if (first === undefined) {
      groups.push({ ids, hosts: [host] });
      continue;
    }
    // A host that knows managers of two groups shows that they are one.
    for (const group of [{ ids, hosts: [host] }, ...others]) {
      for (const id of group.ids) first.ids.add(id);
      first.hosts.push(...group.hosts);
    }
    groups.splice(0, groups.length, ...groups.filter((group) => !others.includes(group)));
  }
  const order = new Map(hosts.map(({ host }, index) => [host, index]));
  return groups.map((group) => group.hosts.toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)));
}

/** Whether the host is in a Swarm with others. A worker always is: somebody else manages it. */
export function isSpanning(swarm: SwarmMembership | undefined): swarm is SwarmMembership {
  return swarm?.isActive === true && (!swarm.isManager || (swarm.nodes ?? 1) > 1);
}
