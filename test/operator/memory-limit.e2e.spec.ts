import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { startAppliance, type Appliance } from '../support/start-appliance.js';
import { makeMemoryGroup, type MemoryGroup } from './memory-group.js';

const GIB = 2 ** 30;
const EVENTS = 500_000;
const EVENTS_PER_REQUEST = 5_000;
const SENDERS = 32;
/** Within this, milliseconds, all is sent; it takes some 15 s on two cores. */
const LONGEST_RUN_MS = 120_000;
/** Longest wait that a sender takes from `Retry-After`: milliseconds. */
const LONGEST_WAIT_MS = 1_000;

let group: MemoryGroup | undefined;
let appliance: Appliance;

beforeAll(async () => {
  group = makeMemoryGroup(GIB);
  const launcher = [join(import.meta.dirname, '../../bin/alluvium'), 'start'];
  appliance = await startAppliance({
    ...(group && { command: group.run(launcher) }),
    env: {
      // As little as makes senders wait; the limit is the group's where there is one.
      ALLUVIUM_BACKLOG_BYTES: '33MiB',
      ALLUVIUM_ADMISSION_WAIT_MS: '0',
      ALLUVIUM_LOG_LEVEL: 'warn',
      ...(!group && { ALLUVIUM_MEMORY_LIMIT: '1GiB' }),
    },
  });
});
afterAll(async () => {
  await appliance.dispose();
  group?.remove();
});

const body = Buffer.from(
  Array.from({ length: EVENTS_PER_REQUEST }, (_, at) =>
    JSON.stringify({
      level: ['info', 'warn', 'error'][at % 3],
      service: `service-${at % 20}`,
      message: `request ${at} took ${at % 997} ms and ended with a sentence of some length`,
      order: at,
      user: { id: at * 7919, name: `user-${at % 1000}`, tags: ['a', 'b', 'c'] },
    }),
  ).join('\n') + '\n',
);

/** Sends what is left until nothing is; counts the answers by status. */
async function sendAll(statuses: Map<number, number>): Promise<void> {
  const client = new ApiClient(appliance);
  const deadline = Date.now() + LONGEST_RUN_MS;
  let left = EVENTS / EVENTS_PER_REQUEST;
  const sender = async (): Promise<void> => {
    while (left > 0) {
      if (Date.now() > deadline)
        throw new Error(`half a million events are not taken: ${left} bodies are left`);
      left -= 1;
      const { status, headers } = await client.send('default', body);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status === 202) continue;
      left += 1;
      const seconds = Number(headers.get('retry-after') ?? 1);
      await new Promise((resolve) => setTimeout(resolve, Math.min(LONGEST_WAIT_MS, seconds * 1_000)));
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
}

async function stored(): Promise<number> {
  const client = new ApiClient(appliance);
  const deadline = Date.now() + 120_000;
  while (/^alluvium_backlog_events [1-9]/m.test(await client.metrics())) {
    if (Date.now() > deadline) throw new Error('the backlog does not shrink');
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  const { body: page } = await client.logs({ start_time: 'now-1h', end_time: 'now+1h', limit: 1 });
  return page.total;
}

const mib = (bytes: number): number => Math.round(bytes / 2 ** 20);

/** Memory of its own that the process holds now, without pages of files, which the kernel takes back: bytes. */
function ownMemory(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

it('under 1 GiB half a million events are throttled and all stored, and nothing is killed', async () => {
  const { pid } = appliance;
  const statuses = new Map<number, number>();
  let own = 0;
  const watch = setInterval(() => (own = Math.max(own, ownMemory(pid))), 100);
  await sendAll(statuses).finally(() => clearInterval(watch));
  expect(statuses.get(202)).toBe(EVENTS / EVENTS_PER_REQUEST);
  expect(statuses.get(429)).toBeGreaterThan(0);
  expect([...statuses.keys()].filter((status) => ![202, 429, 503].includes(status))).toEqual([]);
  expect(await stored()).toBe(EVENTS);
  expect([appliance.isRunning, appliance.pid]).toEqual([true, pid]);
  const peak = group ? group.peakBytes() : own;
  console.info(
    `${group?.kind ?? 'setting memory_limit'}: peak ${mib(peak)} MiB, own ${mib(own)} MiB, answers ${JSON.stringify([...statuses])}`,
  );
  expect(own).toBeGreaterThan(0);
  expect(peak).toBeLessThanOrEqual(GIB);
  expect(group?.kills() ?? 0).toBe(0);
}, 300_000);
