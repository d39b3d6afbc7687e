// What a person does with the workbench, one function each: finds things in the side bar, runs commands, picks from lists and menus,
// reads messages. Each waits until it can be done.

import type { Locator, Page } from 'playwright-core';

/** For what may take long on a slow machine: an extension host that starts, containers that start. */
export const patienceMs = 60_000;

/** A node of any tree of the side bar, by the name that a screen reader says. */
export function node(page: Page, name: RegExp): Locator {
  return page.locator('.sidebar').getByRole('treeitem', { name });
}

/** So far that the descriptions can be read. */
export async function widenSideBar(page: Page, pixels = 90): Promise<void> {
  const { x = 0, y = 0, width = 0, height = 0 } = (await page.locator('.part.sidebar').boundingBox()) ?? {};
  await page.mouse.move(x + width + 2, y + height / 2 + 60);
  await page.mouse.down();
  await page.mouse.move(x + width + pixels, y + height / 2 + 60, { steps: 5 });
  await page.mouse.up();
}

/** Waits for something to come on screen, and does something about it every few seconds as long as it does not. */
export async function untilSeen(what: Locator, otherwise: () => Promise<void>): Promise<void> {
  const until = Date.now() + patienceMs;
  for (;;) {
    try {
      await what.waitFor({ timeout: 3000 });
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
      await otherwise();
    }
  }
}

/** Runs a command from the palette, as its title is shown there. Commands that are not enabled yet are not in the list: it is opened again until they are. */
export async function runCommand(page: Page, title: string): Promise<void> {
  const open = async (): Promise<void> => {
    await page.keyboard.press('Escape');
    await page.keyboard.press('F1');
    await page.locator('.quick-input-widget input[type="text"]').first().fill(`>${title}`);
  };
  const row = page.locator(`.quick-input-list [role="option"][aria-label^="${title}"]`).first();
  await open();
  await untilSeen(row, open);
  await row.click();
}

/** Picks what is so called from the list that has this title. */
export async function pick(page: Page, title: string, label: string): Promise<void> {
  const asked = question(page, title);
  await asked.waitFor();
  await page.locator(`.quick-input-list [role="option"][aria-label^="${label}"]`).first().click();
  await asked.waitFor({ state: 'hidden' });
}

/** Answers the question of this title. */
export async function answer(page: Page, title: string, text: string): Promise<void> {
  const asked = question(page, title);
  await asked.waitFor();
  const input = page.locator('.quick-input-widget input').first();
  await input.fill(text);
  await input.press('Enter');
  // What opens next would take the place of an answer that is still being looked at.
  await asked.waitFor({ state: 'hidden' });
}

function question(page: Page, title: string): Locator {
  return page.locator('.quick-input-title').getByText(title, { exact: true });
}

/** Opens the menu of a node and takes an entry. */
export async function choose(page: Page, of: Locator, entry: string): Promise<void> {
  await of.click({ button: 'right' });
  const item = page.locator('.monaco-menu .action-item', { hasText: new RegExp(`^${entry}`) }).first();
  await item.waitFor();
  // A menu that has only just opened takes no clicks.
  for (const until = Date.now() + 30_000; await item.isVisible();) {
    await item.click({ timeout: 2000 }).catch((error: unknown) => {
      if (Date.now() > until) throw error;
    });
    await item.waitFor({ state: 'hidden', timeout: 1000 }).catch(() => undefined);
  }
}

/** Approves what the dialog with this text asks, with its button; gives all that it says. */
export async function approve(page: Page, text: string, button: string): Promise<string> {
  const dialog = page.getByRole('dialog').filter({ hasText: text });
  await dialog.waitFor();
  const said = await dialog.innerText();
  await dialog.getByRole('button', { name: button, exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
  return said;
}

/** Under test the workbench keeps its messages in their list, which is opened until the message is there. */
export async function message(page: Page, text: string | RegExp): Promise<Locator> {
  const found = page.locator('.notification-list-item').filter({ hasText: text }).first();
  for (let tries = 0; tries < 30 && !(await found.isVisible()); tries++) {
    if (!(await page.locator('.notifications-center.visible').isVisible())) await runCommand(page, 'Notifications: Show Notifications');
    await page.waitForTimeout(1000);
  }
  await found.waitFor();
  return found;
}

/** Drags from the label of one node to that of another. */
export async function drag(page: Page, from: Locator, to: Locator): Promise<void> {
  const [start, end] = [await from.boundingBox(), await to.boundingBox()];
  if (!start || !end) throw new Error('what is dragged and where it goes must be on screen');
  await page.mouse.move(start.x + 70, start.y + start.height / 2);
  await page.mouse.down();
  await page.mouse.move(start.x + 80, start.y + start.height / 2 + 8, { steps: 4 });
  await page.waitForTimeout(500);
  await page.mouse.move(end.x + 70, end.y + end.height / 2, { steps: 15 });
  await page.waitForTimeout(700);
  await page.mouse.move(end.x + 74, end.y + end.height / 2 + 1, { steps: 3 });
  await page.mouse.up();
}
