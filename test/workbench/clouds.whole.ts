// A person makes a docker cloud by answering what is asked, deploys there, loses its host, deploys without it, for which the cloud
// makes another one, and deletes the cloud.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from 'playwright-core';
import { buildWhenChanged } from '../../scripts/build.ts';
import { packageWhenChanged } from '../../scripts/package.ts';
import { busyboxImage, debianImage, engine } from '../support/lab.ts';
import { dockerAt, eventually } from '../support/lab/docker.ts';
import { labCloud } from '../support/lab/run.ts';
import { openWorkbench } from '../support/workbench.ts';

const screenshots = fileURLToPath(new URL('../../.cache/screenshots', import.meta.url));
const name = labCloud('asked');
const application = `${name}-shop`;

test('a docker cloud is made, used, done without, and deleted by answering questions', { timeout: 600_000 }, async () => {
  mkdirSync(screenshots, { recursive: true });
  await buildWhenChanged();
  const extension = await packageWhenChanged();
  const socketPath = await engine();
  const docker = dockerAt(socketPath);
  const image = await busyboxImage();
  await debianImage();
  const ofCloud = async (): Promise<readonly string[]> => (await docker.listContainers({ all: true, filters: { label: [`io.clocker.cloud=${name}`] } })).map(({ Names, State }) => `${(Names[0] ?? '').replace('/clocker-host-', '')} ${State}`).toSorted();
  after(async () => {
    for (const number of [1, 2]) {
      await docker.getContainer(`clocker-host-${name}-${number}`).remove({ force: true, v: true }).catch(() => undefined);
      await docker.getVolume(`clocker-host-${name}-${number}`).remove().catch(() => undefined);
    }
    await docker.getNetwork(`clocker-cloud-${name}`).remove().catch(() => undefined);
  });
  const folder = mkdtempSync(join(tmpdir(), 'clocker-clouds-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, '.vscode'));
  writeFileSync(join(folder, '.vscode/settings.json'), JSON.stringify({ 'clocker.hosts': [{ name: 'localhost', endpoint: `unix://${socketPath}` }], 'clocker.confirmDeploy': false }));
  mkdirSync(join(folder, 'blueprints'));
  writeFileSync(join(folder, 'blueprints/shop.blueprint.yaml'), `name: ${application}\nservices:\n- type: docker:${image}\n  id: web\n  location: ${name}\n  commands: [sleep, "100000"]\n`);
  const workbench = await openWorkbench({ folder, extension, userSettings: { 'security.workspace.trust.enabled': false } });
  const { page } = workbench;
  page.setDefaultTimeout(60_000);
  try {
    await runCommand(page, 'Clocker: Create Local Docker Cloud');
    await answer(page, 'Create Local Docker Cloud: Name', name);
    const hosts = page.locator('.quick-input-title', { hasText: 'Create Local Docker Cloud: Hosts' });
    await hosts.waitFor();
    await input(page).fill('0');
    await page.locator('.quick-input-message', { hasText: /hosts?/ }).waitFor();
    await page.keyboard.press('Enter');
    assert.ok(await hosts.isVisible(), 'no cloud has 0 hosts');
    await answer(page, 'Create Local Docker Cloud: Hosts', '1');
    await message(page, `The docker cloud ${name} has 1 host. Blueprints name it as their location: ${name}.`);
    assert.deepEqual(await ofCloud(), [`${name}-1 running`]);

    await deploy(page);
    await message(page, `${application} is deployed on ${name}-1: 1 created.`);
    await docker.getContainer(`clocker-host-${name}-1`).kill();
    await eventually(async () => assert.deepEqual(await ofCloud(), [`${name}-1 exited`]), 10_000);
    await deploy(page);
    const refused = await message(page, `${application} cannot be deployed: web: `);
    await refused.getByRole('button', { name: `Deploy without ${name}-1` }).click();
    const plan = page.getByRole('dialog').filter({ hasText: `Deploy ${application} on ${name}-2?` });
    await plan.waitFor();
    for (const line of [`+ add host ${name}-2 to ${name}`, `+ create ${application}-web on ${name}-2`, `without ${name}-1`]) assert.ok((await plan.innerText()).includes(line), `the question has: ${line}`);
    await page.screenshot({ path: join(screenshots, 'deploy-without.png') });
    await plan.getByRole('button', { name: 'Deploy', exact: true }).click();
    await message(page, `${application} is deployed on ${name}-2: `);
    assert.deepEqual(await ofCloud(), [`${name}-1 exited`, `${name}-2 running`]);

    await runCommand(page, 'Clocker: Delete Docker Cloud');
    await page.locator(`.quick-input-list [role="option"][aria-label^="${name}"]`).first().click();
    const question = page.getByRole('dialog').filter({ hasText: `Delete docker cloud ${name}?` });
    await question.waitFor();
    assert.match(await question.innerText(), new RegExp(`^The application ${application} runs there, on ${name}-1, ${name}-2\\.$`, 'm'));
    await question.getByRole('button', { name: 'Delete All of It' }).click();
    await message(page, `The docker cloud ${name} is deleted.`);
    assert.deepEqual(await ofCloud(), []);
  } catch (error) {
    await page.screenshot({ path: join(screenshots, 'clouds-failed.png') });
    throw error;
  } finally {
    await workbench.close();
  }
});

async function deploy(page: Page): Promise<void> {
  await runCommand(page, 'Clocker: Deploy Blueprint');
  await page.locator('.quick-input-list [role="option"][aria-label^="blueprints/shop.blueprint.yaml"]').first().click();
}

async function answer(page: Page, title: string, text: string): Promise<void> {
  const asked = page.locator('.quick-input-title', { hasText: title });
  await asked.waitFor();
  await input(page).fill(text);
  await page.keyboard.press('Enter');
  await asked.waitFor({ state: 'hidden' });
}

function input(page: Page): Locator {
  return page.locator('.quick-input-widget input').first();
}

/** Under test the workbench keeps its messages in their list, which is opened until the message is there. */
async function message(page: Page, text: string): Promise<Locator> {
  const found = page.locator('.notification-list-item').filter({ hasText: text }).first();
  for (let tries = 0; tries < 90 && !await found.isVisible(); tries++) {
    if (!await page.locator('.notifications-center.visible').isVisible()) await runCommand(page, 'Notifications: Show Notifications');
    await page.waitForTimeout(1000);
  }
  await found.waitFor();
  return found;
}

/** A list that was opened before the extension's commands were known does not get them any more: it is opened again. */
async function runCommand(page: Page, title: string): Promise<void> {
  const row = page.locator(`.quick-input-list [role="option"][aria-label^="${title}"]`).first();
  for (let tries = 0; tries < 30 && !(await row.isVisible()); tries++) {
    await page.keyboard.press('Escape');
    await page.keyboard.press('F1');
    await page.locator('.quick-input-widget input[type="text"]').first().fill(`>${title}`);
    await row.waitFor({ timeout: 2000 }).catch(() => undefined);
  }
  await row.click();
}
