// Gives a container another name, also where its engine cannot do so while the container runs on a network across hosts: then it
// leaves these networks for a moment and comes back with the same address and the same aliases.

import type Docker from 'dockerode';

export async function renamed(docker: Docker, containerId: string, containerName: string): Promise<void> {
  const container = docker.getContainer(containerId);
  const { Name } = await container.inspect();
  if (Name === `/${containerName}`) return;
  try {
    await container.rename({ name: containerName });
  } catch (error) {
    if (!/to cluster on rename/i.test(String(error))) throw error;
    await withoutOverlays(docker, container, () => container.rename({ name: containerName }));
  }
}

async function withoutOverlays(docker: Docker, container: Docker.Container, work: () => Promise<unknown>): Promise<void> {
  const { Id, NetworkSettings } = await container.inspect();
  const left: (() => Promise<unknown>)[] = [];
  try {
    for (const [name, { IPAMConfig, Aliases }] of Object.entries(NetworkSettings.Networks)) {
      const network = docker.getNetwork(name);
      if ((await network.inspect()).Driver !== 'overlay') continue;
      // Of the aliases one is the engine's own.
      const aliases = aliasesOf(Aliases).filter((alias) => !Id.startsWith(alias));
      await network.disconnect({ Container: Id });
      left.push(() => network.connect({ Container: Id, EndpointConfig: { IPAMConfig: configOf(IPAMConfig), Aliases: [...aliases] } }));
    }
    await work();
  } finally {
    for (const comeBack of left) await comeBack();
  }
}

function configOf(config: unknown): { readonly IPv4Address?: string } {
  const address: unknown = typeof config === 'object' && config !== null ? Reflect.get(config, 'IPv4Address') : undefined;
  return typeof address === 'string' ? { IPv4Address: address } : {};
}

function aliasesOf(aliases: unknown): readonly string[] {
  return Array.isArray(aliases) ? aliases.filter((one) => typeof one === 'string') : [];
}
