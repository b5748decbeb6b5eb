// Saving: two people edit one flow at once, and nothing that either did is lost.
import { type Browser, type Page } from '@playwright/test';
import { save } from '../support/editor';
import { expect, expectAccessible, signIn, signInWith, test, type Server } from '../support/server';

const flow = '/v1/projects/shop/pipelines/shop/release-flows/development';
const edit = (server: Server) => `${server.url}/projects/shop/pipelines/shop/development/edit`;
const jobOf = (page: Page) => page.getByRole('treeitem', { name: /^Run job/ });
const backupOf = (page: Page) => page.getByRole('treeitem', { name: /^Run backup/ });

async function stored(server: Server): Promise<string> {
  return (await server.fetch(`/slipway${flow}/document`)).text();
}

/** A second person, in a browser of their own. */
async function second(browser: Browser, server: Server): Promise<Page> {
  const context = await browser.newContext();
  const other = await context.newPage();
  await signInWith(other, server, server.newToken('ada', 'editor'));
  await other.goto(edit(server));
  return other;
}

async function setJob(page: Page, job: string): Promise<void> {
  await jobOf(page).click();
  const field = page.getByRole('complementary', { name: 'Node settings' }).getByLabel(/^Ref/);
  await field.fill(job);
  await field.press('Tab');
}

test('what two people change apart is merged, and undo leaves the other one alone', async ({ page, browser, server }) => {
  await signIn(page, server);
  await page.goto(edit(server));
  const other = await second(browser, server);
  await jobOf(page).click();
  await page.keyboard.press('Alt+ArrowUp');
  await expect(jobOf(page)).toHaveAttribute('aria-posinset', '2');

  await backupOf(other).click();
  await other.keyboard.press('d');
  await save(other);
  expect(await stored(server)).toContain('"skipNodeExecution"');
  await expect(page.getByText(/^ada has saved another version/)).toBeVisible();

  await save(page);
  await expect(page.getByText(/^Merged with the changes of ada: 1 changed\.$/)).toBeVisible();
  const text = await stored(server);
  expect(text).toContain('"skipNodeExecution"');
  const steps = JSON.parse(text).spec.spec.steps;
  expect(steps[1].kind).toBe('JobRun');
  await expectAccessible(page);

  // The other takes that in with one press: there is nothing of their own to merge.
  await other.getByRole('button', { name: 'Merge now' }).click();
  await expect(jobOf(other)).toHaveAttribute('aria-posinset', '2');
  await expect(other.getByText('Saved', { exact: true })).toBeVisible();

  // Undo takes back the own step, past what the other one did.
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(jobOf(page)).toHaveAttribute('aria-posinset', '3');
  await expect(page.getByRole('button', { name: 'Undo' })).toHaveAttribute('aria-disabled', 'true');
  await save(page);
  expect(await stored(server)).toContain('"skipNodeExecution"');
  await other.context().close();
});

test('what two people change to different ends is asked, and saved as decided', async ({ page, browser, server }) => {
  await signIn(page, server);
  await page.goto(edit(server));
  const other = await second(browser, server);
  await setJob(page, 'mine');
  await setJob(other, 'theirs');
  await save(other);

  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'Save now' }).click();
  const dialog = page.getByRole('dialog', { name: 'Somebody else changed the same' });
  await expect(dialog.getByRole('group', { name: /Ref is mine in your version and theirs in the other; it was migrate/ })).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Merge and save' })).toHaveAttribute('aria-disabled', 'true');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Not now' }).click();
  expect(await stored(server)).toContain('"theirs"');
  await expect(page.getByText('Unsaved changes', { exact: true })).toBeVisible();

  await page.getByRole('button', { name: 'Merge now' }).click();
  await dialog.getByRole('radio', { name: /^Mine/ }).check();
  await dialog.getByRole('button', { name: 'Merge', exact: true }).click();
  await save(page);
  const text = await stored(server);
  expect(text).toContain('"mine"');
  expect(text).not.toContain('"theirs"');
  await other.context().close();
});

test('two orders of the same steps are shown beside each other', async ({ page, server }) => {
  const steps = ['one', 'two', 'three'].map((ref) => ({ kind: 'JobRun', ref, spec: { jobId: `shop-${ref}` } }));
  const ordered = (order: number[]) =>
    JSON.stringify({ apiVersion: 'v1.2', spec: { kind: 'Workflow', spec: { type: 'sequential', steps: order.map((at) => steps[at]) } } });
  const post = async (order: number[], token?: string) =>
    expect((await server.fetch(flow, { method: 'POST', body: ordered(order), token })).status).toBe(200);
  await post([0, 1, 2]);
  await signIn(page, server);
  await page.goto(edit(server));
  await page.getByRole('treeitem', { name: /^Run job shop-one/ }).focus();
  await page.keyboard.press('Alt+ArrowDown');
  await post([0, 2, 1], server.newToken('ada', 'editor'));
  await page.getByRole('button', { name: 'Merge now' }).click();
  const dialog = page.getByRole('dialog', { name: 'Somebody else changed the same' });
  const asked = dialog.getByRole('group', { name: /^Both versions put the steps of Sequential workflow in another order, and the two don't go together\.$/ });
  const [one, two, three] = ['one', 'two', 'three'].map((ref) => `Run job shop-${ref}`);
  const lists = asked.getByRole('list');
  await expect(lists).toHaveCount(3);
  await expect(lists.nth(0).getByRole('listitem')).toHaveText([one, two, three]);
  await expect(lists.nth(1).getByRole('listitem')).toHaveText([two, one, three]);
  await expect(lists.nth(2).getByRole('listitem')).toHaveText([one, three, two]);
  // The keyboard is at the first answer, which says what it is.
  const mine = asked.getByRole('radio', { name: 'Mine' });
  await expect(mine).toBeFocused();
  await expect(mine).toHaveAccessibleDescription(new RegExp(`${two}.*${one}.*${three}`));
  await expectAccessible(page);
  await asked.getByRole('radio', { name: 'Theirs' }).check();
  await dialog.getByRole('button', { name: 'Merge', exact: true }).click();
  await expect(page.getByRole('treeitem', { name: two })).toHaveAttribute('aria-posinset', '3');
});

test('one’s own save elsewhere is said to be one’s own, also when the page comes later', async ({ page, context, server }) => {
  await signIn(page, server);
  await page.goto(edit(server));
  const other = await context.newPage();
  await other.goto(edit(server));
  await setJob(page, 'mine');
  await setJob(other, 'too');
  await save(other);
  const mine = page.getByText(/^You have saved another version in another tab or browser/);
  await expect(mine).toBeVisible();
  await page.reload();
  await expect(page.getByText(/unsaved/i).first()).toBeVisible();
  await expect(mine).toBeVisible();
  await page.getByRole('button', { name: 'Merge now' }).click();
  const dialog = page.getByRole('dialog', { name: 'You changed the same elsewhere' });
  await dialog.getByRole('radio', { name: /^Mine/ }).check();
  await dialog.getByRole('button', { name: 'Merge', exact: true }).click();
  await expect(page.getByText(/^Merged with your changes from elsewhere: 1 changed\.$/)).toBeVisible();

  // Another person's, saved while the page was not there, has that person's name.
  await save(page);
  await setJob(page, 'again');
  await page.goto('about:blank');
  const token = server.newToken('ada', 'editor');
  const body = (await stored(server)).replace('"mine"', '"hers"');
  expect((await server.fetch(flow, { method: 'POST', body, token })).status).toBe(200);
  await page.goto(edit(server));
  await expect(page.getByText(/^ada has saved another version/)).toBeVisible();
});

test('a version that says the same is no alarm', async ({ page, server }) => {
  await signIn(page, server);
  await page.goto(edit(server));
  await jobOf(page).click();
  await page.keyboard.press('Alt+ArrowUp');
  const same = JSON.stringify(JSON.parse(await stored(server)));
  expect((await server.fetch(flow, { method: 'POST', body: same })).status).toBe(200);
  await save(page);
  await expect(page.getByText(/another version/)).toHaveCount(0);
  expect(JSON.parse(await stored(server)).spec.spec.steps[1].kind).toBe('JobRun');
});
