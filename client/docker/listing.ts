// The engine's list of containers, read container by container as it comes: of thousands of them neither the whole text nor all
// that it says is in memory at once, only what is kept of each.

import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import type { ContainerInfo } from 'dockerode';
import { dial } from './calls.ts';
import { field } from './field.ts';
import { ItemSplitter } from './streams.ts';

/** Calls `onContainer` for all containers, or for those of these ids that exist. */
export async function eachListed(docker: Docker, containerIds: readonly string[] | undefined, abortSignal: AbortSignal, onContainer: (info: ContainerInfo) => void): Promise<void> {
  const filters = containerIds && { filters: JSON.stringify({ id: containerIds }) };
  const answered = await dial(docker, { method: 'GET', path: '/containers/json?', isStream: true, statusCodes: { 200: true, 400: 'bad parameter', 500: 'server error' }, abortSignal, options: { all: true, ...filters } });
  if (!(answered instanceof Readable)) throw new Error('the library has changed');
  const items = new ItemSplitter((text) => {
    const info: unknown = JSON.parse(text);
    if (isContainer(info)) onContainer(info);
  });
  for await (const bytes of answered) items.write(bytes);
  items.end();
}

function isContainer(value: unknown): value is ContainerInfo {
  return typeof field(value, 'Id') === 'string' && typeof field(value, 'Labels') === 'object' && Array.isArray(field(value, 'Names'));
}
