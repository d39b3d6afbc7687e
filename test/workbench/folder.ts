// The folder that the tests open in VS Code: blueprints with images that the lab has built, in a temporary place.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { busyboxImage, httpImage } from '../support/lab.ts';

export interface Folder {
  readonly path: string;
  /** Of this machine; free when the folder was made. */
  readonly port: number;
  remove(): void;
}

/** `application` is the name of what `shop.blueprint.yaml` deploys; `files` are more files, by their path. */
export async function makeFolder(application: string, files: Readonly<Record<string, string>> = {}): Promise<Folder> {
  const [http, busybox, port] = await Promise.all([httpImage(), busyboxImage(), freePort()]);
  const path = mkdtempSync(join(tmpdir(), 'clocker-folder-'));
  const all = { 'shop.blueprint.yaml': shop({ application, http, busybox, port }), 'broken.blueprint.yaml': broken, 'plain.yaml': plain, ...files };
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return { path, port, remove: () => rmSync(path, { recursive: true, force: true }) };
}

function shop({ application, http, busybox, port }: { readonly application: string; readonly http: string; readonly busybox: string; readonly port: number }): string {
  return `# A small shop: a page for visitors, and what is in stock.

name: ${application}
location: localhost

services:
- type: docker:${http}
  id: front
  name: Front page
  portBindings:
    ${port}: 8080

- type: docker:${busybox}
  id: stock
  name: Stock
  commands: [sh, -c, "trap exit TERM; while true; do echo counting; sleep 1 & wait; done"]
`;
}

const broken = `name: broken
location: localhost
servics:
- type: docker:nginx:1
`;

const plain = `servics: this is nobody's blueprint
items:
- one
`;

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no free port'))));
    });
  });
}
