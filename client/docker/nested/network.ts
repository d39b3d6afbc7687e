// The network of a cloud whose hosts live in containers of one engine: each host has an address that stays the same for its
// whole life, which Swarm needs.

import type Docker from 'dockerode';
import { statusCode } from '../problems.ts';
import { nestedLabels } from './labels.ts';

/** Addresses below are the gateway's and for what somebody else connects. */
const firstNumber = 10;
const lastNumber = 250;
const mostTries = 10;

export function cloudNetworkName(cloud: string): string {
  return `clocker-cloud-${cloud}`;
}

/** Makes the network where there is none; gives its first three numbers, "172.20.0". */
export async function ensureNetwork(docker: Docker, cloud: string): Promise<string> {
  const name = cloudNetworkName(cloud);
  const known = await prefixOf(docker, name);
  if (known !== undefined) return known;
  const options = { Name: name, CheckDuplicate: true, Driver: 'bridge', Labels: { [nestedLabels.cloud]: cloud } };
  for (let tries = 0; ; tries += 1) {
    const prefix = await freePrefix(docker, { ...options, Name: `${name}-trial` });
    try {
      await docker.createNetwork({ ...options, IPAM: { Driver: 'default', Config: [{ Subnet: `${prefix}.0/24`, Gateway: `${prefix}.1` }] } });
      return prefix;
    } catch (error) {
      // 409: somebody else made it meanwhile. Otherwise the subnet was taken meanwhile.
      const made = await prefixOf(docker, name);
      if (made !== undefined) return made;
      if (tries === mostTries || !/overlap/i.test(String(error))) throw error;
    }
  }
}

/** Static addresses want a subnet that was asked for, and only the engine knows which is free: it finds one for a network that is removed again. */
async function freePrefix(docker: Docker, options: Docker.NetworkCreateOptions): Promise<string> {
  await docker.getNetwork(options.Name).remove().catch(() => undefined);
  const trial = await docker.createNetwork(options);
  const { IPAM } = await trial.inspect();
  await trial.remove();
  const subnet = IPAM?.Config?.[0]?.Subnet ?? '';
  const prefix = prefixIn(subnet);
  if (prefix === undefined) throw new Error(`the Docker Engine has no IPv4 subnet for the network ${options.Name} (${subnet})`);
  return prefix;
}

/** The address of the host: by the number at the end of its name where that is free. */
export async function freeAddress(docker: Docker, cloud: string, host: string, prefix: string): Promise<string> {
  const containers = await docker.listContainers({ all: true, filters: { label: [`${nestedLabels.cloud}=${cloud}`] } });
  const taken = new Set(containers.map(({ NetworkSettings }) => NetworkSettings.Networks[cloudNetworkName(cloud)]?.IPAMConfig?.IPv4Address ?? ''));
  const size = lastNumber - firstNumber + 1;
  const wanted = Number(/\d+$/.exec(host)?.[0] ?? 0) % size;
  for (let step = 0; step < size; step += 1) {
    const address = `${prefix}.${firstNumber + ((wanted + step) % size)}`;
    if (!taken.has(address)) return address;
  }
  throw new Error(`the network ${cloudNetworkName(cloud)} has no address left for ${host}`);
}

/** No failure if it is not there, or if somebody still uses it. */
export async function removeNetwork(docker: Docker, cloud: string): Promise<void> {
  await docker.getNetwork(cloudNetworkName(cloud)).remove().catch((error: unknown) => {
    if (![403, 404, 409].includes(statusCode(error) ?? 0)) throw error;
  });
}

async function prefixOf(docker: Docker, name: string): Promise<string | undefined> {
  try {
    const { IPAM } = await docker.getNetwork(name).inspect();
    return prefixIn(IPAM?.Config?.[0]?.Subnet ?? '');
  } catch (error) {
    if (statusCode(error) === 404) return undefined;
    throw error;
  }
}

function prefixIn(subnet: string): string | undefined {
  return /^(\d+\.\d+\.\d+)\.\d+\/\d+$/.exec(subnet)?.[1];
}
