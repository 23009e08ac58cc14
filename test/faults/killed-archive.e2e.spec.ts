import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { Appliance } from '../support/start-appliance.js';
import { restartAtPoint } from '../support/restart-at-point.js';

/** Where the process is killed, one after the other, each in the copy of a day: the next start goes on. */
const POINTS = [
  'archive.counted:1',
  'archive.exported:1',
  'archive.put:1',
  'archive.signed:1',
  'archive.committed:1',
];
const DAYS = Array.from({ length: POINTS.length + 1 }, (_, n) => `2025-06-0${n + 1}`);
const PER_DAY = 50;

let appliance: Appliance | undefined;
afterEach(() => appliance?.dispose());

type Json = Record<string, unknown>;

async function call(method: string, path: string, body?: object): Promise<Json> {
  const { url, adminKey } = appliance as Appliance;
  const headers = {
    ...{ authorization: `Bearer ${adminKey}`, prefer: 'wait=20' },
    ...(body && { 'content-type': 'application/json' }),
  };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(`${url}/api/v1/${path}`, { method, headers, ...sent });
  return (await answer.json()) as Json;
}

async function untilDone(plan: unknown): Promise<Json> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await setTimeout(50)) {
    const run = await call('GET', `retention/runs/${String(plan)}`).catch((): Json => ({}));
    if (run['state'] === 'done') return run;
  }
  throw new Error(`It did not come to that. ${appliance?.output().slice(-2_000)}`);
}

function send(days: readonly string[], events: number): Promise<Json> {
  const made = days.flatMap((day) =>
    Array.from({ length: events }, (_, n) => ({ timestamp: `${day}T08:00:00Z`, service: 'shop', n })),
  );
  return call('POST', 'events', made);
}

/** Names of the objects in the archive, by how they end. */
async function objects(): Promise<Json> {
  const found = await readdir(join((appliance as Appliance).dataDirectory, 'archives'), { recursive: true });
  const count = (end: string): number => found.filter((name) => name.endsWith(end)).length;
  return { files: count('.parquet'), manifests: count('.json') };
}

it('copies each day once, whatever kills the server in the middle, and again when it has others events', async () => {
  appliance = await (await Appliance.prepare()).restart();
  expect(await send(DAYS, PER_DAY)).toMatchObject({ stored: DAYS.length * PER_DAY });
  const policies = { tenant: { keep: 'search forever -> archive from 1d forever' } };
  const plan = await call('POST', 'retention/plan', { policies });
  expect(plan).toMatchObject({
    totals: { leaves: { units: 0 }, copies: { units: DAYS.length, events: DAYS.length * PER_DAY } },
    copying: DAYS.map((day) => ({ day, tier: 'archive', events: PER_DAY, policy: 'tenant' })),
  });

  await restartAtPoint(appliance, POINTS[0]);
  // The answer may be cut off by the first kill.
  await call('POST', 'retention/apply', { plan: plan['id'] }).catch(() => undefined);
  for (const next of [...POINTS.slice(1), undefined]) {
    expect(await appliance.exited).toMatchObject({ signal: 'SIGKILL' });
    await restartAtPoint(appliance, next);
  }
  expect(await untilDone(plan['id'])).toMatchObject({
    copied: { units: DAYS.length, events: DAYS.length * PER_DAY },
    ...{ not_copied: { units: 0 }, removed: { units: 0 } },
  });
  expect(await objects()).toEqual({ files: DAYS.length, manifests: DAYS.length });
  expect((await call('POST', 'logs', { start_time: '2025-06-01T00:00:00Z', limit: 1 }))['total']).toBe(
    DAYS.length * PER_DAY,
  );

  expect((await call('POST', 'retention/plan', {}))['copying']).toEqual([]);
  await send(DAYS.slice(0, 1), 3);
  const again = await call('POST', 'retention/plan', {});
  expect(again['copying']).toMatchObject([{ day: DAYS[0], events: PER_DAY + 3 }]);
  await call('POST', 'retention/apply', { plan: again['id'] });
  expect(await untilDone(again['id'])).toMatchObject({ copied: { units: 1, events: PER_DAY + 3 } });
  expect(await objects()).toEqual({ files: DAYS.length, manifests: DAYS.length });

  const gone = { tenant: { keep: 'search 30d -> delete' } };
  const last = await call('POST', 'retention/plan', { policies: gone });
  await call('POST', 'retention/apply', { plan: last['id'] });
  expect(await untilDone(last['id'])).toMatchObject({ removed: { units: DAYS.length } });
  expect(await objects()).toEqual({ files: 0, manifests: 0 });
}, 180_000);
