// The vendor's own JavaScript client against our server: login, list, get, update, run to success,
// get run, abort. Nothing here knows Slipway's own routes.
import { ApiClient, ApiClientInMemoryContextProvider } from '@northflank/js-client';

import { expect, test } from '../support/server';

const ids = { projectId: 'shop', pipelineId: 'shop' };
const development = { ...ids, stage: 'development' };

async function connect(server: { url: string; token: string }) {
  const contexts = new ApiClientInMemoryContextProvider();
  await contexts.addContext({ name: 'local', token: server.token, host: server.url });
  return new ApiClient(contexts, { throwErrorOnHttpErrorCode: true });
}

async function concluded(client: ApiClient, runId: string) {
  let run: any;
  await expect
    .poll(
      async () => {
        run = (await client.get.releaseFlowRun({ parameters: { ...development, runId } })).data;
        return run.concluded;
      },
      { timeout: 60_000, message: `run ${runId} concludes` },
    )
    .toBe(true);
  return run;
}

test('the vendor’s client signs in, lists, reads, updates, runs and aborts', async ({ server }) => {
  const login = await fetch(`${server.url}/v1/login`, {
    headers: { authorization: `Bearer ${server.token}` },
  });
  expect(login.status).toBe(200);
  expect((await fetch(`${server.url}/v1/login`, { headers: { authorization: 'Bearer x' } })).status).toBe(401);

  const client = await connect(server);
  const pipelines = await client.list.pipelines.all({ parameters: { projectId: 'shop' } });
  expect(pipelines.data.pipelines.map((row: any) => row.id)).toEqual(['shop']);
  const pipeline = await client.get.pipeline({ parameters: ids });
  expect(pipeline.data.name).toBe('Shop');
  const stages = new Set(pipeline.data.nfObjects!.map((member: any) => member.stage));
  expect([...stages].sort()).toEqual(['Development', 'Production', 'Staging']);

  for (const list of [client.list.services, client.list.jobs, client.list.addons]) {
    const answer: any = await list({ parameters: { projectId: 'shop' } });
    expect(Object.values<any[]>(answer.data)[0].length).toBeGreaterThan(0);
  }

  const flow: any = (await client.get.releaseFlow({ parameters: development })).data;
  expect(flow.stage).toBe('Development');
  expect(flow.spec.kind).toBe('Workflow');

  const { apiVersion, spec, triggers, options } = flow;
  const changed = { apiVersion, spec, triggers, options, arguments: { ...flow.arguments, NOTE: 'by the client' } };
  await client.update.releaseFlow({ parameters: development, data: changed });
  const again: any = (await client.get.releaseFlow({ parameters: development })).data;
  expect(again.arguments).toEqual({ BRANCH: 'main', NOTE: 'by the client' });
  expect(again.spec).toEqual(flow.spec);

  const started: any = (
    await client.run.releaseFlow({ parameters: development, data: { name: 'Example Run' } })
  ).data;
  const run = await concluded(client, started.id);
  expect(run.status).toBe('success');
  expect(run.name).toBe('Example Run');
  const statuses = run.spec.spec.steps.map((step: any) => step.response?.status);
  expect(statuses.every((status: string) => status === 'success')).toBe(true);

  const service = { projectId: 'shop', serviceId: 'shop-builder' };
  const branches = await client.get.service.branches.all({ parameters: service });
  expect(branches.data.branches!.map((row: any) => row.name)).toContain('main');
  const builds = await client.get.service.builds.all({ parameters: service });
  expect(builds.data.builds.map((row: any) => row.status)).toEqual(['SUCCESS']);
  expect(builds.data.builds[0].sha).toMatch(/^[0-9a-f]{40}$/);
  const requests = await client.get.service.pullRequests.all({ parameters: service });
  expect(requests.data.pullRequests).toEqual([]);

  const second: any = (await client.run.releaseFlow({ parameters: development } as any)).data;
  const aborting: any = (
    await client.abort.releaseFlowRun({ parameters: { ...development, runId: second.id } })
  ).data;
  expect(['aborting', 'aborted']).toContain(aborting.status);
  expect((await concluded(client, second.id)).status).toBe('aborted');

  const runs = await client.list.releaseFlowRuns.all({ parameters: development });
  expect(runs.data.runs!.map((row: any) => row.id)).toEqual([second.id, started.id]);
  const succeeded = await client.list.releaseFlowRuns({
    parameters: development,
    options: { status: 'success', concluded: true },
  } as any);
  expect(succeeded.data.runs!.map((row: any) => row.id)).toEqual([started.id]);

  const team: any = await client.get.releaseFlow({ parameters: { ...development, teamId: 'team' } });
  expect(team.data.stage).toBe('Development');
});

test('the vendor’s client is told what is wrong in the shape it knows', async ({ server }) => {
  const client = await connect(server);
  const bad = client.run.releaseFlow({ parameters: development, data: { name: '1st run' } });
  await expect(bad).rejects.toMatchObject({ status: 400, id: 'nf-invalid-request-body' });
  const error: any = await bad.catch((error: unknown) => error);
  expect(Object.keys(error.details)).toEqual(['name']);
  await expect(
    client.get.releaseFlow({ parameters: { ...ids, pipelineId: 'nowhere', stage: 'staging' } }),
  ).rejects.toMatchObject({ status: 404 });
});
