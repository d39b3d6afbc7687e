// Joins the engine with Docker: the one place that knows both. Used by the extension and by the command line.

import { connectDocker } from './docker/dockerHost.ts';
import type { Cloud, HostConfig } from './engine/cloud.ts';
import { Engine } from './engine/engine.ts';
import { readSource } from './sources.ts';

/** Begins to connect at once; what comes of it is in `observed`. */
export function openCloud(hosts: readonly HostConfig[]): Cloud {
  const engine = new Engine(connectDocker, { readSource });
  engine.setHosts(hosts);
  return engine;
}
