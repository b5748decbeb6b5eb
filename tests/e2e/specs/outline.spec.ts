// The outline: the flow as a list, with the same selection, keys and history as the canvas.
import { expect, expectAccessible, signIn, test } from '../support/server';

test('the outline is complete and does what the canvas does', async ({ page, server }) => {
  await signIn(page, server);
  await page.goto(`${server.url}/projects/shop/pipelines/shop/development/edit?view=outline`);
  const tree = page.getByRole('tree', { name: 'Outline' });
  const row = (name: RegExp) => tree.getByRole('treeitem', { name });
  const job = row(/^Run job/);
  await row(/^Sequential workflow/).focus();
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Home');
  await expect(row(/^Sequential workflow/)).toBeFocused();

  // Folding away and back.
  const all = await tree.getByRole('treeitem').count();
  await page.keyboard.press('ArrowLeft');
  await expect(tree.getByRole('treeitem')).toHaveCount(1);
  await page.keyboard.press('ArrowRight');
  await expect(tree.getByRole('treeitem')).toHaveCount(all);
  await page.keyboard.press('ArrowRight');
  await expect(row(/./).nth(1)).toBeFocused();

  await job.click();
  await expect(job).toHaveAttribute('aria-selected', 'true');
  const at = Number(await job.getAttribute('aria-posinset'));
  await page.keyboard.press('Alt+ArrowUp');
  await expect(job).toHaveAttribute('aria-posinset', String(at - 1));
  await expect(job).toBeFocused();
  await page.keyboard.press('d');
  await expect(job).toHaveAccessibleName(/skipped/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: /^Run job/ })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(job).toBeFocused();
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: /^Duplicate/ }).click();
  await expect(job).toHaveCount(2);
  await expect(page.locator(':focus')).toHaveRole('treeitem');
  await page.keyboard.press('Control+z');
  await expect(job).toHaveCount(1);
  await page.keyboard.press('F2');
  await page.keyboard.press('Escape');
  await expect(job).toBeFocused();
  await expectAccessible(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(page);
});

test('the outline stands beside the canvas, and follows it', async ({ page, server }) => {
  await signIn(page, server);
  await page.goto(`${server.url}/projects/shop/pipelines/shop/development/edit`);
  await page.getByRole('tab', { name: 'Outline' }).click();
  const canvas = page.getByRole('tree', { name: 'Release flow' });
  const outline = page.getByRole('tree', { name: 'Outline' });
  await canvas.getByRole('treeitem', { name: /^Run job/ }).focus();
  await expect(outline.getByRole('treeitem', { name: /^Run job/ })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Delete');
  await expect(outline.getByRole('treeitem', { name: /^Run job/ })).toHaveCount(0);
  await outline.getByRole('treeitem', { name: /^Run backup/ }).click();
  await expect(canvas.getByRole('treeitem', { name: /^Run backup/ })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Alt+ArrowDown');
  await expect(outline.getByRole('treeitem', { name: /^Run backup/ })).toBeFocused();
  await expectAccessible(page);

  // The choice is remembered, and the panel can be closed.
  page.once('dialog', (dialog) => void dialog.accept());
  await page.reload();
  await expect(outline).toBeVisible();
  await page.getByRole('button', { name: 'Close the panel' }).click();
  await expect(outline).toHaveCount(0);
  await page.getByRole('button', { name: 'Open the panel' }).click();
  await expect(outline).toBeVisible();
});
