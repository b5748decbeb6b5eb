// Every action by keyboard, menu, command palette and search.
import type { Page } from '@playwright/test';
import { expect, expectAccessible, signIn, test, type Server } from '../support/server';

test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

const item = (page: Page, name: RegExp) => page.getByRole('tree', { name: 'Release flow' }).getByRole('treeitem', { name });
const said = (page: Page) => page.locator('p[role=status][aria-live=polite]').first();

async function open(page: Page, server: Server): Promise<void> {
  await signIn(page, server);
  await page.goto(`${server.url}/projects/shop/pipelines/shop/development/edit`);
  await item(page, /^Run job/).focus();
}

/** What the editor would save. */
async function text(page: Page): Promise<string> {
  await item(page, /^Sequential workflow/).first().focus();
  await page.keyboard.press('Control+c');
  return page.evaluate(() => navigator.clipboard.readText());
}

test('keys change the selected nodes and say what they did', async ({ page, server }) => {
  await open(page, server);
  const press = (keys: string) => page.keyboard.press(keys);
  const job = item(page, /^Run job/);
  const before = await text(page);
  await job.focus();

  await press('Alt+ArrowUp');
  await expect(said(page)).toHaveText(/^Run job .* moved to position \d of \d in Sequential workflow\.$/);
  await expect(page.getByRole('button', { name: /^Undo: Move Run job/ })).toBeVisible();
  await press('Alt+ArrowDown');

  await press('Control+d');
  await expect(job).toHaveCount(2);
  await expect(page.locator(':focus')).toHaveRole('treeitem');
  await press('Backspace');
  await expect(job).toHaveCount(1);
  await expect(said(page)).toHaveText(/^Delete Run job .*: done\. .* is selected\./);

  await job.focus();
  await press('d');
  await expect(job).toHaveAccessibleName(/skipped/);
  await press('d');
  await press('Control+g');
  await expect(item(page, /^Sequential workflow/)).toHaveCount(2);
  await press('t');
  await expect(page.locator(':focus')).toHaveAccessibleName(/^Parallel workflow/);
  await press('Control+Shift+u');
  await press('Control+Shift+g');
  await expect(page.locator(':focus')).toHaveAccessibleName(/^Parallel workflow/);
  await press('Control+Shift+u');
  await expect(job).toBeFocused();

  // What can't be done says why, and changes nothing.
  await press('Control+Shift+u');
  await expect(said(page)).toHaveText(/is no workflow: there is nothing to unwrap/);

  // The clipboard: refs stay unique, and cutting takes out.
  await press('Control+c');
  await expect(said(page)).toHaveText('1 node copied.');
  await press('Control+v');
  await expect(job).toHaveCount(2);
  const pasted = await page.evaluate(() => navigator.clipboard.readText());
  expect(JSON.parse(pasted)).toMatchObject({ kind: 'JobRun' });
  await press('Control+x');
  await expect(job).toHaveCount(1);
  await page.evaluate(() => navigator.clipboard.writeText('a word'));
  await press('Control+v');
  await expect(said(page)).toHaveText(/This text is no node/);

  await job.focus();
  await press('Shift+ArrowLeft');
  await expect(said(page)).toHaveText(/^\d+ nodes selected, with what runs before\.$/);
  await press('Control+a');
  await expect(said(page)).toHaveText(/^\d+ nodes selected\.$/);
  await press('Shift+ArrowRight');
  await press('Delete');
  await expect(item(page, /^Sequential workflow/)).toBeFocused();
  await expect(page.getByRole('tree', { name: 'Release flow' }).getByRole('treeitem')).toHaveCount(1);

  // One history: all of it is taken back.
  const undo = page.getByRole('button', { name: /^Undo/ });
  while ((await undo.getAttribute('aria-disabled')) !== 'true') await press('Control+z');
  expect(await text(page)).toBe(before);

  await job.focus();
  await press('Control+Enter');
  await expect(page).toHaveURL(/runs\?run=new/);
});

test('one list adds a node where the keyboard is', async ({ page, server }) => {
  await open(page, server);
  const job = item(page, /^Run job/);
  await page.keyboard.press('n');
  const field = page.getByRole('combobox', { name: 'Find a kind of node' });
  await expect(field).toBeFocused();
  await expect(page.getByRole('option', { name: /^Promote deployment Development is the first stage/ }).last()).toHaveAttribute('aria-disabled', 'true');
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(field).toHaveCount(0);
  await expect(job).toBeFocused();

  await page.keyboard.press('a');
  await expect(field).toBeFocused();
  // By its help, which is not its name.
  await page.keyboard.type('container registry');
  await expect(page.getByRole('listbox', { name: 'Kinds of node' }).getByRole('option').first()).toContainText('Deploy image');
  await page.keyboard.press('Enter');
  const added = item(page, /^Deploy image/);
  await expect(added).toBeFocused();
  const at = Number(await job.getAttribute('aria-posinset'));
  await expect(added).toHaveAttribute('aria-posinset', String(at + 1));
});

test('the menu of a node says its keys, and why not', async ({ page, server }) => {
  await open(page, server);
  const job = item(page, /^Run job/);
  await page.keyboard.press('Shift+F10');
  const menu = page.getByRole('menu', { name: 'Menu of the node' });
  const entry = (name: string | RegExp) => menu.getByRole('menuitem', { name });
  await expect(entry(/^Edit/)).toBeFocused();
  await expect(entry(/^Unwrap/)).toHaveAttribute('aria-disabled', 'true');
  await expect(entry(/^Unwrap/)).toHaveAccessibleDescription(/is no workflow/);
  await expectAccessible(page);
  await page.keyboard.press('End');
  await expect(entry(/^Show the selection/)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(menu).toHaveCount(0);
  await expect(job).toBeFocused();

  await page.keyboard.press('ContextMenu');
  await entry(/^Duplicate/).click();
  await expect(job).toHaveCount(2);
  await expect(page.locator(':focus')).toHaveRole('treeitem');

  // A release can become another one; what is kept and lost is said before.
  await page.keyboard.press('n');
  await page.keyboard.type('deploy image');
  await page.keyboard.press('Enter');
  const image = item(page, /^Deploy image/);
  await expect(image).toBeFocused();
  await page.keyboard.press('Shift+F10');
  await expect(entry(/^Change to Deploy build/)).toHaveAccessibleDescription(/^Nothing is lost\.$|^What is lost: .* The rest stays\.$/);
  await entry(/^Change to Deploy build/).click();
  await expect(item(page, /^Deploy build/)).not.toHaveCount(0);
  await expect(image).toHaveCount(0);

  await page.keyboard.press('Control+a');
  await page.keyboard.press('Shift+F10');
  await expect(page.getByRole('menu', { name: 'Menu of the selected nodes' })).toBeVisible();
  await expect(page.getByRole('menuitem', { name: /^Rename/ })).toHaveCount(0);
});

test('F2 renames a ref, and says who reads it', async ({ page, server }) => {
  await open(page, server);
  const job = item(page, /^Run job/);
  await page.keyboard.press('F2');
  const dialog = page.getByRole('dialog', { name: 'Rename the ref' });
  const field = dialog.getByRole('textbox', { name: 'Ref' });
  await expect(field).toBeFocused();
  const old = await field.inputValue();
  await expectAccessible(page);
  await page.keyboard.type('no good');
  await expect(dialog.getByText(/may not find this/)).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(dialog).toBeVisible();
  await field.fill(`${old}-2`);
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(job).toBeFocused();
  await expect(page.getByRole('button', { name: `Undo: Rename ${old} to ${old}-2` })).toBeVisible();
});

test('the command palette does everything, and goes to nodes', async ({ page, server }) => {
  await open(page, server);
  const job = item(page, /^Run job/);
  const dialog = page.getByRole('dialog', { name: 'Commands' });
  const option = (name: RegExp) => dialog.getByRole('option', { name });
  await page.keyboard.press('Control+k');
  await expect(dialog.getByRole('combobox')).toBeFocused();
  await expect(option(/^Unwrap .*is no workflow/)).toHaveAttribute('aria-disabled', 'true');
  await expectAccessible(page);
  await page.keyboard.type('duplicate');
  await expect(option(/^Duplicate/)).toContainText('Ctrl+D');
  await page.keyboard.press('Enter');
  await expect(job).toHaveCount(2);

  // From anywhere on the page, and what was used last comes first.
  await page.getByRole('heading', { level: 1 }).focus();
  await page.keyboard.press('Control+Shift+P');
  await expect(dialog.getByRole('option').first()).toContainText('Duplicate');
  await page.keyboard.type('add approval');
  await page.keyboard.press('Enter');
  await expect(item(page, /^Ask for approval/)).toBeFocused();

  await page.keyboard.press('Control+k');
  await page.keyboard.type('backup');
  await dialog.getByRole('option', { name: /^Go to Run backup/ }).click();
  await expect(item(page, /^Run backup/)).toBeFocused();

  await page.keyboard.press('Control+k');
  await page.keyboard.type('outline');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/view=outline/);
});

test('search finds any text and leads from one to the next', async ({ page, server }) => {
  await open(page, server);
  await page.keyboard.press('Control+f');
  const field = page.getByRole('search').getByRole('textbox');
  await expect(field).toBeFocused();
  await page.keyboard.type('shop');
  const count = page.getByRole('search').getByRole('status');
  await expect(count).toHaveText(/^\d+ found$/);
  const all = parseInt((await count.textContent()) ?? '0', 10);
  await page.keyboard.press('Enter');
  await expect(count).toHaveText(new RegExp(`^\\d of ${all}$`));
  const first = await count.textContent();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Shift+Enter');
  await expect(count).toHaveText(first ?? '');
  await expect(field).toBeFocused();
  await expectAccessible(page);
  await field.fill('teapot');
  await expect(count).toHaveText('Nothing found');
  await field.fill('backup');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await expect(item(page, /^Run backup/)).toBeFocused();
  await page.keyboard.press('/');
  await expect(field).toBeFocused();
  await page.keyboard.press('Escape');
  await page.keyboard.press('F3');
  await expect(page.locator(':focus')).toHaveRole('treeitem');
});

test('shortcuts are listed, and single keys can be switched off', async ({ page, server }) => {
  await open(page, server);
  const dialog = page.getByRole('dialog', { name: 'Shortcuts' });
  await page.keyboard.press('?');
  await expect(dialog.getByText('Wrap in a parallel workflow')).toBeVisible();
  await expectAccessible(page);
  const single = dialog.getByRole('checkbox', { name: 'Single-key shortcuts' });
  await single.uncheck();
  await page.keyboard.press('Escape');
  await expect(item(page, /^Run job/)).toBeFocused();
  await page.keyboard.press('n');
  await page.keyboard.press('?');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('combobox', { name: 'Find a kind of node' })).toHaveCount(0);

  // It is remembered; Tab adds where somebody wants it.
  await page.reload();
  await item(page, /^Run job/).focus();
  await page.keyboard.press('d');
  await expect(item(page, /^Run job/)).not.toHaveAccessibleName(/skipped/);
  await page.getByRole('button', { name: /^Shortcuts/ }).click();
  await expect(single).not.toBeChecked();
  await dialog.getByRole('checkbox', { name: 'Tab adds a node' }).check();
  await page.keyboard.press('Escape');
  await item(page, /^Run job/).focus();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('combobox', { name: 'Find a kind of node' })).toBeFocused();
});

test('in the dark everything can be read', async ({ page, server }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await open(page, server);
  for (const keys of ['n', 'Shift+F10', 'Control+k', '?', 'F2', 'Control+f']) {
    await item(page, /^Run job/).focus();
    await page.keyboard.press(keys);
    await expectAccessible(page);
    await page.keyboard.press('Escape');
  }
});

test('files are taken in and out from the command palette', async ({ page, server }) => {
  await open(page, server);
  const commands = page.getByRole('dialog', { name: 'Commands' });
  const run = async (words: string) => {
    await page.keyboard.press('Control+k');
    await commands.getByRole('combobox').fill(words);
  };
  await run('import');
  const chosen = page.waitForEvent('filechooser');
  await page.keyboard.press('Enter');
  const file = { name: 'lone.json', mimeType: 'application/json', buffer: Buffer.from('{"kind":"JobRun","spec":{"jobId":"lone"}}') };
  await (await chosen).setFiles(file);
  await expect(item(page, /^Run job lone/)).toBeVisible();
  await run('import');
  await expect(commands.getByRole('option').first()).toHaveAccessibleName(/^Import a file/);
  await page.keyboard.press('Escape');
  await run('export');
  const download = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  expect((await download).suggestedFilename()).toBe('shop-development.json');
});
