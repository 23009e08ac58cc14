import { readFile } from 'node:fs/promises';
import { afterEach, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { pause } from '../support/appliance-process.js';
import { startAppliance, type Appliance } from '../support/start-appliance.js';
import { NumberedLoad } from './numbered-load.js';

const MIB = 2 ** 20;
const MEMORY_LIMIT = 1_024 * MIB;
const SLOW_EVENTS = 12;
const HOT_EVENTS = 250;

let appliance: Appliance | undefined;
afterEach(() => appliance?.dispose());

/** One stream sends all it can on four connections, another an event now and then (F16). */
it('goes on storing a slow stream beside one that floods it, within its memory', async () => {
  appliance = await startAppliance({
    env: { ALLUVIUM_MEMORY_LIMIT: '1GiB', ALLUVIUM_BACKLOG_BYTES: '64MiB' },
  });
  const api = new ApiClient(appliance);
  const hot = await new NumberedLoad(api, { stream: 'hot', padding: 3_000 }).open();
  const slow = await new NumberedLoad(api, { stream: 'slow' }).open();
  const flood = { ended: false };
  const sending = [0, 1, 2, 3].map(() => keepSending(hot, flood));

  const hotPending: number[] = [];
  for (let i = 0; i < SLOW_EVENTS; i++) {
    const answer = await slow.send(1, { prefer: 'wait=10' });
    expect(answer).toMatchObject({ status: 200, code: undefined });
    hotPending.push(await pendingOf(api, 'hot'));
    await pause(50);
  }
  flood.ended = true;
  await Promise.all(sending);

  // The slow one's events were stored while the flood's were waiting, most of the time.
  expect(hotPending.filter((pending) => pending > 0).length).toBeGreaterThan(SLOW_EVENTS / 2);
  expect(hot.acked).toBeGreaterThan(10 * SLOW_EVENTS);
  expect(await peakMemoryBytes(appliance.pid)).toBeLessThan(MEMORY_LIMIT);
  expect(await slow.differences()).toBe('');
  expect(await hot.differences()).toBe('');
});

async function keepSending(load: NumberedLoad, flood: { readonly ended: boolean }): Promise<void> {
  while (!flood.ended) {
    const { status } = await load.send(HOT_EVENTS);
    if (status !== 202) await pause(100);
  }
}

async function pendingOf(api: ApiClient, stream: string): Promise<number> {
  const { body } = await api.ledger();
  return body.rows.filter((row) => row.stream === stream).reduce((sum, { pending }) => sum + pending, 0);
}

/** The most memory that the process ever had in use, shared pages of files included. */
async function peakMemoryBytes(pid: number): Promise<number> {
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'));
  return Number(peak?.[1]) * 1_024;
}
