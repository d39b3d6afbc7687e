// A person's way through the extension, in the real workbench, in a browser: the packaged extension installed, a blueprint written
// with completion and a squiggle, deployed on two real hosts, watched in the side bar, deleted again. Keeps screenshots.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { buildWhenChanged } from '../../scripts/build.ts';
import { packageWhenChanged } from '../../scripts/package.ts';
import { busyboxImage, httpImage, type LabHost, nestedHosts } from '../support/lab.ts';
import { eventually } from '../support/lab/docker.ts';
import { openWorkbench } from '../support/workbench.ts';
import { node, patienceMs, runCommand, untilSeen, widenSideBar } from '../support/workbench/hands.ts';

const screenshots = fileURLToPath(new URL('../../.cache/screenshots', import.meta.url));

const blueprint = `# A small shop on two hosts.

name: shop

services:
- type: docker:shop/front:1.4
  id: front
  name: Front page
  location: rack-1
  portBindings:
    8090: 8080

- type: docker:shop/orders:2.0
  id: orders
  name: Orders
  location: rack-1
  env:
    GREETING: hello

- type: docker:shop/stock:1.1
  id: stock
  name: Stock
  location: rack-2
  volumes: ["stock:/data"]
`;

test('a blueprint is written, deployed, watched and deleted', { timeout: 600_000 }, async (context) => {
  mkdirSync(screenshots, { recursive: true });
  const hosts = await shopHosts();
  const folder = join(mkdtempSync(join(tmpdir(), 'clocker-journey-')), 'shop');
  mkdirSync(folder);
  writeFileSync(join(folder, 'shop.blueprint.yaml'), blueprint);
  mkdirSync(join(folder, '.vscode'));
  const settings = { 'clocker.hosts': hosts.map(({ endpoint }, index) => ({ name: `rack-${index + 1}`, endpoint })), 'files.exclude': { '.vscode': true } };
  writeFileSync(join(folder, '.vscode/settings.json'), JSON.stringify(settings));
  await buildWhenChanged();
  const workbench = await openWorkbench({
    folder,
    extension: await packageWhenChanged(),
    userSettings: {
      'files.autoSave': 'off',
      'editor.fontSize': 13,
      'editor.minimap.enabled': false,
      'breadcrumbs.enabled': false,
      'workbench.layoutControl.enabled': false,
      'workbench.secondarySideBar.defaultVisibility': 'hidden',
      'security.workspace.trust.enabled': false,
    },
  });
  const { page } = workbench;
  page.setDefaultTimeout(patienceMs);
  const shot = (name: string): Promise<Buffer> => page.screenshot({ path: join(screenshots, `${name}.png`) });

  // What comes after a step that failed would only wait for what cannot come.
  let isBroken = false;
  const step = async (name: string, walk: () => Promise<void>): Promise<void> => {
    if (isBroken) return;
    isBroken = true;
    await context.test(name, async () => {
      await walk().catch(async (error: unknown) => {
        await shot('failed');
        throw error;
      });
      isBroken = false;
    });
  };

  try {
    await step('opening a blueprint brings its highlighting', async () => {
      await page.getByRole('treeitem', { name: 'shop.blueprint.yaml' }).dblclick();
      await page.locator('.monaco-editor .view-line', { hasText: 'services' }).waitFor();
      await page.locator('.statusbar-item', { hasText: 'Clocker Blueprint' }).waitFor();
    });

    await step('typing brings completion, with what each key means', async () => {
      await typeAtEnd(page, '  op');
      const option = page.locator('.suggest-widget .monaco-list-row[aria-label*="openPorts"]').first();
      // The language server may still be starting: a person would ask again, too.
      await untilSeen(option, () => page.keyboard.press('Control+Space'));
      await page.keyboard.press('Control+Space');
      await page.locator('.suggest-details').filter({ hasText: /\w/ }).waitFor();
      await page.mouse.move(900, 700);
      await shot('completion');
      await page.keyboard.press('Enter');
      await page.locator('.monaco-editor .view-line', { hasText: 'openPorts' }).waitFor();
    });

    await step('a misspelt key gets a squiggle, and the problem says what is meant', async () => {
      await undoAll(page);
      await typeAtEnd(page, '  descripton: What can be sold today');
      await page.keyboard.press('Escape');
      await page.locator('.monaco-editor .cdr[class*="squiggly-"]').first().waitFor();
      await page.keyboard.press('F8');
      await page.locator('.marker-widget').filter({ hasText: 'description' }).waitFor();
      await shot('squiggle');
      await page.keyboard.press('Escape');
      await focusEditor(page);
      await undoAll(page);
      await page.locator('.monaco-editor .cdr[class*="squiggly-"]').first().waitFor({ state: 'detached' });
    });

    await step('the view shows the hosts and the containers of others before anything is deployed', async () => {
      await page.keyboard.press('Control+Home');
      await page.getByRole('tab', { name: 'Clocker' }).click();
      await widenSideBar(page);
      await node(page, /^Host rack-1, up/).waitFor();
      await node(page, /^Host rack-2, up/).waitFor();
      await node(page, /^Container portal, healthy.*not made by Clocker/).waitFor();
      await page.getByRole('button', { name: 'Deploy Blueprint' }).first().waitFor();
      await shot('welcome');
    });

    await step('deploying shows the plan first, then every container as it comes up', async () => {
      await focusEditor(page);
      await runCommand(page, 'Clocker: Deploy Blueprint');
      const dialog = page.getByRole('dialog').filter({ hasText: 'Deploy shop on rack-1, rack-2?' });
      await dialog.waitFor();
      assert.match(await dialog.innerText(), /\+ create shop-stock on rack-2/);
      await shot('plan');
      await dialog.getByRole('button', { name: 'Deploy' }).click();
      await node(page, /^Application shop, 3 /).waitFor();
      await node(page, /^Container shop-front, healthy, port 8080 published as 8090, on host rack-1, entity Front page of application shop/).first().waitFor();
      await node(page, /^Container shop-orders, healthy, .*rack-1/).first().waitFor();
      await node(page, /^Container shop-stock, healthy, .*rack-2/).first().waitFor();
      await node(page, /^Application shop, 3 healthy, on 2 hosts/).waitFor();
      const answer = await fetch(`http://${hosts[0]?.address}:8090/`);
      assert.match(await answer.text(), /it works/);
    });

    await step('the side bar shows application, containers and hosts, with what can be done', async () => {
      await page.locator('.statusbar-item', { hasText: 'Clocker: 2/2 hosts' }).waitFor();
      const front = node(page, /^Container shop-front/).first();
      await front.hover();
      await front.getByRole('button', { name: 'Show Logs' }).waitFor();
      await front.getByRole('button', { name: 'Open Port in Browser' }).waitFor();
      await front.click();
      await page.mouse.move(900, 700);
      await page.locator('.monaco-hover:visible').first().waitFor({ state: 'hidden' });
      await shot('sidebar');
    });

    await step('the sensors of an entity unfold, and it is restarted from the tree', async () => {
      const sensors = node(page, /^Sensors of Front page/).first();
      await sensors.click();
      await node(page, /^Sensor host\.name, front/).first().waitFor();
      await shot('sensors');
      await sensors.click();
      const startedAt = async (): Promise<string | undefined> => (await hosts[0]?.docker.getContainer('shop-front').inspect())?.State.StartedAt;
      const before = await startedAt();
      await node(page, /^Entity Front page/).first().click({ button: 'right' });
      const restart = page.locator('.monaco-menu .action-item', { hasText: /^Restart/ }).first();
      await restart.waitFor();
      // A menu that has only just opened takes no clicks.
      await eventually(async () => {
        if (await restart.isVisible()) await restart.click({ timeout: 2000 });
        await restart.waitFor({ state: 'hidden', timeout: 1000 });
      }, 30_000);
      await page.getByRole('dialog').getByRole('button', { name: 'Go Ahead' }).click();
      await node(page, /^Application shop, 3 healthy/).waitFor();
      await eventually(async () => assert.notEqual(await startedAt(), before), 30_000);
      await node(page, /^Application shop, 3 healthy/).waitFor();
    });

    await step('a container that dies is seen at once, without asking', async () => {
      const [, second] = hosts;
      await second?.docker.getContainer('shop-stock').kill();
      await node(page, /^Container shop-stock, exited with code 137/).first().waitFor();
      await node(page, /^Application shop, 2 of 3 running, 1 exited/).waitFor();
      await shot('problem');
      await second?.docker.getContainer('shop-stock').start();
      await node(page, /^Application shop, 3 healthy/).waitFor();
    });

    await step('the log of a container is followed in the output', async () => {
      const orders = node(page, /^Container shop-orders/).first();
      await orders.hover();
      await orders.getByRole('button', { name: 'Show Logs' }).click();
      await page.locator('.output-view .view-line', { hasText: 'counting' }).first().waitFor();
      await shot('logs');
      await runCommand(page, 'View: Toggle Output');
    });

    await step('deleting asks, then takes all of it away, and leaves the containers of others', async () => {
      const application = node(page, /^Application shop/);
      await application.hover();
      await application.getByRole('button', { name: 'Delete Application' }).click();
      const dialog = page.getByRole('dialog').filter({ hasText: 'Delete application shop from rack-1, rack-2?' });
      await dialog.waitFor();
      assert.match(await dialog.innerText(), /- shop-front on rack-1/);
      await shot('delete');
      await dialog.getByRole('button', { name: 'Delete' }).click();
      await application.waitFor({ state: 'detached' });
      await node(page, /^Container shop-/).first().waitFor({ state: 'detached' });
      await node(page, /^Container portal, healthy/).waitFor();
      for (const host of hosts) {
        const left = await host.docker.listContainers({ all: true, filters: { label: ['io.clocker.application'] } });
        assert.deepEqual(left, []);
      }
    });
  } finally {
    await workbench.close();
    rmSync(join(folder, '..'), { recursive: true, force: true });
  }
});

/** Two hosts with the images of the shop, and on the second a container that is not ours. */
async function shopHosts(): Promise<readonly LabHost[]> {
  const hosts = await nestedHosts(2);
  const http = await httpImage(hosts);
  const busybox = await busyboxImage(hosts);
  const counting = ['sh', '-c', 'trap exit TERM; while true; do echo counting; sleep 1 & wait; done'];
  for (const host of hosts) {
    await image(host, http, 'shop/front', '1.4', 'wget -q -O /dev/null http://127.0.0.1:8080/');
    await image(host, busybox, 'shop/orders', '2.0', 'true', counting);
    await image(host, busybox, 'shop/stock', '1.1', 'true', counting);
  }
  const [, second] = hosts;
  if (second) {
    await image(second, busybox, 'portal', '3', 'true', counting);
    await (await second.docker.createContainer({ name: 'portal', Image: 'portal:3' })).start();
  }
  return hosts;
}

/** An image of the shop's own: `base` with a health check that comes soon, and a command if it has none. */
async function image({ docker }: LabHost, base: string, repo: string, tag: string, check: string, command?: readonly string[]): Promise<void> {
  const draft = await docker.createContainer({ Image: base, ...(command === undefined ? {} : { Cmd: [...command] }) });
  await draft.commit({ repo, tag, changes: `HEALTHCHECK --interval=1s --timeout=10s CMD ${check}` });
  await draft.remove();
}

async function focusEditor(page: Page): Promise<void> {
  await runCommand(page, 'View: Focus Active Editor Group');
}

async function typeAtEnd(page: Page, text: string): Promise<void> {
  await focusEditor(page);
  await page.keyboard.press('Control+End');
  await page.keyboard.type(text, { delay: 30 });
}

/** Back to the file as it is saved. */
async function undoAll(page: Page): Promise<void> {
  await runCommand(page, 'File: Revert File');
}
