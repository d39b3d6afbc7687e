// What a host needs of a person before it can be reached: asked once when it shows, and again from the host's menu. A host key
// is trusted only by a click on a message that shows its fingerprint.

import { type Disposable, env, window } from 'vscode';
import type { HostNeed, Observed, ObservedHost } from '#core/cluster/observed.ts';
import type { Connection } from './connection.ts';
import type { KeptCredentials } from './credentials.ts';
import { offer } from './offer.ts';

export interface Unlocking {
  readonly connection: Connection;
  readonly credentials: KeptCredentials;
}

/** Asks for what each host needs, as long as it needs the same not twice. */
export function watchNeeds(unlocking: Unlocking): Disposable {
  const asked = new Map<string, string>();
  return unlocking.connection.onChange(({ hosts }) => {
    for (const host of hosts) {
      if (host.state.kind === 'up') asked.delete(host.host);
      if (host.state.kind !== 'down' || host.state.need === undefined) continue;
      const need = JSON.stringify(host.state.need);
      if (asked.get(host.host) === need) continue;
      asked.set(host.host, need);
      ask(host.host, host.state.need, unlocking);
    }
  });
}

/** Without a name, the person picks one of the hosts that need something. */
export async function unlockHost(name: string | undefined, unlocking: Unlocking): Promise<void> {
  const needing = needs((await unlocking.connection.open()).observed);
  if (needing.length === 0) return offer.information('No host waits for a key to be trusted or for a passphrase.');
  const items = needing.map(({ host, endpoint }) => ({ label: host, description: endpoint }));
  const chosen = name ?? (await window.showQuickPick(items, { title: 'Unlock Host', placeHolder: 'Hosts that wait for an answer' }))?.label;
  const found = needing.find(({ host }) => host === chosen);
  if (found !== undefined) ask(found.host, found.need, unlocking);
}

function needs({ hosts }: Observed): readonly (ObservedHost & { readonly need: HostNeed })[] {
  return hosts.flatMap((host) => (host.state.kind === 'down' && host.state.need !== undefined ? [{ ...host, need: host.state.need }] : []));
}

function ask(host: string, need: HostNeed, { connection, credentials }: Unlocking): void {
  const tryAgain = async (): Promise<void> => void (await (await connection.open()).refresh());
  switch (need.kind) {
    case 'hostKey': {
      const { address, keyType, fingerprint } = need;
      const question = (): void => offer.warning(`Host ${host}: the key of the SSH server ${address} is not known. It is ${keyType} ${fingerprint}. Trust it only if its owner gives you the same fingerprint.`, {
        'Trust This Key': async () => {
          credentials.trust(address, fingerprint);
          await tryAgain();
        },
        'Copy Fingerprint': async () => {
          await env.clipboard.writeText(fingerprint);
          question();
        },
      });
      return question();
    }
    case 'passphrase': {
      const { keyFile, isWrong } = need;
      return offer.warning(`Host ${host}: ${isWrong ? 'the passphrase is wrong for' : 'a passphrase is needed for'} the key ${keyFile}.`, {
        'Enter Passphrase': async () => {
          const passphrase = await window.showInputBox({ title: `Passphrase of ${keyFile}`, prompt: 'Kept in the secret storage of VS Code', password: true, ignoreFocusOut: true });
          if (passphrase === undefined) return;
          await credentials.keepPassphrase(keyFile, passphrase);
          await tryAgain();
        },
      });
    }
  }
}
