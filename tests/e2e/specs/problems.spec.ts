// Problems in the editor: resources of other stages are told apart, a correction is a press away
// and can be undone, and the page keeps to its window.
import { expect, expectAccessible, signIn, test } from '../support/server';

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

test('a problem leads to its node and is corrected beside it', async ({ page, server }) => {
  const path = '/v1/projects/shop/pipelines/shop/release-flows/staging';
  const saved = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(flow),
  });
  expect(saved.status).toBe(200);
  await signIn(page, server);
  await page.goto(`${server.url}/projects/shop/pipelines/shop/staging/edit`);

  const problems = page.getByRole('list', { name: 'Problems' });
  await expect(problems.getByText(/no job `shop-migrate-dev` in the Staging stage/)).toBeVisible();
  await expect(problems.getByText(/`shop-migrate-staging` in/)).toHaveCount(0);
  await problems.getByRole('button', { name: /in the Staging stage/ }).click();
  await expect(page.getByRole('treeitem', { name: /shop-migrate-dev/ })).toBeFocused();

  // By keyboard: the correction takes its button away, and the focus stays with the list.
  const fix = problems.getByRole('button', { name: /^Write .*condition/ });
  await fix.focus();
  await page.keyboard.press('Enter');
  await expect(fix).toHaveCount(0);
  await expect(page.locator('summary', { hasText: 'Problems' })).toBeFocused();
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
