// Engines that speak TLS on the lab's hosts, with certificates of authorities made for them.

import type { LabHost } from '../lab.ts';
import { eventually } from './docker.ts';

export interface Pair {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
}

export interface Authority {
  /** Its certificate (PEM). */
  readonly ca: string;
  /** `names` as in a certificate: `IP:10.0.0.1,DNS:box`. */
  issue(names: string, options?: { readonly days?: number; readonly passphrase?: string }): Promise<Pair>;
}

const makeKey = 'openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1';

/** An authority of its own; its keys are made on the host. */
export async function authority(host: LabHost, name: string): Promise<Authority> {
  const folder = `/srv/authority-${name}`;
  const sh = (script: string): Promise<string> => host.exec(['sh', '-ec', script]);
  const ca = await sh(`rm -rf ${folder}; mkdir -p ${folder}; cd ${folder}; ${makeKey} -x509 -nodes -days 90 -subj /CN=${name} -keyout ca.key -out ca.pem 2>/dev/null; cat ca.pem`);
  return {
    ca,
    issue: async (names, { days = 60, passphrase } = {}) => {
      const protection = passphrase === undefined ? '-nodes' : `-passout pass:${passphrase}`;
      const said = await sh(`cd ${folder}; echo 'subjectAltName=${names}' > ext
        ${makeKey} ${protection} -subj /CN=issued -keyout key.pem -out request.pem 2>/dev/null
        openssl x509 -req -in request.pem -CA ca.pem -CAkey ca.key -days ${days} -extfile ext -out cert.pem 2>/dev/null
        cat cert.pem key.pem`);
      const end = said.indexOf('-----END CERTIFICATE-----') + '-----END CERTIFICATE-----\n'.length;
      return { cert: said.slice(0, end), key: said.slice(end) };
    },
  };
}

/** Another engine on the host, which listens on this port with TLS and believes clients of `ca` alone. */
export async function tlsEngine(host: LabHost, port: number, { ca, cert, key }: Pair & { readonly ca: string }): Promise<{ stop(): Promise<void> }> {
  const folder = `/run/tls-${port}`;
  const sh = (script: string, ...args: readonly string[]): Promise<string> => host.exec(['sh', '-ec', script, 'sh', ...args]);
  // A bridge of its own: an engine without one would take away that of the host's first engine.
  await sh(`ip link add tls${port} type bridge; ip addr add 10.249.${port % 250}.1/24 dev tls${port}; ip link set tls${port} up
    mkdir -p ${folder}; cd ${folder}; printf %s "$1" > ca.pem; printf %s "$2" > cert.pem; printf %s "$3" > key.pem
    setsid dockerd --data-root ${folder}/data --exec-root ${folder}/exec --pidfile ${folder}/pid --storage-driver vfs --bridge tls${port} --iptables=false \\
      -H tcp://0.0.0.0:${port} --tlsverify --tlscacert ca.pem --tlscert cert.pem --tlskey key.pem > log 2>&1 &`, ca, cert, key);
  await eventually(() => sh(`grep -q "API listen on" ${folder}/log`), 20_000);
  return { stop: async () => { await sh(`kill $(cat ${folder}/pid); while [ -e ${folder}/pid ]; do sleep 0.1; done; rm -rf ${folder}; ip link del tls${port}`); } };
}
