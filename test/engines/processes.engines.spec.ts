import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NumberedLoad } from '../faults/numbered-load.js';
import { ApiClient } from '../support/api-client.js';
import { pause } from '../support/appliance-process.js';
import type { Appliance } from '../support/start-appliance.js';
import { TailClient } from '../support/tail-client.js';
import { moveBesideKills } from './killed-schedulers.js';
import { ask, startEngines, type SeveralProcesses } from './several-processes.js';

/** In which a change is in force in every process: milliseconds. */
const IN_FORCE = { timeout: 5_000, interval: 50 };
const POST = (json: unknown, headers: Record<string, string> = {}) => ({ method: 'POST', json, headers });

let appliance: SeveralProcesses;
let [first, second, worker, other, scheduler]: Appliance[] = [];
beforeAll(async () => {
  appliance = await startEngines();
  first = await (await appliance.prepare('api')).restart();
  [second, worker, scheduler, other] = await Promise.all(
    ['api', 'worker', 'scheduler', 'worker'].map(async (roles) => (await appliance.prepare(roles)).restart()),
  );
}, 120_000);
afterAll(() => appliance.stop(), 60_000);

const events = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({ message: 'shared', n: from + i }));

describe('two processes with the role api', () => {
  it('take events for two workers; each finds all, waits for all, knows receipts and keys of the other', async () => {
    expect(await ask(first!, '/api/v1/streams', POST({ name: 'shared', event_type: 'log' }))).toMatchObject({
      status: 201,
    });
    const path = '/api/v1/streams/shared/events';
    const sent = await ask(first!, path, POST(events(0, 50), { prefer: 'wait=30' }));
    expect(sent).toMatchObject({ status: 200, body: { stored: 50, pending: 0 } });
    const keyed = POST(events(50, 50), { prefer: 'wait=30', 'idempotency-key': 'once' });
    const both = await Promise.all([ask(first!, path, keyed), ask(second!, path, keyed)]);
    expect(both.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
    const again = await ask(second!, path, keyed);
    expect(again).toMatchObject({ status: 200, body: { stored: 50 } });
    for (const each of both.filter(({ status }) => status === 200))
      expect(each.body['receipt']).toBe(again.body['receipt']);
    expect(await ask(second!, path, { ...keyed, json: events(0, 1) })).toMatchObject({ status: 422 });
    expect(await ask(second!, `/api/v1/receipts/${String(sent.body['receipt'])}`)).toMatchObject({
      body: { stored: 50 },
    });
    for (const api of [first!, second!])
      expect(await ask(api, '/api/v1/logs', POST({ stream: 'shared', limit: 1 }))).toMatchObject({
        body: { total: 100 },
      });
  });
});

describe('what is changed at one process', () => {
  it('is in force at the others within 5 s: a revoked key, a setting, a new parser', async () => {
    const made = await ask(first!, '/api/v1/keys', POST({ name: 'agent', scopes: ['events:write'] }));
    const { key, id } = made.body as { readonly key: string; readonly id: string };
    const sendBy = async (api: Appliance): Promise<number> =>
      (
        await ask(
          api,
          '/api/v1/streams/shared/events',
          POST(events(0, 1), { authorization: `Bearer ${key}` }),
        )
      ).status;
    expect([await sendBy(first!), await sendBy(second!)]).toEqual([202, 202]);
    expect(await ask(first!, `/api/v1/keys/${id}`, { method: 'DELETE' })).toMatchObject({ status: 200 });
    await expect.poll(() => sendBy(second!), IN_FORCE).toBe(401);
    expect(await sendBy(first!)).toBe(401);

    const changed = { flush_interval_ms: 77 };
    expect(await ask(second!, '/api/v1/settings', { method: 'PATCH', json: changed })).toMatchObject({
      status: 200,
    });
    await expect
      .poll(async () => JSON.stringify((await ask(first!, '/api/v1/settings')).body), IN_FORCE)
      .toContain('"value":77');
    for (const each of [worker!, scheduler!])
      await expect.poll(() => each.output(), IN_FORCE).toContain('settings were changed');

    const doors = { kind: 'regex', options: { patterns: ['^door=(?<door>\\w+) (?<message>.*)$'] } };
    expect((await ask(first!, '/api/v1/parsers/doors', { method: 'PUT', json: doors })).status).toBeLessThan(
      300,
    );
    await expect.poll(async () => (await ask(second!, '/api/v1/parsers/doors')).status, IN_FORCE).toBe(200);
  });

  it('is told of to live tails at another: events that the worker stored', async () => {
    const tail = await TailClient.open(second!, { stream: 'shared' });
    await ask(first!, '/api/v1/streams/shared/events', POST(events(500, 3), { prefer: 'wait=30' }));
    const numbers = () =>
      tail.events.map(({ attributes }) => Number(attributes?.['n'])).filter((n) => n >= 500);
    await expect.poll(numbers, { timeout: 10_000 }).toEqual([500, 501, 502]);
    tail.leave();
  });

  it('is not begun where another process would have to do it: a shadow of a parser', async () => {
    const asked = await ask(first!, '/api/v1/parsers/doors/shadows', POST({ version: 'x' }));
    expect(asked).toMatchObject({ status: 409, body: { code: 'role_elsewhere' } });
  });
});

describe('jobs that one process asks for', () => {
  const DAY = '2025-06-01';
  const old = Array.from({ length: 40 }, (_, n) => ({ timestamp: `${DAY}T00:00:00Z`, message: 'old', n }));
  const RANGE = { start_time: `${DAY}T00:00:00Z`, end_time: `${DAY}T23:59:59Z` };
  const total = async () =>
    (await ask(second!, '/api/v1/logs', POST({ ...RANGE, stream: 'shared', limit: 1 }))).body['total'];

  it('are cancelled at another, and done by the worker: a retention plan is applied and proven', async () => {
    expect(
      await ask(first!, '/api/v1/streams/shared/events', POST(old, { prefer: 'wait=30' })),
    ).toMatchObject({
      body: { stored: old.length },
    });
    expect((await ask(first!, '/api/v1/streams/shared/reparse', POST(RANGE))).status).toBeLessThan(300);
    const job = '/api/v1/jobs/default.shared';
    expect((await ask(second!, job)).body).toMatchObject({ state: 'waiting' });
    expect((await ask(second!, job, { method: 'DELETE' })).body).toMatchObject({ state: 'cancelled' });

    const policies = { 'stream:shared': { keep: 'search 30d -> delete' } };
    const plan = await ask(second!, '/api/v1/retention/plan', POST({ policies }));
    expect(plan.body).toMatchObject({ totals: { leaves: { units: 1, events: old.length } } });
    const { id } = plan.body as { readonly id: string };
    expect((await ask(second!, '/api/v1/retention/apply', POST({ plan: id }))).status).toBeLessThan(300);
    await expect
      .poll(async () => (await ask(first!, `/api/v1/retention/runs/${id}`)).body, { timeout: 30_000 })
      .toMatchObject({ state: 'done', removed: { events: old.length }, read_back: { wrong: 0 } });
    expect(await total()).toBe(0);
  });
});

describe('kill -9 of each process in turn, and a frozen one, under load at both', () => {
  const RUNS_JOBS = 'this process runs the jobs of the role worker';
  const writesOf = async (each: Appliance): Promise<number> => {
    const found = /^alluvium_tier_write_seconds_count\{tier="[^"]+"\} (\d+)$/m;
    return Number(found.exec(await new ApiClient(each).metrics())?.[1] ?? 0);
  };
  const leaders = (): Appliance[] =>
    [worker!, other!].filter((each) => each.isRunning && each.output().includes(RUNS_JOBS));

  it('loses nothing and stores nothing twice, whichever process is asked; both workers write', async () => {
    const loads = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        new NumberedLoad(new ApiClient(n % 2 ? first! : second!), { stream: `load-${n}` }).open(),
      ),
    );
    let isOver = false;
    const senders = loads.map(async (load) => {
      while (!isOver) {
        await load.send(50);
        await pause(50);
      }
    });
    const both = async () => Promise.all([worker!, other!].map(async (each) => (await writesOf(each)) > 0));
    await expect.poll(both, { timeout: 60_000 }).toEqual([true, true]);
    for (const each of [first!, worker!, second!, other!, scheduler!]) {
      await pause(700);
      await each.kill();
      await each.restart();
    }
    await expect.poll(() => leaders().length, { timeout: 60_000 }).toBe(1);
    const [frozen] = leaders();
    const next = frozen === worker ? other! : worker!;
    // Frozen, and woken when another one has its place: it must not go on where it was.
    process.kill(frozen!.pid, 'SIGSTOP');
    await expect.poll(() => next.output(), { timeout: 90_000 }).toContain(RUNS_JOBS);
    await pause(5_000);
    process.kill(frozen!.pid, 'SIGCONT');
    expect(await frozen!.exited).toEqual({ code: null, signal: 'SIGKILL' });
    await frozen!.restart();
    await pause(700);
    isOver = true;
    await Promise.all(senders);
    expect(loads.every((load) => load.acked > 500)).toBe(true);
    for (const [n, load] of loads.entries()) {
      const elsewhere = load.restoredAt(new ApiClient(n % 2 ? second! : first!), load.answered);
      for (const each of [load, elsewhere]) expect(await each.differences()).toBe('');
    }
    expect(await ask(first!, '/api/v1/audit/verify')).toMatchObject({ body: { whole: true } });
  }, 240_000);
});

describe('two schedulers and a worker that are killed in turn, while Redis loses all that it has', () => {
  it('move each day into the archive once, and the record of it is whole', async () => {
    const twin = await appliance.prepare('scheduler');
    await Promise.all([twin.restart(), other!.stop()]);
    await moveBesideKills({
      ...{ api: first!, worker: worker!, schedulers: [scheduler!, twin] },
      loseJobs: () => appliance.loseJobs(),
    });
    await Promise.all([twin.stop(), other!.restart()]);
  }, 240_000);
});

describe('each process', () => {
  it('says how it is, and serves no more than its role', async () => {
    for (const each of [first!, second!, other!, scheduler!]) {
      expect((await ask(each, '/health/ready')).body).toMatchObject({ status: 'up' });
      expect((await fetch(`${each.url}/metrics`)).status).toBe(200);
    }
    const residue = async () =>
      (await new ApiClient(scheduler!).metrics()).match(/^alluvium_ledger_residue_events.*$/gm);
    await expect
      .poll(residue, { timeout: 60_000 })
      .toEqual(['alluvium_ledger_residue_events{tenant="default"} 0']);
    expect(await ask(other!, '/api/v1/logs', POST({ limit: 1 }))).toMatchObject({ status: 404 });
    expect(await ask(scheduler!, '/docs')).toMatchObject({ status: 404 });
  });

  it('is refused with a mix that can not work, and beside one that is alone', async () => {
    const wrong = await appliance.prepare('worker');
    await expect(wrong.restart({ REDIS_URL: '' })).rejects.toThrow(/ALLUVIUM_ROLES.*Set REDIS_URL/);
    await expect(wrong.restart({ ALLUVIUM_ARCHIVE_DIR: '' })).rejects.toThrow(/Set S3_BUCKET/);
    const alone = await appliance.prepare('api,worker,scheduler');
    const starting = alone.restart().catch(() => undefined);
    await expect
      .poll(() => alone.output(), { timeout: 30_000 })
      .toContain('Another data directory takes the events');
    await alone.kill();
    await starting;
  });
});
