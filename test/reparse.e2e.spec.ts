import { setTimeout } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { Appliance } from './support/start-appliance.js';

const DAYS = ['2026-11-18', '2026-11-19', '2026-11-20'];
const PER_DAY = 200;
const RANGE = { start_time: '2026-11-18T00:00:00Z', end_time: '2026-11-21T00:00:00Z' };
let appliance: Appliance | undefined;
afterEach(() => appliance?.dispose());

async function call(method: string, path: string, json?: unknown): Promise<Record<string, unknown>> {
  const { url, adminKey } = appliance as Appliance;
  const init = json === undefined ? {} : { body: typeof json === 'string' ? json : JSON.stringify(json) };
  const type = typeof json === 'string' ? 'text/plain' : 'application/json';
  const headers = {
    authorization: `Bearer ${adminKey}`,
    prefer: 'wait=20',
    ...(json !== undefined && { 'content-type': type }),
  };
  const answer = await fetch(`${url}/api/v1/${path}`, { method, headers, ...init });
  return (await answer.json()) as Record<string, unknown>;
}

async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await setTimeout(50)) {
    const found = await ask().catch(() => undefined);
    if (found !== undefined) return found;
  }
  throw new Error(`It did not come to that. ${appliance?.output().slice(-2_000)}`);
}

/** Reads `door=… room=…`; the mended one reads the room too. */
const doors = (pattern: string) => ({
  kind: 'regex',
  options: { patterns: [pattern] },
});
const OLD = '^(?<timestamp>\\S+) door=(?<door>\\w+) (?<message>.*)$';
const MENDED = '^(?<timestamp>\\S+) door=(?<door>\\w+) (?<message>room=(?<room>\\w+).*)$';

const lines = (): string =>
  DAYS.flatMap((day) =>
    Array.from({ length: PER_DAY }, (_, n) => `${day}T08:00:00Z door=ajar room=r${n} x`),
  ).join('\n');

async function search(query: string): Promise<number> {
  const found = await call('POST', 'logs', { ...RANGE, query, limit: 1 });
  return Number(found['total']);
}

async function ended(): Promise<Record<string, unknown>> {
  return until(async () => {
    const job = await call('GET', 'jobs/default.default');
    return ['done', 'failed', 'cancelled'].includes(String(job['state'])) ? job : undefined;
  });
}

async function ids(): Promise<Set<string>> {
  const found = await call('POST', 'logs', { ...RANGE, limit: 10_000 });
  return new Set((found['logs'] as { event_id: string }[]).map(({ event_id: id }) => id));
}

async function sendAndMend(): Promise<void> {
  expect(await call('PUT', 'parsers/doors', doors(OLD))).toMatchObject({ name: 'doors' });
  const sent = await call('POST', 'events?parser=doors', lines());
  expect(sent).toMatchObject({ stored: DAYS.length * PER_DAY });
  await call('PUT', 'parsers/doors', doors(MENDED));
}

it('applies a mended parser to what is stored, with each event found exactly once meanwhile', async () => {
  appliance = await (await Appliance.prepare()).restart();
  await sendAndMend();
  const before = await ids();
  expect(await search('room:r7')).toBe(0);
  expect(await call('POST', 'streams/default/reparse/plan', RANGE)).toMatchObject({
    events: DAYS.length * PER_DAY,
    days: [...DAYS].reverse().map((day) => ({ day, events: PER_DAY, part_events: PER_DAY })),
    parsers: [{ parser: 'doors', events: DAYS.length * PER_DAY }],
    left_alone: [],
    fits: true,
  });
  expect(await call('POST', 'streams/default/reparse', RANGE)).toEqual({
    job: 'default.default',
    events: DAYS.length * PER_DAY,
  });
  const counts = new Set<number>();
  const job = await until(async () => {
    counts.add((await ids()).size);
    const { total } = await call('POST', 'logs', { ...RANGE, limit: 1 });
    counts.add(Number(total));
    const now = await call('GET', 'jobs/default.default');
    return now['state'] === 'done' ? now : undefined;
  });
  expect(job).toMatchObject({ progress: 1, kind: 'streams.reparse' });
  expect([...counts]).toEqual([DAYS.length * PER_DAY]);
  expect(await ids()).toEqual(before);
  expect(await search('room:r7')).toBe(DAYS.length);
  const reportOf = (changed: number) => ({
    job: 'default.default',
    days: [...DAYS].reverse().map((day) => ({ day, generation: 0, events: PER_DAY, changed, kept: 0 })),
    kept_reasons: [],
  });
  expect(await call('GET', 'streams/default/reparse')).toEqual(reportOf(PER_DAY));
  await call('POST', 'streams/default/reparse', RANGE);
  expect(await ended()).toMatchObject({ state: 'done' });
  expect(await call('GET', 'streams/default/reparse')).toEqual(reportOf(0));
  expect(await call('GET', 'streams/default/roll-ups/check')).toMatchObject({ ok: true });
  expect(await call('POST', 'streams/default/reparse', { ...RANGE, parser: 'nobody' })).toMatchObject({
    code: 'parser_unknown',
  });
  expect(await call('POST', 'streams/none/reparse', RANGE)).toMatchObject({ code: 'stream_unknown' });
  const { start_time } = RANGE;
  expect(await call('POST', 'streams/default/reparse', { start_time })).toMatchObject({ status: 400 });
  const nothing = { start_time: '1999-01-01T00:00:00Z', end_time: '1999-01-02T00:00:00Z' };
  expect(await call('POST', 'streams/default/reparse', nothing)).toMatchObject({ events: 0 });
  expect(await ended()).toMatchObject({ state: 'done' });
}, 120_000);

it('leaves whole days where it is cancelled, and goes through all when it is asked for again', async () => {
  appliance = await (await Appliance.prepare()).restart();
  await call('PUT', 'parsers/doors', doors(OLD));
  // The newest day, which is read first, is done soon; the others take their time.
  const sizes = { '2026-11-20': 50, '2026-11-19': 8_000, '2026-11-18': 8_000 };
  for (const [day, events] of Object.entries(sizes)) {
    const sent = Array.from({ length: events }, (_, n) => `${day}T08:00:00Z door=ajar room=r${n} x`);
    expect(await call('POST', 'events?parser=doors', sent.join('\n'))).toMatchObject({ stored: events });
  }
  await call('PUT', 'parsers/doors', doors(MENDED));
  await call('POST', 'streams/default/reparse', RANGE);
  await until(async () => {
    const { days } = await call('GET', 'streams/default/reparse');
    return (days as unknown[]).length > 0 ? days : undefined;
  });
  expect(await call('DELETE', 'jobs/default.default')).toMatchObject({ state: 'cancelled' });
  expect(await call('DELETE', 'jobs/default.default')).toMatchObject({ code: 'job_not_cancellable' });
  // It begins behind the end of the cancelled run.
  await call('POST', 'streams/default/reparse', { ...RANGE, parsed_by: 'nobody' });
  expect(await ended()).toMatchObject({ state: 'done' });
  expect(await search('room:r7')).toBe(1);
  expect(await search('room:r7000')).toBe(0);
  expect(await search('')).toBe(16_050);
  expect(await call('GET', 'streams/default/roll-ups/check')).toMatchObject({ ok: true });
  await call('POST', 'streams/default/reparse', RANGE);
  expect(await ended()).toMatchObject({ state: 'done' });
  expect((await call('GET', 'streams/default/reparse'))['days']).toMatchObject([
    { day: '2026-11-20', changed: 0 },
    { day: '2026-11-19', changed: 8_000 },
    { day: '2026-11-18', changed: 8_000 },
  ]);
  expect([await search('room:r7000'), await search('')]).toEqual([2, 16_050]);
}, 120_000);
