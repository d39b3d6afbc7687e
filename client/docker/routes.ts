// The routes of an engine's machine: read here where it is this machine, and otherwise by a container of a moment, with the
// host's network and an image that is there already. Nothing is pulled for it.

import { readFile } from 'node:fs/promises';
import { hostname, release } from 'node:os';
import { text } from 'node:stream/consumers';
import type Docker from 'dockerode';
import type { LockOwner } from '#core/record/lock.ts';
import { routesIn } from '#core/sdn/routes.ts';
import { raced, unless } from './calls.ts';
import { field } from './field.ts';
import { momentLabels } from './moments.ts';

const table = '/proc/net/route';
/** Routes change seldom, and reading them costs a container. */
const freshMs = 10 * 60_000;
/** Not every image has a program that shows a file. */
const mostImages = 3;

/** By the engine's id; of all that are reached from here. */
const known = new Map<string, { readonly routes: readonly string[]; readonly atMs: number }>();

/** Undefined where no image is there that can show them. `info` is what the engine says of itself; `isLocal`: it is reached through a socket of this machine. */
export async function readRoutes(docker: Docker, info: unknown, { isLocal, owner }: { readonly isLocal: boolean; readonly owner: LockOwner }, signal: AbortSignal): Promise<readonly string[] | undefined> {
  const engineId = String(field(info, 'ID'));
  const before = known.get(engineId);
  if (before && performance.now() - before.atMs < freshMs) return before.routes;
  const isHere = isLocal && field(info, 'Name') === hostname() && field(info, 'KernelVersion') === release();
  const told = isHere ? await readFile(table, 'utf8') : await shownInside(docker, owner, signal);
  if (told === undefined) return undefined;
  const networks = await raced(docker.listNetworks(), signal);
  const blocks = networks.flatMap(({ IPAM }) => (IPAM?.Config ?? []).flatMap((config) => config.Subnet ?? []));
  const routes = routesIn(told, blocks);
  known.set(engineId, { routes, atMs: performance.now() });
  return routes;
}

async function shownInside(docker: Docker, owner: LockOwner, signal: AbortSignal): Promise<string | undefined> {
  const images = (await raced(docker.listImages(), signal)).filter(({ RepoTags }) => Array.isArray(RepoTags) && RepoTags.some((tag) => !tag.includes('<none>')));
  for (const { Id } of images.toSorted((a, b) => a.Size - b.Size).slice(0, mostImages)) {
    const told = await shownBy(docker, Id, owner, signal).catch(() => undefined);
    if (told?.startsWith('Iface') === true) return told;
  }
  return undefined;
}

/** The engine itself takes it away when it has ended, whoever is left to ask for that. */
async function shownBy(docker: Docker, image: string, owner: LockOwner, signal: AbortSignal): Promise<string> {
  const container = await docker.createContainer({
    Image: image, Entrypoint: ['cat'], Cmd: [table], Tty: true, User: '0:0', Labels: momentLabels('routes', owner),
    HostConfig: { NetworkMode: 'host', AutoRemove: true },
  });
  try {
    const said = await container.attach({ stream: true, stdout: true, stderr: true });
    await container.start();
    return (await raced(text(said), signal)).replaceAll('\r', '');
  } finally {
    // 409: it is going already.
    await container.remove({ v: true, force: true }).catch(unless(404, 409));
  }
}
