// A docker cloud in a blueprint's words: how many hosts of what kind, and where the blueprint wants them.

import type { CloudConfig } from '#core/cloud/cloud.ts';
import type { Place } from '#core/location/location.ts';

export interface DescribedCloud extends Omit<CloudConfig, 'hosts' | 'provisioner' | 'id'> {
  /** The entity's. */
  readonly id: string;
  /** Where the blueprint wants its hosts; empty for the local engine. */
  readonly places: readonly Place[];
  /** For machines that one brings. */
  readonly identityFile?: string;
}
