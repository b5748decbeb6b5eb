// Problems in the editor: what is wrong is sifted, grouped, led to and corrected, by mouse and by
// keyboard, and the page keeps to its window.
import { expect, expectAccessible, signIn, test } from '../support/server';
import type { Page } from '@playwright/test';

const flow = {
  apiVersion: 'v1.2',
  spec: {
    kind: 'Workflow',
    spec: {
      type: 'sequential',
      steps: [
        { kind: 'JobRun', waitForCompletion: true, spec: { jobId: 'shop-migrate-staging' } },
        { kind: 'JobRun', spec: { jobId: 'shop-migrate-dev' } },
      ],
    },
  },
};

async function open(page: Page, server: any, document: object) {
  const path = '/v1/projects/shop/pipelines/shop/release-flows/staging';
  const saved = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(document),
  });
  expect(saved.status).toBe(200);
  await signIn(page, server);
  await page.goto(`${server.url}/projects/shop/pipelines/shop/staging/edit`);
}

test('a problem leads to its field and is corrected beside it', async ({ page, server }) => {
  await open(page, server, flow);
  const problems = page.getByRole('list', { name: 'Problems' });
  await expect(problems.getByText(/no job `shop-migrate-dev` in the Staging stage/)).toBeVisible();
  await expect(problems.getByText(/`shop-migrate-staging` in/)).toHaveCount(0);
  await problems.getByRole('button', { name: /in the Staging stage/ }).click();
  await expect(page.getByRole('treeitem', { name: /shop-migrate-dev/ })).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('combobox', { name: 'Job', exact: true })).toBeFocused();

  // Each names its field: in the list, and where a node is shown as JSON.
  await expect(problems.getByRole('button', { name: /^Error: Run job shop-migrate-dev → Job There .*Staging stage/ })).toBeVisible();
  await page.getByRole('tab', { name: 'JSON' }).click();
  await expect(page.getByRole('complementary', { name: 'Node settings' }).getByText(/^Job: .*Staging stage/)).toBeVisible();
  await page.getByRole('tab', { name: 'Settings' }).click();

  // By keyboard: the correction takes its row away, and the focus goes to the next problem.
  const fix = problems.getByRole('button', { name: /^Write .*condition/ });
  await fix.focus();
  await page.keyboard.press('Enter');
  await expect(fix).toHaveCount(0);
  await expect(problems.getByRole('button', { name: /in the Staging stage/ })).toBeFocused();
  const first = page.getByRole('treeitem', { name: /shop-migrate-staging/ });
  await expect(first).toContainText('Waits until it succeeded');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(fix).toBeVisible();
  await expectAccessible(page);

  const beyond = () => page.evaluate(() => document.scrollingElement!.scrollHeight - innerHeight);
  expect(await beyond(), 'the editor fills the window and no more').toBe(0);
  await page.setViewportSize({ width: 390, height: 844 });
  const wide = () => page.evaluate(() => document.scrollingElement!.scrollWidth - innerWidth);
  expect(await wide(), 'nothing is wider than a phone').toBeLessThanOrEqual(0);
});

test('all problems of a kind are corrected as one step', async ({ page, server }) => {
  const step = (jobId: string) => ({ kind: 'JobRun', waitForCompletion: true, spec: { jobId } });
  const steps = [step('shop-migrate-staging'), step('shop-migrate-staging'), { kind: 'JobRun', spec: { jobId: 'shop-migrate-prod' } }];
  await open(page, server, { ...flow, spec: { kind: 'Workflow', spec: { type: 'sequential', steps } } });
  const problems = page.getByRole('list', { name: 'Problems' });
  await page.getByRole('combobox', { name: 'Order' }).selectOption('By kind of problem');
  const all = problems.getByRole('button', { name: 'Fix all of this kind (2)' });
  await expect(all).toBeVisible();
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(page);
  await all.click();
  await expect(page.getByRole('treeitem', { name: /shop-migrate-staging/ }).filter({ hasText: 'Waits until it succeeded' })).toHaveCount(2);
  await expect(all).toHaveCount(0);
  await expect(page.locator(':focus')).toHaveAccessibleName(/shop-migrate-prod/);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(all).toBeVisible();

  // The list is sifted by severity and by words.
  await page.getByRole('searchbox', { name: 'Search the problems' }).fill('migrate-prod');
  await expect(problems.getByRole('button', { name: /Staging stage/ })).toHaveCount(1);
  await expect(all).toHaveCount(0);
  await page.getByRole('searchbox', { name: 'Search the problems' }).fill('no such words');
  await expect(page.getByText('No problem fits what is looked for.')).toBeVisible();
});

test('F8 goes through the problems from anywhere', async ({ page, server }) => {
  const job = (jobId: string) => ({ kind: 'JobRun', ref: jobId, spec: { jobId } });
  const steps = [job('shop-migrate-dev'), job('shop-migrate-prod')];
  await open(page, server, { ...flow, spec: { kind: 'Workflow', spec: { type: 'sequential', steps } } });
  const count = page.getByRole('button', { name: '2 errors' }).and(page.locator('[title*="F8"]'));
  await expect(count).toBeVisible();
  await page.getByRole('treeitem').first().focus();
  const field = page.getByRole('combobox', { name: 'Job', exact: true });
  const said = (text: RegExp) => page.getByRole('status').filter({ hasText: text });
  await page.keyboard.press('F8');
  await expect(field).toBeFocused();
  await expect(field).toHaveValue('shop-migrate-dev');
  await expect(said(/^Problem 1 of 2, error: Run job shop-migrate-dev, Job\./)).toBeAttached();
  await page.keyboard.press('F8');
  await expect(field).toHaveValue('shop-migrate-prod');
  await expect(field).toBeFocused();
  await expect(said(/^Problem 2 of 2/)).toBeAttached();
  await page.keyboard.press('Shift+F8');
  await expect(field).toHaveValue('shop-migrate-dev');
  await count.click();
  await expect(said(/^Problem 2 of 2/)).toBeAttached();
});

test('what reads a node is listed, and asked about before it goes', async ({ page, server }) => {
  await signIn(page, server);
  await page.goto(`${server.url}/projects/shop/pipelines/shop/development/edit`);
  const build = page.getByRole('treeitem', { name: /^Start build/ });
  await build.click();
  const by = page.getByRole('list', { name: 'Used by' });
  await expect(by.getByRole('listitem')).toHaveCount(4);
  await expect(page.getByRole('list', { name: 'Uses', exact: true })).toContainText('Argument BRANCH');
  await by.getByRole('button', { name: /^Deploy build/ }).first().click();
  await expect(page.getByRole('textbox', { name: /^Branch/ })).toBeFocused();
  await expect(page.getByRole('list', { name: 'Uses', exact: true }).getByRole('button', { name: /^Start build/ })).toBeVisible();

  await build.focus();
  await page.keyboard.press('Delete');
  const dialog = page.getByRole('dialog', { name: /^4 places read what would be gone/ });
  await expect(dialog.getByRole('button', { name: /^Deploy build .* → Build$/ }).first()).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(build).toBeFocused();
  await page.keyboard.press('Delete');
  await dialog.getByRole('button', { name: 'Delete anyway' }).click();
  await expect(build).toHaveCount(0);
  await expect(page.locator(':focus')).toHaveRole('treeitem');

  // What nothing reads goes at once.
  const job = page.getByRole('treeitem', { name: /^Run job/ });
  await job.focus();
  await page.keyboard.press('Delete');
  await expect(job).toHaveCount(0);
});

// A push gives the branch, a copy of a repository its tracker's ID, a build its commit.
const read = {
  apiVersion: 'v1.2',
  triggers: [{ ref: 'push', vcsService: 'github', repoUrl: 'https://github.com/acme/shop', branchRestrictions: ['main'] }],
  options: { paused: true },
  spec: {
    kind: 'Workflow',
    spec: {
      type: 'sequential',
      steps: [
        { kind: 'Build', ref: 'web', condition: 'success', spec: { id: 'shop-builder', type: 'service', branch: '${refs.push.branch}' } },
        { kind: 'Message', spec: { kind: 'RAW_WEBHOOK', spec: { webhookUrl: 'https://hooks.acme.example/a', message: 'Built ${refs.web.sha}' } } },
        {
          kind: 'Action',
          ref: 'copy',
          spec: {
            kind: 'VCS',
            spec: {
              type: 'createRepoFromSource',
              data: { sourceData: { vcsService: 'github', repoUrl: 'https://github.com/acme/shop' }, targetData: { vcsService: 'github', name: 'shop-2' } },
            },
          },
        },
        { kind: 'Condition', spec: { kind: 'VCS', spec: { type: 'createRepoFromSourceSuccess', data: { trackerId: '${refs.copy.trackerId}' } } } },
      ],
    },
  },
};

test('a trigger that is read is asked about before it goes', async ({ page, server }) => {
  await open(page, server, read);
  await page.goto(`${page.url()}?view=settings&section=triggers`);
  const remove = page.getByRole('button', { name: 'Remove Git trigger push', exact: true });
  await remove.click();
  const dialog = page.getByRole('dialog', { name: 'One place reads what would be gone' });
  await expect(dialog.getByRole('button', { name: /^Start build .* → Branch$/ })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(remove).toBeFocused();
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Remove anyway' }).click();
  await expect(remove).toHaveCount(0);
  await expect(page.locator(':focus')).toHaveAccessibleName(/Add/);
});

test('another type is asked about where outputs go that are read', async ({ page, server }) => {
  await open(page, server, read);
  await page.getByRole('treeitem', { name: /^Copy repository/ }).click();
  const type = page.getByLabel('What it does');
  const was = await type.inputValue();
  await type.selectOption({ label: 'Restart service' });
  const dialog = page.getByRole('dialog', { name: 'One place reads what would be gone' });
  await expect(dialog).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(type).toHaveValue(was);
  await expect(page.getByRole('treeitem', { name: /^Copy repository/ })).toBeVisible();
  await type.selectOption({ label: 'Restart service' });
  await dialog.getByRole('button', { name: 'Switch anyway' }).click();
  await expect(page.getByRole('treeitem', { name: /^Restart service/ })).toBeVisible();
  await expect(page.getByRole('status').getByText(/^Left out/)).toBeVisible();
});

test('what reads a ref follows when another one was typed over it', async ({ page, server }) => {
  await open(page, server, read);
  await page.getByRole('treeitem', { name: /^Start build/ }).click();
  const ref = page.getByRole('textbox', { name: 'Ref', exact: true });
  await ref.fill('site');
  await ref.press('Tab');
  const dialog = page.getByRole('dialog', { name: 'web is still read' });
  await expect(dialog.getByRole('listitem')).toHaveText([/^Call webhook.* → Message$/]);
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  // Left as it was, it is a problem. Nobody is asked about a name that nobody read.
  await expect(page.getByRole('list', { name: 'Problems' }).getByText(/Nothing in this flow has the ref `web`/)).toBeVisible();
  await ref.fill('site-2');
  await ref.press('Tab');
  await expect(ref).not.toBeFocused();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await ref.fill('web');
  await ref.press('Tab');

  // Going to another node leaves the field as well.
  await ref.fill('shop');
  await page.getByRole('treeitem', { name: /^Call webhook/ }).click();
  await dialog.getByRole('button', { name: 'Let them read shop' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText('${refs.shop.sha}').first()).toBeAttached();
  await expect(page.getByRole('button', { name: 'Undo: Rename what reads web to shop' })).toBeVisible();

  // A name that is taken out can be put back.
  await page.getByRole('treeitem', { name: /^Start build/ }).click();
  await ref.fill('');
  await ref.press('Tab');
  await page.getByRole('dialog', { name: 'shop is still read' }).getByRole('button', { name: 'Put shop back' }).click();
  await expect(ref).toHaveValue('shop');
});

test('problems of the settings say what they are about', async ({ page, server }) => {
  await open(page, server, { ...read, arguments: { UNREAD: '1' } });
  const problems = page.getByRole('list', { name: 'Problems' });
  await page.getByRole('combobox', { name: 'Order' }).selectOption('By node');
  await expect(problems.getByRole('list', { name: 'Options', exact: true })).toContainText('paused');
  await problems.getByRole('list', { name: 'Argument UNREAD' }).getByRole('button', { name: /UNREAD/ }).first().click();
  await expect(page).toHaveURL(/view=settings&section=arguments/);
});

test('an argument that is read is asked about before it goes', async ({ page, server }) => {
  await open(page, server, {
    apiVersion: 'v1.2',
    arguments: { JOB: 'migrate' },
    spec: { kind: 'Workflow', spec: { type: 'sequential', steps: [{ kind: 'JobRun', spec: { jobId: '${args.JOB}' } }] } },
  });
  await page.goto(`${page.url()}?view=settings&section=arguments`);
  const remove = page.getByRole('button', { name: 'Remove argument JOB', exact: true });
  await remove.click();
  const dialog = page.getByRole('dialog', { name: 'One place reads what would be gone' });
  await expect(dialog.getByRole('button', { name: /^Run job .* → Job$/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(remove).toBeVisible();
  await remove.click();
  await dialog.getByRole('button', { name: 'Remove anyway' }).click();
  await expect(remove).toHaveCount(0);
  await expect(page.locator(':focus')).not.toHaveCount(0);
});
