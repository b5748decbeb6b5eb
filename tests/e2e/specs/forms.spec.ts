// Settings of a node: every sort of field filled in by keyboard, expressions with completion and
// preview, lists and maps, a node as JSON; only the bytes that were edited change.

import type { Page } from '@playwright/test';

import { expect, expectAccessible, signIn, signInWith, test, type Server } from '../support/server';

const flow = 'v1/projects/shop/pipelines/shop/release-flows/development';

async function store(server: Server, text: string) {
  const stored = await fetch(`${server.url}/${flow}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.token}`, 'content-type': 'application/json' },
    body: text,
  });
  expect(stored.status, await stored.text()).toBe(200);
}

async function stored(server: Server): Promise<string> {
  const headers = { authorization: `Bearer ${server.token}` };
  return (await fetch(`${server.url}/slipway/${flow}/document`, { headers })).text();
}

async function open(page: Page, server: Server, text: string) {
  await store(server, text);
  await page.goto(`${server.url}/projects/shop/pipelines/shop/development/edit`);
  await expect(item(page, /workflow/i).first()).toBeVisible();
}

const item = (page: Page, name: RegExp) =>
  page.getByRole('tree', { name: 'Release flow' }).getByRole('treeitem', { name });
const settings = (page: Page) => page.getByRole('complementary', { name: 'Node settings' });

/** Saves by keyboard, from wherever it is; a look at the difference comes before it. */
async function save(page: Page) {
  await page.keyboard.press('Control+s');
  const dialog = page.getByRole('dialog', { name: 'Save the release flow' });
  await expect(dialog.getByRole('textbox', { name: /^Why you change it/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
}

/** Selects a node and gives its settings the keyboard. */
async function edit(page: Page, name: RegExp) {
  await item(page, name).focus();
  await page.keyboard.press('Enter');
  await expect(page.locator(':focus')).toHaveRole('heading');
}

const wrap = (steps: string, more = '') => `{
  "apiVersion": "v1.2",${more}
  "spec": {
    "kind": "Workflow",
    "spec": {
      "type": "sequential",
      "steps": [
${steps}
      ]
    }
  }
}
`;

test('every sort of field is filled in by keyboard', async ({ page, server }) => {
  await signIn(page, server);
  await open(
    page,
    server,
    wrap(`        { "kind": "Build", "ref": "web", "spec": { "id": "shop-builder", "type": "service", "branch": "main" } },
        { "kind": "AddonBackup", "ref": "kept", "spec": { "addonId": "shop-db-dev" }, "x": 1.50 }`),
  );
  const panel = settings(page);

  // What absence means is a check box's state, not a third word.
  await edit(page, /^Start build/);
  const reuse = panel.getByRole('checkbox', { name: 'Reuse an existing build' });
  await expect(reuse).toBeChecked();
  await reuse.focus();
  await page.keyboard.press('Space');
  await panel.getByRole('combobox', { name: 'Branch', exact: true }).fill('release');
  await panel.getByRole('checkbox', { name: 'Wait for completion' }).press('Space');
  await panel.getByRole('combobox', { name: 'Commit', exact: true }).fill('abc');
  await expect(panel.getByRole('combobox', { name: 'Commit', exact: true })).toHaveAttribute(
    'aria-invalid',
    'true',
  );
  await expect(panel.getByText(/40 characters/).first()).toBeVisible();
  await panel.getByRole('combobox', { name: 'Commit', exact: true }).fill('');

  // A rule between two fields is told at both, with a way out.
  const pull = panel.getByRole('combobox', { name: 'Pull request', exact: true });
  await pull.fill('7');
  await expect(panel.getByText(/^Build a branch or a pull request, not both/)).toHaveCount(2);
  await panel.getByRole('button', { name: 'Remove it' }).first().press('Enter');
  await expect(panel.getByText(/^Build a branch or a pull request, not both/)).toHaveCount(0);
  await expect(page.locator(':focus')).toHaveRole('combobox');

  // What is further in stays open from node to node.
  await panel.getByText('More settings').click();
  await panel.getByLabel('When the build rules say no').selectOption('skip');
  const paths = panel.getByRole('group', { name: 'Path rules' });
  await paths.getByRole('button', { name: /^Add/ }).press('Enter');
  await page.keyboard.type('docs/**');
  await paths.getByRole('button', { name: /^Add/ }).press('Enter');
  await page.keyboard.type('*.md');
  await page.keyboard.press('Alt+ArrowUp');
  await expect(paths.getByRole('group', { name: '1 of 2' }).getByRole('textbox')).toBeFocused();
  await paths.getByRole('button', { name: /^Add/ }).press('Enter');
  await page.keyboard.type('gone');
  const last = paths.getByRole('group', { name: '3 of 3' });
  await last.getByRole('button', { name: 'Remove' }).press('Enter');
  await expect(paths.getByRole('group', { name: '2 of 2' }).getByRole('textbox')).toBeFocused();

  const map = panel.getByRole('group', { name: 'Build arguments' });
  await map.getByLabel(/^New name/).fill('PROFILE');
  await page.keyboard.press('Enter');
  await expect(map.getByRole('textbox', { name: 'Value' })).toBeFocused();
  await page.keyboard.type('fast');
  const entry = map.getByRole('group', { name: 'PROFILE' });
  await entry.getByRole('textbox', { name: 'Name', exact: true }).fill('BUILD_PROFILE');
  await page.keyboard.press('Tab');
  await expect(map.getByRole('group', { name: 'BUILD_PROFILE' })).toBeVisible();
  await expectAccessible(page);

  // Objects in a list have the fields of their table.
  await edit(page, /^Run backup/);
  await expect(panel.getByText('Not set: snapshot of the disk')).toBeAttached();
  const further = panel.getByRole('group', { name: 'Further destinations' });
  await further.getByRole('button', { name: /^Add/ }).press('Enter');
  await further.getByRole('textbox', { name: 'Days kept', exact: true }).fill('30');
  await save(page);
  const text = await stored(server);
  const [build, backup] = JSON.parse(text).spec.spec.steps;
  expect(build.spec).toEqual({
    id: 'shop-builder',
    type: 'service',
    branch: 'release',
    reuseExistingBuilds: false,
    buildRuleFallThroughHandling: 'skip',
    buildRules: { pathIgnoreRules: ['*.md', 'docs/**'] },
    buildOverrides: { buildArguments: { BUILD_PROFILE: 'fast' } },
  });
  expect(build.condition).toBe('success');
  expect(backup.spec.additionalDestinations).toEqual([{ type: 'custom', retentionTime: 30 }]);
  expect(text).toContain('"x": 1.50');
});

test('an expression is completed, and says what it becomes', async ({ page, server }) => {
  await signIn(page, server);
  await open(
    page,
    server,
    wrap(
      `        { "kind": "Build", "ref": "web", "spec": { "id": "shop-builder", "type": "service", "branch": "main" } },
        { "kind": "Release", "ref": "go", "spec": { "type": "registry", "origin": { "imagePath": "nginx:1" }, "target": { "id": "shop-web-dev", "type": "service" } } }`,
      `
  "arguments": { "TAG": "1.4.0" },`,
    ),
  );
  const panel = settings(page);
  await edit(page, /^Deploy image/);
  await panel.getByRole('textbox', { name: 'Image', exact: true }).fill('');
  const toggle = panel.getByRole('button', { name: 'Expression: Image' });
  await toggle.press('Enter');
  const field = panel.getByRole('textbox', { name: 'Image', exact: true });
  await expect(field).toBeFocused();
  await expect(toggle).toHaveAttribute('aria-pressed', 'true');

  // The list opens with everything that can be read here, narrowed down while typing.
  const list = page.getByRole('listbox', { name: 'What can be read here' });
  await expect(list.getByRole('option', { name: /^args\.TAG/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(list).toBeHidden();
  await expect(field).toBeFocused();
  await page.keyboard.type('registry.example.org/web:${fn.toUp');
  await page.keyboard.press('Tab');
  await page.keyboard.type('TA');
  await expect(list.getByRole('option', { selected: true })).toContainText('TAG');
  await page.keyboard.press('Enter');
  // The name of a function came with both its parentheses.
  await expect(field).toHaveValue('registry.example.org/web:${fn.toUpper(args.TAG)');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.type('}');
  await expect(field).toHaveValue('registry.example.org/web:${fn.toUpper(args.TAG)}');
  const preview = panel.getByRole('group', { name: 'Preview' });
  await expect(preview).toContainText('Becomes registry.example.org/web:1.4.0');

  // What only a run can tell is said in words; what is wrong is said at the field.
  await field.fill('${refs.web.sha}');
  await expect(preview).toContainText('The commit that was built. Known once `web`');
  await field.fill('${refs.web.sha');
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await page.keyboard.press('Escape');
  await expectAccessible(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(page);

  // Back to a value, and to the expression again: nothing is lost.
  await toggle.press('Enter');
  const plain = panel.getByRole('textbox', { name: 'Image', exact: true });
  await expect(plain).toHaveValue('');
  await plain.fill('ghcr.io/acme/web:2');
  await toggle.press('Enter');
  await expect(field).toHaveValue('${refs.web.sha');
  await toggle.press('Enter');
  await expect(plain).toHaveValue('ghcr.io/acme/web:2');
});

test('the wrong part of an expression is underlined', async ({ page, server }) => {
  await signIn(page, server);
  await open(page, server, wrap(`        { "kind": "JobRun", "ref": "go", "spec": { "jobId": "\${fn.toUper(args.X)}-\${args.X}" } }`));
  await edit(page, /^Run job/);
  const wrong = settings(page).locator('.code-wrong').filter({ hasText: /./ });
  await expect(wrong.first()).toHaveCSS('text-decoration-style', 'wavy');
  expect((await wrong.allTextContents()).join('')).toBe('fn.toUper(args.X)');
});

test('another type keeps what fits and says what goes', async ({ page, server }) => {
  await signIn(page, server);
  await open(
    page,
    server,
    wrap(
      `        { "kind": "Release", "ref": "go", "spec": { "type": "build", "origin": { "id": "shop-builder", "branch": "main", "build": "latest" }, "target": { "id": "shop-web-dev", "type": "service" } } }`,
    ),
  );
  const panel = settings(page);
  await edit(page, /^Deploy build/);
  await panel.getByLabel('What it does').selectOption('Deploy image');
  await expect(panel.getByRole('status').getByText(/^Left out.*Branch \(main\)/)).toBeVisible();
  await expect(item(page, /^Deploy image/)).toBeVisible();
  await expect(panel.getByRole('combobox', { name: 'Target', exact: true })).toHaveValue('shop-web-dev');
  await page.keyboard.press('Control+z');
  await expect(item(page, /^Deploy build shop-builder/)).toBeVisible();
});

test('several nodes are changed at once', async ({ page, server }) => {
  await signIn(page, server);
  await open(
    page,
    server,
    wrap(`        { "kind": "JobRun", "ref": "a", "spec": { "jobId": "shop-migrate-dev" } },
        { "kind": "JobRun", "ref": "b", "spec": { "jobId": "shop-migrate-dev" } }`),
  );
  const panel = settings(page);
  await item(page, /^Run job/).first().focus();
  await page.keyboard.press('Control+a');
  await expect(panel.getByRole('heading', { name: /nodes selected/ })).toBeVisible();
  await panel.getByRole('button', { name: /^Skip/ }).press('Enter');
  await expect(page.locator(':focus')).toHaveRole('treeitem');
  await save(page);
  expect((await stored(server)).match(/"skipNodeExecution": ?"true"/g)?.length).toBeGreaterThanOrEqual(1);
});

test('on a phone the settings are a sheet that can be closed', async ({ page, server }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn(page, server);
  await open(
    page,
    server,
    wrap(`        { "kind": "JobRun", "ref": "a", "spec": { "jobId": "shop-migrate-dev" } }`),
  );
  const panel = settings(page);
  await item(page, /^Run job/).focus();
  const field = panel.getByRole('combobox', { name: 'Job', exact: true });
  await expect(field).toBeInViewport();
  await panel.getByRole('button', { name: 'Close the settings' }).click();
  await expect(field).not.toBeInViewport();
  await expect(item(page, /^Run job/)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(panel.getByRole('heading', { name: /^Run job/ })).toBeFocused();
  await expect(field).toBeInViewport();
  await page.keyboard.press('Escape');
  await expect(item(page, /^Run job/)).toBeFocused();
  await expectAccessible(page);
});

test('a node as JSON that can’t be read stays out of the flow', async ({ page, server }) => {
  await signIn(page, server);
  const before = wrap(`        { "kind": "JobRun", "ref": "a", "spec": { "jobId": "shop-migrate-dev" } }`);
  await open(page, server, before);
  const panel = settings(page);
  await item(page, /^Run job/).focus();
  await panel.getByRole('tab', { name: 'JSON' }).click();
  const text = panel.getByRole('textbox', { name: 'The node as JSON' });
  await text.fill('{ "kind": ');
  await expect(text).toHaveAttribute('aria-invalid', 'true');
  await expect(panel.getByText(/The flow keeps the last good text/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Undo' })).toBeDisabled();
  expect(await stored(server)).toBe(before);
  const format = panel.getByRole('button', { name: 'Format' });
  await expect(format).toHaveAttribute('aria-disabled', 'true');
  await expect(format).toHaveAccessibleDescription("What can't be read can't be formatted: mend it first.");
});

test('a node as JSON is laid out anew as one step, each number as it is written', async ({ page, server }) => {
  await signIn(page, server);
  await open(page, server, wrap(`        { "kind": "JobRun", "x": 1.50e2, "ref": "a", "spec": { "jobId": "shop-migrate-dev" } }`));
  const panel = settings(page);
  await item(page, /^Run job/).focus();
  await panel.getByRole('tab', { name: 'JSON' }).click();
  const text = panel.getByRole('textbox', { name: 'The node as JSON' });
  const before = await text.inputValue();
  await panel.getByRole('button', { name: 'Format' }).click();
  await expect(text).toHaveValue('{\n  "kind": "JobRun",\n  "x": 1.50e2,\n  "ref": "a",\n  "spec": {\n    "jobId": "shop-migrate-dev"\n  }\n}');
  await expectAccessible(page);
  await page.getByRole('button', { name: /^Undo/ }).click();
  await expect(text).toHaveValue(before);
});

test('who may not edit sees everything, changes nothing and is told why', async ({ page, server }) => {
  const image = '${args.X}';
  await store(
    server,
    wrap(`        { "kind": "Release", "ref": "a", "spec": { "type": "registry", "origin": { "imagePath": "${image}" }, "target": { "id": "shop-web-dev", "type": "service" } } }`),
  );
  await signInWith(page, server, server.newToken('eyes', 'viewer'));
  await page.goto(`${server.url}/projects/shop/pipelines/shop/development/edit`);
  await item(page, /^Deploy image/).click();
  const panel = settings(page);
  await expect(panel.getByText("Your role, viewer, can't change release flows.")).toBeVisible();
  const field = panel.getByRole('textbox', { name: 'Image', exact: true });
  await field.focus();
  await page.keyboard.type('more');
  await expect(field).toHaveValue(image);
  await expect(panel.getByRole('button', { name: 'Delete' })).toHaveAttribute('aria-disabled', 'true');
  await expect(panel.getByRole('checkbox', { name: 'Skip this node' })).toBeDisabled();
  await panel.getByRole('tab', { name: 'JSON' }).click();
  await expect(panel.getByRole('textbox', { name: 'The node as JSON' })).toHaveAttribute('readonly');
  await expectAccessible(page);
});

test('a ref that another node has is refused at its field', async ({ page, server }) => {
  await signIn(page, server);
  const text = '{"apiVersion":"v1.2","spec":{"kind":"Workflow","spec":{"type":"sequential","steps":[{"kind":"JobRun","ref":"one","spec":{"jobId":"shop-migrate-dev"}},{"kind":"JobRun","ref":"other","spec":{"jobId":"shop-migrate-dev"}}]}}}';
  await open(page, server, text);
  await item(page, /ref other/).click();
  const ref = settings(page).getByRole('textbox', { name: 'Ref', exact: true });
  await ref.focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('one');
  await expect(ref).toHaveAttribute('aria-invalid', 'true');
  await expect(ref).toHaveAccessibleDescription(/one.* The flow keeps what it had\./);
  await page.keyboard.type('s');
  await expect(ref).not.toHaveAttribute('aria-invalid', 'true');
  await expect(item(page, /ref ones/)).toHaveCount(1);
});

test('text of a node that can not be read is there again', async ({ page, server }) => {
  await signIn(page, server);
  await page.goto(`${server.url}/projects/shop/pipelines/shop/development/edit`);
  await item(page, /^Run job/).click();
  await settings(page).getByRole('tab', { name: 'JSON' }).click();
  const json = settings(page).getByRole('textbox', { name: 'The node as JSON' });
  await json.focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(',,');
  await expect(json).toHaveAttribute('aria-invalid', 'true');
  await item(page, /^Run backup/).click();
  await expect(json).not.toHaveValue(/,,$/);
  await item(page, /^Run job/).click();
  await expect(json).toHaveValue(/,,$/);
  await expect(json).toHaveAttribute('aria-invalid', 'true');
});
