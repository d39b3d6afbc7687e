// What is wanted of the hosts for one application, as data: what a plan is made of, together with what was observed.

import type { NewHost, SpareHost } from '#core/cloud/grow.ts';
import type { CloudChange } from '#core/cloud/redefine.ts';
import type { DesiredContainer } from '#core/cluster/desired.ts';
import type { Refusal } from '#core/plan/refusal.ts';
import type { Assignment } from '#core/record/revision.ts';
import type { AssignedNetwork } from '#core/sdn/assign.ts';

export interface Wanted {
  readonly application: string;
  readonly applicationName: string;
  /** Empty to delete the application. */
  readonly containers: readonly DesiredContainer[];
  readonly refusals: readonly Refusal[];
  /** See `Plan.without`: they are not in what was observed. */
  readonly without?: readonly string[];
  /** Entities whose containers are made anew though they are as wanted. */
  readonly anew?: readonly string[];
  /** Entities that a person moves. */
  readonly moved?: readonly string[];
  /** Containers whose image has become another, by their ids, and why. */
  readonly retagged?: ReadonlyMap<string, string>;
  /** See `Plan.notes`. */
  readonly notes?: readonly string[];
  /** Hosts to be made before anything else. */
  readonly newHosts?: readonly NewHost[];
  /** Hosts that may go after everything else. */
  readonly spareHosts?: readonly SpareHost[];
  /** It describes a cloud, and is there without any container. */
  readonly isCloud?: boolean;
  /** See `Plan.clouds`. */
  readonly clouds?: readonly CloudChange[];
  /** Those that it declares besides its own; absent means none. */
  readonly networks?: readonly AssignedNetwork[];
  /** See `Plan.keeps` and `Plan.assignments`. */
  readonly keeps?: readonly string[];
  readonly assignments?: readonly Assignment[];
}
