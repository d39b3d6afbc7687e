// Log-ins to registries that blueprints and clouds themselves bring, by the registry's name: a link of the chain between what a
// person has said and what Docker's command line of this machine has. They are in memory alone, for as long as the engine.

import type { SourceLogin } from '#core/image/source.ts';
import type { Credentials, RegistryTexts } from './ports.ts';

export class RegistryLogins {
  readonly #known = new Map<string, RegistryTexts>();

  /** What was planned last counts. */
  learn(logins: readonly SourceLogin[]): void {
    for (const { registry, username, password } of logins) this.know(registry, { username, password });
  }

  know(registry: string, texts: RegistryTexts): void {
    this.#known.set(registry, texts);
  }

  /** With these behind what a person has said. */
  behind(credentials: Credentials): Credentials {
    return {
      trusts: (address, fingerprint) => credentials.trusts(address, fingerprint),
      passphrase: (keyFile) => credentials.passphrase(keyFile),
      tls: (host) => credentials.tls(host),
      registry: async (name) => {
        const said = await credentials.registry(name);
        const known = this.#known.get(name);
        return said === undefined ? known : { ...known, ...said };
      },
    };
  }
}
