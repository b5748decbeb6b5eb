// Choosing what a node acts on: lists that are filtered while typing, with what can't be used here
// and why, and free text all the same.
import { expect, expectAccessible, signIn, test } from '../support/server';

const edit = (server: { url: string }, stage: string) =>
  `${server.url}/projects/shop/pipelines/shop/${stage}/edit`;

test('a resource is chosen from those of the stage; the others say why not', async ({ page, server }) => {
  await signIn(page, server);
  await page.goto(edit(server, 'staging'));
  await page.getByRole('treeitem', { name: /^Run job/ }).click();
  const job = page.getByRole('combobox', { name: 'Job', exact: true });
  await job.focus();
  await page.keyboard.press('ArrowDown');
  const list = page.getByRole('listbox', { name: 'Choices for Job' });
  const mine = list.getByRole('group', { name: 'In Staging' }).getByRole('option', { name: /shop-migrate-staging/ });
  await expect(mine).toContainText('Shop migration (staging)');
  await expect(mine).toContainText('Job · Staging');
  await expect(mine).toHaveAttribute('aria-selected', 'true');
  const others = list.getByRole('group', { name: /^Belongs to Production/ });
  await expect(others).toContainText('A release in Staging can only act on Staging’s resources.');
  const barred = others.getByRole('option', { name: /shop-migrate-prod/ });
  await expect(barred).toHaveAttribute('aria-disabled', 'true');
  await expectAccessible(page);
  await barred.click({ force: true });
  await expect(job).toHaveValue('shop-migrate-staging');
  await expect(list).toBeVisible();

  // Escape closes the list and leaves the keyboard in the field.
  await page.keyboard.press('Escape');
  await expect(list).toBeHidden();
  await expect(job).toBeFocused();

  // Typing filters; what isn't there is kept and said to be unknown.
  await job.fill('MIGR prod');
  await expect(list.getByRole('option', { name: /^shop-/ })).toHaveCount(1);
  await job.fill('shop-migrate-prod');
  await page.keyboard.press('Escape');
  await expect(job).toHaveAccessibleDescription(/No job `shop-migrate-prod` in Staging\./);
  await page.emulateMedia({ colorScheme: 'dark' });
  await job.fill('stag');
  await expectAccessible(page);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(job).toHaveValue('shop-migrate-staging');
  await expect(job).toBeFocused();
  await expect(list).toBeHidden();
  await expect(page.getByRole('treeitem', { name: /^Run job shop-migrate-staging/ })).toBeVisible();
});

test('outputs of earlier nodes and arguments can be chosen', async ({ page, server }) => {
  await signIn(page, server);
  await page.goto(edit(server, 'development'));
  await page.getByRole('treeitem', { name: /^Deploy build/ }).first().click();
  // The demo's flow reads the build: as a value the field is empty, and offers what can be read.
  const toggle = page.getByRole('button', { name: 'Expression: Build', exact: true });
  await expect(toggle).toHaveAttribute('aria-pressed', 'true');
  await toggle.click();
  const build = page.getByRole('combobox', { name: 'Build', exact: true });
  await expect(build).toHaveValue('');
  await build.focus();
  await page.keyboard.press('Alt+ArrowDown');
  const list = page.getByRole('listbox', { name: /^Choices for Build/ });
  const earlier = list.getByRole('group', { name: 'From earlier in the flow' });
  await expect(earlier.getByRole('option')).toHaveCount(1);
  await expect(list.getByRole('group', { name: 'Arguments' }).getByRole('option', { name: /args\.BRANCH/ })).toBeVisible();
  await earlier.getByRole('option').click();
  // What was chosen is an expression, and the field becomes one for those.
  await expect(toggle).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByRole('textbox', { name: 'Build', exact: true })).toHaveValue(/^\$\{refs\..*\.id\}$/);
});

test('branches and commits are read from the repository when the list is opened', async ({ page, server }) => {
  await signIn(page, server);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const reads = (what: string) => asked.filter((path) => path.endsWith(`/services/shop-builder/${what}`)).length;
  await page.goto(edit(server, 'development'));
  await page.getByRole('treeitem', { name: /^Start build/ }).click();
  // The demo's flow reads the branch from an argument.
  await page.getByRole('button', { name: 'Expression: Branch', exact: true }).click();
  const branch = page.getByRole('combobox', { name: 'Branch', exact: true });
  await expect(branch).toBeVisible();
  expect(reads('branches'), 'nothing is asked for before the list is opened').toBe(0);
  await branch.click();
  const list = page.getByRole('listbox', { name: /^Choices for Branch/ });
  const branches = list.getByRole('group', { name: 'Branches of shop-builder' });
  await expect(branches.getByRole('option', { name: /^main/ })).toContainText(/[0-9a-f]{8} · /);
  const again = list.getByRole('option', { name: /^Read at \d\d:\d\d\./ });
  await again.click();
  await expect.poll(() => reads('branches')).toBe(2);
  await branches.getByRole('option', { name: /^main/ }).click();
  await expect(branch).toHaveValue('main');

  const commit = page.getByRole('combobox', { name: 'Commit', exact: true });
  await commit.click();
  const commits = page.getByRole('group', { name: 'Newest commits of main' });
  await expect(commits.getByRole('option').first()).toBeVisible();
  await expectAccessible(page);
  await commits.getByRole('option').first().click();
  await expect(commit).toHaveValue(/^[0-9a-f]{40}$/);

  // What can't be read says so, and what was read stays.
  await page.route('**/services/shop-builder/branches*', (route) => route.abort());
  await branch.click();
  await list.getByRole('option', { name: /^Read at/ }).click();
  await expect(list.getByRole('option', { name: /can't be reached.*Shown is what was read at \d\d:\d\d/ })).toBeVisible();
  await expect(branches.getByRole('option', { name: /^main/ })).toBeVisible();
});
