// The settings of a flow: every section by keyboard, what is saved, trying triggers, and documents
// of odd shapes.
import { readFile } from 'node:fs/promises';

import type { Page } from '@playwright/test';

import { save } from '../support/editor';
import { expect, signIn, test, type Server } from '../support/server';

const flow = 'v1/projects/shop/pipelines/shop/release-flows/development';

const spec = `"spec": {
    "kind": "Workflow",
    "spec": { "type": "sequential", "steps": [
      { "kind": "JobRun", "ref": "migrate", "spec": { "jobId": "\${args.JOB}", "runtimeEnvironment": { "TAG": "v\${args.TAG}" } } }
    ] }
  }`;

const triggers = `"triggers": [
    { "ref": "push", "vcsService": "github", "repoUrl": "https://github.com/acme/shop",
      "branchRestrictions": ["main"], "prRestrictions": ["feature/*"], "ignoreDrafts": true,
      "pathIgnoreRules": ["docs/**"], "isAllowList": false, "x-team": { "kept": [1.0, 2e3] } },
    { "ref": "other.one", "vcsService": "gitlab", "repoUrl": "https://gitlab.com/acme/shop", "branchRestrictions": ["*"] }
  ]`;

const text = (...members: string[]) =>
  `{\n  "apiVersion": "v1.2",\n  ${[...members, spec].join(',\n  ')}\n}\n`;

async function open(page: Page, server: Server, document: string, section: string) {
  const stored = await server.fetch(`/${flow}`, { method: 'POST', body: document });
  expect(stored.status, await stored.text()).toBe(200);
  await page.goto(
    `${server.url}/projects/shop/pipelines/shop/development/edit?view=settings&section=${section}`,
  );
  await expect(page.getByRole('navigation', { name: 'Sections of the settings' })).toBeVisible();
}

/** Opens what the server would refuse to store, as a file that is imported. */
async function openImported(page: Page, server: Server, document: string, section: string) {
  await open(page, server, text(), section);
  const file = { name: 'flow.json', mimeType: 'application/json', buffer: Buffer.from(document) };
  await page.getByLabel('File to import').setInputFiles(file);
  const offer = page.getByRole('dialog', { name: 'Import flow.json' });
  await offer.getByRole('button', { name: 'Replace the release flow' }).click();
  await expect(offer).toBeHidden();
}

async function saved(page: Page, server: Server): Promise<string> {
  await save(page);
  return stored(server);
}

/** What the server has. */
const stored = async (server: Server): Promise<string> => (await server.fetch(`/slipway/${flow}/document`)).text();

test.beforeEach(async ({ page, server }) => {
  await signIn(page, server);
});

test('options are chosen by keyboard, each policy explained, and undone', async ({ page, server }) => {
  const before = text('"options": { "concurrencyPolicy": "queue",  "other": 1.50 }');
  await open(page, server, before, 'options');
  const policies = page.getByRole('group', { name: 'When a run is already active' });
  await expect(policies.getByRole('radio')).toHaveCount(5);
  const queue = policies.getByRole('radio', { name: 'Wait for the run before' });
  await expect(queue).toBeChecked();
  await expect(queue).toHaveAccessibleDescription(/A second run waits until the first is over/);
  await queue.focus();
  await page.keyboard.press('ArrowDown');
  const forbid = policies.getByRole('radio', { name: 'Refuse while one is active' });
  await expect(forbid).toBeChecked();
  expect(await saved(page, server)).toBe(before.replace('"queue"', '"forbid"'));
  await page.keyboard.press('Control+z');
  await expect(queue).toBeChecked();
  await expect(page.getByText('1.50')).toBeVisible();
});

test('GitOps is added, filled in with checks at the field, and taken out', async ({ page, server }) => {
  const before = text();
  await open(page, server, before, 'gitops');
  await page.getByRole('button', { name: 'Keep a file in step' }).focus();
  await page.keyboard.press('Enter');
  const file = page.getByRole('textbox', { name: /^File/ });
  await file.focus();
  await page.keyboard.type('flow.json');
  await expect(file).toHaveAttribute('aria-invalid', 'true');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('/flow.json');
  await expect(file).not.toHaveAttribute('aria-invalid', 'true');
  await page.getByRole('button', { name: 'Remove GitOps' }).focus();
  await page.keyboard.press('Enter');
  const add = page.getByRole('button', { name: 'Keep a file in step' });
  await expect(add).toBeFocused();
  await page.keyboard.press('Control+z');
  await expect(file).toHaveValue('/flow.json');
});

test('triggers are added, put in order and removed by keyboard', async ({ page, server }) => {
  const before = text(triggers);
  await open(page, server, before, 'triggers');
  const list = page.getByRole('list', { name: 'Git triggers' });
  const titles = list.getByRole('button', { name: /^Git trigger/ });
  await expect(titles).toHaveText(['Git trigger push', 'Git trigger other.one']);

  await titles.first().focus();
  await page.keyboard.press('Alt+ArrowDown');
  await expect(titles).toHaveText(['Git trigger other.one', 'Git trigger push']);
  await expect(list.getByRole('button', { name: 'Git trigger push' }).first()).toBeFocused();
  await page.keyboard.press('Alt+ArrowUp');
  await expect(titles).toHaveText(['Git trigger push', 'Git trigger other.one']);
  // What is as it was needs no saving.
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  expect(await stored(server)).toBe(before);

  await titles.first().focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('group', { name: 'Unknown members' })).toContainText('"kept": [1.0, 2e3]');
  const repository = page.getByLabel(/^Repository/);
  await repository.fill('https://github.com/acme/web');
  expect(await saved(page, server)).toBe(
    before.replace('https://github.com/acme/shop', 'https://github.com/acme/web'),
  );

  await page.getByRole('button', { name: 'Add a Git trigger' }).focus();
  await page.keyboard.press('Enter');
  await expect(titles).toHaveCount(3);
  await expect(page.locator(':focus')).toHaveRole('textbox');
  await page.getByRole('button', { name: 'Remove Git trigger other.one' }).focus();
  await page.keyboard.press('Enter');
  await expect(titles).toHaveText(['Git trigger push', /Git trigger push-2/]);
  await expect(titles.nth(1)).toBeFocused();
  await page.keyboard.press('Control+z');
  await expect(titles).toHaveCount(3);
});

test('an argument gets another name everywhere in one step', async ({ page, server }) => {
  const before = text('"arguments": { "TAG": "1.4",   "JOB": "shop-migrate-dev", "COUNT": 3 }');
  await open(page, server, before, 'arguments');
  const list = page.getByRole('list', { name: 'Arguments' });
  const names = list.getByLabel('Name');
  await expect(names.nth(1)).toHaveValue('JOB');
  await names.nth(1).focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('TAG');
  await expect(list).toContainText('There is an argument `TAG` already.');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('MIGRATION');
  await page.keyboard.press('Enter');
  await expect(page.getByText('1 place that reads it was changed with it.')).toBeAttached();
  expect(await saved(page, server)).toBe(before.replaceAll('JOB', 'MIGRATION'));
  await page.keyboard.press('Control+z');
  await expect(names.nth(1)).toHaveValue('JOB');

  // A value of another sort keeps it; text that can't be read stays out of the document.
  const count = list.getByLabel('Default value').nth(2);
  await count.fill('many');
  await expect(list).toContainText('Write the value as JSON does');
  await count.fill('4');
  await page.getByLabel('Name of a new argument').focus();
  await page.keyboard.type('REGION');
  await page.keyboard.press('Tab');
  await page.keyboard.type('eu');
  await page.keyboard.press('Enter');
  await expect(names).toHaveCount(4);
  await expect(page.getByLabel('Name of a new argument')).toBeFocused();
  await page.getByRole('button', { name: 'Move argument REGION up' }).focus();
  await page.keyboard.press('Enter');
  await expect(names.nth(2)).toHaveValue('REGION');
  await page.getByRole('button', { name: 'Remove argument TAG' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'One place reads what would be gone' });
  await dialog.getByRole('button', { name: 'Remove anyway' }).press('Enter');
  await expect(names.first()).toHaveValue('JOB');
  await expect(names.first()).toBeFocused();
  const after = JSON.parse(await saved(page, server)) as { arguments: object };
  expect(Object.entries(after.arguments)).toEqual([
    ['JOB', 'shop-migrate-dev'],
    ['REGION', 'eu'],
    ['COUNT', 4],
  ]);

  await list.getByText('Read in 1 place').click();
  await list.getByRole('button', { name: /^Run job .*jobId/ }).click();
  await expect(page.getByRole('treeitem', { name: /^Run job/ })).toBeFocused();
});

test('inputs are shown as the run form asks for them', async ({ page, server }) => {
  await open(page, server, text('"arguments": { "BRANCH": "main", "OTHER": "x" }'), 'inputs');
  await page.getByRole('button', { name: 'Add an input' }).focus();
  await page.keyboard.press('Enter');
  await page.getByLabel(/^Title/).fill('What to release');
  await page.getByLabel(/^Build service/).fill('shop-builder');
  await page.keyboard.press('Escape');
  await page.getByLabel(/^Argument for the branch/).fill('BRANCH');
  const preview = page.getByRole('region', { name: 'Preview of the run form' });
  const input = preview.getByRole('group', { name: /What to release/ });
  await expect(input.getByLabel('Branch')).toHaveValue('Chosen from shop-builder');
  await expect(input).toContainText('Becomes the argument BRANCH.');
  await expect(preview.getByLabel('OTHER')).toHaveValue('x');
  await expect(preview.getByLabel('BRANCH', { exact: true })).toHaveCount(0);
  const after = JSON.parse(await saved(page, server)) as { richInputs: unknown };
  expect(after.richInputs).toEqual([
    {
      kind: 'BranchCommitSelector',
      spec: {
        inputs: { source: 'shop-builder' },
        title: 'What to release',
        outputs: { branch: 'BRANCH' },
      },
    },
  ]);
});

test('the webhook shows calls to copy, and never a token', async ({ page, server, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, server, text(triggers, '"options": { "paused": true }'), 'webhook');
  await expect(page.getByText('https://webhooks.northflank.com/release-flows/$TOKEN', { exact: true })).toBeVisible();
  await expect(page.getByText(/a call is answered with the status 202/)).toBeVisible();
  const name = 'Copy: Start a run with the values of the trigger other.one';
  await page.getByRole('button', { name }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText(/^Copied: Start a run/)).toBeAttached();
  const call = await page.evaluate(() => navigator.clipboard.readText());
  expect(call).toContain('$TOKEN?other%2Eone%2Ebranch=example&');
});

test('triggers are tried rule by rule', async ({ page, server }) => {
  await open(page, server, text(triggers, '"arguments": { "TAG": "1/2" }'), 'test');
  const verdict = page.getByRole('region', { name: 'What would happen' });
  const outcome = verdict.getByRole('status');

  await page.getByRole('button', { name: 'A push that should start a run' }).focus();
  await page.keyboard.press('Enter');
  await expect(outcome).toHaveText('A run starts now.');
  await expect(verdict).toContainText('The branch `main` matches the rule `main`.');
  await expect(verdict.getByRole('row', { name: '${refs.push.branch} main' })).toBeVisible();

  await page.getByRole('button', { name: 'A push of files that are left out' }).click();
  await expect(outcome).toHaveText('No run starts: no trigger waits for this.');
  await expect(verdict).toContainText('is ignored by the rule `docs/**`');

  await page.getByRole('button', { name: 'A draft pull request' }).click();
  await expect(outcome).toHaveText('No run starts: no trigger waits for this.');
  await expect(verdict).toContainText('The pull request is a draft, and this trigger ignores drafts.');

  await page.getByText('Paste what a Git service or a caller sends').click();
  const pasted = page.getByLabel('What was sent');
  await pasted.fill('{"action": "closed", "pull_request": {}}');
  await expect(pasted).toHaveAccessibleDescription(/`closed`/);
  await pasted.fill(
    JSON.stringify({
      ref: 'refs/heads/main',
      repository: { html_url: 'https://github.com/acme/shop' },
      commits: [{ id: '8f14e45fceea', message: 'Cart', added: [], modified: ['web/cart.ts'], removed: [] }],
    }),
  );
  await expect(page.getByText('Read as a push from GitHub.')).toBeVisible();
  await expect(outcome).toHaveText('A run starts now.');
  await expect(verdict).toContainText('`web/cart.ts` changed, and no rule ignores it.');

  await page.getByRole('button', { name: 'A webhook call' }).click();
  const address = page.getByLabel('Address of the call');
  await expect(address).toHaveValue(/push%2Ebranch=main.*TAG=1%2F2/);
  await expect(verdict.getByRole('row', { name: '${args.TAG} 1/2' })).toBeVisible();
  await address.fill('other%2Eone%2Ebranch=a%2Fb&COLOUR=blue');
  await expect(verdict.getByRole('row', { name: '${refs.other.one.branch} a/b' })).toBeVisible();
  await expect(verdict.getByRole('row', { name: '${args.COLOUR} blue' })).toBeVisible();

  // From the verdict to the rule, and back to what was typed.
  await page.getByRole('button', { name: 'A draft pull request' }).click();
  await verdict.getByRole('button', { name: 'Draft' }).first().click();
  await expect(page.getByRole('heading', { name: 'Git triggers' })).toBeVisible();
  await page.getByRole('button', { name: 'Try the triggers' }).click();
  await expect(page.getByLabel('From branch')).toHaveValue('feature/example');
  await expect(page.getByLabel('Pull request to repository')).toHaveValue(/acme/);

  // What is asked for has the words of what is tried.
  await page.getByLabel('What comes in').selectOption('A push');
  await expect(page.getByLabel('Pushed to branch')).toHaveValue('feature/example');
  await expect(page.getByLabel('Pushed to repository')).toHaveValue(/acme/);
});

test('another run and a pause decide as the options say', async ({ page, server }) => {
  await open(page, server, text(triggers, '"options": { "concurrencyPolicy": "forbid" }'), 'test');
  await page.getByRole('button', { name: 'A webhook call' }).click();
  const outcome = page.getByRole('region', { name: 'What would happen' }).getByRole('status');
  await expect(outcome).toHaveText('A run starts now.');
  await page.getByLabel('Other runs of this stage').selectOption('One run is active');
  await expect(outcome).toHaveText(/its concurrency policy is "forbid"/);
  await expect(page.getByText(/answered with the status 202/)).toBeVisible();
});

test('a problem of a setting leads to its field', async ({ page, server }) => {
  await openImported(page, server, text(triggers.replace('https://gitlab.com/acme/shop', 'nowhere')), 'options');
  await page.getByRole('button', { name: 'Visual' }).click();
  await page
    .getByRole('list', { name: 'Problems' })
    .getByRole('button', { name: /repository address/ })
    .first()
    .click();
  await expect(page.getByRole('heading', { name: 'Git triggers' })).toBeVisible();
  await expect(page.getByLabel(/^Repository/)).toBeFocused();
  await expect(page).toHaveURL(/view=settings&section=triggers/);
});

test('documents of odd shapes are shown as they are written, and kept', async ({ page, server }) => {
  const odd = text('"triggers": { "a": 1.0 }', '"options": [ 7e1 ]', '"gitops": "no"', '"richInputs": [ 3, { "kind": "Odd", "spec": 4 } ]', '"arguments": [ "x" ]', '"x-more": { "deep": [ null ] }');
  await openImported(page, server, odd, 'triggers');
  const main = page.getByRole('region').first();
  await expect(main).toContainText('{ "a": 1.0 }');
  for (const [name, shown] of [
    ['Options', '7e1'],
    ['GitOps', '"no"'],
    ['Arguments', '[ "x" ]'],
    ['Inputs', 'Input'],
    ['Webhook', 'What a call can say'],
    ['Try the triggers', 'What would happen'],
    ['Document', '{ "deep": [ null ] }'],
  ]) {
    await page.getByRole('navigation', { name: 'Sections of the settings' }).getByRole('button', { name: new RegExp(`^${name}`) }).click();
    await expect(page.getByRole('heading', { level: 2, name })).toBeVisible();
    await expect(page.locator('.settings-section')).toContainText(shown);
  }
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export as a file' }).click();
  expect(await readFile(await (await download).path(), 'utf8')).toBe(odd);
});
