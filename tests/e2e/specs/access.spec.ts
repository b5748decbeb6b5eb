// Who may do what, in the browser: a viewer sees everything and changes nothing, and a page of
// somebody else's can't make a signed-in browser act.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect, signIn, test } from '../support/server';

const flow = '/v1/projects/shop/pipelines/shop/release-flows/development';

test('a viewer sees a read-only app that says why', async ({ page, server }) => {
  const token = server.newToken('watcher', 'viewer');
  await page.goto(`${server.url}/sign-in`);
  await page.getByLabel(/token/i).fill(token);
  await page.getByRole('button', { name: /^sign in/i }).click();
  await expect(page).not.toHaveURL(/sign-in/);

  await page.goto(`${server.url}/projects/shop/pipelines/shop`);
  const run = page.getByRole('region', { name: 'Development' }).getByRole('button', { name: 'Run' });
  await expect(run).toHaveAttribute('aria-disabled', 'true');
  await expect(run).toHaveAccessibleDescription("Your role, viewer, can't start runs.");

  await page.goto(`${server.url}/projects/shop/pipelines/shop/development/edit`);
  await expect(page.getByText("Your role, viewer, can't change release flows.").first()).toBeVisible();
  await page.getByRole('treeitem', { name: /^Run job/ }).click();
  const settings = page.getByRole('complementary', { name: 'Node settings' });
  await expect(settings.getByLabel('Job', { exact: true })).toBeDisabled();
  await page.keyboard.press('Delete');
  await expect(page.getByRole('treeitem', { name: /^Run job/ })).toBeVisible();
  await expect(page.getByRole('listbox', { name: 'Add a node' })).toHaveCount(0);

  const unsafe: [string, string][] = [
    ['POST', flow],
    ['POST', `${flow}/runs`],
    ['POST', `${flow}/runs/00000000-0000-0000-0000-000000000000/abort`],
    ['POST', `/slipway${flow}/runs/00000000-0000-0000-0000-000000000000/rollback`],
  ];
  for (const [method, path] of unsafe) {
    const answer = await server.fetch(path, { method, token, body: '{}' });
    expect(answer.status, path).toBe(403);
    expect((await answer.json()).error.message).toContain('viewer');
  }
});

test('a form of a foreign page can’t start a run', async ({ page, server }) => {
  await signIn(page, server);
  // Another port of the same host is the same site, so the cookie travels: the origin decides.
  const foreign = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(
      `<form method="post" action="${server.url}${flow}/runs"><button>Win a prize</button></form>`,
    );
  });
  await new Promise<void>((ready) => foreign.listen(0, '127.0.0.1', ready));
  const { port } = foreign.address() as AddressInfo;
  await page.goto(`http://127.0.0.1:${port}/`);
  const posted = page.waitForResponse((answer) => answer.request().method() === 'POST');
  await page.getByRole('button', { name: 'Win a prize' }).click();
  const answer = await posted;
  expect(answer.request().headers()['cookie'] ?? (await answer.request().allHeaders())['cookie']).toBeTruthy();
  expect(answer.status()).toBe(403);
  foreign.close();
  const runs = await (await server.fetch(`${flow}/runs`)).json();
  expect(runs.data.runs).toEqual([]);
});
