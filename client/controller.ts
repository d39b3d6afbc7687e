// Joins the engine with Docker: the one place that knows both. Used by the extension and by the command line.

import type { CloudConfig } from '#core/cloud/cloud.ts';
import { registryName } from '#core/image/known.ts';
import { EntitySources } from './build/entitySources.ts';
import { type DockerContext, dockerFolder, readContexts } from './docker/contexts.ts';
import { comeIn, repositories, tags } from './docker/registry.ts';
import { accessTo } from './docker/registryAccess.ts';
import { connectDocker } from './docker/dockerHost.ts';
import { Parents } from './docker/nested/parents.ts';
import type { Cloud } from './engine/cloud.ts';
import type { HostConfig } from '#core/host/config.ts';
import { noCredentials, type Connect, type Credentials } from './engine/ports.ts';
import { Engine } from './engine/engine.ts';
import type { Registries } from './engine/registries.ts';
import { RegistryLogins } from './engine/registryLogins.ts';
import type { MakeProvisioner } from './engine/fleet.ts';
import { forwarder } from './forward.ts';
import { thisDeployer } from './identity.ts';
import { makeProvisioner } from './provision/provisioners.ts';
import { readSource } from './sources.ts';

/** Those that Docker's command line of this machine knows. */
export function dockerContexts(): Promise<readonly DockerContext[]> {
  return readContexts(dockerFolder(process.env));
}

/** What registries have, for somebody who has these credentials. */
export function registriesFor(credentials: Credentials = noCredentials): Registries {
  const access = (address: string): ReturnType<typeof accessTo> => accessTo(registryName(address), credentials);
  return {
    repositories: async (address, signal) => repositories(address, signal, await access(address)),
    tags: async (address, repository, signal) => tags(address, repository, signal, await access(address)),
    comeIn: async (address, signal, given) => comeIn(address, signal, await accessTo(registryName(address), { ...credentials, registry: async () => given })),
  };
}

/** Begins to connect at once; what comes of it is in `observed`. `onProblem` gets sentences about connections to ports that were opened. */
export function openCloud(hosts: readonly HostConfig[], credentials: Credentials = noCredentials, clouds: readonly CloudConfig[] = [], onProblem: (problem: string) => void = () => {}): Cloud {
  const parents = new Parents();
  const logins = new RegistryLogins();
  const chain = logins.behind(credentials);
  const deployer = thisDeployer();
  const connect: Connect = (host) => connectDocker(host, chain, parents, deployer);
  const provisioner: MakeProvisioner = (cloud, port) => makeProvisioner(cloud, { port, connect: (host) => connectDocker(host, chain), prepare: async (host, onDetail, signal) => prepare(host, credentials, onDetail, signal) });
  const engine = new Engine(connect, { deployer, readSource, sourceReader: new EntitySources(), provisioner, forward: forwarder(onProblem), logins });
  engine.setHosts(hosts, clouds);
  return engine;
}

/** SSH is loaded when a host is first reached that way. */
async function prepare(host: HostConfig, credentials: Credentials, onDetail: (detail: string) => void, signal: AbortSignal): Promise<void> {
  const { ensureEngine } = await import('./docker/ssh/installEngine.ts');
  await ensureEngine(host, credentials, onDetail, signal);
}
