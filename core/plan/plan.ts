// A plan: what must be done so that the hosts hold what is wanted. It is data, to be shown, saved, approved and applied; it
// holds no secret (environment values are in the desired container, which `render` never prints).

import type { Refusal } from '#core/plan/refusal.ts';
import type { EntityWait } from '#core/blueprint/application.ts';
import type { HostRequest } from '#core/cloud/cloud.ts';
import type { CloudChange } from '#core/cloud/redefine.ts';
import type { DesiredContainer } from '#core/cluster/desired.ts';
import type { Attachment, DesiredNetwork, Driver } from '#core/cluster/network.ts';
import type { ImageBuild } from '#core/image/imageBuild.ts';
import type { Handover } from '#core/plan/handover.ts';
import type { Assignment } from '#core/record/revision.ts';

/** One thing to do. Closed: a new kind shows every place that must learn it. */
export type Action =
  /** A cloud gets a further host, made by its provisioner. `host` is its name; what it really is shows when it is there. */
  | { readonly kind: 'addHost'; readonly host: string; readonly cloud: string; readonly request: HostRequest; readonly because: string }
  /** `from`: the host that has it, or will have it, where it is an image that was caught or built. `digest`: the bytes that the tag is to stand for; absent where they show when it is there. `source`: the address of a registry that is asked first. */
  | { readonly kind: 'pull'; readonly host: string; readonly image: string; readonly from?: string; readonly digest?: string; readonly source?: string }
  /** An image is built from a Dockerfile. */
  | { readonly kind: 'build'; readonly host: string; readonly image: string; readonly build: ImageBuild }
  | { readonly kind: 'create'; readonly host: string; readonly container: DesiredContainer }
  /** `reasons` says what differs: "image redis:6 becomes redis:7". */
  | { readonly kind: 'replace'; readonly host: string; readonly container: DesiredContainer; readonly containerId: string; readonly reasons: readonly string[]; readonly handover: Handover }
  /** To another host with the address that it has, which only one of the two containers can have at a time. */
  | { readonly kind: 'move'; readonly host: string; readonly container: DesiredContainer; readonly from: MovedFrom; readonly handover: Handover }
  /** The container is as it should be, only it does not run, or its entity is not installed to the end. */
  /** `wasStopped`: somebody wanted that it does not run. */
  | { readonly kind: 'start'; readonly host: string; readonly container: DesiredContainer; readonly containerId: string; readonly containerName: string; readonly entity: string; readonly wasStopped?: true }
  /** The container runs on; its program reads files again that follow other entities. */
  | { readonly kind: 'reload'; readonly host: string; readonly container: DesiredContainer; readonly containerId: string; readonly containerName: string; readonly entity: string; readonly reasons: readonly string[] }
  /** The container is kept; what asks for it to run starts it again. */
  | { readonly kind: 'stop'; readonly host: string; readonly containerId: string; readonly containerName: string; readonly entity: string; readonly waits?: readonly EntityWait[] }
  | { readonly kind: 'remove'; readonly host: string; readonly containerId: string; readonly containerName: string; readonly entity: string; readonly reason: string }
  /** One across hosts is made on one of them, a manager of their Swarm. An application's own bridge comes with its first container. */
  | { readonly kind: 'createNetwork'; readonly host: string; readonly network: DesiredNetwork }
  /** A container, running or not, comes onto a further network; where it is on it already, it gets another address there. */
  | { readonly kind: 'connect'; readonly host: string; readonly containerId: string; readonly containerName: string; readonly entity: string; readonly attachment: Attachment; readonly instead?: string }
  | { readonly kind: 'disconnect'; readonly host: string; readonly containerId: string; readonly containerName: string; readonly entity: string; readonly networkName: string; readonly networkId: string }
  /** A network of the application where it has no containers any more. */
  | { readonly kind: 'removeNetwork'; readonly host: string; readonly networkName: string; readonly driver: Driver; readonly networkId?: string }
  /** What a host remembers of the application's deployments. */
  | { readonly kind: 'forget'; readonly host: string; readonly revisions: readonly number[] }
  /** An empty host that the cloud's provisioner made goes again. */
  | { readonly kind: 'removeHost'; readonly host: string; readonly cloud: string; readonly because: string };

export interface MovedFrom {
  readonly host: string;
  readonly containerId: string;
  readonly containerName: string;
}

export interface Plan {
  readonly application: string;
  readonly applicationName: string;
  /** In an order in which they can be carried out; actions on different entities may run side by side. */
  readonly actions: readonly Action[];
  /** A plan with refusals is shown but never applied. */
  readonly refusals: readonly Refusal[];
  /** Hosts that are down and count as lost: nothing is done there, and what was there goes elsewhere. */
  readonly without?: readonly string[];
  /** Sentences about what stays though the blueprint does not say so. */
  readonly keeps?: readonly string[];
  /** What people changed of its networks while it ran, to be remembered once the plan is carried out; absent where nothing is said of that. */
  readonly assignments?: readonly Assignment[];
  /** What becomes of the docker clouds that it describes: remembered once the plan is carried out; absent where all stays. */
  readonly clouds?: readonly CloudChange[];
  /** What somebody should know of it, as sentences without their full stop; no part of what is approved. */
  readonly notes?: readonly string[];
  /** Containers that are as they should be. */
  readonly unchanged: number;
  /** Hash of everything above but the notes: what a person approved is what is applied. */
  readonly hash: string;
}

export function changesNothing({ actions, clouds = [] }: Plan): boolean {
  return actions.length + clouds.length === 0;
}
