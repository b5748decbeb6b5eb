// The whole way once, as a newcomer goes it: sign in, look, edit, run, watch, go back; the files on
// disk prove it. The strict content policy is on throughout (see support/server.ts).
import { save } from '../support/editor';
import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Locator, Page } from '@playwright/test';

import { expect, expectAccessible, signIn, test, type Server } from '../support/server';

/** What stage Development serves now: the release that `current` points to, and its page. */
function served(server: Server) {
  const web = join(server.dataDir, 'demo/servers/dev/web');
  return {
    release: readlinkSync(join(web, 'current')),
    page: readFileSync(join(web, 'current/index.html'), 'utf8'),
  };
}

/** Commits a change to the demo's repository, as a developer would. */
function commit(server: Server, text: string) {
  const shop = join(server.dataDir, 'demo/shop');
  const file = join(shop, 'web/index.html');
  writeFileSync(file, readFileSync(file, 'utf8').replace('</html>', `  <p>${text}</p>\n</html>`));
  const who = ['-c', 'user.name=Developer', '-c', 'user.email=developer@example.invalid'];
  execFileSync('git', ['-C', shop, ...who, 'commit', '--quiet', '--all', '--message', text]);
}

async function storedSteps(server: Server): Promise<string[]> {
  const answer = await server.fetch(
    '/slipway/v1/projects/shop/pipelines/shop/release-flows/development/document',
  );
  const { spec } = await answer.json();
  return spec.spec.steps.map((step: { kind: string }) => step.kind);
}

const tree = (page: Page) => page.getByRole('tree', { name: 'Release flow' });
const node = (page: Page, name: RegExp) => tree(page).getByRole('treeitem', { name });

/** Drags from the middle of one thing to a point, in steps as a hand does. */
async function drag(page: Page, from: Locator, x: number, y: number) {
  await from.scrollIntoViewIfNeeded();
  const box = (await from.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + 12, box.y + box.height / 2 + 12, { steps: 3 });
  await page.mouse.move(x, y, { steps: 8 });
  await page.mouse.up();
}

async function startRun(page: Page, name: string) {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/^Name/).fill(name);
  await dialog.getByRole('button', { name: 'Start run' }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
}

test('the whole way once', async ({ page, server }) => {
  test.setTimeout(180_000);

  await test.step('sign in, and see the pipelines', async () => {
    await signIn(page, server);
    await page.getByRole('link', { name: /^Shop/ }).last().click();
    await expect(page.getByRole('heading', { level: 1, name: 'Shop' })).toBeVisible();
  });

  const development = page.getByRole('region', { name: 'Development' });
  await test.step('the pipeline: three stages, their resources, nothing deployed yet', async () => {
    for (const [stage, suffix] of [
      ['Development', 'dev'],
      ['Staging', 'staging'],
      ['Production', 'prod'],
    ]) {
      const column = page.getByRole('region', { name: stage });
      for (const resource of ['shop-web', 'shop-worker', 'shop-migrate', 'shop-db']) {
        await expect(column.getByText(`${resource}-${suffix}`)).toBeVisible();
      }
      await expect(column.getByText('Not run yet')).toBeVisible();
      await expect(column.getByRole('button', { name: 'Run' })).toBeVisible();
    }
    await expectAccessible(page);
  });

  await test.step('edit: a form with live checks', async () => {
    await development.getByRole('link', { name: 'Edit' }).click();
    await expect(node(page, /^Sequential workflow/)).toBeVisible();
    await expect(node(page, /^Parallel workflow/)).toBeVisible();
    await node(page, /^Run job shop-migrate-dev/).click();
    const settings = page.getByRole('complementary', { name: 'Node settings' });
    const job = settings.getByLabel('Job', { exact: true });
    await job.fill('1 bad job');
    await expect(settings.getByText(/must begin with a letter|can’t|can't/i).first()).toBeVisible();
    await expect(page.getByRole('list', { name: 'Problems' }).getByRole('listitem')).not.toHaveCount(0);
    await job.fill('shop-migrate-dev');
    await expect(page.getByRole('group').getByRole('status').filter({ hasText: /^No problems$/ })).toBeVisible();
    await expect(page.getByRole('list', { name: 'Problems' }).getByRole('listitem')).toHaveCount(0);
    await expectAccessible(page);
  });

  await test.step('edit: drag a node to another place, undo, redo', async () => {
    const first = (await node(page, /^Run backup/).boundingBox())!;
    await drag(page, node(page, /^Run job shop-migrate-dev/), first.x + first.width / 2, first.y - 6);
    await expect(node(page, /^Run job/)).toHaveAttribute('aria-posinset', '1');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(node(page, /^Run job/)).toHaveAttribute('aria-posinset', '3');
    await page.getByRole('button', { name: 'Redo' }).click();
    await expect(node(page, /^Run job/)).toHaveAttribute('aria-posinset', '1');
    await page.keyboard.press('Control+z');
    await expect(node(page, /^Run job/)).toHaveAttribute('aria-posinset', '3');
  });

  await test.step('edit: drag one in from the palette, into a workflow; delete it', async () => {
    const inside = (await node(page, /^Parallel workflow/).boundingBox())!;
    const palette = page.getByRole('listbox', { name: 'Add a node' });
    await drag(
      page,
      palette.getByRole('option', { name: 'Run backup' }),
      inside.x + inside.width - 8,
      inside.y + inside.height / 2,
    );
    const added = node(page, /^Run backup (?!shop)/);
    await expect(added).toHaveAttribute('aria-level', '3');
    await expect(added).toHaveAttribute('aria-posinset', '3');
    await added.press('Delete');
    await expect(added).toHaveCount(0);
  });

  await test.step('edit: move a node by keyboard into the workflow after it, and save', async () => {
    await node(page, /^Run job/).click();
    await page.keyboard.press('Alt+ArrowUp');
    await expect(node(page, /^Run job/)).toHaveAttribute('aria-posinset', '2');
    await expect(page.getByText('Unsaved changes', { exact: true })).toBeVisible();
    await save(page);
    expect(await storedSteps(server)).toEqual(['AddonBackup', 'JobRun', 'Build', 'Workflow']);
    await page.reload();
    await expect(node(page, /^Run job/)).toHaveAttribute('aria-posinset', '2');
  });

  await test.step('run: name checked while typing, then every status live, without polling', async () => {
    await page.getByRole('link', { name: 'Run', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^Name/).fill('1st');
    await expect(dialog.getByText(/starts? with a letter/i)).toBeVisible();
    await expect(dialog.getByRole('button', { name: 'Start run' })).toBeDisabled();
    await startRun(page, 'First release');
    await expect(node(page, /^Run backup shop-db-dev (Running|Waiting|Succeeded)/)).toBeVisible();
    // From here on only the stream may speak: whoever polls, fails.
    const asked: string[] = [];
    await page.route(/\/(v1|slipway)\//, async (route) => {
      const url = route.request().url();
      if (/\/events|\/output/.test(url)) return route.continue();
      asked.push(url);
      return route.abort();
    });
    await expect(node(page, /^Start build shop-builder (Running|Waiting)/)).toBeVisible({ timeout: 30_000 });
    await expect(node(page, /^Sequential workflow Succeeded/)).toBeVisible({ timeout: 60_000 });
    for (const name of [/^Run backup/, /^Run job/, /^Start build/, /^Parallel workflow/]) {
      await expect(node(page, name)).toHaveAccessibleName(/Succeeded/);
    }
    expect(asked).toEqual([]);
    await page.unroute(/\/(v1|slipway)\//);
  });

  await test.step('a node opens to show its code, response, retries and output', async () => {
    await node(page, /^Start build/).click();
    const panel = page.getByRole('complementary', { name: /^Node/ });
    await panel.getByRole('tab', { name: 'Code' }).click();
    await expect(panel.getByText('"shop-builder"')).toBeVisible();
    await panel.getByRole('tab', { name: 'Response' }).click();
    await expect(panel.getByText('"sha"')).toBeVisible();
    await panel.getByRole('tab', { name: 'Retries' }).click();
    await expect(panel.getByRole('list', { name: 'Attempts' })).toBeVisible();
    await panel.getByRole('tab', { name: 'Output' }).click();
    await expect(panel.getByText(/\[slipway\]/).first()).toBeVisible();
    await expectAccessible(page);
  });

  const before = served(server);
  await test.step('a second release deploys something else', async () => {
    commit(server, 'Second release');
    await page.goto(`${server.url}/projects/shop/pipelines/shop`);
    await expect(development.getByText('Succeeded')).toBeVisible();
    await development.getByRole('button', { name: 'Run' }).click();
    await startRun(page, 'Second release');
    await expect(node(page, /^Sequential workflow Succeeded/)).toBeVisible({ timeout: 60_000 });
    expect(served(server).page).toContain('Second release');
    expect(served(server).release).not.toBe(before.release);
  });

  await test.step('go back to the first release', async () => {
    await page.goto(`${server.url}/projects/shop/pipelines/shop/development/runs`);
    await page.getByRole('link', { name: 'First release' }).click();
    await page.getByRole('button', { name: 'Roll back to this release' }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByText('shop-web-dev').first()).toBeVisible();
    await expect(dialog.getByRole('region', { name: 'Not undone' })).toContainText('shop-migrate-dev');
    await dialog.getByRole('button', { name: 'Roll back', exact: true }).click();
    await expect(page.getByText('Rollback to')).toBeVisible();
    await expect(node(page, /^Sequential workflow Succeeded/)).toBeVisible({ timeout: 60_000 });
    await expect.poll(() => served(server).page).toBe(before.page);
    expect(served(server).page).not.toContain('Second release');
  });

  await test.step('the list tells the rollback from the releases; back and reload work', async () => {
    await page.goto(`${server.url}/projects/shop/pipelines/shop/development/runs`);
    const rows = page.getByRole('row');
    await expect(rows).toHaveCount(4);
    await expect(rows.nth(1)).toContainText('Rollback');
    await expect(rows.nth(2)).toContainText('Second release');
    await expectAccessible(page);
    await rows.nth(2).getByRole('link').first().click();
    await expect(page.getByRole('heading', { level: 1, name: 'Second release' })).toBeVisible();
    await page.goBack();
    await expect(rows).toHaveCount(4);
    await page.reload();
    await expect(rows).toHaveCount(4);
  });
});
