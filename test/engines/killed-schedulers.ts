import { expect } from 'vitest';
import { Totals, type Json } from '../faults/move-rig.js';
import { restartAtPoint } from '../support/restart-at-point.js';
import type { Appliance } from '../support/start-appliance.js';
import { ask } from './several-processes.js';

const STREAM = 'aged';
const DAYS = Array.from({ length: 4 }, (_, n) => `2025-03-0${n + 1}`);
const PER_DAY = 20;
const ALL = DAYS.length * PER_DAY;
const SOON = { timeout: 120_000, interval: 200 };
/** States in which a scheduler and the worker are killed, and Redis loses all: copied, written down, answering. */
const STATES = ['archive.signed:1', 'archive.committed:2', 'archive.answering:1'];

/** Processes of one appliance: these, and no other worker or scheduler. */
export interface Processes {
  readonly api: Appliance;
  readonly worker: Appliance;
  readonly schedulers: readonly [Appliance, Appliance];
  /** Takes away all that Redis has of this appliance. */
  loseJobs(): Promise<void>;
}

/** Days move into the archive, each once, whoever is killed of those that run jobs, and whatever Redis loses. */
export async function moveBesideKills(parts: Processes): Promise<void> {
  const { api, worker, schedulers } = parts;
  const call = async (path: string, json?: unknown): Promise<Json> => {
    const headers = { prefer: 'wait=30' };
    const { body } = await ask(api, `/api/v1/${path}`, {
      ...(json !== undefined && { method: 'POST', json }),
      headers,
    });
    return body;
  };
  await call('streams', { name: STREAM });
  const events = DAYS.flatMap((day) =>
    Array.from({ length: PER_DAY }, (_, n) => ({ timestamp: `${day}T08:00:00Z`, n })),
  );
  expect(await call(`streams/${STREAM}/events`, events)).toMatchObject({ stored: ALL });
  const totals = new Totals((question) => call('logs', { ...question, stream: STREAM }));
  const policies = { [`stream:${STREAM}`]: { keep: 'search 7d -> archive forever' } };
  const plan = await call('retention/plan', { policies, streams: [STREAM] });
  expect(plan).toMatchObject({ totals: { copies: { units: DAYS.length, events: ALL } } });

  await worker.kill();
  const run = `retention/runs/${String(plan['id'])}`;
  let dead: Appliance | undefined;
  for (const [n, state] of STATES.entries()) {
    await Promise.all([restartAtPoint(worker, state), dead?.restart()]);
    if (n === 0) await call('retention/apply', { plan: plan['id'] });
    expect(await worker.exited).toMatchObject({ signal: 'SIGKILL' });
    dead = schedulers[n % 2] as Appliance;
    await dead.kill();
    await parts.loseJobs();
  }
  await Promise.all([worker.restart(), dead?.restart()]);
  await expect.poll(() => call(run), SOON).toMatchObject({ state: 'done' });

  const done = await call(run);
  expect(done).toMatchObject({
    ...{ copied: { units: DAYS.length, events: ALL }, moved: { units: DAYS.length, events: ALL } },
    not_copied: { units: 0 },
  });
  const handled = (outcome: string): readonly unknown[] =>
    (done['units'] as Json[]).filter((unit) => unit['outcome'] === outcome).map((unit) => unit['day']);
  for (const outcome of ['copied', 'moved']) expect(handled(outcome).toSorted()).toEqual(DAYS);
  await totals.stop();
  expect([...totals.seen]).toEqual([ALL]);
  expect(await call(`jobs/${String(plan['id'])}`)).toMatchObject({ state: 'done', progress: 1 });
  const { entries } = await call('audit?action=retention.run');
  expect((entries as Json[]).filter(({ object }) => object === plan['id'])).toHaveLength(1);
  expect(await call('audit/verify')).toMatchObject({ whole: true });
}
