import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { StreamArchive } from '#archived-units';
import { LmdbCatalogue } from '#catalogue/testing';
import { restartAtPoint } from '../support/restart-at-point.js';
import { Appliance } from '../support/start-appliance.js';

const DAYS = Array.from({ length: 5 }, (_, n) => `2025-06-0${n + 1}`);
const PER_DAY = 50;
/** Where the process is killed, one after the other, each in the move of a day: the next start goes on. */
const MOVES = [
  'archive.committed:3',
  'archive.before-answer:1',
  'archive.answering:1',
  'archive.answering:2',
];
/** The same where the hot copies go. */
const EVICTIONS = [
  'retention.asked:1',
  'retention.going:1',
  'retention.removed:1',
  'retention.before-account:1',
  'retention.accounted:1',
];

let appliance: Appliance;
let totals: Totals;
beforeEach(async () => {
  appliance = await (await Appliance.prepare()).restart();
  totals = new Totals();
});
afterEach(async () => {
  await totals.stop();
  await appliance.dispose();
});

type Json = Record<string, unknown>;

async function call(method: string, path: string, body?: object): Promise<Json> {
  const { url, adminKey } = appliance;
  const headers = {
    ...{ authorization: `Bearer ${adminKey}`, prefer: 'wait=20' },
    ...(body && { 'content-type': 'application/json' }),
  };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(`${url}/api/v1/${path}`, { method, headers, ...sent });
  const json = (await answer.json()) as Json;
  return answer.ok ? json : { refused: json['code'], ...json };
}

/** Counts all events over and over, whatever becomes of the server meanwhile. */
class Totals {
  readonly seen = new Set<unknown>();
  answers = 0;
  #isOver = false;
  readonly #counting = this.#count();

  async #count(): Promise<void> {
    for (; !this.#isOver; await setTimeout(20)) {
      const question = { start_time: '2025-01-01T00:00:00Z', end_time: '2025-12-31T00:00:00Z', limit: 1 };
      // A server that is gone, or isn't ready, doesn't answer.
      const answer = await call('POST', 'logs', question).catch((): Json => ({}));
      if (answer['total'] === undefined) continue;
      this.seen.add(answer['total']);
      this.answers += 1;
    }
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#counting;
  }
}

/** Applies a plan while the process is killed at these points, one after the other. */
async function applyThrough(points: readonly string[], policies?: object): Promise<Json> {
  const plan = await call('POST', 'retention/plan', policies ? { policies } : {});
  await restartAtPoint(appliance, points[0]);
  // The answer may be cut off by the first kill.
  await call('POST', 'retention/apply', { plan: plan['id'] }).catch(() => undefined);
  for (const next of [...points.slice(1), undefined]) {
    expect(await appliance.exited).toMatchObject({ signal: 'SIGKILL' });
    await restartAtPoint(appliance, next);
  }
  return untilDone(plan['id']);
}

async function apply(policies?: object): Promise<Json> {
  const plan = await call('POST', 'retention/plan', policies ? { policies } : {});
  await call('POST', 'retention/apply', { plan: plan['id'] });
  return untilDone(plan['id']);
}

async function untilDone(plan: unknown): Promise<Json> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await setTimeout(50)) {
    const run = await call('GET', `retention/runs/${String(plan)}`).catch((): Json => ({}));
    if (run['state'] === 'done') return run;
  }
  throw new Error(`It did not come to that. ${appliance.output().slice(-2_000)}`);
}

function send(days: readonly string[], events: number): Promise<Json> {
  const made = days.flatMap((day) =>
    Array.from({ length: events }, (_, n) => ({ timestamp: `${day}T08:00:00Z`, service: 'shop', n })),
  );
  return call('POST', 'events', made);
}

/** Lets a day pass since the archive began to answer: the hot copies may go. */
async function passGrace(): Promise<void> {
  await appliance.kill();
  const catalogue = LmdbCatalogue.open({ directory: join(appliance.dataDirectory, 'catalogue') });
  for (const { id, value } of await catalogue.scan<StreamArchive>('archived-units')) {
    const yesterday = new Date(Date.now() - 86_400_000).toISOString();
    const units = value.units.map((unit) =>
      unit.state === 'answering' ? { ...unit, answering_since: yesterday } : unit,
    );
    await catalogue.write([{ collection: 'archived-units', id, value: { ...value, units } }]);
  }
  await catalogue.stop();
  await appliance.restart();
}

async function states(): Promise<readonly string[]> {
  const { streams } = (await call('GET', 'retention/status')) as { streams?: readonly Json[] };
  return (streams ?? []).map(({ tiers, archive }) => {
    const units = (tier: unknown): unknown => ((tier as Json)['stored'] as Json)['units'];
    return `search ${String(units((tiers as Json[])[0]))}, archive ${archive ? String(units(archive)) : 0}`;
  });
}

async function objects(): Promise<number> {
  const found = await readdir(join(appliance.dataDirectory, 'archives'), { recursive: true });
  return found.filter((name) => /\.(parquet|json)$/.test(name)).length;
}

it('days move into the archive, leave search and are deleted there, whatever kills the server, and no count has a gap or a double', async () => {
  const all = DAYS.length * PER_DAY;
  await totals.stop();
  expect(await send(DAYS, PER_DAY)).toMatchObject({ stored: all });
  totals = new Totals();
  const moved = await applyThrough(MOVES, { tenant: { keep: 'search 7d -> archive forever' } });
  expect(moved).toMatchObject({
    copied: { units: 5 },
    moved: { units: 5, events: all },
    removed: { units: 0 },
  });
  expect(await states()).toEqual(['search 5, archive 5']);
  const found = await call('POST', 'logs', {
    start_time: '2025-06-02T00:00:00Z',
    end_time: '2025-06-03T00:00:00Z',
    limit: 1,
  });
  expect(found['total']).toBe(PER_DAY);
  const [event] = found['logs'] as Json[];

  await passGrace();
  const evicted = await applyThrough(EVICTIONS);
  expect(evicted).toMatchObject({ removed: { units: 5, events: all }, read_back: { gone: 5, wrong: 0 } });
  expect(await states()).toEqual(['search 0, archive 5']);
  expect(await call('GET', `logs/${String(event?.['event_id'])}`)).toMatchObject({
    event_id: event?.['event_id'],
  });
  const { rows } = (await call('GET', 'ledger')) as { rows?: readonly Json[] };
  expect(rows).toMatchObject([{ stored: all, archived: all, residue: 0 }]);
  await totals.stop();
  expect([...totals.seen]).toEqual([all]);
  // A quick machine leaves time for a few.
  expect(totals.answers).toBeGreaterThan(3);

  // What comes late of an archived day is found at once, and goes the same way.
  expect(await send(DAYS.slice(0, 1), 3)).toMatchObject({ stored: 3 });
  totals = new Totals();
  expect(await apply()).toMatchObject({ copied: { units: 1, events: 3 }, moved: { units: 1, events: 3 } });
  await passGrace();
  expect(await apply()).toMatchObject({ removed: { units: 1, events: 3 } });
  await totals.stop();
  expect([...totals.seen]).toEqual([all + 3]);
  expect([await states(), await objects()]).toEqual([['search 0, archive 6'], 12]);

  const last = await applyThrough(['archive.trashed:2'], {
    tenant: { keep: 'search 7d -> archive 1d -> delete' },
  });
  expect(last).toMatchObject({ removed: { units: 6, events: all + 3 } });
  expect([await states(), await objects()]).toEqual([['search 0, archive 0'], 12]);

  // Deleted by mistake: it comes back at once, and goes again where nothing keeps it.
  const time = { stream: 'default', start_time: '2025-06-01T00:00:00Z', end_time: '2025-06-03T00:00:00Z' };
  const back = { units: 3, events: 2 * PER_DAY + 3 };
  expect(await call('POST', 'archives/undelete', time)).toMatchObject(back);
  expect(await call('POST', 'logs', { ...time, limit: 1 })).toMatchObject({ total: back.events });
  expect(await apply()).toMatchObject({ removed: back });
  expect(await call('POST', 'logs', { ...time, limit: 1 })).toMatchObject({ total: 0 });

  await restartAtPoint(appliance, 'archive.purging:1');
  await call('DELETE', 'archives/trash').catch(() => undefined);
  expect(await appliance.exited).toMatchObject({ signal: 'SIGKILL' });
  await restartAtPoint(appliance, undefined);
  for (const deadline = Date.now() + 60_000; (await objects()) > 0 && Date.now() < deadline;)
    await setTimeout(50);
  expect([await states(), await objects()]).toEqual([['search 0, archive 0'], 0]);
  expect(await call('GET', 'archives/trash')).toMatchObject({ units: 0 });
  expect(await call('GET', 'retention/status')).toMatchObject({ lost_units: [], damaged_archives: [] });
}, 240_000);
