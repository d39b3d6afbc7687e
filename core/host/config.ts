// One configured Docker host, and how it is read from what people write: the setting `clocker.hosts` and hosts files. Nothing
// secret is in it: keys and certificates are named by their files.

import { readEndpoint, type Endpoint } from '#core/host/endpoint.ts';
import { Fields, isMap, type FieldProblem } from '#core/text/fields.ts';

export interface HostConfig {
  readonly name: string;
  /** As in `DOCKER_HOST`: `unix:///var/run/docker.sock`, `ssh://me@box`. */
  readonly endpoint: string;
  /** Anything that says what the host is, like `region` and `zone`. */
  readonly labels?: Readonly<Record<string, string>>;
  /** It is looked at, and never changed. */
  readonly readOnly?: boolean;
  /** So many containers of ours at most. */
  readonly maxContainers?: number;
  /** For `tcp://` without encryption, in a network that is trusted. */
  readonly insecure?: boolean;
  /** For `tcp://` with TLS. What is absent comes from the secret storage, then from the system. */
  readonly tls?: TlsFiles;
  /** For `ssh://`: a private key's file, tried before all others. */
  readonly identityFile?: string;
  /** The docker cloud that it was made for, and that may take it away again. */
  readonly cloud?: string;
}

/** Files in PEM. */
export interface TlsFiles {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export type HostProblem = FieldProblem;

export interface ReadHosts {
  /** Those without a problem. */
  readonly hosts: readonly HostConfig[];
  readonly problems: readonly HostProblem[];
}

/** The keys with a sentence each. */
export const hostKeys = {
  name: 'The name of the host, which blueprints use as location.',
  endpoint: 'Where its Docker Engine answers, as in DOCKER_HOST: unix:///var/run/docker.sock, tcp://HOST:2376, ssh://USER@HOST[:PORT][/PATH/OF/SOCKET], npipe:////./pipe/docker_engine.',
  labels: 'Anything that says what the host is, like region and zone.',
  readOnly: 'Look at the host, and never change it: plans that would are refused.',
  maxContainers: 'So many containers of Clocker at most.',
  insecure: 'Reach tcp:// without encryption. Whoever reaches such an engine owns its machine: only in a network that you trust.',
  tls: 'For tcp:// with TLS: files of the authority, of your certificate and of its key.',
  identityFile: 'For ssh://: the file of a private key, tried before all others.',
  cloud: 'The docker cloud that the host was made for, and that takes it away when it is no longer needed.',
} as const satisfies Record<keyof HostConfig, string>;

export const tlsKeys = {
  ca: 'The certificates of the authorities to believe (PEM). Without it, those of the system.',
  cert: 'Your certificate (PEM).',
  key: 'The private key of your certificate (PEM).',
} as const satisfies Record<keyof TlsFiles, string>;

const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** What is wrong with a host's name; undefined where nothing is. */
export function hostNameProblem(name: string): string | undefined {
  return namePattern.test(name) ? undefined : `"${name}" is no name of a host; a name is made of letters, digits, dots, dashes and underscores`;
}

/** Reads plain data, as JSON and YAML give it; never throws. */
export function readHosts(value: unknown): ReadHosts {
  if (!Array.isArray(value)) return { hosts: [], problems: [{ path: [], message: 'a list of hosts is wanted, like "- {name: a, endpoint: unix:///var/run/docker.sock}"' }] };
  const items: readonly unknown[] = value;
  const names = new Set<string>();
  const read = items.map((item, index) => {
    const { host, problems } = readHost(item);
    const twice = host !== undefined && names.has(host.name) ? [{ path: ['name'], message: `two hosts are named ${host.name}` }] : [];
    if (host !== undefined) names.add(host.name);
    const all = [...problems, ...twice];
    return { host: all.length === 0 ? host : undefined, problems: all.map(({ path, message }) => ({ path: [index, ...path], message })) };
  });
  return { hosts: read.flatMap(({ host }) => host ?? []), problems: read.flatMap(({ problems }) => problems) };
}

function readHost(value: unknown): { readonly host: HostConfig | undefined; readonly problems: readonly HostProblem[] } {
  if (!isMap(value)) return { host: undefined, problems: [{ path: [], message: 'a host is a map with a name and an endpoint' }] };
  const reader = new Fields(value);
  reader.refuseUnknown(hostKeys, 'a host');
  const name = reader.text('name');
  const endpoint = reader.text('endpoint');
  if (name === undefined || endpoint === undefined) reader.wrong(`a host needs ${name === undefined && endpoint === undefined ? 'a name and an endpoint' : name === undefined ? 'a name' : 'an endpoint'}`);
  else reader.problem('name', hostNameProblem(name));
  const labels = reader.labels('labels');
  const readOnly = reader.flag('readOnly');
  const maxContainers = reader.count('maxContainers');
  const insecure = reader.flag('insecure');
  const tls = tlsOf(reader);
  const identityFile = reader.text('identityFile');
  const cloud = reader.text('cloud');
  const read = endpoint === undefined ? undefined : readEndpoint(endpoint);
  if (read !== undefined && 'problem' in read) reader.problem('endpoint', read.problem);
  if (read !== undefined && 'endpoint' in read) for (const [key, message] of misfits(read.endpoint, { insecure, tls, identityFile })) reader.problem(key, message);
  if (name === undefined || endpoint === undefined) return { host: undefined, problems: reader.problems };
  return {
    host: {
      name,
      endpoint,
      ...(labels === undefined ? {} : { labels }),
      ...(readOnly === undefined ? {} : { readOnly }),
      ...(maxContainers === undefined ? {} : { maxContainers }),
      ...(insecure === undefined ? {} : { insecure }),
      ...(tls === undefined ? {} : { tls }),
      ...(identityFile === undefined ? {} : { identityFile }),
      ...(cloud === undefined ? {} : { cloud }),
    },
    problems: reader.problems,
  };
}

/** What does not go with the endpoint: better said than silently without effect, where it is about safety. */
function misfits(endpoint: Endpoint, { insecure, tls, identityFile }: { readonly insecure?: boolean | undefined; readonly tls?: TlsFiles | undefined; readonly identityFile?: string | undefined }): [string, string][] {
  const isTcp = endpoint.kind === 'tcp';
  return [
    ...(insecure === true && !isTcp ? [['insecure', 'insecure is for tcp:// only'] as [string, string]] : []),
    ...(insecure === true && isTcp && (tls !== undefined || endpoint.isTls) ? [['insecure', 'insecure and TLS exclude each other; leave one of them away'] as [string, string]] : []),
    ...(tls !== undefined && !isTcp ? [['tls', 'tls is for tcp:// only'] as [string, string]] : []),
    ...(tls !== undefined && (tls.cert === undefined) !== (tls.key === undefined) ? [['tls', 'cert and key belong together; give both or none'] as [string, string]] : []),
    ...(identityFile !== undefined && endpoint.kind !== 'ssh' ? [['identityFile', 'identityFile is for ssh:// only'] as [string, string]] : []),
  ];
}

function tlsOf(reader: Fields): TlsFiles | undefined {
  const inner = reader.inner('tls', 'a map of files, like {ca: ca.pem, cert: cert.pem, key: key.pem}');
  if (inner === undefined) return undefined;
  inner.refuseUnknown(tlsKeys, 'tls');
  const [ca, cert, key] = [inner.text('ca'), inner.text('cert'), inner.text('key')];
  reader.adopt(inner);
  return { ...(ca === undefined ? {} : { ca }), ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) };
}
