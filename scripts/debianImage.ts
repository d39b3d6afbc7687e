// The image in which commands install their programs, debian:bookworm-slim: pulled where a registry has it, else made from
// Debian's packages, as root on Debian (40 s, 200 MB). `npm run debian` does it for the engine of this machine; the lab, too.

import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import Docker from 'dockerode';
import { ensureEngine } from './engine.ts';
import { installPackages, isDebianRoot } from './packages.ts';

export const debianImage = 'debian:bookworm-slim';

/** True where the image was made or pulled now, false where it was there. Throws where it can be had from neither source. */
export async function ensureDebianImage(docker: Docker): Promise<boolean> {
  const known = await docker.listImages({ filters: JSON.stringify({ reference: [debianImage] }) });
  if (known.length > 0) return false;
  try {
    await finished(docker, await docker.pull(debianImage));
  } catch (error) {
    if (!isDebianRoot()) throw new Error(`${debianImage} cannot be pulled, and only root on Debian can make it from packages`, { cause: error });
    await bootstrap(docker);
  }
  return true;
}

async function bootstrap(docker: Docker): Promise<void> {
  await installPackages(['debootstrap']);
  const root = mkdtempSync(join(tmpdir(), 'clocker-debian-'));
  try {
    await promisify(execFile)('debootstrap', ['--variant=minbase', 'bookworm', root], { maxBuffer: 64 << 20 });
    // As in the image of that name: what a container's death undoes need not wait for the disk.
    writeFileSync(join(root, 'etc/dpkg/dpkg.cfg.d/docker-apt-speedup'), 'force-unsafe-io\n');
    const packed = spawn('tar', ['-C', root, '--exclude=./var/cache/apt/archives/*.deb', '--exclude=./dev/*', '-c', '.'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [repo, tag] = debianImage.split(':');
    const changes = ['CMD ["bash"]', 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'];
    await finished(docker, await docker.importImage(packed.stdout, { repo, tag, changes }));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** The engine tells a failure inside the stream, not as an error of the request. */
function finished(docker: Docker, stream: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve, reject) => {
    docker.modem.followProgress(stream, (error: Error | null, output: readonly { readonly error?: string }[]) => {
      const failure = error?.message ?? output.find((event) => event.error !== undefined)?.error;
      if (failure === undefined) resolve();
      else reject(new Error(failure));
    });
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const socketPath = await ensureEngine(join(import.meta.dirname, '../.cache'));
  const isNew = await ensureDebianImage(new Docker({ socketPath, host: undefined }));
  console.log(isNew ? `${debianImage} is on the engine now` : `${debianImage} is there already`);
}
