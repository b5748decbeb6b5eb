// The editor by keyboard alone: the focus is never lost, and keys act on what has it.
import { expect, signIn, test } from '../support/server';

test('the keyboard stays where the work is', async ({ page, server }) => {
  await signIn(page, server);
  await page.goto(`${server.url}/projects/shop/pipelines/shop/development/edit`);
  const item = (name: RegExp) => page.getByRole('treeitem', { name });
  const job = item(/^Run job/);

  // Whoever moves the focus moves the selection with it.
  await item(/^Sequential workflow/).focus();
  await page.keyboard.press('ArrowDown');
  await expect(item(/^Run backup/)).toBeFocused();
  await job.focus();
  await expect(job).toHaveAttribute('aria-selected', 'true');

  await page.keyboard.press('Alt+ArrowUp');
  await expect(job).toHaveAttribute('aria-posinset', '2');
  await expect(job).toBeFocused();
  await page.keyboard.press('Control+z');
  await expect(job).toHaveAttribute('aria-posinset', '3');
  await expect(job).toBeFocused();
  await page.keyboard.press('Control+y');
  await expect(job).toBeFocused();
  await page.keyboard.press('Alt+ArrowDown');

  // Into the settings and back.
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: /^Run job/ })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(job).toBeFocused();

  // Add from the list of kinds; the new node has the keyboard, and undoing gives it back.
  await page.keyboard.press('a');
  await expect(page.getByRole('combobox', { name: 'Find a kind of node' })).toBeFocused();
  await page.keyboard.type('image');
  await page.keyboard.press('Enter');
  const added = item(/^Deploy image/);
  await expect(added).toBeFocused();
  await expect(page.getByRole('option', { name: 'Run job' })).toBeVisible();

  // What the server would refuse is said here, before anything is sent.
  let sent = 0;
  page.on('request', (request) => (sent += request.method() === 'POST' ? 1 : 0));
  await page.keyboard.press('Control+s');
  await expect(page.getByText(/^Nothing was saved yet\. Deploy image/)).toBeVisible();
  expect(sent).toBe(0);
  await page.keyboard.press('Escape');

  await added.focus();
  await page.keyboard.press('Control+z');
  await expect(added).toHaveCount(0);
  await expect(job).toBeFocused();
  await page.keyboard.press('Delete');
  await expect(job).toHaveCount(0);
  await expect(page.locator(':focus')).toHaveRole('treeitem');
});

test('a dialog begins with what it is for, and with nothing that is hard to undo', async ({ page, server }) => {
  await signIn(page, server);
  await page.goto(`${server.url}/projects/shop/pipelines/shop/development/edit`);
  const dialog = page.getByRole('dialog');
  const build = page.getByRole('treeitem', { name: /^Start build/ });
  await build.focus();

  // A field, or the first choice.
  await page.keyboard.press('?');
  await expect(dialog.getByRole('checkbox', { name: 'Single-key shortcuts' })).toBeFocused();
  await page.keyboard.press('Escape');
  await page.keyboard.press('F2');
  await expect(dialog.getByRole('textbox').first()).toBeFocused();
  await page.keyboard.press('Escape');

  // What is hard to undo is a key further on.
  await build.focus();
  await page.keyboard.press('Delete');
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect(build).toBeFocused();

  // What the dialog is for.
  await page.keyboard.press('Alt+ArrowDown');
  await page.getByRole('link', { name: 'Runs', exact: true }).click();
  await expect(dialog.getByRole('button', { name: 'Save and leave' })).toBeFocused();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+s');
  await expect(dialog.getByRole('textbox', { name: /^Why you change it/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);

  // What there is to read.
  await page.getByRole('button', { name: 'Revisions', exact: true }).click();
  await page.getByRole('button', { name: 'Open revision 1' }).click();
  await expect(dialog.getByRole('heading')).toBeFocused();

  // One that opens together with its page.
  await page.goto(`${server.url}/projects/shop/pipelines/shop/development/runs?run=new`);
  await expect(dialog.getByRole('textbox', { name: /^Name/ })).toBeFocused();
});

test('all of a flow that is larger than the view is selected from where the keyboard is', async ({ page, server }) => {
  const steps = Array.from({ length: 200 }, (_, at) => ({ kind: 'JobRun', spec: { jobId: `job-${at}` } }));
  const answer = await server.fetch('/v1/projects/shop/pipelines/shop/release-flows/development', {
    method: 'POST',
    body: JSON.stringify({ apiVersion: 'v1.2', spec: { kind: 'Workflow', spec: { type: 'sequential', steps } } }),
  });
  expect(answer.status).toBe(200);
  await signIn(page, server);
  await page.goto(`${server.url}/projects/shop/pipelines/shop/development/edit`);
  const root = page.getByRole('treeitem', { name: /^Sequential workflow/ });
  const last = page.getByRole('treeitem', { name: /^Run job job-199\b/ });
  const told = page.getByText('200 nodes selected.');
  await root.focus();
  // Near, and from afar, where most nodes are no elements.
  for (const zoom of ['0', '1']) {
    await page.keyboard.press(zoom);
    await page.keyboard.press('End');
    await expect(last).toBeFocused();
    await page.keyboard.press('Control+a');
    await expect(told).toBeAttached();
    await expect(last).toBeFocused();
    await page.keyboard.press('0');
    await expect(last).toBeFocused();
    await page.keyboard.press('ArrowUp');
    await expect(page.getByRole('treeitem', { name: /^Run job job-198\b/ })).toBeFocused();
  }

  // The outermost workflow is not among them: the first that is has the keyboard then.
  await page.keyboard.press('Home');
  await expect(root).toBeFocused();
  await page.keyboard.press('Control+a');
  await expect(page.getByRole('treeitem', { name: /^Run job job-0\b/ })).toBeFocused();
  await page.keyboard.press('Delete');
  await expect(page.getByRole('treeitem')).toHaveCount(1);
  await page.keyboard.press('Control+z');
  await expect(page.getByRole('treeitem', { name: /^Run job job-0\b/ })).toBeVisible();
});

test('after Escape keys are about the node that has the keyboard', async ({ page, server }) => {
  await signIn(page, server);
  await page.goto(`${server.url}/projects/shop/pipelines/shop/development/edit`);
  const tree = page.getByRole('tree', { name: 'Release flow' });
  const job = tree.getByRole('treeitem', { name: /^Run job/ });
  const leave = async () => {
    await page.keyboard.press('Escape');
    await expect(job).toBeFocused();
    await expect(page.getByRole('treeitem', { selected: true })).toHaveCount(0);
  };
  await job.focus();
  await leave();
  await page.keyboard.press('Alt+ArrowUp');
  await expect(job).toHaveAttribute('aria-posinset', '2');
  await leave();
  await page.keyboard.press('F2');
  await expect(page.getByRole('dialog').getByRole('textbox').first()).toBeFocused();
  await page.keyboard.press('Escape');
  await leave();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: /^Run job/ })).toBeFocused();
  await page.keyboard.press('Escape');
  await leave();
  await page.keyboard.press('Delete');
  await expect(job).toHaveCount(0);
  await page.keyboard.press('Control+z');

  // In the list too.
  await page.getByRole('button', { name: 'Outline', exact: true }).click();
  const row = page.getByRole('tree', { name: 'Outline' }).getByRole('treeitem', { name: /^Run job/ });
  await row.click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('treeitem', { selected: true })).toHaveCount(0);
  await expect(row).toBeFocused();
  await page.keyboard.press('Alt+ArrowDown');
  await expect(row).toHaveAttribute('aria-posinset', '3');
});
