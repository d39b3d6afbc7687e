// To which docker cloud a machine belongs that was joined to one, remembered by its engine: a volume without content, whose labels
// say it. Whoever sees the machine knows, and no local file is needed.

import type { Membership, MembershipPort } from '../engine/ports.ts';
import { raced, unless } from './calls.ts';
import type { Ask } from './dockerSdn.ts';
import { labels, prefix } from './labels.ts';

const volumeName = 'clocker-membership';
const hostLabel = `${prefix}cloud.host`;

export class VolumeMembership implements MembershipPort {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  look(signal: AbortSignal): Promise<Membership | undefined> {
    return this.#ask(async (docker) => {
      const volume = await raced(docker.getVolume(volumeName).inspect().catch(unless(404)), signal);
      const [cloud, host] = [volume?.Labels?.[labels.cloud], volume?.Labels?.[hostLabel]];
      return cloud === undefined || host === undefined ? undefined : { cloud, host };
    });
  }

  async join({ cloud, host }: Membership): Promise<Membership> {
    // A volume that is there is given as it is: of several who join at once, the first wins, and all are told who that was.
    await this.#ask((docker) => docker.createVolume({ Name: volumeName, Labels: { [labels.cloud]: cloud, [hostLabel]: host } }));
    return (await this.look(AbortSignal.timeout(10_000))) ?? { cloud, host };
  }

  async leave(): Promise<void> {
    await this.#ask((docker) => docker.getVolume(volumeName).remove().catch(unless(404)));
  }
}
