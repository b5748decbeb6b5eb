// What the pointer does on the canvas: choosing several, dragging, panning, zooming, by mouse and by
// fingers. Flows are what the server gives back after a save.
import type { CDPSession, Locator, Page } from '@playwright/test';

import { save } from '../support/editor';
import { expect, expectAccessible, signIn, test, type Server } from '../support/server';

const tree = (page: Page) => page.getByRole('tree', { name: 'Release flow' });
const node = (page: Page, name: RegExp) => tree(page).getByRole('treeitem', { name });
const selected = (page: Page) => tree(page).getByRole('treeitem', { selected: true });
const zoom = (page: Page) => page.getByLabel('Zoom', { exact: true });

const job = (id: string) => ({ kind: 'JobRun', ref: id, spec: { jobId: id } });

/** Stores a flow of these steps as stage Development's, and opens it in the editor. */
async function open(page: Page, server: Server, steps: unknown[]) {
  const flow = { apiVersion: 'v1.2', spec: { kind: 'Workflow', spec: { type: 'sequential', steps } } };
  const answer = await server.fetch('/v1/projects/shop/pipelines/shop/release-flows/development', {
    method: 'POST',
    body: JSON.stringify(flow),
  });
  expect(answer.status).toBe(200);
  await signIn(page, server);
  await page.goto(`${server.url}/projects/shop/pipelines/shop/development/edit`);
  await expect(tree(page).getByRole('treeitem').first()).toBeVisible();
}

/** The names of the nodes in reading order. */
const names = (page: Page) =>
  tree(page)
    .getByRole('treeitem')
    .evaluateAll((items) =>
      items.map((item) => item.querySelector('.node-subject')?.textContent || item.querySelector('.node-title')?.textContent),
    );

async function middle(item: Locator) {
  const box = (await item.boundingBox())!;
  return { x: box.x + box.width / 2, y: box.y + box.height / 2, box };
}

/** Just above a node: on the arrow to it, or at the begin of its column. */
async function above(item: Locator) {
  const { x, box } = await middle(item);
  return { x, y: box.y - 8 };
}

/** A drag as a hand does it, that is not let go. */
async function pull(page: Page, from: { x: number; y: number }, to: { x: number; y: number }) {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + 4, from.y + 8, { steps: 3 });
  await page.mouse.move(to.x, to.y, { steps: 6 });
}

async function drag(page: Page, from: { x: number; y: number }, to: { x: number; y: number }) {
  await pull(page, from, to);
  await page.mouse.up();
}

const three = [job('one'), job('two'), job('three')];

test('several nodes are chosen by clicks and by a box', async ({ page, server }) => {
  await open(page, server, [...three, { kind: 'Workflow', spec: { type: 'parallel', steps: [job('four')] } }]);
  await expect(tree(page)).toHaveAttribute('aria-multiselectable', 'true');
  const [one, two, three_] = ['one', 'two', 'three'].map((name) => node(page, new RegExp(`^Run job ${name}`)));

  await one.click();
  await three_.click({ modifiers: ['Control'] });
  await expect(selected(page)).toHaveCount(2);
  await two.click({ modifiers: ['Shift'] });
  await expect(selected(page)).toHaveCount(3);
  await one.click({ modifiers: ['Control'] });
  await expect(one).toHaveAttribute('aria-selected', 'false');
  await expect(selected(page)).toHaveCount(2);
  await expectAccessible(page);
  await two.click();
  await expect(selected(page)).toHaveCount(1);

  // A box around the first two, beginning where nothing is. What was selected before comes back
  // with Escape.
  const root = (await node(page, /^Sequential workflow/).boundingBox())!;
  const begin = { x: root.x - 30, y: (await middle(one)).y };
  const end = await middle(two);
  await pull(page, begin, end);
  await expect(one).toHaveAttribute('aria-selected', 'true');
  await expect(selected(page)).toHaveCount(2);
  await page.keyboard.press('Escape');
  await expect(selected(page)).toHaveCount(1);
  await expect(two).toHaveAttribute('aria-selected', 'true');
  await page.mouse.up();
  await expect(selected(page)).toHaveCount(1);

  await drag(page, begin, end);
  await expect(selected(page)).toHaveCount(2);
  // With Shift a box begins over a node too, and adds.
  await page.keyboard.down('Shift');
  await drag(page, await middle(three_), { x: end.x + 20, y: (await middle(three_)).y + 20 });
  await page.keyboard.up('Shift');
  await expect(selected(page)).toHaveCount(3);

  await page.mouse.click(root.x - 30, root.y + 10);
  await expect(selected(page)).toHaveCount(0);
});

test('what is selected is dragged together, onto an arrow, and copied with Alt', async ({ page, server }) => {
  await open(page, server, [...three, job('four')]);
  const item = (name: string) => node(page, new RegExp(`^Run job ${name}`));
  await item('one').click();
  await item('two').click({ modifiers: ['Control'] });

  // Onto the arrow between the last two.
  await pull(page, await middle(item('two')), await above(item('four')));
  await expect(page.getByText('2 nodes', { exact: true })).toBeVisible();
  await page.mouse.up();
  await expect.poll(() => names(page)).toEqual(['Sequential workflow', 'three', 'one', 'two', 'four']);
  await expect(selected(page)).toHaveCount(2);
  await expect(item('one')).toBeFocused();
  await expect(page.getByRole('button', { name: 'Undo' })).toBeEnabled();
  await page.keyboard.press('Control+z');
  await expect.poll(() => names(page)).toEqual(['Sequential workflow', 'one', 'two', 'three', 'four']);

  // A copy goes where it is dropped, under a ref of its own; the node stays.
  await pull(page, await middle(item('three')), await above(item('one')));
  await page.keyboard.down('Alt');
  await page.mouse.up();
  await page.keyboard.up('Alt');
  await expect.poll(() => names(page)).toEqual(['Sequential workflow', 'three', 'one', 'two', 'three', 'four']);
  await save(page);
  const path = '/slipway/v1/projects/shop/pipelines/shop/release-flows/development/document';
  const { spec } = await (await server.fetch(path)).json();
  expect(spec.spec.steps.map((step: { ref: string }) => step.ref)).toEqual(['three-2', 'one', 'two', 'three', 'four']);
});

test('a drag that changes nothing, ends with Escape or hardly moves changes nothing', async ({ page, server }) => {
  await open(page, server, three);
  const two = node(page, /^Run job two/);
  const from = await middle(two);
  const undo = page.getByRole('button', { name: 'Undo' });

  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + 3, from.y + 2);
  await page.mouse.up();
  await expect(two).toHaveAttribute('aria-selected', 'true');
  await expect(undo).toBeDisabled();

  await drag(page, from, await above(node(page, /^Run job three/)));
  await expect(undo).toBeDisabled();

  await pull(page, from, await above(node(page, /^Run job one/)));
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await expect(undo).toBeDisabled();
  // Escape ended the drag and nothing else.
  await expect(two).toHaveAttribute('aria-selected', 'true');

  // The palette's entries too.
  await pull(page, await middle(page.getByRole('option', { name: 'Run job' })), await above(two));
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await expect(undo).toBeDisabled();
  await drag(page, await middle(page.getByRole('option', { name: 'Run job' })), await above(two));
  await expect.poll(() => names(page)).toEqual(['Sequential workflow', 'one', 'Run job', 'two', 'three']);
  // A click only chooses there, two add.
  await page.getByRole('option', { name: 'Run job' }).dblclick();
  await expect.poll(async () => (await names(page)).length).toBe(6);
});

test('near the edge the view follows what is dragged', async ({ page, server }) => {
  const many = Array.from({ length: 40 }, (_, at) => job(`job-${at}`));
  await open(page, server, many);
  const last = node(page, /^Run job job-39/);
  await page.keyboard.press('Tab');
  const first = node(page, /^Run job job-0/);
  await first.click();
  await page.keyboard.press('0');
  const from = await middle(first);
  await expect(last).toHaveCount(0);
  const canvas = (await page.locator('.canvas').boundingBox())!;
  await pull(page, from, { x: from.x, y: canvas.y + canvas.height / 2 });
  await page.mouse.move(from.x, canvas.y + canvas.height - 4, { steps: 3 });
  // The pointer stands still, the flow comes along, to its end.
  await expect(last).toBeVisible({ timeout: 20_000 });
  await expect.poll(async () => (await last.boundingBox())!.y).toBeLessThan(canvas.y + canvas.height - 60);
  const { x, box } = await middle(last);
  await page.mouse.move(x, box.y + box.height + 6, { steps: 3 });
  await page.mouse.up();
  await expect(first).toHaveAttribute('aria-posinset', '40');
});

test('wheel, trackpad and keys pan and zoom about the pointer', async ({ page, server }) => {
  await open(page, server, three);
  const two = node(page, /^Run job two/);
  await two.click();
  await page.keyboard.press('0');
  const at = await middle(two);
  await page.mouse.move(at.x, at.y);
  await page.mouse.wheel(0, 40);
  await expect.poll(async () => Math.round((await middle(two)).y)).toBe(Math.round(at.y - 40));
  await page.mouse.wheel(0, -40);
  await expect.poll(async () => Math.round((await middle(two)).y)).toBe(Math.round(at.y));

  // A notch of a wheel is a small step, and what is under the pointer stays there.
  const notch = async (delta: number) => {
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, delta);
    await page.keyboard.up('Control');
  };
  await notch(-100);
  await expect(zoom(page)).toHaveText('122 %');
  const after = await middle(two);
  expect(Math.abs(after.x - at.x) + Math.abs(after.y - at.y)).toBeLessThan(2);
  await notch(100);
  await expect(zoom(page)).toHaveText('100 %');
  // A pinch on a trackpad comes in small steps of the same kind.
  await notch(-5);
  await expect(zoom(page)).toHaveText('105 %');

  // Space and the middle button drag the canvas, over nodes too.
  await page.keyboard.press('1');
  const before = await middle(two);
  await page.keyboard.down('Space');
  await drag(page, before, { x: before.x + 50, y: before.y + 30 });
  await page.keyboard.up('Space');
  await expect.poll(async () => Math.round((await middle(two)).x)).toBe(Math.round(before.x + 50));
  await page.mouse.down({ button: 'middle' });
  await page.mouse.move(before.x, before.y, { steps: 4 });
  await page.mouse.up({ button: 'middle' });
  await expect.poll(async () => Math.round((await middle(two)).x)).toBe(Math.round(before.x));
  await expect(page.getByRole('button', { name: 'Undo' })).toBeDisabled();

  // F shows what is selected, and everything when nothing is.
  await page.keyboard.press('-');
  await page.keyboard.press('-');
  await page.keyboard.press('f');
  await expect(zoom(page)).toHaveText('100 %');
  const shown = await middle(two);
  const canvas = (await page.locator('.canvas').boundingBox())!;
  expect(Math.abs(shown.y - (canvas.y + canvas.height / 2))).toBeLessThan(2);
});

test('nodes are moved without dragging: choose them, then a place', async ({ page, server }) => {
  await open(page, server, [...three, { kind: 'Workflow', spec: { type: 'parallel', steps: [] } }]);
  const one = node(page, /^Run job one/);
  await one.click();
  await page.keyboard.press('m');
  await expect(page.getByText('Choose where to move Run job one.')).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(page.getByText(/^Choose where/)).toHaveCount(0);
  await expect(one).toBeFocused();

  // By keyboard: the places are walked in order, and Enter takes one.
  await page.keyboard.press('m');
  await expect(page.getByRole('button', { name: /^Move before Run job three/ })).toBeFocused();
  await page.keyboard.press('End');
  await expect(page.getByRole('button', { name: /^Move to the end of Sequential workflow/ })).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(page.getByRole('button', { name: /^Move into Parallel workflow/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(one).toHaveAttribute('aria-level', '3');
  await expect(one).toBeFocused();

  // By a click on the place.
  await page.keyboard.press('m');
  await page.getByRole('button', { name: /^Move before Run job two/ }).click();
  await expect.poll(() => names(page)).toEqual(['Sequential workflow', 'one', 'two', 'three', 'Parallel workflow']);
  await expect(one).toBeFocused();
});

test.describe('with fingers', () => {
  test.use({ hasTouch: true });

  /** Fingers at these points; none lifts them. */
  const touch = (cdp: CDPSession, type: string, points: { x: number; y: number }[]) =>
    cdp.send('Input.dispatchTouchEvent', {
      type: type as 'touchStart',
      touchPoints: points.map(({ x, y }, id) => ({ x, y, id })),
    });

  test('one pans, two zoom, a tap selects', async ({ page, server }) => {
    await open(page, server, three);
    const two = node(page, /^Run job two/);
    const cdp = await page.context().newCDPSession(page);
    await page.getByRole('button', { name: /^Fit to view/ }).tap();
    const at = await middle(two);
    await touch(cdp, 'touchStart', [at]);
    for (const step of [10, 20, 40]) await touch(cdp, 'touchMove', [{ x: at.x + step, y: at.y }]);
    await touch(cdp, 'touchEnd', []);
    await expect.poll(async () => Math.round((await middle(two)).x)).toBe(Math.round(at.x + 40));
    await expect(selected(page)).toHaveCount(0);

    await expect(zoom(page)).toHaveText('100 %');
    const fingers = (apart: number) => [
      { x: at.x, y: at.y - apart },
      { x: at.x, y: at.y + apart },
    ];
    await touch(cdp, 'touchStart', fingers(100));
    for (const apart of [90, 70, 50]) await touch(cdp, 'touchMove', fingers(apart));
    await touch(cdp, 'touchEnd', []);
    await expect(zoom(page)).toHaveText('50 %');

    await two.tap();
    await expect(two).toHaveAttribute('aria-selected', 'true');
    // What was tapped is dragged by a finger.
    const from = await middle(two);
    const to = await above(node(page, /^Run job one/));
    await touch(cdp, 'touchStart', [from]);
    for (const part of [0.3, 0.6, 1]) {
      await touch(cdp, 'touchMove', [{ x: from.x, y: from.y + (to.y + 4 - from.y) * part }]);
    }
    await touch(cdp, 'touchEnd', []);
    await expect.poll(() => names(page)).toEqual(['Sequential workflow', 'two', 'one', 'three']);
  });

  test('a finger that rests opens the menu, which stays when it is lifted', async ({ page, server }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await open(page, server, three);
    const two = node(page, /^Run job two/);
    const cdp = await page.context().newCDPSession(page);
    const menu = page.getByRole('menu', { name: 'Menu of the node' });
    const first = menu.getByRole('menuitem').first();
    await touch(cdp, 'touchStart', [await middle(two)]);
    await expect(menu).toBeVisible();
    await touch(cdp, 'touchEnd', []);
    await expect(first).toBeFocused();
    await expect(two).toHaveAttribute('aria-selected', 'true');

    // A tap elsewhere closes it, and a tap on what it offers does that.
    await page.touchscreen.tap(380, 10);
    await expect(menu).toHaveCount(0);
    await touch(cdp, 'touchStart', [await middle(two)]);
    await expect(menu).toBeVisible();
    await touch(cdp, 'touchEnd', []);
    await menu.getByRole('menuitem', { name: /^Delete/ }).tap();
    await expect.poll(() => names(page)).toEqual(['Sequential workflow', 'one', 'three']);
  });

  test('what adds a node is large enough for a finger, and a tap adds', async ({ page, server }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await open(page, server, three);
    const two = node(page, /^Run job two/);
    await two.focus();
    await page.getByRole('button', { name: 'Close the settings' }).tap();
    const plus = page.getByRole('button', { name: /^Add a node before Run job t/ });
    for (const zoomed of [100, 80, 64, 51, 41]) {
      await page.keyboard.press(zoomed === 100 ? '0' : '-');
      await expect(zoom(page)).toHaveText(`${zoomed} %`);
      await expect(plus).toHaveCount(2);
      for (const one of await plus.all()) {
        const { x, y, box } = await middle(one);
        expect(Math.min(box.width, box.height), `at ${zoomed} %`).toBeGreaterThanOrEqual(24);
        // All of it is what is hit there.
        const hits = await one.evaluate(
          (button, at) =>
            [-11, 0, 11].every((by) => document.elementFromPoint(at.x + by, at.y + by) === button),
          { x, y },
        );
        expect(hits, `at ${zoomed} %`).toBe(true);
      }
    }
    await page.getByRole('button', { name: 'Open the panel' }).tap();
    await expect(page.getByText(/double-click, tap or press Enter/)).toBeVisible();
    await page.getByRole('option', { name: 'Run job' }).tap();
    await expect.poll(() => names(page)).toEqual(['Sequential workflow', 'one', 'two', 'Run job', 'three']);
    await expect(node(page, /^Run job/).nth(2)).toBeFocused();
  });

  test('on a phone what is selected stands above its settings', async ({ page, server }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await open(page, server, [...three, ...['four', 'five', 'six', 'seven'].map(job)]);
    const sheet = page.getByRole('complementary', { name: 'Node settings' });
    const clear = async (item: Locator) => {
      const [{ box }, over] = [await middle(item), (await sheet.boundingBox())!];
      return box.y >= 0 && box.y + box.height <= over.y;
    };
    const four = node(page, /^Run job four/);
    const six = node(page, /^Run job six/);
    for (const item of [four, six]) {
      await item.tap();
      await expect(item).toHaveAttribute('aria-selected', 'true');
      await expect(sheet.getByRole('combobox', { name: 'Job', exact: true })).toBeVisible();
      await expect.poll(() => clear(item)).toBe(true);
      await sheet.getByRole('button', { name: 'Close the settings' }).tap();
    }

    // Another view begins with the sheet folded.
    await sheet.getByRole('button', { name: 'Open the settings' }).tap();
    await expect.poll(() => clear(six)).toBe(true);
    for (const view of ['Code', 'Outline', 'Visual']) {
      await page.getByRole('button', { name: view, exact: true }).tap();
      await expect(sheet.getByRole('button', { name: 'Open the settings' })).toBeVisible();
      await sheet.getByRole('button', { name: 'Open the settings' }).tap();
      await expect(sheet.getByRole('button', { name: 'Close the settings' })).toBeVisible();
    }
  });
});

test('the menu of a node is about that node, whichever had the keyboard', async ({ page, server }) => {
  await open(page, server, three);
  await node(page, /^Run job one/).click();
  const two = node(page, /^Run job two/);
  const menu = page.getByRole('menu');
  await two.click({ button: 'right' });
  await expect(menu).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(two).toBeFocused();
  await expect(two).toHaveAttribute('aria-selected', 'true');
  await node(page, /^Run job three/).click({ button: 'right' });
  await menu.getByRole('menuitem', { name: /^Delete/ }).click();
  await expect.poll(() => names(page)).toEqual(['Sequential workflow', 'one', 'two']);
});

test('a flow that takes the place of another is in view', async ({ page, server }) => {
  await open(page, server, Array.from({ length: 40 }, (_, at) => job(`job-${at}`)));
  await node(page, /^Run job job-/).first().focus();
  await page.keyboard.press('0');
  await page.keyboard.press('End');
  await expect(node(page, /^Run job job-39/)).toBeInViewport();
  const flow = { apiVersion: 'v1.2', spec: { kind: 'Workflow', spec: { type: 'sequential', steps: [job('small')] } } };
  const file = { name: 'small.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(flow)) };
  await page.getByLabel('File to import').setInputFiles(file);
  await page.getByRole('button', { name: 'Replace the release flow' }).click();
  await expect(node(page, /^Run job small/)).toBeInViewport();
  await expect(page.locator(':focus'), 'the keyboard is on the flow').toHaveRole('treeitem');
});
