// The JSON Schema that the server publishes, asked by a validator that knows nothing of Slipway: it
// says of every document of the checks' tests what the checks say about its form.
import fs from 'node:fs';
import path from 'node:path';

import Ajv from 'ajv/dist/2020.js';

import { expect, test } from '../support/server';

const documents = path.resolve(__dirname, '../../../crates/flow/tests/documents');
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

test('anybody can fetch the schema, and it agrees with the checks about every document', async ({ server }) => {
  const validate = await validator(server.url);
  const names = json(documents);
  expect(names.length).toBeGreaterThan(5);
  for (const name of names) {
    const text = fs.readFileSync(path.join(documents, name), 'utf8');
    const problems = fs.readFileSync(path.join(documents, name.replace(/json$/, 'problems')), 'utf8');
    const expected = form.every((code) => !problems.includes(`[${code}]`));
    const valid = validate(JSON.parse(text));
    const why = valid ? problems : JSON.stringify(validate.errors?.slice(0, 5), null, 1);
    expect(valid, `${name}: ${why}`).toBe(expected);
  }
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
