import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { startAppliance, type Appliance } from '../support/start-appliance.js';
import { SmallDisk } from './small-disk.js';

const MIB = 2 ** 20;
const EVENTS = 4_000;
const RANGE = { start_time: '2026-11-20T00:00:00Z', end_time: '2026-11-21T00:00:00Z' };
const OLD = '^(?<timestamp>\\S+) door=(?<door>\\w+) (?<message>.*)$';
const MENDED = '^(?<timestamp>\\S+) door=(?<door>\\w+) (?<message>room=(?<room>\\w+).*)$';

let disk: SmallDisk;
let appliance: Appliance | undefined;
afterEach(async () => {
  await appliance?.dispose();
  await disk.unmount();
});

async function call(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const { url, adminKey } = appliance as Appliance;
  const isText = typeof body === 'string';
  const headers = {
    authorization: `Bearer ${adminKey}`,
    'content-type': isText ? 'text/plain' : 'application/json',
    prefer: 'wait=20',
  };
  const sent = body === undefined ? {} : { body: isText ? body : JSON.stringify(body) };
  const answer = await fetch(`${url}/api/v1/${path}`, { method, headers, ...sent });
  return (await answer.json()) as Record<string, unknown>;
}

async function untilTrue(holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await setTimeout(50))
    if (await holds().catch(() => false)) return;
  throw new Error(`It did not come to that. ${appliance?.output().slice(-2_000)}`);
}

const job = () => call('GET', 'jobs/default.default');
const declareDoors = (pattern: string) =>
  call('PUT', 'parsers/doors', { kind: 'regex', options: { patterns: [pattern] } });

async function found(query: string): Promise<number> {
  return Number((await call('POST', 'logs', { ...RANGE, query, limit: 1 }))['total']);
}

/** Starts where the data lies on a small disk, with a day of events that take some room. */
async function startFull(): Promise<void> {
  disk = await SmallDisk.mount(256);
  const dataDirectory = join(disk.outside, 'data');
  await mkdir(dataDirectory);
  const env = {
    ALLUVIUM_DATA_DIR: join(disk.path, 'data'),
    ...{ ALLUVIUM_DISK_RESERVE_PERCENT: '0', ALLUVIUM_DISK_RESERVE_BYTES: '0' },
  };
  appliance = await startAppliance({ command: disk.command, dataDirectory, env });
  await declareDoors(OLD);
  const line = (): string => `2026-11-20T08:00:00Z door=ajar room=r${randomBytes(500).toString('hex')} x`;
  for (let sent = 0; sent < EVENTS; sent += 1_000)
    expect(
      await call('POST', 'events?parser=doors', Array.from({ length: 1_000 }, line).join('\n')),
    ).toMatchObject({ stored: 1_000 });
  await declareDoors(MENDED);
}

it('leaves the stream as it was where the disk fills up under a copy, and ends when there is room', async () => {
  await startFull();
  const plan = await call('POST', 'streams/default/reparse/plan', RANGE);
  await disk.fill(Number(plan['disk_bytes_needed']) + MIB);
  expect(await call('POST', 'streams/default/reparse', RANGE)).toMatchObject({ events: EVENTS });
  await untilTrue(async () => (await job())['error'] !== undefined);
  expect([await found(''), await found('room:*')]).toEqual([EVENTS, 0]);
  expect(await call('GET', 'streams/default/roll-ups/check')).toMatchObject({ ok: true });
  await disk.relieve();
  await untilTrue(async () => (await job())['state'] === 'done');
  expect([await found(''), await found('room:*')]).toEqual([EVENTS, EVENTS]);
  expect(await call('GET', 'streams/default/reparse')).toMatchObject({
    days: [{ events: EVENTS, changed: EVENTS, kept: 0 }],
  });
  expect(await call('GET', 'streams/default/roll-ups/check')).toMatchObject({ ok: true });
  expect(appliance?.isRunning).toBe(true);
}, 180_000);
