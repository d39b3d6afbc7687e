// Adding and removing hosts: what a person answers goes into the setting `clocker.hosts`, and from there to the cloud.

import { window } from 'vscode';
import { endpointProblem } from '#core/view/endpoint.ts';
import { saveHosts, settings } from './settings.ts';

export async function addHost(): Promise<void> {
  const { hosts } = settings();
  const endpoint = await window.showInputBox({
    title: 'Add Host (1 of 2)',
    prompt: 'Where its Docker Engine answers, as in DOCKER_HOST',
    value: hosts.some((host) => host.endpoint === localEndpoint) ? '' : localEndpoint,
    placeHolder: localEndpoint,
    ignoreFocusOut: true,
    validateInput: (text) => endpointProblem(text.trim(), hosts),
  });
  if (endpoint === undefined) return;
  const name = await window.showInputBox({
    title: 'Add Host (2 of 2)',
    prompt: 'Its name, which blueprints use as location',
    value: hosts.some((host) => host.name === 'localhost') ? '' : 'localhost',
    ignoreFocusOut: true,
    validateInput: (text) => nameProblem(text.trim(), hosts),
  });
  if (name === undefined) return;
  await saveHosts([...hosts, { name: name.trim(), endpoint: endpoint.trim() }]);
}

/** Takes the host out of the settings; its containers stay as they are. */
export async function removeHost(name: string | undefined): Promise<void> {
  const { hosts } = settings();
  const items = hosts.map((host) => ({ label: host.name, description: host.endpoint }));
  const chosen = name ?? (await window.showQuickPick(items, { title: 'Remove Host', placeHolder: 'Hosts' }))?.label;
  if (chosen === undefined) return;
  const detail = 'Clocker forgets the host. Its containers stay as they are, and are seen again when the host is added again.';
  if ((await window.showWarningMessage(`Remove host ${chosen}?`, { modal: true, detail }, 'Remove')) === undefined) return;
  await saveHosts(hosts.filter((host) => host.name !== chosen));
}

const localEndpoint = 'unix:///var/run/docker.sock';

function nameProblem(text: string, hosts: readonly { readonly name: string }[]): string | undefined {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(text)) return 'A name is made of letters, digits, dots, dashes and underscores.';
  return hosts.some((host) => host.name === text) ? `There is already a host ${text}.` : undefined;
}
