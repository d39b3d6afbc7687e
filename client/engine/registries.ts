// What the user interface asks of registries. `client/controller.ts` joins it with the log-ins that are known.

import type { RegistryTexts } from './ports.ts';

/** Addresses are as configured: `registry.example:5000`, `http://...`, `docker.io`. Whatever fails is an Error whose message is a sentence. */
export interface Registries {
  /** The names of its images, without the registry. */
  readonly repositories: (address: string, signal: AbortSignal) => Promise<readonly string[]>;
  readonly tags: (address: string, repository: string, signal: AbortSignal) => Promise<readonly string[]>;
  /** Whether it lets somebody in who says this. */
  readonly comeIn: (address: string, signal: AbortSignal, given: RegistryTexts) => Promise<void>;
}
