// Answers the language server when it asks which images there are. Only what was connected to already is asked, and engines of
// this very machine: typing in a blueprint never opens a connection to another one, and none at all in a workspace that is not trusted.

import { workspace } from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { isLocal } from '#core/host/endpoint.ts';
import { imagesRequest } from '#core/image/known.ts';
import { KnownImages } from '../engine/knownImages.ts';
import type { Registries } from '../engine/registries.ts';
import type { Connection } from './connection.ts';
import { settings } from './settings.ts';

/** Before the client is started: what it can answer is said when it begins. */
export function answerImages(client: LanguageClient, connection: Connection, registries: Registries): void {
  const known = new KnownImages({
    onHosts: async (signal) => {
      if (connection.observed === undefined && !settings().hosts.every(({ endpoint }) => isLocal(endpoint))) return [];
      const cloud = await connection.open();
      await cloud.settled(signal);
      return cloud.images(signal);
    },
    registries: () => (workspace.isTrusted ? settings().registries : []),
    repositories: (address, signal) => registries.repositories(address, signal),
    tags: (address, repository, signal) => registries.tags(address, repository, signal),
    nowMs: () => performance.now(),
  });
  client.registerFeature({
    fillClientCapabilities: (capabilities) => {
      capabilities.experimental = { ...capabilities.experimental, clockerImages: true };
    },
    initialize: () => undefined,
    getState: () => ({ kind: 'static' }),
    clear: () => undefined,
  });
  client.onRequest(imagesRequest, (params: unknown) => known.of(typeof params === 'object' && params !== null && 'typed' in params && typeof params.typed === 'string' ? params.typed : ''));
}
