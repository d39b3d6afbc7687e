// Log-ins to registries for the images that a Dockerfile begins with: BuildKit asks for one when it pulls.

import { frame, fieldsOf, bytesOf, message } from './wire.ts';
import { asked, type Service } from './session.ts';
import type { RegistryLogin } from '../registryLogin.ts';

export const credentials = '/moby.filesync.v1.Auth/Credentials';

/** `loginOf` is asked for the registry's address. Without a log-in everybody's images can be pulled. */
export function registryAuth(loginOf: (registry: string) => Promise<RegistryLogin | undefined>): Service {
  return async (stream) => {
    const host = bytesOf(fieldsOf(await asked(stream)), 1).toString();
    const login = await loginOf(host === 'registry-1.docker.io' ? 'docker.io' : host);
    if (login === undefined) stream.write(frame(message()));
    else if ('identitytoken' in login) stream.write(frame(message([2, login.identitytoken])));
    else stream.write(frame(message([1, login.username], [2, login.password])));
  };
}
