// A person adds hosts in the real workbench: one over SSH, whose key is shown and trusted, then unlocked with a passphrase; one from a Docker context.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from 'playwright-core';
import { buildWhenChanged } from '../../scripts/build.ts';
import { packageWhenChanged } from '../../scripts/package.ts';
import { nestedHosts } from '../support/lab.ts';
import { makeKey, sshHome, sshServer } from '../support/lab/ssh.ts';
import { openWorkbench } from '../support/workbench.ts';
import { message, node, runCommand } from '../support/workbench/hands.ts';

const screenshots = fileURLToPath(new URL('../../.cache/screenshots', import.meta.url));

test('hosts are added, trusted, unlocked and seen', { timeout: 600_000 }, async () => {
  mkdirSync(screenshots, { recursive: true });
  await buildWhenChanged();
  const extension = await packageWhenChanged();
  const [host] = await nestedHosts(1);
  assert.ok(host !== undefined);
  // The workbench keeps its own home; keys are found by the setting, the rest by its environment.
  const home = await sshHome(after);
  const server = await sshServer(host);
  const keyFile = join(home.folder, 'locked');
  await server.admit(await makeKey(keyFile, 'open sesame'));
  await home.write('config', `HashKnownHosts no\nIdentityFile ${keyFile}\n`);
  const docker = join(home.folder, '.docker');
  const meta = join(docker, 'contexts/meta', createHash('sha256').update('lab').digest('hex'));
  mkdirSync(meta, { recursive: true });
  writeFileSync(join(meta, 'meta.json'), JSON.stringify({ Name: 'lab', Metadata: { Description: 'The lab' }, Endpoints: { docker: { Host: host.endpoint } } }));
  const folder = mkdtempSync(join(tmpdir(), 'clocker-hosts-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, '.vscode'));
  const settingsFile = join(folder, '.vscode/settings.json');
  writeFileSync(settingsFile, '{"clocker.hosts": []}');
  const workbench = await openWorkbench({ folder, extension, env: { HOME: home.folder, DOCKER_CONFIG: docker }, userSettings: { 'security.workspace.trust.enabled': false } });
  const { page } = workbench;
  page.setDefaultTimeout(60_000);
  const shot = (name: string): Promise<Buffer> => page.screenshot({ path: join(screenshots, `${name}.png`) });
  try {
    await page.getByRole('tab', { name: 'Clocker' }).click();
    await addHost(page, 'A machine over SSH', async (input) => {
      await input.fill(`ssh://deployer@${server.address}`);
      await page.keyboard.press('Enter');
    }, 'box');
    const trust = await message(page, server.fingerprint);
    assert.match(await trust.innerText(), new RegExp(`Host box: the key of the SSH server ${server.address} is not known`));
    await shot('host-key');
    await node(page, /^Host box, down: the key of ssh:/).waitFor();
    assert.equal(await server.logins(), 0);

    await trust.getByRole('button', { name: 'Trust This Key' }).click();
    const locked = await message(page, 'a passphrase is needed for');
    await locked.getByRole('button', { name: 'Enter Passphrase' }).click();
    await answer(page, 'wrong');
    const wrong = await message(page, 'the passphrase is wrong for');
    await wrong.getByRole('button', { name: 'Enter Passphrase' }).click();
    await answer(page, 'open sesame');
    await node(page, /^Host box, up/).waitFor();
    assert.equal(readFileSync(join(home.folder, '.ssh/known_hosts'), 'utf8'), `${server.address} ${server.publicKey}\n`);
    assert.equal(await server.logins(), 1);

    await addHost(page, 'Docker context lab', undefined, 'lab');
    await node(page, /^Host lab, up/).waitFor();
    await shot('hosts');
    assert.deepEqual(JSON.parse(readFileSync(settingsFile, 'utf8')), {
      'clocker.hosts': [{ name: 'box', endpoint: `ssh://deployer@${server.address}` }, { endpoint: host.endpoint, name: 'lab' }],
    });
  } catch (error) {
    await shot('hosts-failed');
    throw error;
  } finally {
    await workbench.close();
  }
});

async function addHost(page: Page, kind: string, enter: ((input: Locator) => Promise<void>) | undefined, name: string): Promise<void> {
  const row = page.locator(`.quick-input-list [role="option"][aria-label*="${kind}"]`).first();
  await runCommand(page, 'Clocker: Add Host');
  await row.click();
  const input = page.locator('.quick-input-widget input').first();
  if (enter !== undefined) {
    await page.locator('.quick-input-title', { hasText: 'Add Host: Endpoint' }).waitFor();
    await enter(input);
  }
  const last = page.locator('.quick-input-title', { hasText: 'Add Host: Name' });
  await last.waitFor();
  await input.fill(name);
  await page.keyboard.press('Enter');
  // What opens next would take the place of an answer that is still being looked at.
  await last.waitFor({ state: 'hidden' });
}

async function answer(page: Page, text: string): Promise<void> {
  const input = page.locator('.quick-input-widget input[type="password"]').first();
  await input.waitFor();
  await input.fill(text);
  await page.keyboard.press('Enter');
  await input.waitFor({ state: 'hidden' });
}
