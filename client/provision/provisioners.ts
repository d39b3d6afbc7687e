// The provisioner that a cloud asks for.

import type { CloudConfig } from '#core/cloud/cloud.ts';
import type { Connect, HostPort } from '../engine/ports.ts';
import { ByonProvisioner, type Prepare } from './byon.ts';
import { CommandProvisioner } from './command.ts';
import { NestedProvisioner } from './nested.ts';
import type { Provisioner } from './provisioner.ts';

export interface ProvisionerWorld {
  /** The hosts that there are. */
  readonly port: (host: string) => HostPort | undefined;
  /** To others. */
  readonly connect: Connect;
  readonly prepare: Prepare;
}

/** Throws for a cloud that makes no hosts. */
export function makeProvisioner(cloud: CloudConfig, { port, connect, prepare }: ProvisionerWorld): Provisioner {
  const { name, provisioner } = cloud;
  switch (provisioner?.kind) {
    case 'nested':
      return new NestedProvisioner(cloud, provisioner, port);
    case 'byon':
      return new ByonProvisioner(cloud, provisioner, connect, prepare);
    case 'command':
      return new CommandProvisioner(cloud, provisioner, connect);
    case undefined:
      throw new Error(`the cloud ${name} makes no hosts; give it a provisioner`);
  }
}
