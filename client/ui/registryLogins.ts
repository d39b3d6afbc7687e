// Clocker: Log In to Registry, Log Out. What a person says is tried before it is kept, in VS Code's secret storage alone.

import { Uri, window, workspace } from 'vscode';
import { registryName } from '#core/image/known.ts';
import { dockerHub } from '#core/image/reference.ts';
import type { RegistryTexts } from '../engine/ports.ts';
import type { Registries } from '../engine/registries.ts';
import type { KeptCredentials } from './credentials.ts';
import { offer } from './offer.ts';
import { addToRegistries, settings } from './settings.ts';

const answerMs = 15_000;

export interface RegistryWorld {
  readonly credentials: KeptCredentials;
  readonly registries: Registries;
  /** What was shown of registries may be another now. */
  readonly registriesChanged: () => void;
}

/** Gives the registry's name once it let the person in. */
export async function logIn(argument: unknown, { credentials, registries, registriesChanged }: RegistryWorld): Promise<string | undefined> {
  const address = addressIn(argument) ?? (await askAddress());
  if (address === undefined) return undefined;
  const name = registryName(address);
  const title = `Log In to ${name}`;
  const username = await window.showInputBox({ title, prompt: 'User name', ignoreFocusOut: true, ...known(await credentials.registry(name)) });
  if (username === undefined || username === '') return undefined;
  const password = await window.showInputBox({ title, prompt: `Password or token of ${username}; kept in the secret storage of VS Code`, password: true, ignoreFocusOut: true });
  if (password === undefined || password === '') return undefined;
  const texts = await trusted(address, { ...(await keptCa(name, credentials)), username, password }, registries);
  if (texts === undefined) return undefined;
  await credentials.keepRegistry(name, texts);
  if (name !== dockerHub && !settings().registries.some((one) => registryName(one) === name)) await addToRegistries(address);
  registriesChanged();
  offer.information(`Logged in to ${name} as ${username}.`);
  return name;
}

export async function logOut(argument: unknown, { credentials, registriesChanged }: RegistryWorld): Promise<string | undefined> {
  const kept = await credentials.registryNames();
  if (kept.length === 0) {
    offer.information('You are logged in to no registry here. Log-ins of Docker\'s command line are its own: docker logout.');
    return undefined;
  }
  const given = addressIn(argument);
  const name = given === undefined ? await window.showQuickPick([...kept], { title: 'Log Out', placeHolder: 'Registries you are logged in to' }) : registryName(given);
  if (name === undefined) return undefined;
  await credentials.forgetRegistry(name);
  registriesChanged();
  offer.information(`Logged out of ${name}.`);
  return name;
}

/** Tries it; where nobody knows the registry's authority, the person may name its certificate. */
async function trusted(address: string, texts: RegistryTexts, registries: Registries): Promise<RegistryTexts | undefined> {
  try {
    await registries.comeIn(address, AbortSignal.timeout(answerMs), texts);
    return texts;
  } catch (error) {
    const sentence = error instanceof Error ? error.message : String(error);
    if (!/authority that is not known/.test(sentence)) throw error;
    const choice = 'Choose Certificate';
    if ((await window.showWarningMessage(`The certificate of ${registryName(address)} is of an authority that is not known here. Believe it only with the certificate that its owner gave you.`, { modal: true }, choice)) !== choice) return undefined;
    const [file] = (await window.showOpenDialog({ title: 'The certificate of its authority (ca.crt)', openLabel: 'Choose', filters: { PEM: ['pem', 'crt', 'cer'], All: ['*'] } })) ?? [];
    if (file === undefined) return undefined;
    const withCa = { ...texts, ca: new TextDecoder().decode(await workspace.fs.readFile(Uri.file(file.fsPath))) };
    await registries.comeIn(address, AbortSignal.timeout(answerMs), withCa);
    return withCa;
  }
}

async function askAddress(): Promise<string | undefined> {
  const other = { label: '$(add) Another registry', address: undefined };
  const items = [...settings().registries.map((address) => ({ label: registryName(address), address })), { label: 'Docker Hub', description: dockerHub, address: dockerHub }, { label: 'GitHub', description: 'ghcr.io', address: 'ghcr.io' }];
  const picked = await window.showQuickPick([...items, other], { title: 'Log In to Registry', matchOnDescription: true, ignoreFocusOut: true });
  if (picked?.address !== undefined || picked === undefined) return picked?.address;
  const typed = await window.showInputBox({ title: 'Log In to Registry', prompt: 'Its address, like registry.example:5000', ignoreFocusOut: true });
  return typed?.trim() || undefined;
}

async function keptCa(name: string, credentials: KeptCredentials): Promise<Pick<RegistryTexts, 'ca'>> {
  const { ca } = (await credentials.registry(name)) ?? {};
  return ca === undefined ? {} : { ca };
}

function known(texts: RegistryTexts | undefined): { readonly value?: string } {
  return texts?.username === undefined ? {} : { value: texts.username };
}

/** From the registries' view, a key binding or another extension: `{ registry: 'registry.example:5000' }`. */
function addressIn(argument: unknown): string | undefined {
  return typeof argument === 'object' && argument !== null && 'registry' in argument && typeof argument.registry === 'string' ? argument.registry : undefined;
}
