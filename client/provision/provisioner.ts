// Makes hosts for a docker cloud, and takes them away. One file beside this for each kind; who needs a host decides elsewhere.

import type { HostRequest } from '#core/cloud/cloud.ts';
import type { HostConfig } from '#core/host/config.ts';

/** Every failure is an Error whose message is a sentence for people; what was half made is taken away again before it is thrown. */
export interface Provisioner {
  /** A host whose engine answers. Asked again with the name of a host that it made already, it gives that one. `onDetail` gets a short text, often. */
  provision(request: HostRequest, onDetail: (detail: string) => void, signal: AbortSignal): Promise<HostConfig>;
  /** Takes the host away. No failure if it is not there. */
  release(host: HostConfig): Promise<void>;
  /** The hosts that were made and not released, by whoever made them: they are known again by this. Those in containers are found by observation, so there are none here. */
  find(signal: AbortSignal): Promise<readonly HostConfig[]>;
}
