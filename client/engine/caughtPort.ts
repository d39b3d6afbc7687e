// What is needed of a host to catch images: a container of its own in which an installation runs, and the images that came of it.

import type { KeptImage } from '#core/image/caught.ts';
import type { Installation } from '#core/image/key.ts';

export interface Installer {
  readonly containerId: string;
  /** False where somebody else began: it is joined. */
  readonly isNew: boolean;
}

export interface CaughtPort {
  /** Starts a container of the installation's base image, with its environment alone; `image` is what shall come of it. Joins one that is there. */
  begin(installation: Installation, image: string, key: string): Promise<Installer>;
  /** Whether such a container is there. */
  isBusy(image: string, signal: AbortSignal): Promise<boolean>;
  /** The exit code and the last lines of a container that has ended; undefined while it runs. */
  ended(containerId: string): Promise<{ readonly exitCode: number | undefined; readonly logTail: readonly string[] }>;
  /** Makes the image of what is in the container now. */
  commit(containerId: string, image: string): Promise<void>;
  /** Those that were caught, and those that were built for entities. */
  list(signal: AbortSignal): Promise<readonly KeptImage[]>;
  /** No failure if it is not there. Fails where a container uses it. */
  remove(image: string): Promise<void>;
}
