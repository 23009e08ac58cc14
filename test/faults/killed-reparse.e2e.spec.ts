import { setTimeout } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { Appliance } from '../support/start-appliance.js';
import { restartAtPoint } from '../support/restart-at-point.js';

const DAYS = ['2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20'];
const PER_DAY = 200;
const RANGE = { start_time: '2026-11-17T00:00:00Z', end_time: '2026-11-21T00:00:00Z' };
/** Where the process is killed, one after the other: what each leaves, the next start finds. Each of the last four ends a day. */
const POINTS = [
  'reparse.begun:1',
  'reparse.filled:1',
  'tier.rewrite-whole:1',
  'tier.rewrite-renamed:1',
  'tier.rewrite-replaced:1',
  'tier.rewrite-rolled-up:1',
  'reparse.replaced:1',
];
const OLD = '^(?<timestamp>\\S+) door=(?<door>\\w+) (?<message>.*)$';
const MENDED = '^(?<timestamp>\\S+) door=(?<door>\\w+) (?<message>room=(?<room>\\w+).*)$';

let appliance: Appliance | undefined;
afterEach(() => appliance?.dispose());

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

function declareDoors(pattern: string): Promise<Record<string, unknown>> {
  return call('PUT', 'parsers/doors', { kind: 'regex', options: { patterns: [pattern] } });
}

async function untilTrue(holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await setTimeout(50))
    if (await holds().catch(() => false)) return;
  throw new Error(`It did not come to that. ${appliance?.output().slice(-2_000)}`);
}

/** Each row that is found, so that one found twice is seen. */
async function foundIds(): Promise<string[]> {
  const { logs } = await call('POST', 'logs', { ...RANGE, limit: 10_000 });
  return (logs as { event_id: string }[]).map(({ event_id: id }) => id).sort();
}

it('finds each event exactly once, parsed again, whatever kills the server in the middle', async () => {
  appliance = await (await Appliance.prepare()).restart();
  await declareDoors(OLD);
  const lines = DAYS.flatMap((day) =>
    Array.from({ length: PER_DAY }, (_, n) => `${day}T08:00:00Z door=ajar room=r${n} x`),
  );
  expect(await call('POST', 'events?parser=doors', lines.join('\n'))).toMatchObject({ stored: lines.length });
  await declareDoors(MENDED);
  const before = await foundIds();
  expect(before).toHaveLength(lines.length);
  await appliance.restart({ ALLUVIUM_FAULT_POINTS: POINTS[0] ?? '' });
  // The answer may be cut off by the first kill.
  await call('POST', 'streams/default/reparse', RANGE).catch(() => undefined);
  for (const next of [...POINTS.slice(1), undefined]) {
    expect(await appliance.exited).toMatchObject({ signal: 'SIGKILL' });
    await restartAtPoint(appliance, next);
  }
  await untilTrue(async () => (await call('GET', 'jobs/default.default'))['state'] === 'done');
  expect(await foundIds()).toEqual(before);
  const rooms = await call('POST', 'logs', { ...RANGE, query: 'room:r7', limit: 10 });
  expect(rooms['total']).toBe(DAYS.length);
  expect(await call('GET', 'streams/default/roll-ups/check')).toMatchObject({ ok: true });
  await untilTrue(async () => (await call('GET', 'ledger'))['residue'] === 0);
}, 180_000);
