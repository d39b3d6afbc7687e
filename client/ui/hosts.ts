// Adding and removing hosts: what a person answers goes into the setting `clocker.hosts`, and from there to the cloud. Certificates
// go there as names of files, or into the secret storage.

import { commands, type Disposable, InputBoxValidationSeverity, Uri, window, workspace } from 'vscode';
import { type HostConfig, hostNameProblem, readHosts, type TlsFiles } from '#core/host/config.ts';
import { defaultSocketPath, readEndpoint } from '#core/host/endpoint.ts';
import type { FieldProblem } from '#core/text/fields.ts';
import { endpointProblem } from '#core/view/endpoint.ts';
import type { KeptCredentials } from './credentials.ts';
import { offer } from './offer.ts';
import { addToHosts, removeFromHosts, settings } from './settings.ts';

/** A Docker context of this machine. */
export interface ContextHost {
  readonly name: string;
  readonly description: string;
  readonly host: HostConfig;
  readonly skipsVerification: boolean;
}

export interface HostWorld {
  readonly readContexts: () => Promise<readonly ContextHost[]>;
  readonly credentials: KeptCredentials;
}

type Draft = Omit<HostConfig, 'name'> & { readonly suggestedName: string; readonly isContext?: true };

/** Other extensions and key bindings may give a whole host; it is added without a question. */
export async function addHost(argument: unknown, world: HostWorld): Promise<void> {
  const given = argument === undefined ? undefined : readHosts([argument]);
  const [ready] = given?.hosts ?? [];
  if (ready !== undefined) {
    await save(ready);
    return;
  }
  const { hosts } = settings();
  const draft = await chooseKind(hosts, world);
  if (draft === undefined) return;
  const { suggestedName, isContext: _, ...config } = draft;
  const name = await window.showInputBox({
    title: 'Add Host: Name',
    prompt: 'Its name, which blueprints use as location',
    value: nameProblem(suggestedName, hosts) === undefined ? suggestedName : '',
    ignoreFocusOut: true,
    validateInput: (text) => nameProblem(text.trim(), hosts),
  });
  if (name === undefined) return;
  const secured = await secure({ name: name.trim(), ...config }, draft.isContext === true, world.credentials);
  if (secured !== undefined) await save(secured);
}

async function save(host: HostConfig): Promise<void> {
  const { hosts } = settings();
  const problem = nameProblem(host.name, hosts);
  if (problem !== undefined) throw new Error(problem);
  await addToHosts(host);
}

async function chooseKind(hosts: readonly HostConfig[], { readContexts }: HostWorld): Promise<Draft | undefined> {
  const known = (endpoint: string): boolean => hosts.some((host) => host.endpoint === endpoint);
  const contexts = (await readContexts()).filter(({ host }) => !known(host.endpoint) && 'endpoint' in readEndpoint(host.endpoint));
  const picked = await window.showQuickPick(
    [
      ...(known(localEndpoint) ? [] : [{ label: '$(vm) This machine', description: localEndpoint, draft: async () => ({ endpoint: localEndpoint, suggestedName: 'localhost' }) }]),
      { label: '$(terminal) A machine over SSH', description: 'ssh://USER@HOST', detail: 'Nothing to set up there but Docker and a login with a key', draft: () => enterEndpoint('ssh://', hosts) },
      { label: '$(lock) A Docker Engine over TCP', description: 'tcp://HOST:2376', detail: 'With TLS; you need its certificate authority, your certificate and your key', draft: () => enterEndpoint('tcp://', hosts) },
      { label: '$(plug) Another socket or pipe', description: 'unix:///PATH, npipe://PIPE', draft: () => enterEndpoint('unix://', hosts) },
      ...contexts.map(({ name, description, host, skipsVerification }) => ({
        label: `$(layers) Docker context ${name}`,
        description: host.endpoint,
        detail: [description, ...(skipsVerification ? ['It skips the check of certificates; Clocker will check them.'] : [])].join(' ').trim(),
        draft: async (): Promise<Draft> => ({ ...host, suggestedName: host.name, isContext: true }),
      })),
    ],
    { title: 'Add Host', placeHolder: 'How is its Docker Engine reached?', matchOnDescription: true, ignoreFocusOut: true },
  );
  return picked?.draft();
}

async function enterEndpoint(start: string, hosts: readonly HostConfig[]): Promise<Draft | undefined> {
  const text = await window.showInputBox({
    title: 'Add Host: Endpoint',
    prompt: 'Where its Docker Engine answers, as in DOCKER_HOST',
    value: start,
    valueSelection: [start.length, start.length],
    ignoreFocusOut: true,
    validateInput: (entered) => (entered.trim() === start ? { message: `Go on after ${start}`, severity: InputBoxValidationSeverity.Info } : endpointProblem(entered.trim(), hosts)),
  });
  if (text === undefined || text.trim() === start) return undefined;
  const read = readEndpoint(text.trim());
  const address = 'endpoint' in read && (read.endpoint.kind === 'tcp' || read.endpoint.kind === 'ssh') ? read.endpoint.address : 'localhost';
  return { endpoint: text.trim(), suggestedName: address };
}

/** TCP is asked about: with which certificates, or, after a warning, without encryption. */
async function secure(host: HostConfig, isContext: boolean, credentials: KeptCredentials): Promise<HostConfig | undefined> {
  const read = readEndpoint(host.endpoint);
  if (!('endpoint' in read) || read.endpoint.kind !== 'tcp' || host.tls !== undefined) return host;
  const files = { label: '$(file) Certificates in files', detail: 'The setting names the files; a renewed certificate counts at once' };
  const copies = { label: '$(key) Certificates in the secret storage', detail: 'VS Code keeps copies of the files, the key among them' };
  const plain = { label: '$(unlock) Without encryption', detail: 'Whoever reaches such an engine owns its machine: only in a network that you trust' };
  const none = { label: '$(shield) No certificate of mine', detail: 'The engine asks for none, and its own is from an authority that this machine knows' };
  const last = read.endpoint.isTls ? none : plain;
  const picked = await window.showQuickPick(isContext ? [last, files, copies] : [files, copies, last], { title: `Add Host: Security of ${host.endpoint}`, ignoreFocusOut: true });
  if (picked === undefined) return undefined;
  if (picked === none) return host;
  if (picked === plain) {
    const detail = `Everything sent to ${host.endpoint} can be read and changed on the way, secrets among it, and everybody who reaches it can do everything on its machine.`;
    return (await window.showWarningMessage(`Reach ${host.name} without encryption?`, { modal: true, detail }, 'Without Encryption')) === undefined ? undefined : { ...host, insecure: true };
  }
  const tls = await chooseCertificates();
  if (tls === undefined) return undefined;
  if (picked === files) return { ...host, tls };
  const texts = await Promise.all(Object.entries(tls).map(async ([part, path]: [string, string]) => [part, new TextDecoder().decode(await workspace.fs.readFile(Uri.file(path)))]));
  await credentials.keepTls(host.name, Object.fromEntries(texts));
  return { ...host, tls: {} };
}

async function chooseCertificates(): Promise<TlsFiles | undefined> {
  const one = async (title: string): Promise<string | undefined> => (await window.showOpenDialog({ title, openLabel: 'Choose', canSelectMany: false, filters: { PEM: ['pem', 'crt', 'cer', 'key'], All: ['*'] } }))?.[0]?.fsPath;
  const ca = await one('The certificate of the authority (ca.pem)');
  const cert = ca === undefined ? undefined : await one('Your certificate (cert.pem)');
  const key = cert === undefined ? undefined : await one('The key of your certificate (key.pem)');
  return ca === undefined || cert === undefined || key === undefined ? undefined : { ca, cert, key };
}

/** Takes the host out of the settings; its containers stay as they are. */
export async function removeHost(name: string | undefined, { credentials }: HostWorld): Promise<void> {
  const { hosts } = settings();
  const items = hosts.map((host) => ({ label: host.name, description: host.endpoint }));
  const chosen = name ?? (await window.showQuickPick(items, { title: 'Remove Host', placeHolder: 'Hosts' }))?.label;
  if (chosen === undefined) return;
  const detail = 'Clocker forgets the host. Its containers stay as they are, and are seen again when the host is added again.';
  if ((await window.showWarningMessage(`Remove host ${chosen}?`, { modal: true, detail }, 'Remove')) === undefined) return;
  await removeFromHosts(chosen);
  await credentials.forget(chosen);
}

/** Says what is wrong with the settings, now and whenever they change: such a host or cloud is left out, which nobody should have to find out. */
export function watchHostSettings(cloudProblems: (value: unknown, hosts: readonly HostConfig[]) => Promise<readonly FieldProblem[]>): Disposable {
  const names = ['clocker.hosts', 'clocker.clouds'] as const;
  const told = new Map<string, string>();
  const tell = (setting: (typeof names)[number], [first, ...more]: readonly string[], what: string): void => {
    if (first === undefined || first === told.get(setting)) return void told.set(setting, first ?? '');
    told.set(setting, first);
    offer.warning(`${first}.${more.length === 0 ? '' : ` There are ${more.length} more problems.`} ${what} with a problem are left out.`, {
      'Open Settings': async () => void (await commands.executeCommand('workbench.action.openSettings', setting)),
    });
  };
  const look = async (): Promise<void> => {
    const { hosts, hostProblems, clouds } = settings();
    tell('clocker.hosts', hostProblems, 'Hosts');
    tell('clocker.clouds', (await cloudProblems(clouds, hosts)).map(({ path, message }) => `clocker.clouds${typeof path[0] === 'number' ? `, cloud ${path[0] + 1}` : ''}: ${message}`), 'Clouds');
  };
  if (workspace.isTrusted) void look();
  return workspace.onDidChangeConfiguration((event) => {
    if (names.some((setting) => event.affectsConfiguration(setting)) && workspace.isTrusted) void look();
  });
}

const localEndpoint = `unix://${defaultSocketPath}`;

function nameProblem(text: string, hosts: readonly { readonly name: string }[]): string | undefined {
  const problem = hostNameProblem(text);
  if (problem !== undefined) return text === '' ? 'A name is made of letters, digits, dots, dashes and underscores.' : `${problem}.`;
  return hosts.some((host) => host.name === text) ? `There is already a host ${text}.` : undefined;
}
