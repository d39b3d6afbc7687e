// Writes what the suite needs into the folder that VS Code has open: blueprints with images that the lab has built, and the lab's
// engine as the one host, and a Dockerfile. A program of its own, `node fillFolder.ts FOLDER APPLICATION`: the lab is no part of what runs in VS Code.

import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { busyboxImage, engine, httpImage, machineImage } from '../../support/lab.ts';
import { labCloud } from '../../support/lab/run.ts';

const [folder, application] = process.argv.slice(2);
if (folder === undefined || application === undefined) throw new Error('usage: node fillFolder.ts FOLDER APPLICATION');
const broken = `name: broken
location: localhost
servics:
- type: docker:nginx:1
`;

const plain = `servics: this is nobody's blueprint
items:
- one
`;

const [http, busybox, machine, socketPath, port] = await Promise.all([httpImage(), busyboxImage(), machineImage(), engine(), freePort()]);
mkdirSync(join(folder, '.vscode'), { recursive: true });
writeFileSync(join(folder, '.vscode/settings.json'), JSON.stringify({ 'clocker.hosts': [{ name: 'localhost', endpoint: `unix://${socketPath}` }] }));
writeFileSync(join(folder, 'shop.blueprint.yaml'), shop(application, { http, busybox, port }));
writeFileSync(join(folder, 'broken.blueprint.yaml'), broken);
writeFileSync(join(folder, 'plain.yaml'), plain);
mkdirSync(join(folder, 'image'), { recursive: true });
writeFileSync(join(folder, 'image/Dockerfile'), `# An image.\nFROM ${busybox}\nLABEL stage=none\nRUN true\nCOPY . /c\n`);
writeFileSync(join(folder, 'cloud.json'), JSON.stringify({ name: labCloud('suite'), hosts: 1, on: 'localhost', image: machine }));

function shop(name: string, { http, busybox, port }: { readonly http: string; readonly busybox: string; readonly port: number }): string {
  return `# A small shop: a page for visitors, and what is in stock.

name: ${name}
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
