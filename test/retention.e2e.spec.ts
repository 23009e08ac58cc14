import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startAppliance, type Appliance } from './support/start-appliance.js';

/** Days of last year, and how many events each has. */
const DAYS: Readonly<Record<string, number>> = { '2025-06-01': 5, '2025-06-02': 7, '2025-06-03': 11 };
const TODAY = new Date().toISOString().slice(0, 10);
const LATE = 3;

let appliance: Appliance;
beforeAll(async () => {
  appliance = await startAppliance();
  await call('POST', 'streams', { name: 'web' });
  for (const [day, events] of Object.entries({ ...DAYS, [TODAY]: 2 })) await send(day, events);
});
afterAll(() => appliance.dispose());

interface Unit {
  readonly day: string;
  readonly events: number;
  readonly outcome?: string;
  readonly reason?: string;
}

/** What these tests look at of any answer. */
interface Body {
  readonly id: string;
  readonly state: string;
  readonly total: number;
  readonly leaving: readonly Unit[];
  readonly units: readonly Unit[];
  readonly streams: readonly { readonly stream: string }[];
  readonly holds: readonly { readonly id: string }[];
  readonly entries: readonly { readonly action: string }[];
  readonly under_removal: readonly unknown[];
}

async function call(method: string, path: string, body?: object): Promise<Body> {
  const answer = await fetch(`${appliance.url}/api/v1/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${appliance.adminKey}`,
      prefer: 'wait=20',
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  return (await answer.json()) as Body;
}

async function send(day: string, events: number): Promise<void> {
  const body = Array.from({ length: events }, (_, n) => ({ timestamp: `${day}T00:00:0${n % 10}Z`, n }));
  expect(await call('POST', 'streams/web/events', body)).toMatchObject({ stored: events });
}

async function stored(day: string): Promise<number> {
  const [start_time, end_time] = [`${day}T00:00:00Z`, `${day}T23:59:59Z`];
  return (await call('POST', 'logs', { start_time, end_time, limit: 1 })).total;
}

async function finished(run: string): Promise<Body> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await setTimeout(50)) {
    const found = await call('GET', `retention/runs/${run}`);
    if (found.state !== 'running') return found;
  }
  throw new Error(`The run did not end. ${appliance.output().slice(-2_000)}`);
}

it('what the plan said is what happened, row for row: late events and what is held stay, and it is proven', async () => {
  const policies = { 'stream:web': { keep: 'search 30d -> delete' } };
  const plan = await call('POST', 'retention/plan', { policies });
  expect(plan).toMatchObject({ totals: { leaves: { units: 3, events: 23 } }, held: [] });
  expect(plan.leaving.map(({ day, events }) => [day, events])).toEqual(Object.entries(DAYS));
  await send('2025-06-01', LATE);
  const hold = await call('POST', 'holds', {
    ...{ stream: 'web', reason: 'case 7' },
    ...{ start_time: '2025-06-02T10:00:00Z', end_time: '2025-06-02T10:00:01Z' },
  });
  expect(hold.under_removal).toEqual([]);

  expect(await call('POST', 'retention/apply', { plan: plan.id })).toMatchObject({ job: plan.id });
  const run = await finished(plan.id);
  expect(run).toMatchObject({
    ...{ state: 'done', planned: { units: 3, events: 23 }, removed: { units: 2, events: 16 } },
    ...{ kept: { units: 1, events: 7 }, read_back: { gone: 1, with_later_events: 1, wrong: 0 } },
  });
  expect(run.units.map(({ day, outcome, reason }) => [day, reason ?? outcome])).toEqual([
    ['2025-06-01', 'removed'],
    ['2025-06-02', 'held'],
    ['2025-06-03', 'removed'],
  ]);
  expect(await Promise.all([...Object.keys(DAYS), TODAY].map(stored))).toEqual([LATE, 7, 0, 2]);

  const status = await call('GET', 'retention/status');
  const [web] = status.streams.filter(({ stream }) => stream === 'web');
  expect(web).toMatchObject({
    ...{ policy: 'stream:web', held_by: [hold.id] },
    tiers: [
      { overdue: { units: 1, events: LATE }, held: { units: 1, events: 7 }, oldest_stored: '2025-06-01' },
    ],
  });
  const { entries } = await call('GET', 'audit?limit=10');
  expect(entries.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['retention.run', 'retention.apply', 'hold.create']),
  );
  expect(await call('GET', 'audit/verify')).toMatchObject({ whole: true });
});

it('what was late and what was held goes with the next plan, once the hold is released', async () => {
  const { holds } = await call('GET', 'holds');
  await call('DELETE', `holds/${holds[0]?.id}`);
  const plan = await call('POST', 'retention/plan', {});
  expect(plan.leaving.map(({ day, events }) => [day, events])).toEqual([
    ['2025-06-01', LATE],
    ['2025-06-02', 7],
  ]);
  await call('POST', 'retention/apply', { plan: plan.id });
  expect(await finished(plan.id)).toMatchObject({
    removed: { units: 2 },
    read_back: { gone: 2, wrong: 0 },
  });
  expect(await Promise.all([...Object.keys(DAYS), TODAY].map(stored))).toEqual([0, 0, 0, 2]);
  expect(await call('POST', 'retention/apply', { plan: plan.id })).toMatchObject({ code: 'plan_applied' });
  const ledger = await call('GET', 'ledger');
  expect(JSON.stringify(ledger)).not.toMatch(/"residue":[1-9-]/);
});
