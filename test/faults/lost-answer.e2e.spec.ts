import { afterEach, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { startAppliance, type Appliance } from '../support/start-appliance.js';
import { NumberedLoad } from './numbered-load.js';

/** Inserts whose answer is lost, and one of which only the first of two statements was answered. */
const LOST = ['worker.insert-answered:1', 'worker.insert-answered:4', 'worker.insert-answered:5', 'tier.after-plain-lines:6']; // prettier-ignore
const REQUESTS = 60;
const EVENTS = 50;

let appliance: Appliance | undefined;
afterEach(() => appliance?.dispose());

/** An insert happened, and its answer never came (F10). Reading back decides; nothing is stored twice. */
it('finds each event once where the answer to an insert is lost', async () => {
  const faults = LOST.map((place) => `${place}:error`).join(',');
  appliance = await startAppliance({
    env: { ALLUVIUM_FAULT_POINTS: faults, ALLUVIUM_FLUSH_INTERVAL_MS: '20' },
  });
  const load = await new NumberedLoad(new ApiClient(appliance), { stream: 'unanswered' }).open();
  for (let sent = 0; sent < REQUESTS; sent++)
    expect((await load.send(EVENTS, { prefer: 'wait=10' })).status).toBe(200);
  expect(await load.differences()).toBe('');
  const lines = appliance.output().split('\n');
  expect(lines.filter((line) => line.includes('fault point')).length).toBe(LOST.length);
  await appliance.restart();
  expect(await load.differences()).toBe('');
});
