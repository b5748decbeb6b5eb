// A connection that breaks in the middle of a run: the page says so, heals without a reload, and
// misses nothing.
import { setTimeout as pass } from 'node:timers/promises';

import { expect, signIn, test } from '../support/server';

test('ten seconds without a connection cost no event', async ({ page, server, cable }) => {
  test.setTimeout(120_000);
  // What the page was given, as it announces it itself.
  await page.addInitScript(() => {
    const folded: number[] = [];
    Object.assign(window, { folded });
    window.addEventListener('slipway:event', (event) => folded.push((event as CustomEvent).detail.seq));
  });
  await signIn(page, server);
  // The same host on another port: the session goes with it.
  await page.goto(`${cable.url}/projects/shop/pipelines/shop/development/runs?run=new`);
  await page.getByRole('dialog').getByRole('button', { name: 'Start run' }).click();
  const tree = page.getByRole('tree', { name: 'Release flow' });
  await expect(tree.getByRole('treeitem', { name: /Running|Waiting/ }).first()).toBeVisible();

  // Only the stream may speak from here on.
  await page.route(/\/(v1|slipway)\//, (route) =>
    /\/events/.test(route.request().url()) ? route.continue() : route.abort(),
  );
  cable.cut();
  await expect(page.getByText(/Reconnecting|Not connected/).first()).toBeVisible({ timeout: 10_000 });
  await expect(page.getByText(/^as of /)).toBeVisible();
  // The cut itself: ten seconds are what this test is about.
  await pass(10_000);
  cable.restore();

  await expect(tree.getByRole('treeitem', { name: /^Sequential workflow Succeeded/ })).toBeVisible({
    timeout: 60_000,
  });
  await expect(page.getByText('Live', { exact: true })).toBeVisible();
  await expect(page.getByText(/^as of /)).toHaveCount(0);

  const folded: number[] = await page.evaluate(() => (window as unknown as { folded: number[] }).folded);
  const answer = await server.fetch('/slipway/v1/projects/shop/events?after=0&format=json&limit=5000');
  const log: { seq: number; type: string }[] = (await answer.json()).data.events;
  expect(log.map((event) => event.seq)).toEqual(log.map((_, index) => index + 1));
  expect(folded.length).toBeGreaterThan(10);
  const from = folded[0];
  const until = log.findIndex((event) => event.type === 'run_concluded');
  expect(until).toBeGreaterThan(0);
  expect(folded).toEqual(log.map((event) => event.seq).filter((seq) => seq >= from && seq <= folded.at(-1)!));
  expect(folded.at(-1)).toBeGreaterThanOrEqual(log[until].seq);
});
