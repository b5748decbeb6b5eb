// A flow that backs up, promotes, migrates and promotes again, built from nothing to a saved one: by
// keyboard alone, and by mouse. What the server then has is the document, byte for byte.
import type { Locator, Page } from '@playwright/test';

import { documents, projectFor, stepsOf, type Step } from '../support/books';
import { expect, test, type Server } from '../support/server';

const wanted = documents.filter(({ name }) => /^(back-up-then-promote|backup-migrate-promote)\.json$/.test(name));

test('there is a flow to build', () => {
  expect(wanted.map(({ name }) => name)).toContain('back-up-then-promote.json');
});

const edit = '/projects/books/pipelines/books/production/edit';
const flow = '/slipway/v1/projects/books/pipelines/books/release-flows/production';
const tree = (page: Page) => page.getByRole('tree', { name: 'Release flow' });
const nodes = (page: Page) => tree(page).getByRole('treeitem');
const settings = (page: Page) => page.getByRole('complementary', { name: 'Node settings' });

/** What is filled in: a field by its label, how it is filled in, and with what. */
type Filling =
  | { field: string; pick: string }
  | { field: string; choose: string }
  | { field: string; switch: boolean }
  | { field: string; clear: string };

/** What somebody does who wants this step: the kind they add, and what they fill in. */
function doing(step: Step): { kind: string; fill: Filling[] } {
  const wait = { field: 'Wait for completion', switch: step.condition !== undefined };
  // A node that acts on something is named after it; these flows have no names.
  const noName = (id: string) => ({ field: 'Ref', clear: id });
  const type = { service: 'Service', job: 'Job' };
  switch (step.kind) {
    case 'AddonBackup':
      return { kind: 'Run backup', fill: [{ field: 'Addon', pick: step.spec.addonId }, wait, noName(step.spec.addonId)] };
    case 'JobRun':
      return { kind: 'Run job', fill: [{ field: 'Job', pick: step.spec.jobId }, wait, noName(step.spec.jobId)] };
    case 'Release': {
      const { origin, target } = step.spec;
      const fill = [
        { field: 'Origin type', choose: type[origin.type] },
        { field: 'Origin', pick: origin.id },
        { field: 'Target type', choose: type[target.type] },
        { field: 'Target', pick: target.id },
        wait,
        noName(target.id),
      ];
      return { kind: 'Promote deployment', fill };
    }
  }
}

function control(page: Page, { field, ...how }: Filling): Locator {
  const role = 'switch' in how ? 'checkbox' : 'clear' in how ? 'textbox' : 'combobox';
  return settings(page).getByRole(role, { name: field, exact: true });
}

/** What the server has now, and why it was saved. */
async function stored(server: Server): Promise<{ text: string; reason: string }> {
  const { data } = await (await server.fetch(`${flow}/revisions`)).json();
  return { text: await (await server.fetch(`${flow}/document`)).text(), reason: data.revisions[0].reason };
}

for (const { name, text } of wanted) {
  const steps = stepsOf(text);
  test.describe(name, () => {
    test.use({ serverOptions: { project: projectFor(steps) } });

    test('is built and saved by keyboard alone', async ({ page, server }) => {
      test.slow();
      const { keyboard } = page;
      const press = async (...keys: string[]) => {
        for (const key of keys) await keyboard.press(key);
      };
      /** Tab until the keyboard is there. */
      const tabTo = async (there: Locator) => {
        await expect(there).toHaveCount(1);
        for (let step = 0; step < 40; step += 1) {
          if (await there.evaluate((it) => it === document.activeElement)) return;
          await press('Tab');
        }
        throw new Error(`Tab does not lead to ${there}.`);
      };
      const fillIn = async (filling: Filling) => {
        const field = control(page, filling);
        await tabTo(field);
        if ('choose' in filling) {
          await keyboard.type(filling.choose);
          await expect(field.locator('option:checked')).toHaveText(filling.choose);
        } else if ('switch' in filling) {
          if ((await field.isChecked()) !== filling.switch) await press('Space');
          await expect(field).toBeChecked({ checked: filling.switch });
        } else if ('clear' in filling) {
          await expect(field).toHaveValue(filling.clear);
          await press('Control+a', 'Delete');
        } else {
          await keyboard.type(filling.pick.slice(0, -1));
          await press('ArrowDown', 'Enter');
          await expect(field).toHaveValue(filling.pick);
          await expect(field).toHaveAttribute('aria-expanded', 'false');
        }
        await expect(field).toBeFocused();
      };

      await page.goto(`${server.url}/sign-in`);
      await tabTo(page.getByLabel('Token'));
      await keyboard.type(server.token);
      await press('Enter');
      await expect(page).not.toHaveURL(/sign-in/);
      await page.goto(server.url + edit);
      await tabTo(page.getByRole('button', { name: 'Add release flow' }));
      await press('Enter');
      await expect(nodes(page)).toHaveCount(1);
      await expect(nodes(page).first()).toBeFocused();

      for (const [at, step] of steps.entries()) {
        const { kind, fill } = doing(step);
        // The list beside the canvas, and the command palette: both add behind the selected node.
        if (at % 2 === 0) {
          await press('n');
          await expect(page.getByRole('combobox', { name: 'Find a kind of node' })).toBeFocused();
          await keyboard.type(kind);
        } else {
          await press('Control+k');
          await expect(page.getByRole('dialog', { name: 'Commands' }).getByRole('combobox')).toBeFocused();
          await keyboard.type(`add ${kind}`);
        }
        await press('Enter');
        const added = nodes(page).nth(at + 1);
        await expect(added).toBeFocused();
        await expect(added).toHaveAccessibleName(new RegExp(`^${kind}`));
        await press('Enter');
        await expect(settings(page).getByRole('heading', { name: new RegExp(`^${kind}`) })).toBeFocused();
        for (const filling of fill) await fillIn(filling);
        await press('Escape');
        await expect(added).toBeFocused();
      }
      await expect(page.getByRole('button', { name: /^\d+ errors?/ })).toHaveCount(0);

      await press('Control+s');
      const dialog = page.getByRole('dialog', { name: 'Save the release flow' });
      await expect(dialog.getByRole('textbox', { name: /^Why you change it/ })).toBeFocused();
      await keyboard.type('Built by keyboard');
      await press('Enter');
      await expect(page.getByText('Saved', { exact: true })).toBeVisible();
      await expect(nodes(page).last()).toBeFocused();
      const { text: saved, reason } = await stored(server);
      expect(JSON.parse(saved)).toEqual(JSON.parse(text));
      expect(saved).toBe(text);
      expect(reason).toBe('Built by keyboard');
    });

    test('is built and saved by mouse', async ({ page, server }) => {
      test.slow();
      const { mouse } = page;
      const middle = async (there: Locator) => {
        await there.scrollIntoViewIfNeeded();
        const { x, y, width, height } = (await there.boundingBox())!;
        return { x: x + width / 2, y: y + height / 2, height };
      };
      // The pointer goes where a thing stands once nothing moves any more, as a hand does.
      const press = (there: Locator) => there.click();
      /** Types into a text field that was pressed. */
      const type = async (field: Locator, words: string) => {
        await press(field);
        await expect(field).toBeFocused();
        await page.keyboard.type(words);
      };
      const fillIn = async (filling: Filling) => {
        const field = control(page, filling);
        if ('choose' in filling) {
          // The list of a native control is the system's: there is no pointing into it from here.
          await field.selectOption(filling.choose);
        } else if ('switch' in filling) {
          if ((await field.isChecked()) !== filling.switch) await press(field);
          await expect(field).toBeChecked({ checked: filling.switch });
        } else if ('clear' in filling) {
          await expect(field).toHaveValue(filling.clear);
          await field.click({ clickCount: 3 });
          await page.keyboard.press('Delete');
        } else {
          await press(field);
          const list = page.getByRole('listbox', { name: `Choices for ${filling.field}` });
          const option = list.getByRole('option', { name: new RegExp(`^${filling.pick}\\b`) });
          await expect(option).toBeInViewport();
          await press(option);
          await expect(field).toHaveValue(filling.pick);
          await expect(list).toBeHidden();
        }
      };

      await page.goto(`${server.url}/sign-in`);
      await type(page.getByLabel('Token'), server.token);
      await press(page.getByRole('button', { name: /^sign in/i }));
      await expect(page).not.toHaveURL(/sign-in/);
      await page.goto(server.url + edit);
      await press(page.getByRole('button', { name: 'Add release flow' }));
      await expect(nodes(page)).toHaveCount(1);

      // The last step first, then each of the others onto the arrow that leads to it.
      const order = [steps.length - 1, ...steps.keys()].slice(0, steps.length);
      const palette = page.getByRole('listbox', { name: 'Add a node' });
      for (const at of order) {
        const { kind, fill } = doing(steps[at]!);
        const first = at === steps.length - 1;
        const from = await middle(palette.getByRole('option', { name: kind, exact: true }));
        const to = await middle(nodes(page).last());
        await mouse.move(from.x, from.y);
        await mouse.down();
        await mouse.move(from.x + 4, from.y + 8, { steps: 3 });
        await mouse.move(to.x, first ? to.y : to.y - to.height / 2 - 8, { steps: 6 });
        await expect(page.locator('.drop-marker')).toHaveCount(1);
        await mouse.up();
        const added = nodes(page).nth(first ? 1 : at + 1);
        await expect(added).toHaveAccessibleName(new RegExp(`^${kind}`));
        await press(added);
        await expect(added).toHaveAttribute('aria-selected', 'true');
        for (const filling of fill) await fillIn(filling);
      }
      await expect(page.getByRole('button', { name: /^\d+ errors?/ })).toHaveCount(0);

      await press(page.getByRole('button', { name: 'Save', exact: true }));
      const dialog = page.getByRole('dialog', { name: 'Save the release flow' });
      await type(dialog.getByRole('textbox', { name: /^Why you change it/ }), 'Built by mouse');
      await press(dialog.getByRole('button', { name: 'Save now' }));
      await expect(page.getByText('Saved', { exact: true })).toBeVisible();
      const { text: saved, reason } = await stored(server);
      expect(JSON.parse(saved)).toEqual(JSON.parse(text));
      expect(saved).toBe(text);
      expect(reason).toBe('Built by mouse');
    });
  });
}
