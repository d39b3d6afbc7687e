// Hosts as containers, each with an engine in it, on a host that is there: a whole cloud on one machine within seconds.

import type { CloudConfig, HostRequest, ProvisionerConfig } from '#core/cloud/cloud.ts';
import { nestedContainerName, nestedEndpoint } from '#core/cloud/nestedHost.ts';
import { labelsOf } from '#core/cloud/request.ts';
import type { HostConfig } from '#core/host/config.ts';
import { readEndpoint } from '#core/host/endpoint.ts';
import type { HostPort } from '../engine/ports.ts';
import type { Provisioner } from './provisioner.ts';

export class NestedProvisioner implements Provisioner {
  readonly #cloud: CloudConfig;
  readonly #config: Extract<ProvisionerConfig, { kind: 'nested' }>;
  readonly #port: (host: string) => HostPort | undefined;

  constructor(cloud: CloudConfig, config: Extract<ProvisionerConfig, { kind: 'nested' }>, port: (host: string) => HostPort | undefined) {
    this.#cloud = cloud;
    this.#config = config;
    this.#port = port;
  }

  async provision(request: HostRequest, onDetail: (detail: string) => void, signal: AbortSignal): Promise<HostConfig> {
    const { on, image } = this.#config;
    const parent = this.#parent(on);
    const labels = labelsOf(request);
    const limits = { ...(request.minCores > 0 && { cores: request.minCores }), ...(request.minMemoryBytes > 0 && { memoryBytes: request.minMemoryBytes }) };
    await parent.nested.make({ cloud: request.cloud, host: request.name, labels, ...limits, definition: this.#cloud }, image, onDetail, signal);
    return { name: request.name, endpoint: nestedEndpoint(on, nestedContainerName(request.name)), labels };
  }

  async release({ name, endpoint }: HostConfig): Promise<void> {
    const read = readEndpoint(endpoint);
    if (!('endpoint' in read) || read.endpoint.kind !== 'nested') throw new Error(`host ${name} lives in no container, so it is not taken away here`);
    const { parent, container } = read.endpoint;
    // The host may be shown under another name, its container never.
    await this.#parent(parent).nested.remove(container.slice(nestedContainerName('').length));
  }

  find(): Promise<readonly HostConfig[]> {
    return Promise.resolve([]);
  }

  #parent(name: string): HostPort {
    const port = this.#port(name);
    if (port === undefined) throw new Error(`there is no host ${name}, on which the hosts of ${this.#cloud.name} live; add it`);
    return port;
  }
}
