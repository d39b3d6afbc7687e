// Tells the language server which blocks of addresses the hosts use, as far as they have been connected to: typing in a blueprint opens
// no connection.

import type { Disposable } from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { blocksInUse, blocksNotification, type BlocksParams } from '#core/sdn/inUse.ts';
import type { Connection } from './connection.ts';

export interface BlocksTold extends Disposable {
  /** Once the server listens. */
  begin(): Promise<void>;
}

export function tellBlocks(client: LanguageClient, connection: Connection): BlocksTold {
  let last = '';
  const tell = async (): Promise<void> => {
    if (connection.observed === undefined || !client.isRunning()) return;
    const params: BlocksParams = { blocks: blocksInUse(connection.observed) };
    const text = JSON.stringify(params);
    if (text === last) return;
    last = text;
    await client.sendNotification(blocksNotification, params);
  };
  const following = connection.onChange(() => void tell().catch(() => undefined));
  return { begin: tell, dispose: () => following.dispose() };
}
