import { afterEach, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { startAppliance, type Appliance } from '../support/start-appliance.js';
import { NumberedLoad } from './numbered-load.js';
import { SmallDisk } from './small-disk.js';

const EVENTS = 500;
const MANY = 200;
const SETTINGS = {
  ALLUVIUM_BACKLOG_BYTES: '8MiB',
  ALLUVIUM_FLUSH_BYTES: '2MiB',
  ALLUVIUM_ADMISSION_WAIT_MS: '100',
};

let appliance: Appliance | undefined;
let disk: SmallDisk;
afterEach(async () => {
  await appliance?.dispose();
  await disk.unmount();
});

/** No insert can be made: the scratch directory that hands blocks to the engine is full (F9). */
it('takes events until the backlog is full while the engine is out, then refuses, and stores all when it is back', async () => {
  disk = await SmallDisk.mount(64);
  appliance = await startAppliance({
    command: disk.command,
    env: { ALLUVIUM_SCRATCH_DIR: disk.path, ...SETTINGS },
  });
  const api = new ApiClient(appliance);
  const load = await new NumberedLoad(api, { stream: 'held', padding: 500 }).open();
  expect((await load.send(1, { prefer: 'wait=10' })).status).toBe(200);
  await disk.fill(0);

  const refusal = await load.sendUntil(({ status }) => status !== 202, EVENTS, MANY);
  expect(refusal).toMatchObject({ status: 429, code: 'backlog_full' });
  expect(Number(refusal.retryAfter)).toBeGreaterThan(0);
  expect(load.acked).toBeGreaterThan(10 * EVENTS);
  // No event of those got stored, and a process that can still queue and search says that it is ready.
  expect((await api.logs({ stream: 'held', start_time: 'now-2h' })).body.total).toBe(1);
  expect(appliance.output()).toContain('ENOSPC');
  expect((await fetch(`${appliance.url}/health/ready`)).status).toBe(200);

  await disk.relieve();
  await load.sendUntil(({ status }) => status === 202, EVENTS, MANY);
  expect(await load.differences()).toBe('');
  expect((await api.quarantine({ stream: 'held' })).body.total).toBe(0);
});
