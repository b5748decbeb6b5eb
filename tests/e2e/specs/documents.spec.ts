// Real release flows open in the editor, and one field changed on the canvas changes that field's
// bytes and no others.
import { save } from '../support/editor';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { expect, signIn, test } from '../support/server';

const root = resolve(__dirname, '../../..');
// Our own documents, and other people's where they lie beside the project.
const folders = [join(__dirname, '../documents'), join(root, '../shared/fixtures')];
const files = folders
  .filter((folder) => existsSync(folder))
  .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
  .filter((file) => file.endsWith('.json'));

test('there are documents to open', () => {
  expect(files.length).toBeGreaterThanOrEqual(3);
});

const flow = 'v1/projects/shop/pipelines/shop/release-flows/development';

test('every document opens, and a changed field changes only its own bytes', async ({ page, server }) => {
  test.setTimeout(30_000 + files.length * 15_000);
  await signIn(page, server);
  const authorization = `Bearer ${server.token}`;
  for (const file of files) {
    await test.step(file.slice(file.lastIndexOf('/') + 1), async () => {
      const original = readFileSync(file, 'utf8');
      const stored = await fetch(`${server.url}/${flow}`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: original,
      });
      expect(stored.status, await stored.text()).toBe(200);

      await page.goto(`${server.url}/projects/shop/pipelines/shop/development/edit`);
      const tree = page.getByRole('tree', { name: 'Release flow' });
      const outermost = tree.getByRole('treeitem').first();
      await expect(outermost).toBeVisible();
      await outermost.focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Home');
      const settings = page.getByRole('complementary', { name: 'Node settings' });
      const wasParallel = (await outermost.innerText()).startsWith('Parallel');
      const name = wasParallel ? 'Run in order' : 'Run in parallel';
      await settings.getByRole('button', { name }).click();
      await save(page);

      const document = await fetch(`${server.url}/slipway/${flow}/document`, {
        headers: { authorization },
      });
      const saved = await document.text();
      const [before, after] = wasParallel ? ['parallel', 'sequential'] : ['sequential', 'parallel'];
      // The outermost workflow's type: the first one after "spec" that no step comes before.
      const at = original.indexOf(`"${before}"`);
      expect(saved).toBe(
        original.slice(0, at) + `"${after}"` + original.slice(at + before.length + 2),
      );
    });
  }
});
