// Unsaved work survives a reload, can be given up, and never overwrites somebody else's save.
import { expect, signIn, test } from '../support/server';

const flow = '/v1/projects/shop/pipelines/shop/release-flows/development';

test('unsaved work survives a reload, and can be given up', async ({ page, server }) => {
  await signIn(page, server);
  await page.goto(`${server.url}/projects/shop/pipelines/shop/development/edit`);
  const job = page.getByRole('treeitem', { name: /^Run job/ });
  await job.click();
  await page.keyboard.press('Alt+ArrowUp');
  await expect(job).toHaveAttribute('aria-posinset', '2');
  await page.reload();
  await expect(page.getByText(/These are your unsaved changes/)).toBeVisible();
  await expect(job).toHaveAttribute('aria-posinset', '2');
  await page.getByRole('button', { name: 'Discard them' }).click();
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await expect(job).toHaveAttribute('aria-posinset', '3');
  await page.reload();
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
});

test('a save never overwrites what somebody else saved meanwhile', async ({ page, server }) => {
  await signIn(page, server);
  await page.goto(`${server.url}/projects/shop/pipelines/shop/development/edit`);
  const job = page.getByRole('treeitem', { name: /^Run job/ });
  await job.click();
  await page.keyboard.press('Alt+ArrowUp');

  const path = `/slipway${flow}/document`;
  const theirs = (await (await server.fetch(path)).text()).replace('"main"', '"theirs"');
  expect((await server.fetch(flow, { method: 'POST', body: theirs })).status).toBe(200);
  await expect(page.getByText(/has saved another version/)).toBeVisible();

  await page.getByRole('button', { name: 'Save' }).click();
  const dialog = page.getByRole('dialog', { name: 'Somebody else saved this release flow' });
  await dialog.getByRole('button', { name: 'Keep editing' }).click();
  expect(await (await server.fetch(path)).text()).toBe(theirs);
  await expect(job).toHaveAttribute('aria-posinset', '2');
  await expect(page.getByText('Unsaved changes')).toBeVisible();

  await page.getByRole('button', { name: 'Save' }).click();
  await dialog.getByRole('button', { name: 'Replace theirs with mine' }).click();
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  expect(await (await server.fetch(path)).text()).toContain('"main"');
});
