// What the canvas shows: elements near, a painted picture from afar that the keyboard and the mouse
// still walk, "+" on slots, references of the selection, collapsed workflows, the small map, badges.
import type { Locator, Page } from '@playwright/test';

import { expect, expectAccessible, signIn, test, type Server } from '../support/server';

const job = (id: string, rest = {}) => ({ kind: 'JobRun', spec: { jobId: id }, ...rest });
const workflow = (type: string, steps: unknown[]) => ({ kind: 'Workflow', spec: { type, steps } });

async function edit(page: Page, server: Server, steps: unknown[]) {
  const saved = await fetch(`${server.url}/v1/projects/shop/pipelines/shop/release-flows/staging`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ apiVersion: 'v1.2', spec: workflow('sequential', steps) }),
  });
  expect(saved.status).toBe(200);
  await signIn(page, server);
  await page.goto(`${server.url}/projects/shop/pipelines/shop/staging/edit`);
  await expect(page.getByRole('treeitem').first()).toBeVisible();
}

const item = (page: Page, name: RegExp) => page.getByRole('treeitem', { name });

/** The colours of a painted picture, by how often they are there; empty where none is shown. */
const colours = (page: Page, selector: string) =>
  page.locator(selector).evaluate((canvas: HTMLCanvasElement) => {
    if (canvas.hidden || !canvas.width) return 0;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    const found = new Set<number>();
    for (let at = 0; at < data.length; at += 4) {
      if (data[at + 3]) found.add((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
    }
    return found.size;
  });

/** Keeps the colours of the painted picture in the page; what comes back counts those that differ. */
async function keepColours(page: Page): Promise<() => Promise<number>> {
  const painted = page.locator('.painted');
  const kept = await painted.evaluateHandle((canvas: HTMLCanvasElement) =>
    canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data.slice(),
  );
  return () =>
    painted.evaluate((canvas: HTMLCanvasElement, before) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      let differing = 0;
      for (let at = 0; at < data.length; at++) if (Math.abs(data[at] - before[at]) > 40) differing++;
      return differing;
    }, kept);
}

test('from afar the picture is painted, and still walked by keyboard and mouse', async ({ page, server }) => {
  await edit(page, server, [
    workflow('parallel', [job('one'), job('two'), job('three'), job('four')]),
    job('five'),
    job('six'),
  ]);
  await item(page, /^Sequential workflow/).focus();
  await page.keyboard.press('0');
  await expect(item(page, /^Run job six/)).toBeVisible();
  expect(await colours(page, '.painted')).toBe(0);

  for (let times = 0; times < 7; times++) await page.keyboard.press('-');
  await expect.poll(() => colours(page, '.painted')).toBeGreaterThan(4);
  // What is far from the focus is no element any more; what is beside it is.
  await expect(item(page, /^Run job six/)).toHaveCount(0);
  await page.keyboard.press('ArrowDown');
  await expect(item(page, /^Parallel workflow/)).toBeFocused();
  await page.keyboard.press('ArrowDown');
  const one = item(page, /^Run job one/);
  await expect(one).toBeFocused();
  await expect(one).toHaveAttribute('aria-level', '3');
  await expect(one).toHaveAttribute('aria-posinset', '1');
  await expect(one).toHaveAttribute('aria-setsize', '4');
  await expect(item(page, /^Run job two/)).toHaveCount(1);
  await page.keyboard.press('End');
  await expect(item(page, /^Run job six/)).toBeFocused();
  await expect(item(page, /^Sequential workflow/)).toHaveCount(1);
  await expectAccessible(page);

  // A press on the paint selects the node that is painted there.
  const six = (await item(page, /^Run job six/).boundingBox())!;
  const above = { x: six.x + six.width / 2, y: six.y - six.height };
  await page.mouse.click(above.x, above.y);
  await expect(item(page, /^Run job five/)).toHaveAttribute('aria-selected', 'true');

  // The theme's colours reach the paint.
  const first = await page.locator('.painted').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect
    .poll(() => page.locator('.painted').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL()))
    .not.toBe(first);
});

test('what comes into view while panning is painted like the rest', async ({ page, server }) => {
  const column = (at: number) =>
    workflow('sequential', Array.from({ length: 30 }, (_, step) => job(`job-${at}-${step}`)));
  await edit(page, server, [workflow('parallel', Array.from({ length: 12 }, (_, at) => column(at)))]);
  const pixels = () =>
    page.locator('.painted').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  await item(page, /^Sequential workflow/).first().focus();
  await page.keyboard.press('0');
  for (let times = 0; times < 6; times++) await page.keyboard.press('-');
  await expect.poll(() => colours(page, '.painted')).toBeGreaterThan(4);

  const box = (await page.locator('.painted').boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  for (const [across, down] of [[60, 0], [0, 45], [37, 91], [-29, -17], [11, -8]]) {
    const before = await pixels();
    await page.mouse.wheel(across, down);
    await expect.poll(pixels).not.toBe(before);
  }
  // Other colours are painted all over, and so are the first ones after them. The soft edges of
  // letters and icons may differ a little, by where they began.
  const differing = await keepColours(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(differing).toBeGreaterThan(10_000);
  await page.emulateMedia({ colorScheme: 'light' });
  await expect.poll(differing).toBe(0);
});

test('a plus adds a node where it stands, by mouse and by keyboard', async ({ page, server }) => {
  await edit(page, server, [job('one'), workflow('parallel', [job('two')]), job('three')]);
  const plus = (name: string) => page.getByRole('button', { name, exact: true });
  const one = item(page, /^Run job one/);

  // Near the mouse only, and at both ends of the flow: its root is where the Tab key begins.
  await expect(plus('Add a node before Run job one')).toHaveCount(1);
  await expect(plus('Add a node at the end of Sequential workflow')).toHaveCount(1);
  await expect(plus('Add a node before Run job three')).toHaveCount(0);
  const three = (await item(page, /^Run job three/).boundingBox())!;
  await page.mouse.move(three.x + three.width / 2, three.y + 4);
  await expect(plus('Add a node before Run job three')).toBeVisible();
  await expect(plus('Add a node before Run job two')).toHaveCount(0);
  await expect(plus('Add a node before Parallel workflow')).toHaveCount(0);

  // Behind the tree the Tab key finds those around the node that has the focus.
  await one.focus();
  await page.keyboard.press('Tab');
  await expect(plus('Add a node before Run job one')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(one).toBeFocused();
  await item(page, /^Parallel workflow/).focus();
  await expect(plus('Add a node at the end of Parallel workflow')).toHaveAttribute('tabindex', '0');
  await expectAccessible(page);

  await plus('Add a node at the end of Parallel workflow').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.type('image');
  await page.keyboard.press('Enter');
  const added = item(page, /^Deploy image/);
  await expect(added).toHaveAttribute('aria-level', '3');
  await expect(added).toHaveAttribute('aria-posinset', '2');
});

test('a collapsed workflow hides its steps from the eye, not from the document', async ({ page, server }) => {
  await edit(page, server, [workflow('parallel', [job('one'), job('two')]), job('three')]);
  const group = item(page, /^Parallel workflow/);
  await expect(group).toHaveAttribute('aria-expanded', 'true');
  await page.getByRole('button', { name: 'Collapse Parallel workflow' }).click();
  await expect(group).toHaveAttribute('aria-expanded', 'false');
  await expect(group).toContainText('2 steps hidden');
  await expect(item(page, /^Run job one/)).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Save', exact: true })).toBeDisabled();
  await expectAccessible(page);

  // By keyboard: the arrow that leads inside opens it first.
  await group.focus();
  await page.keyboard.press('ArrowRight');
  await expect(group).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('ArrowRight');
  await expect(item(page, /^Run job one/)).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('c');
  await expect(group).toHaveAttribute('aria-expanded', 'false');
  await expect(group).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(item(page, /^Run job three/)).toBeFocused();
});

test('the selected node shows whose ref it uses', async ({ page, server }) => {
  const build = { kind: 'Build', ref: 'web', spec: { id: 'shop-builder', type: 'service', branch: 'main' } };
  const uses = job('two', { spec: { jobId: 'two', runtimeEnvironment: { BUILD: '${refs.web.id}' } } });
  await edit(page, server, [build, job('one'), uses]);
  const line = page.locator('.references path').first();
  await item(page, /^Run job one/).click();
  await expect(item(page, /^Run job one/)).toHaveAttribute('aria-selected', 'true');
  await expect(line).toHaveCount(0);
  await item(page, /^Run job two/).click();
  await expect(line).toHaveAttribute('d', /^M[\d.]+ [\d.]+H[\d.]+V/);
  await expect(page.locator('.references text')).toHaveText('web');
  await item(page, /^Start build/).click();
  await expect(line).toHaveAttribute('d', /^M/);
  await page.keyboard.press('Escape');
  await expect(line).toHaveCount(0);
});

test('a large flow has a map that moves the view, and can be put away', async ({ page, server }) => {
  await edit(page, server, Array.from({ length: 40 }, (_, index) => job(`job-${index}`)));
  const toggle = page.getByRole('button', { name: 'Map of the whole flow' });
  await expect(toggle).toHaveAttribute('aria-expanded', 'true');
  await item(page, /^Sequential workflow/).focus();
  await page.keyboard.press('0');
  await page.keyboard.press('Home');
  await expect.poll(() => colours(page, '.minimap canvas')).toBeGreaterThan(2);
  await expect(item(page, /^Run job job-39/)).toHaveCount(0);
  const map = (await page.locator('.minimap-map').boundingBox())!;
  await page.mouse.click(map.x + map.width / 2, map.y + map.height - 2);
  await expect(item(page, /^Run job job-39/)).toBeVisible();
  await page.mouse.move(map.x + map.width / 2, map.y + map.height - 2);
  await page.mouse.down();
  await page.mouse.move(map.x + map.width / 2, map.y + 2);
  await page.mouse.up();
  await expect(item(page, /^Run job job-0\b/)).toBeVisible();
  await expectAccessible(page);

  await toggle.click();
  await expect(page.locator('.minimap-map')).toHaveCount(0);
  await page.reload();
  await expect(toggle).toHaveAttribute('aria-expanded', 'false');
  await toggle.focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('.minimap-map')).toBeVisible();
});

const box = async (it: Locator) => (await it.boundingBox())!;

/** Whether one lies over the other. */
async function covers(one: Locator, other: Locator): Promise<boolean> {
  const [a, b] = [await box(one), await box(other)];
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

test('nothing lies over the bar for the view: neither what is fitted nor messages', async ({ page, server }) => {
  await edit(page, server, Array.from({ length: 6 }, (_, at) => job(`shop-job-${at}`)));
  const bar = page.getByRole('group', { name: 'View', exact: true });
  const messages = page.getByRole('status', { name: 'Messages' });
  const last = item(page, /shop-job-5/);
  for (const width of [390, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    await page.getByRole('button', { name: 'Code', exact: true }).click();
    for (let time = 0; time < 5; time += 1) await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await expect(messages.getByText(/clipboard|copy/)).toHaveCount(3);
    await page.getByRole('button', { name: 'Visual', exact: true }).click();
    await bar.scrollIntoViewIfNeeded();
    expect(await covers(messages, bar), `messages at ${width}`).toBe(false);
    await page.getByRole('button', { name: 'Fit to view' }).click();
    const bottom = async () => (await box(last)).y + (await box(last)).height;
    await expect.poll(async () => (await bottom()) <= (await box(bar)).y, { message: `the last node at ${width}` }).toBe(true);
  }
});

test('a node says what it is, what is wrong with it, and what it is called', async ({ page, server }) => {
  await edit(page, server, [
    job('migrate', { ref: 'migration', skipNodeExecution: 'true' }),
    { kind: 'Webhook', spec: { url: 'https://example.com' } },
  ]);
  const first = page.getByRole('treeitem').nth(1);
  await expect(first).toHaveAccessibleName(/^Run job migrate\b.*ref migration/);
  // A job run of no job is not stored, so the job is taken away here.
  await first.click();
  await page.getByRole('combobox', { name: 'Job', exact: true }).fill('');
  await expect(first).toHaveAccessibleName(/^Run job .*skipped.* \d+ errors? .*ref migration/);
  await expect(first).not.toContainText('Not set');
});

test('a flow without steps says how to begin, and begins with any node', async ({ page, server }) => {
  await signIn(page, server);
  await page.goto(`${server.url}/projects/shop/pipelines/shop/development/edit`);
  const nodes = page.getByRole('treeitem');
  await expect(nodes.first()).toBeVisible();
  await page.getByRole('button', { name: 'Code', exact: true }).click();
  await page.getByRole('textbox', { name: 'Release flow as code' }).focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await page.keyboard.type('{"apiVersion": "v1.2"}');
  await page.getByRole('button', { name: 'Visual', exact: true }).click();
  const beginning = page.getByRole('region', { name: 'An empty release flow' });
  await expect(beginning).toBeVisible();
  await expectAccessible(page);
  await beginning.getByRole('button', { name: 'Begin with a parallel workflow' }).click();
  await expect(nodes).toHaveText([/^Parallel workflow/]);
  await expect(nodes.first()).toBeFocused();
  await expect(beginning).toBeHidden();
  await page.keyboard.press('Control+z');
  await expect(beginning).toBeVisible();
  // Any way to add a node gives it a workflow.
  await page.keyboard.press('Control+k');
  await page.keyboard.type('add run job');
  await page.keyboard.press('Enter');
  await expect(nodes).toHaveCount(2);
  await expect(nodes.nth(1)).toBeFocused();
  await expect(nodes.nth(1)).toHaveAccessibleName(/^Run job/);
});
