// Which registry is asked first for the images of a container: what its entity says, else what its cloud says.

import type { DesiredContainer } from '#core/cluster/desired.ts';
import type { Observed } from '#core/cluster/observed.ts';
import type { ImageSource } from '#core/image/source.ts';

export function sourceFor({ host, spec }: Pick<DesiredContainer, 'host' | 'spec'>, observed: Observed): ImageSource | undefined {
  return spec.source ?? sourceOfHost(host, observed);
}

/** What the cloud of a host says. */
export function sourceOfHost(host: string, { hosts, clouds = [] }: Observed): ImageSource | undefined {
  const cloud = hosts.find((one) => one.host === host)?.cloud;
  return clouds.find(({ name }) => name === cloud)?.source;
}
