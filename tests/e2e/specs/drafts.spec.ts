// Unsaved work survives a reload, a crash and other tabs, with its undo; and leaving it warns.
import { type BrowserContext, type Page } from '@playwright/test';
import { expect, expectAccessible, signIn, test, type Server } from '../support/server';

const edit = (server: Server) => `${server.url}/projects/shop/pipelines/shop/development/edit`;
const jobOf = (page: Page) => page.getByRole('treeitem', { name: /^Run job/ });
const restored = (page: Page) => page.getByText(/^Restored your unsaved changes of .*Undo works\.$/);

/** Moves the job one up, so that it is the second step. */
async function moveUp(page: Page): Promise<void> {
  await jobOf(page).click();
  await page.keyboard.press('Alt+ArrowUp');
  await expect(jobOf(page)).toHaveAttribute('aria-posinset', '2');
}

/** Until everything is in the browser's database: a killed tab writes no more. */
async function kept(page: Page, steps: number): Promise<void> {
  const count = () =>
    page.evaluate(
      () =>
        new Promise<number>((done) => {
          const open = indexedDB.open('slipway-drafts');
          open.onsuccess = () => {
            const all = open.result.transaction('sessions').objectStore('sessions').getAll();
            all.onsuccess = () => {
              open.result.close();
              done(all.result.reduce((sum, row) => sum + JSON.parse(row).steps, 0));
            };
          };
        }),
    );
  await expect.poll(count).toBe(steps);
}

/** Kills a tab as the system does when it runs out of memory. */
async function kill(context: BrowserContext, page: Page): Promise<void> {
  const crashed = page.waitForEvent('crash');
  const session = await context.newCDPSession(page);
  session.send('Page.crash').catch(() => undefined);
  await crashed;
}

test('unsaved work survives a reload with its undo, and can be given up', async ({ page, server }) => {
  await signIn(page, server);
  await page.goto(edit(server));
  await moveUp(page);
  await page.reload();
  await expect(restored(page)).toContainText(': 1 step;');
  await expect(jobOf(page)).toHaveAttribute('aria-posinset', '2');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(jobOf(page)).toHaveAttribute('aria-posinset', '3');
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Redo' }).click();
  await expect(page.getByText('Unsaved changes', { exact: true })).toBeVisible();
  await page.reload();
  await expect(jobOf(page)).toHaveAttribute('aria-posinset', '2');
  // Nothing brings it back, so that it is asked about.
  const dialog = page.getByRole('dialog', { name: 'Discard unsaved changes?' });
  await page.getByRole('button', { name: 'Discard them' }).click();
  await expect(dialog).toContainText('1 step');
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await expectAccessible(page);
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect(jobOf(page)).toHaveAttribute('aria-posinset', '2');
  await page.getByRole('button', { name: 'Discard them' }).click();
  await dialog.getByRole('button', { name: 'Discard for good' }).click();
  await expect(jobOf(page)).toHaveAttribute('aria-posinset', '3');
  await expect(page.locator(':focus')).toHaveRole('treeitem');
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await page.reload();
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await expect(restored(page)).toHaveCount(0);
  await expect(page.getByRole('list', { name: 'Other drafts' })).toHaveCount(0);
});

test('the work of a killed tab is back in the next one, undo and redo included', async ({ page, context, server }) => {
  await signIn(page, server);
  await page.goto(edit(server));
  await moveUp(page);
  await page.keyboard.press('d');
  await page.keyboard.press('Control+d');
  await expect(jobOf(page)).toHaveCount(2);
  await page.keyboard.press('Control+z');
  await expect(jobOf(page)).toHaveCount(1);
  await kept(page, 2);
  await kill(context, page);

  const next = await context.newPage();
  await next.goto(edit(server));
  await expect(restored(next)).toContainText(': 2 steps;');
  await expect(jobOf(next)).toHaveAttribute('aria-posinset', '2');
  await next.getByRole('button', { name: 'Redo' }).click();
  await expect(jobOf(next)).toHaveCount(2);
  for (let step = 0; step < 3; step += 1) await next.getByRole('button', { name: 'Undo' }).click();
  await expect(jobOf(next)).toHaveAttribute('aria-posinset', '3');
  await expect(next.getByText('Saved', { exact: true })).toBeVisible();
});

test('two tabs keep drafts of their own, and both are offered once they are gone', async ({ page, context, server }) => {
  await signIn(page, server);
  await page.goto(edit(server));
  const other = await context.newPage();
  await other.goto(edit(server));
  await moveUp(page);
  await jobOf(other).click();
  await other.keyboard.press('Delete');
  await expect(jobOf(other)).toHaveCount(0);
  await kept(page, 2);

  // Each takes up its own.
  await other.reload();
  await expect(restored(other)).toBeVisible();
  await expect(jobOf(other)).toHaveCount(0);
  await page.reload();
  await expect(restored(page)).toBeVisible();
  await expect(jobOf(page)).toHaveAttribute('aria-posinset', '2');
  await expect(page.getByRole('list', { name: 'Other drafts' })).toHaveCount(0);

  // Tabs of one site may share a process, and die together.
  await kill(context, page);
  await other.close();
  const third = await context.newPage();
  await third.goto(edit(server));
  await expect(restored(third)).toBeVisible();
  const drafts = third.getByRole('list', { name: 'Other drafts' });
  await expect(drafts.getByRole('listitem')).toHaveCount(1);
  await expect(drafts).toContainText(/1 unsaved step, \d+ KB/);
  const moved = (await jobOf(third).count()) === 1;
  await drafts.getByRole('button', { name: /^Open the draft of/ }).click();
  await expect(third.locator(':focus')).toHaveRole('treeitem');
  await expect(jobOf(third)).toHaveCount(moved ? 0 : 1);
  await expect(drafts.getByRole('listitem')).toHaveCount(1);

  // Over the code the keyboard is in the code, and in the settings where they are chosen.
  await third.getByRole('button', { name: 'Code', exact: true }).click();
  const code = third.getByRole('textbox', { name: 'Release flow as code' });
  await expect(code).toBeVisible();
  await drafts.getByRole('button', { name: /^Open the draft of/ }).click();
  await expect(code).toBeFocused();
  await third.getByRole('button', { name: 'Settings', exact: true }).click();
  await drafts.getByRole('button', { name: /^Open the draft of/ }).click();
  await expect(third.getByRole('button', { name: 'Settings', exact: true })).toBeFocused();
  await expect(drafts.getByRole('listitem')).toHaveCount(1);
  const dialog = third.getByRole('dialog', { name: 'Discard unsaved changes?' });
  const forGood = dialog.getByRole('button', { name: 'Discard for good' });

  // What is given up makes no room for the other: that one is offered as before.
  await third.getByRole('button', { name: 'Visual', exact: true }).click();
  await third.getByRole('button', { name: 'Discard them' }).click();
  await forGood.click();
  await expect(third.getByText('Saved', { exact: true })).toBeVisible();
  await expect(restored(third)).toHaveCount(0);
  await expect(jobOf(third)).toHaveAttribute('aria-posinset', '3');
  await expect(drafts.getByRole('listitem')).toHaveCount(1);
  await expect(third.locator(':focus')).toHaveRole('treeitem');

  await drafts.getByRole('button', { name: /^Discard the draft of/ }).click();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(drafts.getByRole('listitem')).toHaveCount(1);
  await drafts.getByRole('button', { name: /^Discard the draft of/ }).click();
  await forGood.click();
  await expect(drafts).toHaveCount(0);
  await expect(third.locator(':focus')).toHaveRole('treeitem');
});

test('a link of the app asks before it leads away from unsaved work', async ({ page, server }) => {
  await signIn(page, server);
  await page.goto(edit(server));
  await moveUp(page);
  const dialog = page.getByRole('dialog', { name: 'Leave with unsaved changes?' });
  await page.getByRole('link', { name: 'Runs', exact: true }).click();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Stay' }).click();
  await expect(page).toHaveURL(/\/edit/);

  await page.getByRole('link', { name: 'Runs', exact: true }).click();
  await dialog.getByRole('button', { name: 'Leave and keep the draft' }).click();
  await expect(page).toHaveURL(/\/runs$/);
  await page.goBack();
  await expect(restored(page)).toBeVisible();
  await expect(jobOf(page)).toHaveAttribute('aria-posinset', '2');

  await page.getByRole('link', { name: 'Runs', exact: true }).click();
  await dialog.getByRole('button', { name: 'Save and leave' }).click();
  await expect(page).toHaveURL(/\/runs$/);
  await page.goBack();
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await expect(jobOf(page)).toHaveAttribute('aria-posinset', '2');

  // Closing the page is asked about by the browser.
  await jobOf(page).click();
  await page.keyboard.press('Alt+ArrowUp');
  const asked = page.waitForEvent('dialog');
  await page.close({ runBeforeUnload: true });
  expect((await asked).type()).toBe('beforeunload');
});

test('a browser that keeps nothing says so', async ({ page, server }) => {
  await page.addInitScript(() => {
    const full = () => {
      throw new DOMException('No room', 'QuotaExceededError');
    };
    IDBObjectStore.prototype.put = full;
  });
  await signIn(page, server);
  await page.goto(edit(server));
  await moveUp(page);
  await expect(page.getByText(/^Unsaved work can't be kept in this browser: there is no room/)).toBeVisible();
});

test('once work goes on, what was restored is not given up with it', async ({ page, server }) => {
  await signIn(page, server);
  await page.goto(edit(server));
  await moveUp(page);
  await kept(page, 1);
  await page.reload();
  await expect(restored(page)).toBeVisible();
  await page.getByRole('button', { name: 'Keep them' }).focus();
  await jobOf(page).focus();
  await page.keyboard.press('Control+d');
  await expect(jobOf(page)).toHaveCount(2);
  await expect(restored(page)).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Discard them' })).toHaveCount(0);
});

test('the keyboard goes on in the flow where a notice is answered', async ({ page, server }) => {
  await signIn(page, server);
  await page.goto(edit(server));
  await moveUp(page);
  await kept(page, 1);
  await page.reload();
  await page.getByRole('button', { name: 'Keep them' }).focus();
  await page.keyboard.press('Enter');
  await expect(restored(page)).toHaveCount(0);
  await expect(page.locator(':focus')).toHaveRole('treeitem');
});

test('who is signed out while working is told that the work is kept', async ({ page, context, server }) => {
  await signIn(page, server);
  await page.goto(edit(server));
  await moveUp(page);
  await kept(page, 1);
  await context.clearCookies();
  await page.keyboard.press('Control+s');
  await page.getByRole('dialog', { name: 'Save the release flow' }).getByRole('button', { name: 'Save now' }).click();
  await expect(page).toHaveURL(/\/sign-in\?return=/);
  await expect(page.getByText(/^You are signed out\. What you changed in a release flow is kept/)).toBeVisible();
  await expectAccessible(page);
});

test('what is typed for a node and can’t be read yet is work: it is said, warned about, and survives a crash', async ({ page, context, server }) => {
  await signIn(page, server);
  await page.goto(edit(server));
  const panel = (of: Page) => of.getByRole('complementary', { name: 'Node settings' });
  const json = (of: Page) => panel(of).getByRole('textbox', { name: 'The node as JSON' });
  await jobOf(page).click();
  await panel(page).getByRole('tab', { name: 'JSON' }).click();
  const text = await json(page).inputValue();
  const half = `${text.trimEnd().slice(0, -1)}, "x-note": `;
  await json(page).fill(half);
  await expect(page.getByText('Unsaved changes', { exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: /^Save/ })).toHaveAccessibleDescription(/^The JSON typed for Run job .* can't be read yet/);
  await kept(page, 1);
  await kill(context, page);

  const again = await context.newPage();
  await again.goto(edit(server));
  await expect(restored(again)).toContainText(': 1 step;');
  await jobOf(again).click();
  await panel(again).getByRole('tab', { name: 'JSON' }).click();
  await expect(json(again)).toHaveValue(half);
  // With other work it is told of before that is saved; mended, it is a step like any other.
  await jobOf(again).focus();
  await again.keyboard.press('Alt+ArrowUp');
  await again.getByRole('button', { name: 'Save', exact: true }).click();
  const dialog = again.getByRole('dialog', { name: 'Save the release flow' });
  await expect(dialog.getByText(/^The JSON typed for Run job .* can't be read yet/)).toBeVisible();
  await expectAccessible(again);
  await again.keyboard.press('Escape');
  await json(again).fill(`${half}1 }`);
  await expect(again.getByText(/can't be read yet/)).toHaveCount(0);
  await again.getByRole('button', { name: 'Undo' }).click();
  await again.getByRole('button', { name: 'Undo' }).click();
  await expect(again.getByText('Saved', { exact: true })).toBeVisible();
});
