import { setTimeout } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { Appliance } from './support/start-appliance.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

let appliance: Appliance | undefined;
afterEach(() => appliance?.dispose());

/** Settings of a process whose clock is ahead. */
const ahead = (ms: number): Record<string, string> => ({
  NODE_OPTIONS: `--import=data:text/javascript,const{now}=Date;Date.now=()=>now()+${ms}`,
});

async function call(method: string, path: string, body?: string): Promise<Record<string, unknown>> {
  const { url, adminKey } = appliance as Appliance;
  const type = path.startsWith('events') ? 'text/plain' : 'application/json';
  const headers = { authorization: `Bearer ${adminKey}`, 'content-type': type, prefer: 'wait=20' };
  const answer = await fetch(`${url}/api/v1/${path}`, { method, headers, ...(body && { body }) });
  return (await answer.json()) as Record<string, unknown>;
}

async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (const deadline = Date.now() + 40_000; Date.now() < deadline; await setTimeout(100)) {
    const found = await ask().catch(() => undefined);
    if (found !== undefined) return found;
  }
  throw new Error(`It did not come to that. ${appliance?.output().slice(-2_000)}`);
}

/** The ledger once its first row is a sum of minutes that goes so far. */
const folded = () =>
  until(async () => {
    const ledger = await call('GET', 'ledger');
    const [first] = ledger['rows'] as { since?: string }[];
    return first?.since === undefined ? undefined : ledger;
  });

it('a replay after 31 days is in the ledger, whatever killed the server in the middle of it', async () => {
  appliance = await (await Appliance.prepare()).restart();
  const lines = '<13>Nov 21 05:00:00 web-1 app: hello\nno syslog 1\nno syslog 2';
  expect(await call('POST', 'events?parser=syslog', lines)).toMatchObject({ quarantined: 2 });
  await appliance.stop();
  await appliance.restart({ ...ahead(31 * DAY_MS), ALLUVIUM_FAULT_POINTS: 'quarantine.before-account:1' });
  expect(await folded()).toMatchObject({ rows: [{ received: 3, stored: 1, quarantined: 2 }], residue: 0 });
  const { job } = await call('POST', 'quarantine/replay', '{"parser":"plain"}');
  expect(await appliance.exited).toMatchObject({ signal: 'SIGKILL' });
  for (const hours of [1, 2]) {
    await appliance.restart(ahead(31 * DAY_MS + hours * HOUR_MS));
    await until(async () =>
      (await call('GET', `jobs/${String(job)}`))['state'] === 'done' ? true : undefined,
    );
    expect(await folded()).toMatchObject({
      rows: [{ received: 3, stored: 3, quarantined: 0, residue: 0 }],
      by_minute_since: expect.any(String),
      residue: 0,
    });
    await appliance.kill();
  }
});
