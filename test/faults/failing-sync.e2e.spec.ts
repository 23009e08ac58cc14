import { afterEach, beforeAll, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { startAppliance, type Appliance } from '../support/start-appliance.js';
import { FailingCalls, installTools } from './failing-calls.js';
import { NumberedLoad } from './numbered-load.js';

let appliance: Appliance | undefined;
let calls: FailingCalls | undefined;
beforeAll(installTools);
afterEach(async () => {
  await calls?.detach();
  await appliance?.dispose();
});

/** Every fsync of the whole process fails with EIO, as on a broken disk (F3). */
it('acknowledges nothing while the disk does not sync, says so, and keeps what it acknowledged before', async () => {
  appliance = await startAppliance();
  const load = await new NumberedLoad(new ApiClient(appliance), { stream: 'unsynced' }).open();
  for (let i = 0; i < 5; i++) expect((await load.send(20)).status).toBe(202);

  calls = await FailingCalls.attach(appliance.pid, 'fsync,fdatasync', 'EIO');
  for (let i = 0; i < 5; i++) {
    const answer = await load.send(20);
    expect(answer).toMatchObject({ status: 503 });
    expect(Number(answer.retryAfter)).toBeGreaterThan(0);
  }
  expect(await calls.count()).toBeGreaterThan(0);
  expect((await fetch(`${appliance.url}/health/ready`)).status).toBe(503);
  expect((await fetch(`${appliance.url}/health/live`)).status).toBe(200);

  await calls.detach();
  await load.sendUntil(({ status }) => status === 202, 20, 100);
  expect(await load.differences()).toBe('');
  await appliance.restart();
  expect(await load.differences()).toBe('');
});
