// A person's way with networks in the real workbench, on two real hosts of one Swarm: entities are moved, asked why they do not reach
// each other, their ports opened; networks made, joined by drag and drop and from menus, and left. Keeps screenshots.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildWhenChanged } from '../../scripts/build.ts';
import { packageWhenChanged } from '../../scripts/package.ts';
import { connectDocker } from '../../client/docker/dockerHost.ts';
import { joinHosts } from '../../client/engine/sdn/joinHosts.ts';
import { file, run, says } from '../cli/support.ts';
import { cloudOf, container, seen } from '../engine/support.ts';
import { httpImage, nestedHosts } from '../support/lab.ts';
import { openWorkbench } from '../support/workbench.ts';
import { answer, approve, choose, drag, message, node, patienceMs, pick, runCommand, widenSideBar } from '../support/workbench/hands.ts';

const screenshots = fileURLToPath(new URL('../../.cache/screenshots', import.meta.url));
const commands = `commands: [sh, -c, 'trap "exit 0" TERM; httpd -f -p 8080 -h /www & wait']`;

test('networks in the hands of a person', { timeout: 900_000 }, async (t) => {
  mkdirSync(screenshots, { recursive: true });
  const hosts = await nestedHosts(2);
  const [first, second] = hosts;
  assert.ok(first && second);
  const image = await httpImage(hosts);
  const ports = hosts.map((host) => ({ host: host.name, address: host.address, port: connectDocker({ name: host.name, endpoint: host.endpoint }) }));
  await joinHosts(ports, { cloud: 'lab' });
  for (const { port } of ports) port.close();
  const service = (id: string, name: string, more: string): string => `- type: docker:${image}\n  id: ${id}\n  name: ${name}\n  ${commands}\n  ${more}\n`;
  const shop = await file('shop.blueprint.yaml', `name: Shop\nid: shop\nservices:\n${service('front', 'Front page', `location: ${first.name}`)}${service('orders', 'Orders', 'openPorts: [8080]')}`);
  const given = hosts.flatMap(({ name, endpoint }) => ['--host', `${name}=${endpoint}`]);
  says(await run(['deploy', shop, '--yes', ...given]), { exitCode: 0, stdout: /2 to create/, stderr: /ok/ });
  const cloud = await cloudOf(t, ...hosts.map(({ name, endpoint }) => ({ name, endpoint })));
  const folder = mkdtempSync(join(tmpdir(), 'clocker-networks-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, '.vscode'));
  writeFileSync(join(folder, '.vscode/settings.json'), JSON.stringify({ 'clocker.hosts': hosts.map(({ name, endpoint }) => ({ name, endpoint })) }));
  await buildWhenChanged();
  const workbench = await openWorkbench({ folder, extension: await packageWhenChanged(), userSettings: { 'security.workspace.trust.enabled': false, 'workbench.secondarySideBar.defaultVisibility': 'hidden', 'workbench.layoutControl.enabled': false } });
  const { page } = workbench;
  page.setDefaultTimeout(patienceMs);
  const shot = (name: string): Promise<Buffer> => page.screenshot({ path: join(screenshots, `${name}.png`) });
  const isOn = (entity: string, network: string): boolean => container(cloud, 'shop', entity).networks?.includes(network) === true;
  let isBroken = false;
  const step = async (name: string, walk: () => Promise<void>): Promise<void> => {
    if (isBroken) return;
    isBroken = true;
    await t.test(name, async () => {
      await walk().catch(async (error: unknown) => {
        await shot('failed');
        throw error;
      });
      isBroken = false;
    });
  };

  try {
    await step('why one cannot reach the other: the answer, and the way to it', async () => {
      await page.getByRole('tab', { name: 'Clocker' }).click();
      await widenSideBar(page, 130);
      await node(page, /^Entity Orders/).first().waitFor();
      await runCommand(page, "Clocker: Why Can't A Reach B?");
      await pick(page, "Why Can't A Reach B?", 'Front page');
      await pick(page, "Why Can't Front page Reach B?", 'Orders');
      await answer(page, 'Port', '9000');
      const said = await message(page, 'Nothing in the container of orders listens on port 9000; what listens there: httpd on 8080. To do: use a port that is listened on');
      await shot('why-not');
      await said.getByRole('button', { name: 'Show Checks' }).click();
      await page.locator('.monaco-editor .view-line', { hasText: /port.9000.of.orders.is.open/ }).waitFor();
      await page.keyboard.press('Escape');
      await shot('why-not-checks');
      await runCommand(page, 'Notifications: Clear All Notifications');
    });

    await step('a port is opened from the menu of an entity', async () => {
      await choose(page, node(page, /^Entity Orders/).first(), 'Open Port$');
      await pick(page, 'Open Port', '8080');
      const said = await message(page, /127\.0\.0\.1:\d+ leads to port 8080 of Orders on host-\d+/);
      await shot('open-port');
      const [address] = /127\.0\.0\.1:\d+/.exec(await said.innerText()) ?? [];
      assert.match(await (await fetch(`http://${address}/`)).text(), /it works/);
      await said.getByRole('button', { name: 'Close Port' }).click();
      await runCommand(page, 'Notifications: Clear All Notifications');
    });

    const back = node(page, /^Network back, overlay, /);
    await step('a network is made, and an entity dropped on it', async () => {
      await runCommand(page, 'Clocker: Create Network');
      await answer(page, 'Create Network', 'back');
      await answer(page, 'Create Network back', '10.66.0.0/24');
      await approve(page, 'Create network back', 'Create');
      await page.getByRole('button', { name: 'Networks Section' }).click();
      await back.waitFor();
      await page.waitForTimeout(1000);
      await drag(page, node(page, /^Entity Front page/).first(), back);
      await approve(page, `Connect front to network back on ${first.name}?`, 'Connect');
      await node(page, /^front\.shop, 10\.66\.0\.2, running, on host/).waitFor();
      await seen(cloud, 'front is on back', () => isOn('front', 'clockeroverlay-back'));
    });

    await step('another is connected from the menu of the network, with an address of its own', async () => {
      await choose(page, back, 'Connect to Network$');
      await pick(page, 'Connect to Network', 'Orders');
      await answer(page, 'Connect orders to network back', '10.66.0.77');
      await approve(page, 'Connect orders to network back', 'Connect');
      await node(page, /^orders\.shop, 10\.66\.0\.77, running, on host/).waitFor();
      await runCommand(page, 'Notifications: Clear All Notifications');
      await page.waitForTimeout(500);
      await shot('networks');
    });

    await step('one leaves a network, and its application\'s own, and comes back', async () => {
      await choose(page, node(page, /^orders\.shop, 10\.66\.0\.77/), 'Disconnect from Network$');
      await approve(page, 'Disconnect orders from network back', 'Disconnect');
      await node(page, /^orders\.shop, 10\.66\.0\.77/).waitFor({ state: 'detached' });
      const own = node(page, /^orders\.shop, 10\.200\.0\.3/);
      await own.hover();
      await own.getByRole('button', { name: 'Disconnect from Network' }).click();
      assert.match(await approve(page, "Disconnect orders from shop's own network", 'Disconnect'), /shop-orders is on no network then/);
      await own.waitFor({ state: 'detached' });
      await seen(cloud, 'orders is on no network', () => isOn('orders', 'none'));
      await drag(page, node(page, /^Entity Orders/).first(), node(page, /^Network shop, overlay/));
      await approve(page, "Connect orders to shop's own network", 'Connect');
      await own.waitFor();
      await runCommand(page, 'Notifications: Clear All Notifications');
    });

    await step('a network on which nobody is any more is removed', async () => {
      await choose(page, node(page, /^front\.shop, 10\.66\.0\.2/), 'Disconnect from Network$');
      await approve(page, 'Disconnect front from network back', 'Disconnect');
      await node(page, /^Network back, overlay, .*no containers/).waitFor();
      await choose(page, back, 'Remove Network$');
      await approve(page, 'Remove network back', 'Remove');
      await back.waitFor({ state: 'detached' });
      await runCommand(page, 'Notifications: Clear All Notifications');
    });

    await step('an entity moves with its address, and it is told how long nobody answered', async () => {
      const from = container(cloud, 'shop', 'orders').host;
      const to = from === first.name ? second.name : first.name;
      await choose(page, node(page, /^Entity Orders/).first(), 'Move to Host$');
      await pick(page, 'Move Orders to Host', to);
      const dialog = page.getByRole('dialog').filter({ hasText: `Move Orders of Shop to ${to}?` });
      await dialog.waitFor();
      await shot('move-plan');
      await approve(page, `Move Orders of Shop to ${to}?`, 'Move');
      await message(page, new RegExp(`Shop is changed on ${to}: 1 moved, 1 unchanged; 10\\.200\\.0\\.3 port 8080 (?:did not answer for|answered all the time)`));
      await shot('moved');
      await node(page, new RegExp(`^orders\\.shop, 10\\.200\\.0\\.3, running, on host ${to}`)).waitFor();
    });
  } finally {
    await workbench.close();
  }
});
