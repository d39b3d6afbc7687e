// The image that examples/ run: a web server of 2 MB that greets, made on the engine where it is missing, so that a first
// blueprint can be deployed without any registry. From Debian's busybox as root on Debian, else from Docker Hub's.

import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import Docker from 'dockerode';
import tar from 'tar-stream';
import { installPackages, isDebianRoot } from './packages.ts';

export const helloImage = 'clocker/hello:1';

/** Serves one page on `PORT` (80) that shows `GREETING`, the container's own address and its file /data/visits, where there is one. */
const serve = `#!/bin/sh
mkdir -p /www/cgi-bin
cat > /www/cgi-bin/page <<'PAGE'
#!/bin/sh
if [ -d /data ]; then
  visits=$(( $(cat /data/visits 2>/dev/null || echo 0) + 1 ))
  echo "$visits" > /data/visits
  visited="<p>Visit number $visits since the volume was made.</p>"
fi
printf 'Content-Type: text/html; charset=utf-8\\r\\n\\r\\n'
printf '<!doctype html><title>%s</title><body style="font: 2em sans-serif; margin: 4em"><h1>%s</h1><p>Served by container %s.</p>%s\\n' "$GREETING" "$GREETING" "$(hostname)" "$visited"
PAGE
chmod +x /www/cgi-bin/page
echo '<meta http-equiv="refresh" content="0; url=/cgi-bin/page">' > /www/index.html
echo "listening on port \${PORT:-80}"
trap 'kill $server' TERM INT
httpd -f -p "\${PORT:-80}" -h /www &
server=$!
wait $server
`;
const settings = 'ENV GREETING="Hello from Clocker" PATH=/bin\nEXPOSE 80\nCMD ["serve"]\n';
const applets = ['sh', 'httpd', 'cat', 'chmod', 'echo', 'mkdir', 'hostname', 'kill', 'sleep', 'ls', 'env', 'wget'];

/** True where the image was made now, false where it was there. Throws where it can be made from neither source. */
export async function ensureHelloImage(socketPath: string): Promise<boolean> {
  const docker = new Docker({ socketPath, host: undefined });
  const known = await docker.listImages({ filters: JSON.stringify({ reference: [helloImage] }) });
  if (known.length > 0) return false;
  const pack = tar.pack();
  pack.entry({ name: 'bin/serve', mode: 0o755 }, serve);
  if (isDebianRoot()) {
    await installPackages(['busybox-static']);
    pack.entry({ name: 'bin/busybox', mode: 0o755 }, readFileSync('/bin/busybox'));
    for (const applet of applets) pack.entry({ name: `bin/${applet}`, type: 'symlink', linkname: 'busybox' });
    pack.entry({ name: 'Dockerfile' }, `FROM scratch\nCOPY bin /bin\n${settings}`);
  } else {
    pack.entry({ name: 'Dockerfile' }, `FROM busybox:stable-musl\nCOPY bin/serve /bin/serve\n${settings}`);
  }
  pack.finalize();
  await built(docker, await docker.buildImage(pack.pipe(new PassThrough()), { t: helloImage }));
  return true;
}

/** The engine reports a failed build inside the stream, not as an error of the request. */
function built(docker: Docker, stream: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve, reject) => {
    docker.modem.followProgress(stream, (error: Error | null, output: readonly { readonly error?: string }[]) => {
      const failure = error?.message ?? output.find((event) => event.error !== undefined)?.error;
      if (failure === undefined) resolve();
      else reject(new Error(failure));
    });
  });
}
