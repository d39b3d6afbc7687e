// The provisioner that a cloud asks for.

import type { CloudConfig } from '#core/cloud/cloud.ts';
import type { HostPort } from '../engine/ports.ts';
import { NestedProvisioner } from './nested.ts';
import type { Provisioner } from './provisioner.ts';

/** Throws for a cloud that makes no hosts. `port` gives the hosts that there are. */
export function makeProvisioner(cloud: CloudConfig, port: (host: string) => HostPort | undefined): Provisioner {
  const { name, provisioner } = cloud;
  switch (provisioner?.kind) {
    case 'nested':
      return new NestedProvisioner(cloud, provisioner, port);
    case 'byon':
    case 'command':
    case undefined:
      throw new Error(`the cloud ${name} makes no hosts`);
  }
}
