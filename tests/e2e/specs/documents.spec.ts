// Real documents, flows and team templates: each comes in as a file, is changed on the canvas, by
// form, as a node's JSON and as code, and after every change only the bytes that were edited differ.
// Flows are saved to the server; everything goes out as a file again, and undo leads back.
import { readFile } from 'node:fs/promises';

import type { Page } from '@playwright/test';
import ts from 'typescript';

import { documents } from '../support/books';
import { save } from '../support/editor';
import { expect, signIn, test } from '../support/server';

const flow = '/slipway/v1/projects/shop/pipelines/shop/release-flows/development/document';

test('there are documents to open, flows and team templates', () => {
  expect(documents.length).toBeGreaterThanOrEqual(5);
  expect(documents.filter(({ text }) => isTemplate(text)).length).toBeGreaterThanOrEqual(1);
});

/** Team templates are named; a release flow has no member for it. */
const isTemplate = (text: string) => 'name' in JSON.parse(text);

/** Where the steps of the outermost workflow stand in a text. */
function steps(text: string): { from: number; to: number }[] {
  const file = ts.parseJsonText('document.json', text);
  const member = (object: ts.Node, name: string): ts.Expression => {
    const found = (object as ts.ObjectLiteralExpression).properties.find(
      (it): it is ts.PropertyAssignment => ts.isPropertyAssignment(it) && (it.name as ts.StringLiteral).text === name,
    );
    if (!found) throw new Error(`There is no ${name}.`);
    return found.initializer;
  };
  const { elements } = member(member(member(file.statements[0]!.expression, 'spec'), 'spec'), 'steps') as ts.ArrayLiteralExpression;
  return elements.map((it) => ({ from: it.getStart(file), to: it.getEnd() }));
}

/** The text with its first two steps in each other's place. */
function swapped(text: string): string {
  const [one, two] = steps(text);
  if (!one || !two) throw new Error('There are no two steps.');
  const [first, second] = [text.slice(one.from, one.to), text.slice(two.from, two.to)];
  return text.slice(0, one.from) + second + text.slice(one.to, two.from) + first + text.slice(two.to);
}

/** What goes out as a file now. */
async function exported(page: Page): Promise<string> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export as a file' }).click();
  return readFile(await (await download).path(), 'utf8');
}

/** What somebody put into a text in one place; a failure where more than that differs. */
function inserted(before: string, now: string): string {
  let at = 0;
  while (at < before.length && before[at] === now[at]) at += 1;
  const added = now.slice(at, at + now.length - before.length);
  expect(now).toBe(before.slice(0, at) + added + before.slice(at));
  return added;
}

/** The member that says that a node is skipped, wherever the blanks and commas around it are. */
function expectSkipped(before: string, now: string): void {
  expect(inserted(before, now).replace(/[\s,"]/g, '')).toBe('skipNodeExecution:true');
}

test('every document is changed on the canvas, by form and as code, and nothing else in it changes', async ({ page, server }) => {
  test.setTimeout(60_000 + documents.length * 20_000);
  await signIn(page, server);
  await page.goto(`${server.url}/projects/shop/pipelines/shop/development/edit`);
  const nodes = page.getByRole('tree', { name: 'Release flow' }).getByRole('treeitem');
  const settings = page.getByRole('complementary', { name: 'Node settings' });
  const code = page.getByRole('textbox', { name: 'Release flow as code' });
  const view = (name: string) => page.getByRole('button', { name, exact: true });
  await expect(nodes.first()).toBeVisible();

  for (const { name, text: original } of documents) {
    await test.step(name, async () => {
      await page.getByLabel('File to import').setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(original) });
      const offer = page.getByRole('dialog', { name: `Import ${name}` });
      await offer.getByRole('button', { name: 'Replace the release flow' }).click();
      await expect(offer).toBeHidden();
      expect(await exported(page), 'as it came').toBe(original);
      let text = original;
      let changes = 0;
      const changed = async (how: string, check: (now: string) => void) => {
        const now = await exported(page);
        expect(now, how).not.toBe(text);
        check(now);
        text = now;
        changes += 1;
      };

      // On the canvas: the first step goes behind the second, or the only one is skipped.
      await nodes.nth(1).focus();
      if (steps(text).length > 1) {
        const expected = swapped(text);
        await page.keyboard.press('Alt+ArrowDown');
        await expect(page.locator(':focus')).toHaveAttribute('aria-posinset', '2');
        await changed('moved', (now) => expect(now).toBe(expected));
      } else {
        await page.keyboard.press('d');
        await expect(nodes.nth(1)).toHaveAccessibleName(/skipped/);
        await changed('skipped', (now) => expectSkipped(text, now));
      }

      // By form: the outermost workflow says when it is skipped.
      await nodes.first().focus();
      await settings.getByRole('checkbox', { name: 'Skip this node' }).press('Space');
      await changed('skipped by form', (now) => expectSkipped(text, now));

      // A node as JSON.
      await nodes.nth(1).focus();
      await settings.getByRole('tab', { name: 'JSON' }).click();
      const json = settings.getByRole('textbox', { name: 'The node as JSON' });
      const node = await json.inputValue();
      const note = ', "x-note": 1.50';
      const end = node.slice(0, -1).trimEnd().length;
      await json.fill(node.slice(0, end) + note + node.slice(end));
      await changed('as JSON', (now) => expect(inserted(text, now)).toContain('"x-note": 1.50'));
      await settings.getByRole('tab', { name: 'Settings' }).click();

      // As code, where the outermost workflow says its kind.
      await view('Code').click();
      await code.focus();
      await page.keyboard.press('Control+Home');
      await page.keyboard.press('Control+f');
      await page.getByRole('textbox', { name: 'Find in the code' }).pressSequentially('"kind"');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Escape');
      await expect(code).toBeFocused();
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.type('"x-more": "é😀",  ');
      await changed('as code', (now) => {
        const at = text.indexOf('"kind"');
        expect(now).toBe(`${text.slice(0, at)}"x-more": "é😀",  ${text.slice(at)}`);
      });

      await view('Visual').click();
      if (!isTemplate(original)) {
        await save(page);
        expect(await (await server.fetch(flow)).text(), 'what the server has').toBe(text);
      }
      const undo = page.getByRole('button', { name: /^Undo/ });
      await nodes.first().focus();
      for (; changes > 0; changes -= 1) await undo.click();
      expect(await exported(page), 'after undo').toBe(original);
    });
  }
});
