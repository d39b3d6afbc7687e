// The one cloud of this window: made when something first needs it (a view on screen, a command), never in a workspace that
// is not trusted, and kept up to date with the settings `clocker.hosts` and `clocker.clouds`.

import { type Disposable, EventEmitter, workspace } from 'vscode';
import type { CloudConfig } from '#core/cloud/cloud.ts';
import type { Observed } from '#core/cluster/observed.ts';
import type { Cloud } from '../engine/cloud.ts';
import type { HostConfig } from '#core/host/config.ts';
import { settings } from './settings.ts';

export type OpenCloud = (hosts: readonly HostConfig[], clouds: readonly CloudConfig[]) => Promise<Cloud>;
/** The clouds in the setting that have no mistake. */
export type ReadSetting = (value: unknown, hosts: readonly HostConfig[]) => Promise<readonly CloudConfig[]>;

export class Connection {
  readonly #openCloud: OpenCloud;
  readonly #readClouds: ReadSetting;
  readonly #changed = new EventEmitter<Observed>();
  readonly #configured: Disposable;
  #cloud: Promise<Cloud> | undefined;
  #observed: Observed | undefined;
  #disposed = false;

  constructor(openCloud: OpenCloud, readClouds: ReadSetting) {
    this.#openCloud = openCloud;
    this.#readClouds = readClouds;
    this.#configured = workspace.onDidChangeConfiguration(async (event) => {
      if (!this.#cloud || !['clocker.hosts', 'clocker.clouds'].some((setting) => event.affectsConfiguration(setting))) return;
      const cloud = await this.#cloud;
      const { hosts, clouds } = settings();
      cloud.setHosts(hosts, await this.#readClouds(clouds, hosts));
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
    const { hosts, clouds } = settings();
    const cloud = await this.#openCloud(hosts, await this.#readClouds(clouds, hosts));
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
