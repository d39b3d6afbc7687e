// The routes of an engine's machine: read here where it is this machine, and otherwise by a container of a moment, with the
// host's network and an image that is there already. Nothing is pulled for it.

import { readFile } from 'node:fs/promises';
import { hostname, release } from 'node:os';
import type Docker from 'dockerode';
import { routesIn } from '#core/sdn/routes.ts';
import { raced, unless } from './calls.ts';
import { field } from './field.ts';
import { prefix } from './labels.ts';

const table = '/proc/net/route';
const label = `${prefix}routes`;
/** Routes change seldom, and reading them costs a container. */
const freshMs = 10 * 60_000;
/** Not every image has a program that shows a file. */
const mostImages = 3;

/** By the engine's id; of all that are reached from here. */
const known = new Map<string, { readonly routes: readonly string[]; readonly atMs: number }>();

export function isReadingRoutes(labels: Readonly<Record<string, string>>): boolean {
  return labels[label] !== undefined;
}

/** Undefined where no image is there that can show them. `info` is what the engine says of itself; `isLocal`: it is reached through a socket of this machine. */
export async function readRoutes(docker: Docker, info: unknown, isLocal: boolean, signal: AbortSignal): Promise<readonly string[] | undefined> {
  const engineId = String(field(info, 'ID'));
  const before = known.get(engineId);
  if (before && performance.now() - before.atMs < freshMs) return before.routes;
  const isHere = isLocal && field(info, 'Name') === hostname() && field(info, 'KernelVersion') === release();
  const text = isHere ? await readFile(table, 'utf8') : await shownInside(docker, signal);
  if (text === undefined) return undefined;
  const networks = await raced(docker.listNetworks(), signal);
  const blocks = networks.flatMap(({ IPAM }) => (IPAM?.Config ?? []).flatMap((config) => config.Subnet ?? []));
  const routes = routesIn(text, blocks);
  known.set(engineId, { routes, atMs: performance.now() });
  return routes;
}

async function shownInside(docker: Docker, signal: AbortSignal): Promise<string | undefined> {
  const images = (await raced(docker.listImages(), signal)).filter(({ RepoTags }) => Array.isArray(RepoTags) && RepoTags.some((tag) => !tag.includes('<none>')));
  for (const { Id } of images.toSorted((a, b) => a.Size - b.Size).slice(0, mostImages)) {
    const text = await shownBy(docker, Id, signal).catch(() => undefined);
    if (text?.startsWith('Iface') === true) return text;
  }
  return undefined;
}

async function shownBy(docker: Docker, image: string, signal: AbortSignal): Promise<string> {
  const container = await docker.createContainer({
    Image: image, Entrypoint: ['cat'], Cmd: [table], Tty: true, User: '0:0', Labels: { [label]: 'read' },
    HostConfig: { NetworkMode: 'host', LogConfig: { Type: 'json-file', Config: {} } },
  });
  try {
    await container.start();
    await raced(container.wait(), signal);
    return (await container.logs({ stdout: true })).toString().replaceAll('\r', '');
  } finally {
    await container.remove({ v: true, force: true }).catch(unless(404));
  }
}
