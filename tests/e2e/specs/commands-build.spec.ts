// A flow of workflows in workflows, built by keyboard alone.
import type { Page } from '@playwright/test';
import { expect, signIn, test } from '../support/server';

/** Tab to a control by its name, as somebody without a mouse would. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let step = 0; step < 60; step += 1) {
    await page.keyboard.press('Tab');
    const found = await page.evaluate((label) => {
      const active = document.activeElement as HTMLInputElement | null;
      const labels = [...(active?.labels ?? [])].map((it) => it.textContent?.trim());
      return active?.getAttribute('aria-label') === label || labels.some((it) => it?.startsWith(label));
    }, name);
    if (found) return;
  }
  throw new Error(`Tab does not lead to “${name}”`);
}

test('workflows in workflows are built by keyboard alone', async ({ page, server }) => {
  await signIn(page, server);
  await page.goto(`${server.url}/projects/shop/pipelines/shop/development/edit`);
  const tree = page.getByRole('tree', { name: 'Release flow' });
  const item = (name: RegExp) => tree.getByRole('treeitem', { name });
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const add = async (query: string, name: RegExp) => {
    await press('n');
    await expect(page.getByRole('combobox', { name: 'Find a kind of node' })).toBeFocused();
    await page.keyboard.type(query);
    await press('Enter');
    // The outermost workflow may be of the same kind; it stands first.
    await expect(item(name).last()).toBeFocused();
  };
  const set = async (field: string, value: string, name: RegExp) => {
    await press('Enter');
    await expect(page.locator('#inspector-title')).toBeFocused();
    await tabTo(page, field);
    await press('Control+a');
    await page.keyboard.type(value);
    // The first Escape closes the list of what there is, the second leads back.
    const control = page.locator(':focus');
    await expect(control).toHaveAttribute('aria-expanded', 'true');
    await press('Escape');
    await expect(control).toHaveAttribute('aria-expanded', 'false');
    await press('Escape');
    await expect(item(name)).toBeFocused();
  };

  await expect(item(/^Sequential workflow/)).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('select everything');
  await press('Enter');
  await expect(page.getByRole('dialog')).toBeHidden();
  await item(/^Sequential workflow/).waitFor();
  await press('Delete');
  await expect(tree.getByRole('treeitem')).toHaveCount(1);
  await expect(item(/^Sequential workflow/)).toBeFocused();

  await add('run job', /^Run job/);
  await set('Job', 'shop-migrate-dev', /^Run job shop-migrate-dev/);
  await add('parallel', /^Parallel workflow/);
  await add('start build', /^Start build/);
  await set('Build service', 'shop-builder', /^Start build shop-builder/);
  await press('ArrowLeft');
  await expect(item(/^Parallel workflow/)).toBeFocused();
  await add('sequential', /^Sequential workflow/);
  await add('run backup', /^Run backup/);
  await set('Addon', 'shop-db-dev', /^Run backup shop-db-dev/);
  await press('Alt+ArrowLeft');
  await expect(item(/^Run backup/)).toHaveAttribute('aria-level', '3');
  await press('Control+z');
  await expect(item(/^Run backup/)).toHaveAttribute('aria-level', '4');

  await press('Control+s');
  const reason = page.getByRole('textbox', { name: /^Why you change it/ });
  await expect(reason).toBeFocused();
  await page.keyboard.type('Built by keyboard');
  await press('Enter');
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  const path = '/slipway/v1/projects/shop/pipelines/shop/release-flows/development/document';
  const flow = JSON.parse(await (await server.fetch(path)).text());
  expect(flow.spec.spec.steps).toMatchObject([
    { kind: 'JobRun', spec: { jobId: 'shop-migrate-dev' } },
    {
      kind: 'Workflow',
      spec: {
        type: 'parallel',
        steps: [
          { kind: 'Build' },
          { kind: 'Workflow', spec: { type: 'sequential', steps: [{ kind: 'AddonBackup', spec: { addonId: 'shop-db-dev' } }] } },
        ],
      },
    },
  ]);
});
