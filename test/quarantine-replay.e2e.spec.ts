import { setTimeout } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { Appliance } from './support/start-appliance.js';
import { restartAtPoint } from './support/restart-at-point.js';

const LINES = 3_000;
/** Where the process is killed, by `kill -9`, one after the other: what each leaves, the next start finds. */
const POINTS = [
  'quarantine.after-state:1',
  'quarantine.after-insert:1',
  'quarantine.after-removal:1',
  'quarantine.after-account:1',
];

let appliance: Appliance | undefined;
afterEach(() => appliance?.dispose());

async function call(method: string, path: string, json?: unknown): Promise<Record<string, unknown>> {
  const { url, adminKey } = appliance as Appliance;
  const init = json === undefined ? {} : { body: typeof json === 'string' ? json : JSON.stringify(json) };
  const type = typeof json === 'string' ? 'text/plain' : 'application/json';
  const headers = { authorization: `Bearer ${adminKey}`, 'content-type': type, prefer: 'wait=20' };
  const answer = await fetch(`${url}/api/v1/${path}`, { method, headers, ...init });
  return (await answer.json()) as Record<string, unknown>;
}

const lines = (n: number): string =>
  Array.from({ length: LINES / 3 }, (_, i) => `not syslog ${n}-${i}`).join('\n');

async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await setTimeout(50)) {
    const found = await ask().catch(() => undefined);
    if (found !== undefined) return found;
  }
  throw new Error(`It did not come to that. ${appliance?.output().slice(-2_000)}`);
}

it('replays refused lines exactly once, whatever kills the server in the middle of two replays', async () => {
  appliance = await (await Appliance.prepare()).restart();
  for (let n = 0; n < 3; n += 1)
    expect(await call('POST', 'events?parser=syslog', lines(n))).toMatchObject({ quarantined: LINES / 3 });
  const sent = await call('POST', 'events?parser=syslog', '<13>Nov 21 05:00:00 web-1 app: hello\nno');
  expect(await call('GET', 'quarantine/counts')).toMatchObject({
    total: LINES + 1,
    reasons: [{ value: 'not_syslog', events: LINES + 1 }],
    parsers: [{ value: 'syslog', events: LINES + 1 }],
  });
  await appliance.restart({ ALLUVIUM_FAULT_POINTS: POINTS[0] ?? '' });
  const jobs = await Promise.all([1, 2].map(() => call('POST', 'quarantine/replay', { parser: 'plain' })));
  for (const point of [...POINTS.slice(1), undefined]) {
    expect(await appliance.exited).toMatchObject({ signal: 'SIGKILL' });
    await restartAtPoint(appliance, point);
  }
  for (const { job } of jobs)
    await until(async () =>
      (await call('GET', `jobs/${String(job)}`))['state'] === 'done' ? true : undefined,
    );
  expect(await call('GET', 'quarantine/counts')).toMatchObject({ total: 0 });
  const found = await call('POST', 'logs', { start_time: '2020-01-01T00:00:00Z', limit: 10_000 });
  const ids = (found['logs'] as { event_id: string }[]).map(({ event_id: id }) => id);
  expect([found['total'], new Set(ids).size]).toEqual([LINES + 2, LINES + 2]);
  const { actions } = await call('GET', 'quarantine/actions');
  const stored = (actions as { stored: number }[]).reduce((sum, action) => sum + action.stored, 0);
  expect(stored).toBe(LINES + 1);
  expect(await call('GET', `receipts/${String(sent['receipt'])}`)).toMatchObject({
    stored: 2,
    quarantined: 0,
  });
  expect(await call('GET', 'streams/default/roll-ups/check')).toMatchObject({ ok: true });
  const ledger = await until(async () => {
    const page = await call('GET', 'ledger');
    return page['residue'] === 0 ? page : undefined;
  });
  expect(ledger['rows']).toMatchObject([{ stored: LINES + 2, quarantined: 0, residue: 0 }]);
}, 120_000);
