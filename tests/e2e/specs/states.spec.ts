// Every state that the editor can be in, looked at by axe in light and dark, and some on a phone:
// one table for each sort of state, one browser for each table.

import type { Locator, Page } from '@playwright/test';

import { accessFaults, expect, signIn, signInWith, test, type Server } from '../support/server';

const stage = '/v1/projects/shop/pipelines/shop/release-flows/development';
const edit = (server: Server, query = '') => `${server.url}/projects/shop/pipelines/shop/development/edit${query}`;

const wide = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };

const job = (ref: string, rest = {}) => ({ kind: 'JobRun', ref, spec: { jobId: 'shop-migrate-dev' }, ...rest });
const workflow = (type: string, steps: unknown[], rest = {}) => ({ kind: 'Workflow', spec: { type, steps }, ...rest });

/** A flow with something of everything: uses, waits, skips, workflows in workflows, an unknown kind. */
const full = {
  apiVersion: 'v1.2',
  arguments: { BRANCH: 'main', TAG: '1.4.0' },
  options: { concurrencyPolicy: 'queue', paused: true },
  gitops: { vcsService: 'github', repoUrl: 'https://github.com/acme/shop', branch: 'main', filePath: '/flow.json' },
  triggers: [
    { ref: 'push', vcsService: 'github', repoUrl: 'https://github.com/acme/shop', branchRestrictions: ['main'], prRestrictions: ['feature/*'], ignoreDrafts: true },
  ],
  richInputs: [{ kind: 'BuildSelector', spec: { title: 'Build', inputs: { source: 'shop-builder' }, outputs: { buildId: 'TAG' } } }],
  spec: workflow('sequential', [
    { kind: 'Build', ref: 'web', spec: { id: 'shop-builder', type: 'service', branch: '${args.BRANCH}' }, condition: 'success' },
    workflow('parallel', [
      { kind: 'Release', ref: 'go', spec: { type: 'build', origin: { id: 'shop-builder', branch: 'main', build: '${refs.web.id}' }, target: { id: 'shop-web-dev', type: 'service' } }, condition: 'running' },
      workflow('sequential', [{ kind: 'AddonBackup', ref: 'kept', spec: { addonId: 'shop-db-dev' } }]),
      workflow('sequential', []),
    ]),
    job('migrate', { skipNodeExecution: 'true' }),
    { kind: 'Oddity', ref: 'odd', spec: { x: [1, 2] } },
    { kind: 'Release', ref: 'image', spec: { type: 'registry', origin: { imagePath: 'ghcr.io/acme/web:${args.TAG}' }, target: { id: 'shop-web-dev', type: 'service' } } },
    job('elsewhere', { spec: { jobId: 'shop-migrate-prod' }, waitForCompletion: true }),
  ]),
};

async function store(server: Server, flow: object): Promise<void> {
  const answer = await server.fetch(stage, { method: 'POST', body: JSON.stringify(flow, null, 2) });
  expect(answer.status, await answer.text()).toBe(200);
}

const tree = (page: Page) => page.getByRole('tree', { name: 'Release flow' });
const item = (page: Page, name: RegExp) => tree(page).getByRole('treeitem', { name }).first();
const settings = (page: Page) => page.getByRole('complementary', { name: 'Node settings' });
const dialog = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name });

/** A state: how to get there from the one before, and what shows that it is there. */
interface State {
  name: string;
  enter: (page: Page) => Promise<unknown>;
  shown: (page: Page) => Locator;
  /** Leads out of it; the Escape key does where nothing is said. */
  leave?: (page: Page) => Promise<unknown>;
  /** Looked at on a phone, too. */
  phone?: true;
}

const stay = async () => {};

/** Visits the states in their order; all that is wrong in any is told together. */
async function visit(page: Page, states: State[]): Promise<void> {
  const look = async (where: string) => expect.soft(await accessFaults(page), where).toEqual([]);
  for (const { name, enter, shown, leave, phone: small } of states) {
    await test.step(name, async () => {
      await enter(page);
      await expect.soft(shown(page), name).toBeVisible();
      await look(`${name}, light`);
      await page.emulateMedia({ colorScheme: 'dark' });
      await look(`${name}, dark`);
      if (small) {
        await page.setViewportSize(phone);
        await look(`${name}, dark, on a phone`);
        const beyond = await page.evaluate(() => document.scrollingElement!.scrollWidth - innerWidth);
        expect.soft(beyond, `${name} is no wider than a phone`).toBeLessThanOrEqual(0);
        await page.emulateMedia({ colorScheme: 'light' });
        await look(`${name}, light, on a phone`);
        await page.setViewportSize(wide);
      }
      await page.emulateMedia({ colorScheme: 'light' });
      if (leave) return leave(page);
      await page.keyboard.press('Escape');
      await expect(shown(page), `${name} is left`).toBeHidden();
    });
  }
}

/** Comes to a node and presses keys there. */
const keys = (node: RegExp, ...pressed: string[]) => async (page: Page) => {
  await page.getByRole('heading', { level: 1 }).focus();
  await item(page, node).focus();
  for (const key of pressed) await page.keyboard.press(key);
};

const onCanvas: State[] = [
  { name: 'nothing selected', enter: stay, shown: (page) => item(page, /^Start build/), leave: stay, phone: true },
  { name: 'a build', enter: keys(/^Start build/), shown: (page) => settings(page).getByRole('combobox', { name: 'Build service' }), leave: stay, phone: true },
  { name: 'a workflow', enter: keys(/^Parallel workflow/), shown: (page) => settings(page).getByRole('heading', { name: /^Parallel workflow/ }), leave: stay },
  { name: 'a node of an unknown kind', enter: keys(/^Oddity/), shown: (page) => settings(page).getByText("Slipway doesn't know this kind of node.", { exact: false }), leave: stay },
  { name: 'a node with problems', enter: keys(/^Run job shop-migrate-prod/), shown: (page) => settings(page).getByText(/no job .shop-migrate-prod. in the Development stage/i), leave: stay },
  {
    name: 'all settings of a node',
    enter: async (page) => {
      await item(page, /^Start build/).focus();
      await settings(page).getByText('More settings').click();
    },
    shown: (page) => settings(page).getByRole('group', { name: 'Build arguments' }),
    leave: (page) => settings(page).getByText('More settings').click(),
    phone: true,
  },
  {
    name: 'choices of a field',
    enter: async (page) => {
      await item(page, /^Run backup/).focus();
      await settings(page).getByRole('combobox', { name: 'Addon', exact: true }).press('ArrowDown');
    },
    shown: (page) => page.getByRole('listbox', { name: 'Choices for Addon' }),
    phone: true,
  },
  {
    name: 'an expression with its completion',
    enter: async (page) => {
      await item(page, /^Deploy image/).focus();
      const field = settings(page).getByRole('textbox', { name: 'Image', exact: true });
      await field.focus();
      await page.keyboard.press('End');
      await page.keyboard.type('-${');
    },
    shown: (page) => page.getByRole('listbox', { name: 'What can be read here' }),
    leave: async (page) => {
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: /^Undo/ }).click();
    },
  },
  {
    name: 'a node as JSON',
    enter: async (page) => {
      await item(page, /^Start build/).focus();
      await settings(page).getByRole('tab', { name: 'JSON' }).click();
    },
    shown: (page) => settings(page).getByRole('textbox', { name: 'The node as JSON' }),
    leave: (page) => settings(page).getByRole('tab', { name: 'Settings' }).click(),
  },
  { name: 'several nodes', enter: keys(/^Start build/, 'Control+a'), shown: (page) => settings(page).getByRole('heading', { name: /nodes selected/ }), leave: keys(/^Sequential workflow/, 'Escape') },
  { name: 'the list of kinds', enter: keys(/^Start build/, 'n'), shown: (page) => page.getByRole('listbox', { name: 'Kinds of node' }), phone: true },
  { name: 'the menu of a node', enter: keys(/^Start build/, 'Shift+F10'), shown: (page) => page.getByRole('menu', { name: 'Menu of the node' }), phone: true },
  { name: 'the menu of several nodes', enter: keys(/^Start build/, 'Control+a', 'Shift+F10'), shown: (page) => page.getByRole('menu', { name: 'Menu of the selected nodes' }) },
  {
    name: 'the menu of the canvas',
    enter: (page) => page.locator('.canvas').click({ button: 'right', position: { x: 12, y: 12 } }),
    shown: (page) => page.getByRole('menu', { name: 'Menu of the canvas' }),
  },
  { name: 'the command palette', enter: keys(/^Start build/, 'Control+k'), shown: (page) => dialog(page, 'Commands'), phone: true },
  { name: 'the shortcuts', enter: keys(/^Start build/, '?'), shown: (page) => dialog(page, 'Shortcuts'), phone: true },
  { name: 'renaming', enter: keys(/^Start build/, 'F2'), shown: (page) => dialog(page, 'Rename the ref') },
  { name: 'what a deletion breaks', enter: keys(/^Start build/, 'Delete'), shown: (page) => dialog(page, /read what would be gone|reads what would be gone/), phone: true },
  {
    name: 'the search',
    enter: async (page) => {
      await keys(/^Start build/, 'Control+f')(page);
      await page.keyboard.type('shop');
    },
    shown: (page) => page.getByRole('search').getByText(/found/),
  },
  { name: 'places to move to', enter: keys(/^Start build/, 'm'), shown: (page) => page.getByText('Choose where to move Start build', { exact: false }) },
  {
    name: 'a drag',
    enter: async (page) => {
      const from = (await page.getByRole('option', { name: 'Run job' }).boundingBox())!;
      const to = (await item(page, /^Oddity/).boundingBox())!;
      await page.mouse.move(from.x + 20, from.y + 10);
      await page.mouse.down();
      await page.mouse.move(from.x + 30, from.y + 20, { steps: 3 });
      await page.mouse.move(to.x + to.width / 2, to.y - 8, { steps: 4 });
    },
    shown: (page) => page.locator('.drop-marker'),
    leave: async (page) => {
      await page.keyboard.press('Escape');
      await page.mouse.up();
    },
  },
  { name: 'a collapsed workflow', enter: keys(/^Parallel workflow/, 'c'), shown: (page) => tree(page).getByText(/steps hidden/), leave: keys(/^Parallel workflow/, 'c') },
  { name: 'the painted picture', enter: keys(/^Start build/, ...Array<string>(9).fill('-')), shown: (page) => page.locator('canvas.painted'), leave: keys(/^Sequential workflow/, '1') },
  {
    name: 'problems by kind',
    enter: (page) => page.getByRole('combobox', { name: 'Order' }).selectOption('By kind of problem'),
    shown: (page) => page.getByRole('list', { name: 'Problems' }),
    leave: (page) => page.getByRole('combobox', { name: 'Order' }).selectOption('Worst first'),
    phone: true,
  },
  {
    name: 'problems that are looked for in vain',
    enter: (page) => page.getByRole('searchbox', { name: 'Search the problems' }).fill('teapot'),
    shown: (page) => page.getByText('No problem fits what is looked for.'),
    leave: (page) => page.getByRole('searchbox', { name: 'Search the problems' }).fill(''),
  },
  { name: 'the outline beside the canvas', enter: (page) => page.getByRole('tab', { name: 'Outline' }).click(), shown: (page) => page.getByRole('tree', { name: 'Outline' }), leave: (page) => page.getByRole('tab', { name: 'Add a node' }).click() },
  {
    name: 'the panel put away',
    enter: (page) => page.getByRole('button', { name: 'Close the panel' }).click(),
    shown: (page) => page.getByRole('button', { name: 'Open the panel' }),
    leave: (page) => page.getByRole('button', { name: 'Open the panel' }).click(),
  },
  {
    name: 'a search for kinds in vain',
    enter: (page) => page.getByRole('searchbox', { name: 'Find a kind of node' }).fill('teapot'),
    shown: (page) => page.getByText('No kind of node has this name.'),
    leave: (page) => page.getByRole('searchbox', { name: 'Find a kind of node' }).fill(''),
  },
  { name: 'the menu of the account', enter: (page) => page.getByRole('button', { name: /^Signed in as/ }).click(), shown: (page) => page.getByRole('button', { name: /sign out/i }).or(page.getByRole('menuitem', { name: /sign out/i })) },
];

test('the canvas, its panels, menus and dialogs', async ({ page, server }) => {
  test.setTimeout(240_000);
  await store(server, full);
  await signIn(page, server);
  await page.goto(edit(server));
  await expect(item(page, /^Start build/)).toBeVisible();
  await visit(page, onCanvas);
});

const show = (name: string) => (page: Page) => page.getByRole('button', { name, exact: true }).click();
const code = (page: Page) => page.getByRole('textbox', { name: 'Release flow as code' });

const views: State[] = [
  { name: 'the outline', enter: show('Outline'), shown: (page) => page.getByRole('tree', { name: 'Outline' }), leave: stay, phone: true },
  { name: 'the resources of the stage', enter: show('Stage resources'), shown: (page) => page.getByText('shop-web-dev').first(), leave: stay, phone: true },
  { name: 'the revisions', enter: show('Revisions'), shown: (page) => page.getByRole('table', { name: 'Revisions' }), leave: stay, phone: true },
  {
    name: 'two revisions compared',
    enter: (page) => page.getByRole('button', { name: 'Show the changes of revision 2' }).click(),
    shown: (page) => page.getByRole('heading', { name: 'From revision 1 to revision 2' }),
    leave: stay,
    phone: true,
  },
  {
    name: 'two revisions compared as text',
    enter: (page) => page.getByRole('tab', { name: 'As text' }).click(),
    shown: (page) => page.getByRole('region', { name: 'The difference as text' }),
    leave: stay,
  },
  { name: 'a revision that is read', enter: (page) => page.getByRole('button', { name: 'Open revision 1' }).click(), shown: (page) => dialog(page, 'Revision 1') },
  { name: 'a revision that is brought back', enter: (page) => page.getByRole('button', { name: 'Restore revision 1' }).click(), shown: (page) => dialog(page, 'Restore revision 1') },
  { name: 'the code', enter: show('Code'), shown: code, leave: stay, phone: true },
  {
    name: 'the search in the code',
    enter: async (page) => {
      await code(page).focus();
      await page.keyboard.press('Control+f');
    },
    shown: (page) => page.getByRole('textbox', { name: 'Find in the code' }),
  },
  {
    name: 'what can be written in the code',
    enter: async (page) => {
      await code(page).focus();
      await page.keyboard.press('Control+Home');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Control+Space');
    },
    shown: (page) => page.getByRole('listbox', { name: 'What can be written here' }),
  },
  {
    name: 'code that can’t be read',
    enter: async (page) => {
      await code(page).focus();
      await page.keyboard.press('Control+Home');
      await page.keyboard.type('!');
    },
    shown: (page) => page.getByRole('note').filter({ hasText: /line 1/i }).first(),
    leave: stay,
    phone: true,
  },
  { name: 'the last picture that could be read', enter: show('Visual'), shown: (page) => page.getByText('This is the last state that could be read', { exact: false }), leave: stay, phone: true },
  {
    name: 'a save that is refused',
    enter: async (page) => {
      await item(page, /^Start build/).focus();
      await page.keyboard.press('Control+s');
    },
    shown: (page) => page.getByText(/^Nothing was saved yet/),
  },
  {
    name: 'the look before a save',
    enter: async (page) => {
      await show('Code')(page);
      await code(page).focus();
      await page.keyboard.press('Control+z');
      await show('Visual')(page);
      await item(page, /^Oddity/).focus();
      await page.keyboard.press('Alt+ArrowUp');
      await page.keyboard.press('Control+s');
    },
    shown: (page) => dialog(page, 'Save the release flow'),
    phone: true,
  },
  {
    name: 'a file that may take its place',
    enter: (page) =>
      page.getByLabel('File to import').setInputFiles({ name: 'other.json', mimeType: 'application/json', buffer: Buffer.from('{"apiVersion":"v1.2","spec":{"kind":"Workflow","spec":{"type":"sequential","steps":[]}}}') }),
    shown: (page) => dialog(page, 'Import other.json'),
  },
  { name: 'leaving with unsaved work', enter: (page) => page.getByRole('link', { name: 'Runs', exact: true }).click(), shown: (page) => dialog(page, 'Leave with unsaved changes?') },
  { name: 'unsaved work that was taken up', enter: (page) => page.reload(), shown: (page) => page.getByText(/^Restored your unsaved changes/), leave: stay, phone: true },
  {
    name: 'a flow of nothing',
    enter: async (page) => {
      await item(page, /^Start build/).focus();
      await page.keyboard.press('Control+a');
      await page.keyboard.press('Delete');
    },
    shown: (page) => item(page, /^Sequential workflow/),
    leave: stay,
    phone: true,
  },
];

test('the other views, saving and what can go wrong', async ({ page, server }) => {
  test.setTimeout(180_000);
  await store(server, full);
  await signIn(page, server);
  await page.goto(edit(server));
  await visit(page, views);
});

const section = (name: string, more: (page: Page) => Promise<unknown> = stay): State => ({
  name,
  enter: async (page) => {
    await page.getByRole('navigation', { name: 'Sections of the settings' }).getByRole('button', { name: new RegExp(`^${name}`) }).click();
    await more(page);
  },
  shown: (page) => page.getByRole('heading', { level: 2, name }),
  leave: stay,
  phone: true,
});
const unfold = (page: Page) => page.locator('.settings-entry-title').first().click();

test('every section of the settings', async ({ page, server }) => {
  test.setTimeout(120_000);
  await store(server, full);
  await signIn(page, server);
  await page.goto(edit(server, '?view=settings'));
  await visit(page, [
    section('Git triggers', unfold),
    section('Options'),
    section('GitOps', (page) => page.getByRole('textbox', { name: /^File/ }).fill('flow.json')),
    section('Arguments'),
    section('Inputs', unfold),
    section('Webhook'),
    section('Document'),
    section('Try the triggers', (page) => page.getByRole('button', { name: 'A draft pull request' }).click()),
  ]);
});

test('a large flow with its map', async ({ page, server }) => {
  await store(server, { apiVersion: 'v1.2', spec: workflow('sequential', Array.from({ length: 40 }, (_, at) => job(`job-${at}`))) });
  await signIn(page, server);
  await page.goto(edit(server));
  await visit(page, [{ name: 'the map', enter: stay, shown: (page) => page.getByRole('button', { name: 'Map of the whole flow' }), leave: stay, phone: true }]);
});

test('a flow inside a larger document', async ({ page, server }) => {
  const releaseFlow = { kind: 'ReleaseFlow', spec: { apiVersion: 'v1.2', spec: workflow('sequential', [job('inner')]) } };
  const holder = { kind: 'Pipeline', spec: { name: 'Ledger', stages: [{ name: 'Staging', releaseFlow }] } };
  await store(server, { apiVersion: 'v1.2', spec: workflow('sequential', [holder]) });
  await signIn(page, server);
  await page.goto(edit(server));
  await page.getByRole('treeitem').last().click();
  const way = page.getByRole('button', { name: 'Open Staging of Ledger' });
  await visit(page, [
    { name: 'the node that holds it', enter: stay, shown: () => way, leave: stay, phone: true },
    { name: 'the flow', enter: () => way.click(), shown: (page) => page.getByRole('button', { name: 'Back to the whole document' }), leave: stay, phone: true },
  ]);
});

test('what is changed to different ends in two browsers', async ({ page, browser, server }) => {
  test.setTimeout(120_000);
  await store(server, full);
  await signIn(page, server);
  await page.goto(edit(server));
  const other = await (await browser.newContext({ storageState: await page.context().storageState() })).newPage();
  await other.goto(edit(server));
  for (const [who, name] of [
    [page, 'mine'],
    [other, 'theirs'],
  ] as const) {
    await item(who, /^Run job shop-migrate-dev/).focus();
    await settings(who).getByRole('textbox', { name: /^Ref/ }).fill(name);
    await who.keyboard.press('Tab');
  }
  await other.keyboard.press('Control+s');
  await other.keyboard.press('Control+s');
  await expect(other.getByText('Saved', { exact: true })).toBeVisible();
  await other.context().close();
  await visit(page, [
    { name: 'another version was saved', enter: stay, shown: (page) => page.getByText(/have saved another version/), leave: stay, phone: true },
    { name: 'a conflict', enter: (page) => page.getByRole('button', { name: 'Merge now' }).click(), shown: (page) => dialog(page, 'You changed the same elsewhere'), phone: true },
  ]);
});

test('for those who may only look', async ({ page, server }) => {
  test.setTimeout(120_000);
  await store(server, full);
  await signInWith(page, server, server.newToken('eyes', 'viewer'));
  await page.goto(edit(server));
  await visit(page, [
    { name: 'a node, locked', enter: keys(/^Start build/), shown: (page) => page.getByText("Your role, viewer, can't change release flows.").first(), leave: stay, phone: true },
    { name: 'the menu of a node, locked', enter: keys(/^Start build/, 'Shift+F10'), shown: (page) => page.getByRole('menu', { name: 'Menu of the node' }) },
    { name: 'the commands, locked', enter: keys(/^Start build/, 'Control+k'), shown: (page) => dialog(page, 'Commands') },
    { name: 'the code, locked', enter: show('Code'), shown: code, leave: stay },
    { name: 'the settings, locked', enter: show('Settings'), shown: (page) => page.getByRole('navigation', { name: 'Sections of the settings' }), leave: stay, phone: true },
    { name: 'the revisions, locked', enter: show('Revisions'), shown: (page) => page.getByRole('table', { name: 'Revisions' }), leave: stay },
  ]);
});
