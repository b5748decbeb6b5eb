// Release flows that stand beside the tests as documents, and projects in which they mean something.
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';

// Our own documents, and other people's where they lie beside the project.
const folders = [join(__dirname, '../documents'), resolve(__dirname, '../../../../shared/fixtures')];

/** A document as it was written. */
export interface Written {
  name: string;
  text: string;
}

/** Every document there is to open. */
export const documents: Written[] = folders
  .filter((folder) => existsSync(folder))
  .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
  .filter((file) => file.endsWith('.json'))
  .map((file) => ({ name: basename(file), text: readFileSync(file, 'utf8') }));

/** A step of a flow that backs up, promotes and runs jobs. */
export type Step =
  | { kind: 'AddonBackup'; spec: { addonId: string; backupType: string }; condition?: string }
  | { kind: 'JobRun'; spec: { jobId: string }; condition?: string }
  | { kind: 'Release'; spec: { type: 'deployment'; origin: Resource; target: Resource }; condition?: string };

interface Resource {
  id: string;
  type: 'service' | 'job';
}

/** The steps of a flow of such steps. */
export const stepsOf = (text: string): Step[] => JSON.parse(text).spec.spec.steps;

/**
 * Writes a project file with a pipeline `books`, whose production holds what the steps act on, whose
 * staging what they promote, and which has no release flow yet.
 */
export function projectFor(steps: Step[]): string {
  const staging = new Map<string, string>();
  const production = new Map<string, string>();
  for (const { kind, spec } of steps) {
    if (kind === 'AddonBackup') production.set(spec.addonId, 'addon');
    if (kind === 'JobRun') production.set(spec.jobId, 'job');
    if (kind === 'Release') {
      staging.set(spec.origin.id, spec.origin.type);
      production.set(spec.target.id, spec.target.type);
    }
  }
  const acts: Record<string, string> = {
    addon: 'kind = "sqlite"\nbackup = { command = ["true"] }',
    job: 'run = { command = ["true"] }',
    service: 'kind = "deployment"\ndeploy = { command = ["true"] }',
  };
  const declared = [...staging, ...production].map(([id, type]) => `[[${type}]]\nid = "${id}"\n${acts[type]}\n`);
  const held = (stage: string, resources: Map<string, string>) =>
    `[pipeline.stage.${stage}]\nresources = [${[...resources].map(([id, type]) => `{ type = "${type}", id = "${id}" }`).join(', ')}]\n`;
  const file = join(mkdtempSync(join(tmpdir(), 'slipway-books-')), 'project.toml');
  writeFileSync(
    file,
    [
      '[project]\nid = "books"\nname = "Books"\n',
      ...declared,
      '[[pipeline]]\nid = "books"\nname = "Books"\n',
      held('staging', staging),
      held('production', production),
    ].join('\n'),
  );
  return file;
}
