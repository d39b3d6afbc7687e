// The images of the lab, made on the spot and kept in the engine between runs: a Debian base, a machine (engine, registry, tools) on top of it,
// and tiny ones with nothing but busybox. A name carries the key of its recipe, so a changed recipe makes another image.

import { createHash } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type Docker from 'dockerode';
import tar from 'tar-stream';
import { debianImage, ensureDebianImage } from '../../../scripts/debianImage.ts';
import { finished, hasImage } from './docker.ts';
import { locked, runLabel, runName } from './run.ts';

/** Debian bookworm, under the name it has everywhere: pulled where a registry has it, else made from Debian's packages (40 s, once per engine). */
export async function ensureDebian(docker: Docker): Promise<string> {
  await ensureImage(docker, debianImage, async () => void (await ensureDebianImage(docker)));
  return debianImage;
}

const machinePackages = 'docker.io iptables iproute2 docker-registry apache2-utils openssl ca-certificates busybox-static openssh-server';

/**
 * Starts the engine of a nested host. `/lab` holds its socket, readable by the group in `$LAB_GROUP`. Its containers live in cgroups below the
 * host's own, so pausing the host pauses them too. With cgroup v2 a group with members has no children: the members move aside first.
 */
const startHost = `#!/bin/sh
mount -t securityfs none /sys/kernel/security 2>/dev/null
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  mkdir -p /sys/fs/cgroup/init
  xargs -rn1 < /sys/fs/cgroup/cgroup.procs > /sys/fs/cgroup/init/cgroup.procs 2>/dev/null || true
  sed -e 's/ / +/g' -e 's/^/+/' < /sys/fs/cgroup/cgroup.controllers > /sys/fs/cgroup/cgroup.subtree_control
  parent=/docker
else
  parent=$(sed -n 's/^[0-9]*:freezer://p' /proc/self/cgroup)/inner
fi
rm -f /lab/docker.sock
exec dockerd --group "$LAB_GROUP" --cgroup-parent "$parent" --pidfile /run/dockerd.pid \\
  -H unix:///lab/docker.sock -H tcp://0.0.0.0:2375 --tls=false --insecure-registry "$LAB_INSECURE"
`;

/** Starts a registry: $LAB_USER and $LAB_PASSWORD ask for a log-in, $LAB_TLS is the address to certify. */
const startRegistry = `#!/bin/sh
set -e
mkdir -p /lab
export REGISTRY_HTTP_ADDR=:5000 REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY=/var/lib/registry REGISTRY_STORAGE_DELETE_ENABLED=true
if [ -n "$LAB_USER" ]; then
  htpasswd -Bbc /lab/htpasswd "$LAB_USER" "$LAB_PASSWORD" 2>/dev/null
  export REGISTRY_AUTH=htpasswd REGISTRY_AUTH_HTPASSWD_REALM=lab REGISTRY_AUTH_HTPASSWD_PATH=/lab/htpasswd
fi
if [ -n "$LAB_TLS" ]; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=registry -addext "subjectAltName=IP:$LAB_TLS,IP:127.0.0.1" \\
    -keyout /lab/key.pem -out /lab/ca.pem 2>/dev/null
  export REGISTRY_HTTP_TLS_CERTIFICATE=/lab/ca.pem REGISTRY_HTTP_TLS_KEY=/lab/key.pem
fi
printf 'version: 0.1\\nstorage:\\n  filesystem: {}\\nhttp: {}\\n' > /lab/config.yml
exec docker-registry serve /lab/config.yml
`;

const buildMachine = `set -e
export DEBIAN_FRONTEND=noninteractive
printf '#!/bin/sh\\nexit 101\\n' > /usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d
apt-get -qq update
apt-get -qq install -y --no-install-recommends ${machinePackages}
rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb
cat > /usr/local/bin/start-host <<'END'
${startHost}END
cat > /usr/local/bin/start-registry <<'END'
${startRegistry}END
chmod +x /usr/local/bin/start-host /usr/local/bin/start-registry
`;

/** Debian with an engine, a registry and the tools around them: what nested hosts and registries run. */
export async function ensureMachine(docker: Docker): Promise<string> {
  const name = `clocker-lab/machine:${key(buildMachine)}`;
  await ensureImage(docker, name, async () => {
    const Image = await ensureDebian(docker);
    const container = await docker.createContainer({ Image, Cmd: ['sh', '-c', buildMachine], Labels: { [runLabel]: runName } });
    try {
      await container.start();
      const { StatusCode: code } = await container.wait();
      if (code !== 0) throw new Error(`the lab's machine image could not be built:\n${String(await container.logs({ stdout: true, stderr: true, tail: 20 }))}`);
      const [repo, tag] = name.split(':');
      await container.commit({ repo, tag, changes: 'CMD ["sh"]\nVOLUME /var/lib/docker' });
    } finally {
      await container.remove({ force: true, v: true });
    }
  });
  return name;
}

/** `FROM scratch` and busybox with all its applets: 2 MB, starts at once, sleeps until it is told otherwise. */
export async function ensureBusybox(docker: Docker): Promise<string> {
  return await ensureTiny(docker, 'busybox', ['CMD ["sleep", "infinity"]'], {});
}

/** Busybox's web server on port 8080: `/` answers "it works", whatever a test puts into `/www` is served too. */
export async function ensureHttp(docker: Docker): Promise<string> {
  return await ensureTiny(docker, 'http', ['CMD ["httpd", "-f", "-v", "-p", "8080", "-h", "/www"]', 'EXPOSE 8080'], { 'www/index.html': 'it works\n' });
}

async function ensureTiny(docker: Docker, what: string, changes: readonly string[], files: Readonly<Record<string, string>>): Promise<string> {
  const recipe = JSON.stringify([changes, files, 2]);
  const name = `clocker-lab/${what}:${key(recipe)}`;
  await ensureImage(docker, name, async () => {
    const busybox = await busyboxBinary(docker);
    const pack = tar.pack();
    for (const folder of ['bin', 'etc', 'proc', 'sys', 'dev', 'tmp', 'www', 'root']) pack.entry({ name: folder, type: 'directory', mode: folder === 'tmp' ? 0o1777 : 0o755 });
    pack.entry({ name: 'bin/busybox', mode: 0o755 }, busybox.binary);
    for (const applet of busybox.applets) pack.entry({ name: `bin/${applet}`, type: 'symlink', linkname: 'busybox' });
    const all = { 'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n', 'etc/group': 'root:x:0:\nnogroup:x:65534:\n', ...files };
    for (const [path, text] of Object.entries(all)) pack.entry({ name: path, mode: 0o644 }, text);
    pack.finalize();
    await importImage(docker, pack.pipe(new PassThrough()), name, ['ENV PATH=/bin', ...changes]);
  });
  return name;
}

/** Busybox as the machine image has it. */
async function busyboxBinary(docker: Docker): Promise<{ readonly binary: Buffer; readonly applets: readonly string[] }> {
  const Image = await ensureMachine(docker);
  const container = await docker.createContainer({ Image, Cmd: ['busybox', '--list'], Labels: { [runLabel]: runName } });
  try {
    await container.start();
    await container.wait();
    const listed = String(await container.logs({ stdout: true, stderr: false }));
    const applets = [...listed.matchAll(/([a-z0-9[_.-]+)\s*$/gmi)].map((match) => match[1] ?? '').filter((it) => it !== 'busybox' && it !== '');
    const extract = tar.extract();
    let binary: Buffer | undefined;
    extract.on('entry', (header, stream, next) => {
      void buffer(stream).then((bytes) => {
        if (header.type === 'file') binary = bytes;
        next();
      });
    });
    await pipeline(await container.getArchive({ path: '/bin/busybox' }), extract);
    if (binary === undefined) throw new Error('the machine image has no busybox');
    return { binary, applets };
  } finally {
    await container.remove({ force: true, v: true });
  }
}

/** Makes an image once, whoever asks: one process of this machine builds, the others wait. */
async function ensureImage(docker: Docker, name: string, make: () => Promise<void>): Promise<void> {
  if (await hasImage(docker, name)) return;
  await locked(`image-${name.replaceAll(/[^a-z0-9]/g, '-')}`, async () => {
    if (!await hasImage(docker, name)) await make();
  });
}

async function importImage(docker: Docker, archive: NodeJS.ReadableStream, name: string, changes: readonly string[]): Promise<void> {
  const [repo, tag] = name.split(':');
  await finished(await docker.importImage(archive, { repo, tag, changes: [...changes] }));
}

function key(recipe: string): string {
  return createHash('sha256').update(recipe).digest('hex').slice(0, 12);
}
