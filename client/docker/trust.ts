// Makes an engine believe the authority of a registry: a certificate in its folder for that registry, which it reads at every
// request. The engine puts it there itself, through a container that never runs, so that no other way to its machine is needed.

import { buffer } from 'node:stream/consumers';
import type Docker from 'dockerode';
import type { LockOwner } from '#core/record/lock.ts';
import { unless } from './calls.ts';
import { ensureInsiderImage } from './insider/image.ts';
import { momentLabels } from './moments.ts';

const fileName = 'clocker.crt';

/** `registry` as in references, `ca` in PEM; what was there of Clocker for this registry is replaced, other certificates stay. */
export async function trust(docker: Docker, registry: string, ca: string, owner: LockOwner): Promise<void> {
  const { pack } = await import('tar-stream');
  const archive = pack();
  for (const name of ['certs.d', `certs.d/${registry}`]) archive.entry({ name, type: 'directory', mode: 0o755 });
  archive.entry({ name: `certs.d/${registry}/${fileName}`, mode: 0o644 }, ca);
  archive.finalize();
  const container = await docker.createContainer({ Image: await ensureInsiderImage(docker), Labels: momentLabels('trust', owner), HostConfig: { Binds: ['/etc/docker:/engine'], NetworkMode: 'none' } });
  try {
    await container.putArchive(await buffer(archive), { path: '/engine' });
  } finally {
    await container.remove({ force: true }).catch(unless(404));
  }
}
