// The release flow as code: on the same document, selection and history as the picture, without
// ever losing a character.
import type { Page } from '@playwright/test';

import { expect, expectAccessible, signIn, signInWith, test } from '../support/server';

const path = 'v1/projects/shop/pipelines/shop/release-flows/development';

const code = (page: Page) => page.getByRole('textbox', { name: 'Release flow as code' });
const notice = (page: Page) => page.getByRole('note').filter({ hasText: /line \d+/i });

async function openCode(page: Page, url: string) {
  await page.goto(`${url}/projects/shop/pipelines/shop/development/edit?view=code`);
  await expect(code(page)).toBeVisible();
}

/** Selects the first place of a text, as somebody would who looks for it. */
async function find(page: Page, text: string) {
  await code(page).focus();
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('Control+f');
  await page.getByRole('textbox', { name: 'Find in the code' }).pressSequentially(text);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await expect(code(page)).toBeFocused();
}

/** Saves from the keyboard, where the cursor is in the code. */
async function saveFromCode(page: Page) {
  await page.keyboard.press('Control+s');
  await page.getByRole('dialog', { name: 'Save the release flow' }).getByRole('button', { name: 'Save now' }).click();
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
}

/** All of the text, as it would be copied. */
async function copied(page: Page) {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Copy', exact: true }).click();
  await expect(page.getByText('The code is in the clipboard.').last()).toBeVisible();
  return page.evaluate(() => navigator.clipboard.readText());
}

test('what is typed in the code is in the picture, and is undone there', async ({ page, server }) => {
  await signIn(page, server);
  await openCode(page, server.url);
  await find(page, '"JobRun"');
  await page.keyboard.type('"Oddity"');
  await page.getByRole('button', { name: 'Visual' }).click();
  await expect(page.getByRole('treeitem', { name: /Oddity/ })).toBeVisible();
  await page.getByRole('treeitem').first().focus();
  await page.keyboard.press('Control+z');
  await expect(page.getByRole('treeitem', { name: /Oddity/ })).toHaveCount(0);
  await expect(page.getByRole('treeitem', { name: /^Run job/ }).first()).toBeVisible();

  // And done again from the code: there is one history.
  await page.getByRole('button', { name: 'Code', exact: true }).click();
  await code(page).focus();
  await page.keyboard.press('Control+Shift+z');
  await expect(code(page)).toContainText('"Oddity"');
  await saveFromCode(page);
  const stored = await server.fetch(`/slipway/${path}/document`);
  expect(await stored.text()).toContain('"kind": "Oddity"');
});

test('a form beside the code changes its field there, and the cursor stays', async ({ page, server }) => {
  await signIn(page, server);
  await openCode(page, server.url);
  const before = await copied(page);
  await find(page, '"JobRun"');
  // The cursor is in the node, so its settings are beside it.
  const settings = page.getByRole('complementary', { name: 'Node settings' });
  await expect(settings.getByRole('heading', { name: /^Run job/ })).toBeVisible();
  const active = page.locator('.cm-activeLine');
  await expect(active).toContainText('"JobRun"');
  await settings.getByRole('checkbox', { name: /skip/i }).first().check();
  await expect(code(page)).toContainText('skipNodeExecution');
  await expect(active).toContainText('"JobRun"');
  await page.getByRole('button', { name: 'Undo' }).click();
  expect(await copied(page)).toBe(before);
});

test('the node that is selected in the picture is marked in the code', async ({ page, server }) => {
  await signIn(page, server);
  await page.goto(`${server.url}/projects/shop/pipelines/shop/development/edit`);
  await page.getByRole('treeitem', { name: /^Run job/ }).first().click();
  await page.getByRole('button', { name: 'Code', exact: true }).click();
  await expect(page.locator('.cm-chosen').filter({ hasText: '"JobRun"' })).toBeVisible();
});

test('the stored text is saved, whichever way it came back', async ({ page, server }) => {
  await signIn(page, server);
  await openCode(page, server.url);
  const stored = await copied(page);
  const state = (text: string) => page.getByRole('status').filter({ hasText: text });
  await find(page, '"JobRun"');
  await page.keyboard.type('"Oddity"');
  await expect(state('Unsaved changes')).toBeVisible();
  await find(page, '"Oddity"');
  await page.keyboard.type('"JobRun"');
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save', exact: true })).toHaveAccessibleDescription('Everything is saved.');
  expect(await copied(page)).toBe(stored);

  // What changes then is not saved, and a reload brings it back.
  await find(page, '"JobRun"');
  await page.keyboard.type('"Oddity"');
  await expect(state('Unsaved changes')).toBeVisible();
  await page.reload();
  await expect(code(page)).toContainText('"Oddity"');
  await expect(state('Unsaved changes')).toBeVisible();
});

test('code that can not be read keeps the picture, and comes back', async ({ page, server }) => {
  await signIn(page, server);
  await openCode(page, server.url);
  await find(page, '"JobRun"');
  await page.keyboard.type('"JobRun" !');
  await expect(notice(page)).toContainText(/Line \d+: A comma or the closing } is missing here\./);
  await page.keyboard.press('Control+s');
  await expect(page.getByRole('alert')).toContainText(/Nothing was saved yet\. The code has an error in line \d+/);
  await expectAccessible(page);

  // A reload loses nothing of it either.
  await page.reload();
  await expect(code(page)).toContainText('"JobRun" !');
  await page.getByRole('button', { name: 'Visual' }).click();
  const job = page.getByRole('treeitem', { name: /^Run job/ }).first();
  await expect(job).toBeVisible();
  await expect(notice(page)).toContainText('This is the last state that could be read');
  // It is a problem as any other, and the only one that counts.
  await expect(page.getByRole('button', { name: '1 error', exact: true }).first()).toBeVisible();
  const place = page.getByRole('list', { name: 'Problems' }).getByRole('button', { name: /^Error: Code Line \d+, column \d+: A comma/ });
  await place.click();
  await expect(code(page)).toBeFocused();
  await expect(place).toBeVisible();
  await page.getByRole('button', { name: 'Visual' }).click();
  await job.click();
  await page.keyboard.press('Delete');
  await expect(job, 'nothing else changes it meanwhile').toBeVisible();
  await expectAccessible(page);

  await page.getByRole('button', { name: 'Go to the place in the code' }).click();
  await expect(code(page)).toBeFocused();
  await expect(code(page)).toContainText('"JobRun" !');
  await page.keyboard.press('Delete');
  await expect(code(page)).not.toContainText('"JobRun" !');
  await expect(place).toHaveCount(0);
});

test('what can be written is offered, and what stands there explained', async ({ page, server }) => {
  const flow = JSON.parse(await (await server.fetch(`/slipway/${path}/document`)).text());
  flow.spec.spec.steps = [{ kind: 'JobRun', spec: { jobId: 'shop-migrate-dev' } }];
  const body = JSON.stringify(flow, null, 2);
  expect((await server.fetch(`/${path}`, { method: 'POST', body })).status).toBe(200);
  await signIn(page, server);
  await openCode(page, server.url);
  await find(page, '"JobRun"');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('End');
  await page.keyboard.type('\n"con');
  const offers = page.getByRole('listbox', { name: 'What can be written here' });
  await expect(offers.getByRole('option', { name: /^condition/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(code(page)).toContainText('"condition": "');
  await expect(offers.getByRole('option', { name: /^success/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(code(page)).toContainText('"condition": "success"');
  await page.keyboard.type(',');

  await find(page, '"JobRun"');
  await page.keyboard.type('"');
  await page.keyboard.press('Control+Space');
  await expect(offers.getByRole('option', { name: /^Build/ }).first()).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+z');
  await page.getByText('"condition"').hover();
  await expect(page.getByRole('tooltip').or(page.locator('.cm-hint')).first()).toContainText('condition');
});

test('a problem is underlined, and corrected where it stands', async ({ page, server }) => {
  const flow = JSON.parse(await (await server.fetch(`/slipway/${path}/document`)).text());
  flow.spec.spec.steps = [{ kind: 'JobRun', waitForCompletion: true, spec: { jobId: 'shop-migrate' } }];
  const body = JSON.stringify(flow, null, 2);
  expect((await server.fetch(`/${path}`, { method: 'POST', body })).status).toBe(200);
  await signIn(page, server);
  await openCode(page, server.url);
  await expect(page.locator('.cm-lintRange').filter({ hasText: 'waitForCompletion' })).toBeVisible();
  await find(page, '"waitForCompletion"');
  const problems = page.getByRole('list', { name: 'Problems' });
  const jump = problems.getByRole('button', { name: /waitForCompletion/ }).first();
  await page.keyboard.press('Control+Shift+KeyM');
  await expect(problems.getByRole('button').first()).toBeFocused();
  await expectAccessible(page);
  await jump.focus();
  await page.keyboard.press('Enter');
  await expect(code(page)).toBeFocused();
  await page.keyboard.press('Control+Shift+KeyM');
  await expect(jump).toBeFocused();
  await problems.getByRole('button', { name: /^Write .*condition/ }).focus();
  await page.keyboard.press('Enter');
  await expect(code(page)).toContainText('"condition": "success"');
  await expect(code(page)).not.toContainText('waitForCompletion');
  await page.getByRole('button', { name: 'Undo' }).click();
  expect(await copied(page)).toBe(body);
});

test('the text editor is fetched when the code is opened, and the keyboard gets out of it', async ({ page, server }) => {
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(request.url()));
  const module = () => fetched.filter((url) => url.endsWith('/code-editor.js')).length;
  await signIn(page, server);
  await page.goto(`${server.url}/projects/shop/pipelines/shop/development/edit`);
  await expect(page.getByRole('treeitem').first()).toBeVisible();
  expect(module()).toBe(0);
  await page.getByRole('button', { name: 'Code', exact: true }).click();
  await expect(code(page)).toBeVisible();
  expect(module()).toBe(1);
  await page.getByRole('button', { name: 'Visual' }).click();
  await page.getByRole('button', { name: 'Code', exact: true }).click();
  await expect(code(page)).toBeVisible();
  expect(module()).toBe(1);

  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await expectAccessible(page);
  }
  const before = await copied(page);
  await code(page).focus();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await expect(code(page)).not.toBeFocused();
  expect(await copied(page), 'no tab was typed').toBe(before);
  await page.setViewportSize({ width: 390, height: 844 });
  const wide = () => page.evaluate(() => document.scrollingElement!.scrollWidth - innerWidth);
  expect(await wide(), 'nothing is wider than a phone').toBeLessThanOrEqual(0);
});

test('the code is laid out anew as one step', async ({ page, server }) => {
  const body = await (await server.fetch(`/slipway/${path}/document`)).text();
  const line = JSON.stringify(JSON.parse(body));
  expect((await server.fetch(`/${path}`, { method: 'POST', body: line })).status).toBe(200);
  await signIn(page, server);
  await openCode(page, server.url);
  await page.getByRole('button', { name: 'Format' }).click();
  expect(await copied(page)).toBe(`${JSON.stringify(JSON.parse(body), null, 2)}\n`);
  await page.getByRole('button', { name: 'Undo' }).click();
  expect(await copied(page)).toBe(line);
});

test('a viewer reads the code and types nothing', async ({ page, server }) => {
  await signInWith(page, server, server.newToken('watcher', 'viewer'));
  await openCode(page, server.url);
  const before = await copied(page);
  await find(page, '"JobRun"');
  await page.keyboard.type('x');
  expect(await copied(page)).toBe(before);
  await expect(page.getByRole('button', { name: 'Format' })).toHaveCount(0);
});
