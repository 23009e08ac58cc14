import { setTimeout } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { Appliance } from '../support/start-appliance.js';
import { restartAtPoint } from '../support/restart-at-point.js';

/** Where the process is killed, one after the other, each in the removal of a day or more: the next start goes on. */
const POINTS = [
  'retention.before-intent:1',
  'retention.asked:1',
  'retention.going:1',
  'retention.removed:1',
  'retention.rolled-up:1',
  'retention.before-account:1',
  'retention.accounted:1',
];
const DAYS = Array.from({ length: POINTS.length + 2 }, (_, n) => `2025-06-0${n + 1}`);
const PER_DAY = 50;
const LATE = 3;

let appliance: Appliance | undefined;
afterEach(() => appliance?.dispose());

async function call(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
  const { url, adminKey } = appliance as Appliance;
  const headers = {
    ...{ authorization: `Bearer ${adminKey}`, prefer: 'wait=20' },
    ...(body && { 'content-type': 'application/json' }),
  };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(`${url}/api/v1/${path}`, { method, headers, ...sent });
  return (await answer.json()) as Record<string, unknown>;
}

async function untilTrue(holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await setTimeout(50))
    if (await holds().catch(() => false)) return;
  throw new Error(`It did not come to that. ${appliance?.output().slice(-2_000)}`);
}

function send(days: readonly string[], events: number, service: string): Promise<Record<string, unknown>> {
  const made = days.flatMap((day) =>
    Array.from({ length: events }, (_, n) => ({ timestamp: `${day}T08:00:00Z`, service, n })),
  );
  return call('POST', 'events', made);
}

async function found(day: string): Promise<unknown> {
  const range = { start_time: `${day}T00:00:00Z`, end_time: `${day}T23:59:59Z` };
  return (await call('POST', 'logs', { ...range, limit: 1 }))['total'];
}

it('removes each planned event once and no other, whatever kills the server in the middle', async () => {
  appliance = await (await Appliance.prepare()).restart();
  expect(await send(DAYS, PER_DAY, 'shop')).toMatchObject({ stored: DAYS.length * PER_DAY });
  const plan = await call('POST', 'retention/plan', {});
  expect(plan['totals']).toMatchObject({ leaves: { units: DAYS.length, events: DAYS.length * PER_DAY } });
  // A removal of what was counted, beside what came late, is another way out of the tables.
  const lateDays = DAYS.filter((_, n) => n % 2 === 0);
  expect(await send(lateDays, LATE, 'late')).toMatchObject({ stored: lateDays.length * LATE });

  await restartAtPoint(appliance, POINTS[0]);
  // The answer may be cut off by the first kill.
  await call('POST', 'retention/apply', { plan: plan['id'] }).catch(() => undefined);
  for (const next of [...POINTS.slice(1), undefined]) {
    expect(await appliance.exited).toMatchObject({ signal: 'SIGKILL' });
    await restartAtPoint(appliance, next);
  }
  const run = () => call('GET', `retention/runs/${String(plan['id'])}`);
  await untilTrue(async () => (await run())['state'] === 'done');
  expect(await run()).toMatchObject({
    removed: { units: DAYS.length, events: DAYS.length * PER_DAY },
    ...{ kept: { units: 0 }, read_back: { wrong: 0, with_later_events: lateDays.length } },
  });
  const left: unknown[] = [];
  for (const day of DAYS) left.push([day, await found(day)]);
  expect(left).toEqual(DAYS.map((day) => [day, lateDays.includes(day) ? LATE : 0]));
  expect(await call('GET', 'streams/default/roll-ups/check')).toMatchObject({ ok: true });
  const { rows, residue } = await call('GET', 'ledger');
  const expired = (rows as { expired?: number }[]).reduce((sum, row) => sum + (row.expired ?? 0), 0);
  expect({ residue, expired }).toEqual({ residue: 0, expired: DAYS.length * PER_DAY });
}, 180_000);
