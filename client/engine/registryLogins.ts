// Log-ins to registries that blueprints and clouds themselves bring, by the registry's name: a link of the chain between what a
// person has said and what Docker's command line of this machine has. They are in memory alone, for as long as the engine.

import type { SourceLogin } from '#core/image/source.ts';
import type { Credentials, RegistryTexts } from './ports.ts';

export class RegistryLogins {
  readonly #known = new Map<string, RegistryTexts>();
  #ofClouds: (registry: string) => Promise<RegistryTexts | undefined> = async () => undefined;

  /** What was planned last counts. */
  learn(logins: readonly SourceLogin[]): void {
    for (const { registry, username, password } of logins) this.#known.set(registry, { username, password });
  }

  /** Whom to ask for the registries that clouds run themselves. */
  askFor(ofClouds: (registry: string) => Promise<RegistryTexts | undefined>): void {
    this.#ofClouds = ofClouds;
  }

  /** With these behind what a person has said. */
  behind(credentials: Credentials): Credentials {
    return {
      trusts: (address, fingerprint) => credentials.trusts(address, fingerprint),
      passphrase: (keyFile) => credentials.passphrase(keyFile),
      tls: (host) => credentials.tls(host),
      registry: async (name) => {
        const said = await credentials.registry(name);
        const known = this.#known.get(name) ?? (await this.#ofClouds(name));
        return said === undefined ? known : { ...known, ...said };
      },
    };
  }
}
