// Registries: Debian's docker-registry in a container of the lab's network, open or behind a password, plain or with a certificate of its own.

import type { LabRegistry, RegistryOptions } from '../lab.ts';
import { eventually, execIn, finished } from './docker.ts';
import { ensureMachine } from './images.ts';
import { labNetwork, lease, outer } from './outer.ts';
import { runLabel, runName } from './run.ts';

export async function openRegistry(options: RegistryOptions): Promise<LabRegistry> {
  const { docker } = await outer();
  const network = await labNetwork(docker);
  const last = lease('registry', options.tls === true ? 64 : 128);
  const ip = `${network.prefix}.${last}`;
  const name = `clocker-lab-${runName}-registry-${last}`;
  // Nobody alive has it: it is left over from a file of this run that is over.
  await docker.getContainer(name).remove({ force: true, v: true }).catch(() => undefined);
  const container = await docker.createContainer({
    name,
    Image: await ensureMachine(docker),
    Cmd: ['start-registry'],
    Env: [`LAB_USER=${options.htpasswd?.username ?? ''}`, `LAB_PASSWORD=${options.htpasswd?.password ?? ''}`, `LAB_TLS=${options.tls === true ? ip : ''}`, ...tokenSettings(options.tokensFrom)],
    Labels: { [runLabel]: runName },
    ExposedPorts: { '5000/tcp': {} },
    HostConfig: { NetworkMode: network.name, PortBindings: { '5000/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] } },
    NetworkingConfig: { EndpointsConfig: { [network.name]: { IPAMConfig: { IPv4Address: ip } } } },
  });
  await container.start();
  const { NetworkSettings } = await container.inspect();
  const address = `127.0.0.1:${NetworkSettings.Ports['5000/tcp']?.[0]?.HostPort}`;
  const addressFromHosts = `${ip}:5000`;
  await eventually(() => execIn(container, ['bash', '-c', ': < /dev/tcp/127.0.0.1/5000']), 20_000);
  const [ca, key] = options.tls === true ? await Promise.all(['ca', 'key'].map((file) => execIn(container, ['cat', `/lab/${file}.pem`]))) : [];
  // An engine refuses a push without credentials, also where the registry wants none.
  const authconfig = { ...options.htpasswd ?? { username: '', password: '' }, serveraddress: address };

  return {
    address, addressFromHosts, ca, key,
    trustOn: async (host) => {
      const folder = `/etc/docker/certs.d/${addressFromHosts}`;
      await host.exec(['sh', '-c', `mkdir -p ${folder} && printf %s "$1" > ${folder}/ca.crt`, 'sh', ca ?? '']);
    },
    push: async (image, as) => {
      const colon = as.lastIndexOf(':');
      const [repo, tag] = colon < 0 ? [as, 'latest'] : [as.slice(0, colon), as.slice(colon + 1)];
      await docker.getImage(image).tag({ repo: `${address}/${repo}`, tag });
      const pushed = docker.getImage(`${address}/${repo}:${tag}`);
      await finished(await pushed.push({ authconfig }));
      await pushed.remove();
    },
    stop: async () => { await container.remove({ force: true, v: true }); },
  };
}

function tokenSettings(realm: string | undefined): readonly string[] {
  const settings = { REGISTRY_AUTH: 'token', REGISTRY_AUTH_TOKEN_REALM: realm, REGISTRY_AUTH_TOKEN_SERVICE: 'lab', REGISTRY_AUTH_TOKEN_ISSUER: 'lab', REGISTRY_AUTH_TOKEN_ROOTCERTBUNDLE: '/lab/ca.pem' };
  return realm === undefined ? [] : Object.entries(settings).map(([name, value]) => `${name}=${value}`);
}
