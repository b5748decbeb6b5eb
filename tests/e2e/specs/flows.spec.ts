// A team template holds release flows in its `Pipeline` nodes. They open in the same editor, are
// edited there, and the template around them stays as it is written.
import { readFile } from 'node:fs/promises';

import { documents } from '../support/books';
import { expect, signIn, test } from '../support/server';

const template = documents.find(({ name }) => name === 'team-template.json')!;

test('a flow inside a team template opens in the same editor, and undo leads to where it was', async ({ page, server }) => {
  await signIn(page, server);
  await page.goto(`${server.url}/projects/shop/pipelines/shop/development/edit`);
  const nodes = page.getByRole('tree', { name: 'Release flow' }).getByRole('treeitem');
  const settings = page.getByRole('complementary', { name: 'Node settings' });
  const choice = page.getByRole('combobox', { name: 'Flow shown' });
  const said = (text: string | RegExp) => page.getByRole('status').filter({ hasText: text });
  await expect(nodes.first()).toBeVisible();
  await expect(choice).toBeHidden();

  const { name, text } = template;
  await page.getByLabel('File to import').setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
  await page.getByRole('dialog', { name: `Import ${name}` }).getByRole('button', { name: 'Replace the release flow' }).click();
  await expect(choice).toBeVisible();
  await expect(choice.getByRole('option')).toHaveText(['The whole document', 'Production of Ledger']);

  // From the node that holds it, by keyboard.
  await nodes.filter({ hasText: 'Pipeline' }).last().focus();
  const way = settings.getByRole('region', { name: 'Release flows in this node' }).getByRole('button');
  await expect(way).toHaveText('Open Production of Ledger');
  await way.press('Enter');
  await expect(said('Production of Ledger is open now.')).toBeAttached();
  await expect(nodes).toHaveCount(2);
  await expect(nodes.first()).toBeFocused();
  await expect(choice).toHaveValue(await choice.getByRole('option', { name: 'Production of Ledger' }).getAttribute('value') ?? '');

  // It is a flow like any other: a node is skipped, an option set.
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('d');
  await expect(nodes.nth(1)).toHaveAccessibleName(/skipped/);
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  await expect(page.getByRole('heading', { name: /^Git triggers/ })).toBeVisible();
  await page.getByRole('button', { name: 'Visual', exact: true }).click();

  // The address leads back to it, with the work.
  await expect(page).toHaveURL(/[?&]flow=/);
  await page.reload();
  await expect(nodes).toHaveCount(2);
  await expect(nodes.nth(1)).toHaveAccessibleName(/skipped/);

  // Back in the whole, undo leads to what it takes back.
  await page.getByRole('button', { name: 'Back to the whole document' }).click();
  await expect(nodes.filter({ hasText: 'Pipeline' }).last()).toBeVisible();
  await expect(page).not.toHaveURL(/[?&]flow=/);
  await page.keyboard.press('Control+z');
  await expect(nodes).toHaveCount(2);
  await expect(nodes.nth(1)).not.toHaveAccessibleName(/skipped/);
  await page.keyboard.press('Control+Shift+z');

  // Every way is found by its name.
  await page.keyboard.press('Control+k');
  await page.keyboard.type('open whole');
  await expect(page.getByRole('option', { name: 'Open: The whole document' })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(nodes.first()).toBeFocused();
  await expect(said('The whole document is open now.')).toBeAttached();

  // Everything around it is as it was written.
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export as a file' }).click();
  const now = await readFile(await (await download).path(), 'utf8');
  const at = now.indexOf('"skipNodeExecution"');
  expect(at).toBeGreaterThan(now.indexOf('"AddonBackup"'));
  expect(now.replace(/,\s*"skipNodeExecution": "true"/, '')).toBe(text);
});
