// `Clocker: Open Port`: a port of any entity on this machine, published or not, as long as the window is open or until it is closed.

import { env, Uri, window, type Disposable } from 'vscode';
import type { FoundEntity } from '#core/cluster/find.ts';
import type { Forwarding } from '../engine/openPort.ts';
import type { Connection } from './connection.ts';
import { chooseEntity } from './moveEntity.ts';
import { offer } from './offer.ts';

/** What is known of the wish; the rest is asked for. */
export interface PortWish {
  readonly application?: string | undefined;
  readonly entity?: string | undefined;
  readonly port?: number | undefined;
}

const patienceMs = 15_000;

/** Ports that are open. */
export class OpenPorts implements Disposable {
  readonly #connection: Connection;
  readonly #open = new Map<string, Forwarding>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Gives the address on this machine. */
  async open(wish: PortWish): Promise<string | undefined> {
    const cloud = await this.#connection.open();
    await cloud.settled(AbortSignal.timeout(patienceMs));
    const found = await chooseEntity(cloud, wish, 'Open Port');
    const port = found && (wish.port ?? (await choosePort(found)));
    if (found === undefined || port === undefined) return undefined;
    const key = `${found.application}/${found.entity}:${port}`;
    const forwarding = this.#open.get(key) ?? (await cloud.openPort(found, port));
    this.#open.set(key, forwarding);
    const address = `127.0.0.1:${forwarding.port}`;
    offer.information(`${address} leads to port ${port} of ${found.entityName} on ${found.host.host}.`, {
      'Open in Browser': async () => void (await env.openExternal(await env.asExternalUri(Uri.parse(`http://${address}/`)))),
      'Copy Address': async () => env.clipboard.writeText(address),
      'Close Port': async () => {
        this.#open.delete(key);
        await forwarding.close();
      },
    });
    return address;
  }

  dispose(): void {
    for (const forwarding of this.#open.values()) void forwarding.close();
    this.#open.clear();
  }
}

async function choosePort({ entityName, container }: FoundEntity): Promise<number | undefined> {
  const known = [...new Set(container.ports.filter(({ protocol }) => protocol === 'tcp').map(({ port }) => port))];
  const other = 'Another Port...';
  const picked = known.length === 0 ? other : await window.showQuickPick([...known.map(String), other], { title: 'Open Port', placeHolder: `Ports of ${entityName}` });
  if (picked !== other) return picked === undefined ? undefined : Number(picked);
  const text = await window.showInputBox({ title: 'Open Port', prompt: `A TCP port of ${entityName}`, validateInput: (value) => (/^\d+$/.test(value.trim()) && Number(value) > 0 && Number(value) < 65_536 ? undefined : 'A port is a number from 1 to 65535.') });
  return text === undefined ? undefined : Number(text);
}
