// The extension's entry: wires the user interface to the engine. The engine and Docker's client are loaded when a host is first
// needed, so that opening an editor costs neither.

import type { Registries } from './engine/registries.ts';
import { start } from './ui/start.ts';

let stop: (() => Promise<void>) | undefined;

export function activate(context: Parameters<typeof start>[0]): void {
  stop = start(context, {
    openCloud: async (hosts, credentials, clouds) => (await import('./controller.ts')).openCloud(hosts, credentials, clouds),
    readClouds: async (value, hosts) => (await import('./understand.ts')).understandClouds(value, hosts),
    readContexts: async () => (await import('./controller.ts')).dockerContexts(),
    registriesFor: (credentials) => {
      const registries = async (): Promise<Registries> => (await import('./controller.ts')).registriesFor(credentials);
      return {
        repositories: async (address, signal) => (await registries()).repositories(address, signal),
        tags: async (address, repository, signal) => (await registries()).tags(address, repository, signal),
        comeIn: async (address, signal, given) => (await registries()).comeIn(address, signal, given),
      };
    },
    readDeployed: async ({ observed }, application) => (await import('./deployed.ts')).deployedApplication(observed, application),
    followPolicies: async (cloud, application, options) => (await import('./following.ts')).followPolicies(cloud, application, undefined, options),
    buildSource: async (path) => (await import('./build/source.ts')).buildSource(path),
    packageSource: async (path, archive, signal) => (await import('./build/source.ts')).packageSource(path, archive, signal),
    understand: async (text, catalogs) => (await import('./understand.ts')).understand(text, catalogs),
  });
}

export async function deactivate(): Promise<void> {
  await stop?.();
}
