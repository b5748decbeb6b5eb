// The JSON Schema that the server publishes, asked by a validator that knows nothing of Slipway: it
// says of every document of the checks' tests what the checks say about its form.
import fs from 'node:fs';
import path from 'node:path';

import Ajv from 'ajv/dist/2020.js';

import { expect, test } from '../support/server';

const crate = path.resolve(__dirname, '../../../crates/flow/tests');
const shared = path.resolve(__dirname, '../../../../shared/fixtures');

// What a schema can see; everything else is about meaning.
const form = [
  'structure', 'required', 'type', 'value', 'alternatives',
  'unknown-member', 'misspelt-member', 'misplaced-member', 'unknown-kind', 'misspelt-kind',
];

function json(folder: string) {
  return fs.readdirSync(folder).filter((name) => name.endsWith('.json')).sort();
}

async function validator(url: string) {
  const answer = await fetch(`${url}/v1/schemas/release-flow`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toContain('application/json');
  // Strict: a keyword that does nothing would be a mistake in the schema.
  const ajv = new Ajv({ strict: true, strictRequired: false, allErrors: true, allowUnionTypes: true });
  return ajv.compile((await answer.json()) as object);
}

// One change of a case: see crates/flow/tests/mutations.rs.
function change(document: any, { at, text, name }: { at: string; text?: string; name?: string }) {
  const parts = at.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = parts.pop()!;
  const holder = parts.reduce((value, part) => value[part], document);
  if (name !== undefined) {
    const members = Object.entries(holder);
    for (const [key] of members) delete holder[key];
    for (const [key, value] of members) holder[key === last ? name : key] = value;
  } else if (text === undefined) {
    Array.isArray(holder) ? holder.splice(Number(last), 1) : delete holder[last];
  } else if (last === '-') {
    holder.push(JSON.parse(text));
  } else {
    holder[last] = JSON.parse(text);
  }
}

test('anybody can fetch the schema, and it agrees with the checks about every document', async ({ server }) => {
  const validate = await validator(server.url);
  const names = json(path.join(crate, 'documents'));
  expect(names.length).toBeGreaterThan(5);
  for (const name of names) {
    const text = fs.readFileSync(path.join(crate, 'documents', name), 'utf8');
    const problems = fs.readFileSync(path.join(crate, 'documents', name.replace(/json$/, 'problems')), 'utf8');
    // A team template is another sort of document.
    if (text.includes('"Pipeline"') || problems.includes('[kind-not-here]')) continue;
    const expected = form.every((code) => !problems.includes(`[${code}]`));
    const valid = validate(JSON.parse(text));
    const why = valid ? problems : JSON.stringify(validate.errors?.slice(0, 5), null, 1);
    expect(valid, `${name}: ${why}`).toBe(expected);
  }
});

test('the schema finds every mistake of form that the checks find', async ({ server }) => {
  const validate = await validator(server.url);
  let found = 0;
  for (const file of json(path.join(crate, 'mutations'))) {
    for (const mistake of JSON.parse(fs.readFileSync(path.join(crate, 'mutations', file), 'utf8'))) {
      // Which kinds a teardown has, and which schema a document should name, a schema can't say.
      if (mistake.code === 'kind-not-here' || mistake.pointer === '/$schema') continue;
      const document = JSON.parse(fs.readFileSync(path.join(crate, 'documents', mistake.document), 'utf8'));
      change(document, mistake);
      for (const also of mistake.also ?? []) change(document, also);
      const expected = !form.includes(mistake.code);
      expect(validate(document), `${mistake.case} [${mistake.code}]: ${JSON.stringify(validate.errors)}`).toBe(expected);
      found += Number(!expected);
    }
  }
  expect(found).toBeGreaterThan(60);
});

test('release flows of others fit the schema', async ({ server }) => {
  test.skip(!fs.existsSync(shared), 'the documents of others are not on this machine');
  const validate = await validator(server.url);
  for (const name of json(shared)) {
    const document = JSON.parse(fs.readFileSync(path.join(shared, name), 'utf8'));
    // Templates of a team are another sort of document, and one file has a member of a newer sort.
    const release = !('name' in document) && !JSON.stringify(document).includes('branchNamePatterns');
    if (release) {
      expect(validate(document), `${name}: ${JSON.stringify(validate.errors)}`).toBe(true);
    }
  }
});
