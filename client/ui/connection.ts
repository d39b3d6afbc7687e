// The one cloud of this window: made when something first needs it (a view on screen, a command), never in a workspace that
// is not trusted, and kept up to date with the setting `clocker.hosts`.

import { type Disposable, EventEmitter, workspace } from 'vscode';
import type { Observed } from '#core/cluster/observed.ts';
import type { Cloud, HostConfig } from '../engine/cloud.ts';
import { settings } from './settings.ts';

export type OpenCloud = (hosts: readonly HostConfig[]) => Promise<Cloud>;

export class Connection {
  readonly #openCloud: OpenCloud;
  readonly #changed = new EventEmitter<Observed>();
  readonly #configured: Disposable;
  #cloud: Promise<Cloud> | undefined;
  #observed: Observed | undefined;
  #disposed = false;

  constructor(openCloud: OpenCloud) {
    this.#openCloud = openCloud;
    this.#configured = workspace.onDidChangeConfiguration(async (event) => {
      if (event.affectsConfiguration('clocker.hosts') && this.#cloud) (await this.#cloud).setHosts(settings().hosts);
    });
  }

  readonly onChange = this.#changed.event;

  /** The latest observation; undefined until the cloud was opened. */
  get observed(): Observed | undefined {
    return this.#observed;
  }

  /** Opens the cloud on the first call. Refused in a workspace that is not trusted. */
  open(): Promise<Cloud> {
    if (!workspace.isTrusted) return Promise.reject(new Error('Clocker connects to nothing in Restricted Mode. Trust this workspace first.'));
    this.#cloud ??= this.#start().catch((error: unknown) => {
      this.#cloud = undefined;
      throw error;
    });
    return this.#cloud;
  }

  async #start(): Promise<Cloud> {
    const cloud = await this.#openCloud(settings().hosts);
    if (this.#disposed) cloud.dispose();
    const see = (observed: Observed): void => {
      this.#observed = observed;
      this.#changed.fire(observed);
    };
    cloud.onChange(see);
    see(cloud.observed);
    return cloud;
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#configured.dispose();
    this.#changed.dispose();
    (await this.#cloud)?.dispose();
  }
}
