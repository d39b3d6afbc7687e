// Opens a published port in the browser; through VS Code's own forwarding where the window is attached to another machine.

import { env, Uri, window } from 'vscode';
import type { ObservedContainer, ObservedHost } from '#core/cluster/observed.ts';
import { addressesOf } from '#core/view/address.ts';
import { offer } from './offer.ts';

export async function openPort(container: ObservedContainer, host: ObservedHost): Promise<void> {
  const addresses = addressesOf(container, host);
  const items = addresses.map(({ port, url }) => ({ label: url, description: `port ${port.port} of ${container.containerName}`, url }));
  const picked = items.length > 1 ? await window.showQuickPick(items, { title: 'Open Port', placeHolder: `Published ports of ${container.containerName}` }) : items[0];
  if (items.length === 0) offer.information(`${container.containerName} publishes no TCP port. In its blueprint, portBindings does that.`);
  if (picked) await env.openExternal(await env.asExternalUri(Uri.parse(picked.url)));
}
