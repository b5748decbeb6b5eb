// Revisions and files: every save is kept, compared and brought back; a flow goes out as a file and
// comes in again byte for byte.
import { readFile } from 'node:fs/promises';
import { type Page } from '@playwright/test';
import { save } from '../support/editor';
import { expect, expectAccessible, signIn, signInWith, test, type Server } from '../support/server';

const flow = '/v1/projects/shop/pipelines/shop/release-flows/development';
const edit = (server: Server) => `${server.url}/projects/shop/pipelines/shop/development/edit`;
const jobOf = (page: Page) => page.getByRole('treeitem', { name: /^Run job/ });

async function stored(server: Server): Promise<string> {
  return (await server.fetch(`/slipway${flow}/document`)).text();
}

async function moveUp(page: Page): Promise<void> {
  await jobOf(page).click();
  await page.keyboard.press('Alt+ArrowUp');
  await expect(jobOf(page)).toHaveAttribute('aria-posinset', '2');
}

test('a save shows what changes and asks why, and the keyboard saves at once', async ({ page, server }) => {
  await signIn(page, server);
  await page.goto(edit(server));
  await moveUp(page);
  await page.keyboard.press('Control+s');
  const dialog = page.getByRole('dialog', { name: 'Save the release flow' });
  await expect(dialog.getByRole('list', { name: 'Changes' })).toContainText(/Run job shop-migrate-dev Moved/);
  await expectAccessible(page);
  await dialog.getByRole('tab', { name: 'As text' }).click();
  await expect(dialog.getByRole('region', { name: 'The difference as text' })).toContainText('lines are the same');
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(page);
  await dialog.getByLabel(/^Why you change it/).fill('Migrate before the backup');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  const { data } = await (await server.fetch(`/slipway${flow}/revisions`)).json();
  expect(data.revisions[0]).toMatchObject({ number: 2, reason: 'Migrate before the backup', summary: '1 moved' });

  // Ctrl+S twice is enough.
  await jobOf(page).click();
  await page.keyboard.press('d');
  await page.keyboard.press('Control+s');
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Control+s');
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
});

test('revisions are listed, compared, opened and brought back', async ({ page, server }) => {
  const first = await stored(server);
  await signIn(page, server);
  await page.goto(edit(server));
  await moveUp(page);
  await save(page);
  await page.getByRole('button', { name: 'Revisions' }).click();
  const table = page.getByRole('table', { name: 'Revisions' });
  await expect(table.getByRole('row')).toHaveCount(3);
  await expect(table.getByRole('row').nth(1)).toContainText('1 moved');
  await expectAccessible(page);

  await page.getByRole('button', { name: 'Show the changes of revision 2' }).click();
  await expect(page.getByRole('heading', { name: 'From revision 1 to revision 2' })).toBeVisible();
  await expect(page.getByRole('list', { name: 'Changes' })).toContainText(/Run job shop-migrate-dev Moved/);
  await page.getByLabel('Compare', { exact: true }).selectOption('open');
  await page.getByLabel('With', { exact: true }).selectOption('1');
  await page.getByRole('button', { name: 'Show the difference' }).click();
  await expect(page.getByRole('heading', { name: 'From what is open now to revision 1' })).toBeVisible();

  await page.getByRole('button', { name: 'Open revision 1' }).click();
  const read = page.getByRole('dialog', { name: 'Revision 1' });
  expect(await read.getByLabel('The text of the revision').textContent()).toBe(first);
  await read.getByRole('button', { name: 'Close' }).click();

  await page.getByRole('button', { name: 'Restore revision 1' }).click();
  const offer = page.getByRole('dialog', { name: 'Restore revision 1' });
  await expect(offer.getByRole('list', { name: 'Changes' })).toBeVisible();
  await offer.getByRole('button', { name: 'Replace the release flow' }).click();
  await save(page);
  expect(await stored(server)).toBe(first);
  await expect(table.getByRole('row').nth(1)).toContainText('Restore of revision 1');
  // It was a step like any other.
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Unsaved changes', { exact: true })).toBeVisible();
});

test('a flow goes out as a file and comes in again byte for byte', async ({ page, server }) => {
  const text =
    '{ "apiVersion" : "v1.2",\t"n": 1.50e+3,\r\n "spec": {"kind":"Workflow","spec":{"type":"sequential","steps":' +
    '[{"kind":"Oddity","é":"\\u00e9","spec":{}}]}} }\n\n';
  await signIn(page, server);
  await page.goto(edit(server));
  const drop = (name: string, content: string) =>
    page.evaluate(
      ([name, content]) => {
        const data = new DataTransfer();
        data.items.add(new File([content!], name!, { type: 'application/json' }));
        const canvas = document.querySelector('.canvas')!;
        for (const type of ['dragover', 'drop']) {
          canvas.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
        }
      },
      [name, content],
    );
  await expect(jobOf(page)).toBeVisible();
  await drop('odd.json', text);
  const offer = page.getByRole('dialog', { name: 'Import odd.json' });
  await expect(offer.getByRole('list', { name: 'Changes' })).toContainText('Removed');
  await expectAccessible(page);
  await offer.getByRole('button', { name: 'Replace the release flow' }).click();
  await expect(page.getByRole('treeitem', { name: /^Oddity/ })).toBeVisible();

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export as a file' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('shop-development.json');
  expect(await readFile(await file.path(), 'utf8')).toBe(text);

  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(jobOf(page)).toBeVisible();
  await page.getByLabel('File to import').setInputFiles(await file.path());
  await page
    .getByRole('dialog', { name: /^Import / })
    .getByRole('button', { name: 'Replace the release flow' })
    .click();
  await save(page);
  expect(await stored(server)).toBe(text);

  // Nodes are put in; what is neither is told.
  await drop('node.json', '{"kind": "JobRun", "spec": {"jobId": "shop-migrate-dev"}}');
  await expect(jobOf(page)).toBeVisible();
  await drop('broken.json', '{"kind": ');
  await expect(page.getByText(/^broken\.json can't be imported\. .*Line 1/)).toBeVisible();
  await drop('other.json', '"text"');
  await expect(page.getByText(/^other\.json can't be imported\./)).toBeVisible();
});

test('a viewer sees everything, and is told why nothing can be changed', async ({ page, server }) => {
  await signInWith(page, server, server.newToken('watcher', 'viewer'));
  await page.goto(edit(server));
  await expect(page.getByText("Your role, viewer, can't change release flows.").first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save', exact: true })).toHaveAttribute('aria-disabled', 'true');
  await expect(page.getByRole('button', { name: 'Import a file' })).toHaveAttribute('aria-disabled', 'true');
  await jobOf(page).click();
  await page.keyboard.press('Delete');
  await expect(jobOf(page)).toBeVisible();
  await page.getByRole('button', { name: 'Revisions' }).click();
  await expect(page.getByRole('table', { name: 'Revisions' }).getByRole('row')).toHaveCount(2);
  await expectAccessible(page);
});
