// An entity is dropped on a network in the real workbench, and is on it.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from 'playwright-core';
import { buildWhenChanged } from '../../scripts/build.ts';
import { packageWhenChanged } from '../../scripts/package.ts';
import { busyboxImage, nestedHosts } from '../support/lab.ts';
import { openWorkbench } from '../support/workbench.ts';
import { application, cloudOf, container, deployed } from '../engine/support.ts';

const screenshots = fileURLToPath(new URL('../../.cache/screenshots', import.meta.url));

test('an entity that is dropped on a network is connected', { timeout: 600_000 }, async (t) => {
  mkdirSync(screenshots, { recursive: true });
  const [host] = await nestedHosts(1);
  assert.ok(host);
  const cloud = await cloudOf(t, { name: 'rack', endpoint: host.endpoint });
  await deployed(cloud, application('shop', await busyboxImage([host]), { front: {} }));
  assert.equal((await cloud.apply(await cloud.planNetwork({ kind: 'create', network: 'back', settings: { cidr: '10.66.0.0/24' } }))).kind, 'done');
  const folder = mkdtempSync(join(tmpdir(), 'clocker-drag-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, '.vscode'));
  writeFileSync(join(folder, '.vscode/settings.json'), JSON.stringify({ 'clocker.hosts': [{ name: 'rack', endpoint: host.endpoint }] }));
  await buildWhenChanged();
  const workbench = await openWorkbench({ folder, extension: await packageWhenChanged(), userSettings: { 'security.workspace.trust.enabled': false } });
  const { page } = workbench;
  try {
    await page.getByRole('tab', { name: 'Clocker' }).click();
    const entity = node(page, /^Entity front/).first();
    await entity.waitFor();
    await page.getByRole('button', { name: 'Networks Section' }).click();
    const network = node(page, /^Network back, bridge, 10\.66\.0\.0\/24, no containers/);
    await network.waitFor();
    await page.waitForTimeout(1000);
    const [from, to] = [await entity.boundingBox(), await network.boundingBox()];
    assert.ok(from && to);
    await page.mouse.move(from.x + 70, from.y + from.height / 2);
    await page.mouse.down();
    await page.mouse.move(from.x + 80, from.y + from.height / 2 + 8, { steps: 4 });
    await page.waitForTimeout(500);
    await page.mouse.move(to.x + 70, to.y + to.height / 2, { steps: 15 });
    await page.waitForTimeout(700);
    await page.mouse.move(to.x + 74, to.y + to.height / 2 + 1, { steps: 3 });
    await page.mouse.up();
    const dialog = page.getByRole('dialog').filter({ hasText: 'Connect front to network back on rack?' });
    await dialog.waitFor({ timeout: 15_000 }).catch(async (error: unknown) => {
      await page.screenshot({ path: join(screenshots, 'failed.png') });
      throw error;
    });
    await dialog.getByRole('button', { name: 'Connect' }).click();
    await node(page, /^front\.shop, 10\.66\.0\.2, running, on host rack/).waitFor();
    await page.screenshot({ path: join(screenshots, 'networks.png') });
    assert.equal(container(cloud, 'shop', 'front').addresses['clockerbridge-back'], '10.66.0.2');
  } finally {
    await workbench.close();
  }
});

function node(page: Page, name: RegExp): Locator {
  return page.locator('.sidebar').getByRole('treeitem', { name });
}
