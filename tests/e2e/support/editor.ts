// What many tests do in the editor of a release flow.
import { expect, type Page } from '@playwright/test';

/** Saves what is open after the look at the difference, and waits until the server has it. */
export async function save(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Save the release flow' });
  await dialog.getByRole('button', { name: 'Save now' }).click();
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
}
