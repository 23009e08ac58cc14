import { join } from 'node:path';
import { open } from 'lmdb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommandLine } from '../support/command-line.js';
import { startAppliance, type Appliance } from '../support/start-appliance.js';

interface Entry {
  readonly sequence: number;
  readonly action: string;
  readonly object: string | null;
  readonly outcome: string;
  readonly changes: readonly { readonly field: string; readonly after?: unknown }[];
}

let appliance: Appliance;
beforeAll(async () => {
  // A key, a stream and a rule are made before.
  appliance = await startAppliance({ env: { ALLUVIUM_FAULT_POINTS: 'audit.before-entry:4' } });
});
afterAll(() => appliance.dispose());

async function ask<T>(method: string, path: string, body?: object): Promise<T> {
  const answer = await fetch(`${appliance.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${appliance.adminKey}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  return (await answer.json()) as T;
}
const entries = async (query = ''): Promise<readonly Entry[]> =>
  (await ask<{ readonly entries: readonly Entry[] }>('GET', `/audit${query}`)).entries;
const audit = (...args: string[]) => runCommandLine(['audit', ...args], { server: appliance });

/** Asks for a change in which the appliance dies, and starts it again. */
async function dieIn(body: object, next: Readonly<Record<string, string>>): Promise<void> {
  await expect(ask('POST', '/tenants', body)).rejects.toThrow();
  await appliance.exited;
  await appliance.restart(next);
}

it('has what the start did, and every change with its author', async () => {
  await ask('POST', '/events', { message: 'makes the stream' });
  await ask('PUT', '/rules/noise', { when: { contains: ['x'] }, action: { drop: { policy: 'noise' } } });
  const found = await entries();
  const told = found.map(({ action, object }) => `${action} ${object}`);
  expect(told.slice(0, 2)).toEqual(['rule.put noise', 'stream.create default']);
  expect(told.slice(2).toSorted()).toEqual([
    expect.stringMatching(/^key\.create [a-z0-9]{8}$/),
    expect.stringMatching(/^settings\.start /),
  ]);
  expect(JSON.stringify(found)).not.toContain(appliance.adminKey.slice(13));
});

it('is shown and verified by the command line', async () => {
  const list = await audit('--action', 'rule', '--limit', '5');
  expect(list.stdout).toMatch(/^# .* CHANGED\n\d+ .* admin .* rule\.put .* noise .* done .*enabled/);
  const whole = await audit('verify', '--json');
  const { head } = JSON.parse(whole.stdout) as { head: { sequence: number; hash: string } };
  const held = await audit('verify', '--from', String(head.sequence), '--hash', head.hash);
  expect([held.code, held.stdout]).toEqual([0, expect.stringContaining('still a part of it')]);
  const other = await audit('verify', '--from', '1', '--hash', head.hash);
  expect([other.code, other.stdout]).toEqual([1, expect.stringContaining('has another hash now')]);
});

it('has a change between which and its entry the process was killed, and none that was not begun', async () => {
  await dieIn({ name: 'made' }, { ALLUVIUM_FAULT_POINTS: 'audit.after-begin:1' });
  await dieIn({ name: 'never' }, { ALLUVIUM_FAULT_POINTS: '' });
  const { tenants } = await ask<{ tenants: { name: string }[] }>('GET', '/tenants');
  expect(tenants.map(({ name }) => name)).toEqual(['default', 'made']);
  const found = (await entries('?action=tenant')).map(({ object, outcome, changes }) => [
    object,
    outcome,
    changes,
  ]);
  expect(found).toEqual([
    ['never', 'unknown', [{ field: 'name', after: 'never' }]],
    ['made', 'unknown', [{ field: 'name', after: 'made' }]],
  ]);
  expect(await ask('GET', '/audit/verify')).toMatchObject({ whole: true });
});

it('names the row of which one byte was flipped on disk', async () => {
  await appliance.stop();
  const db = open<string, Buffer>({
    ...{ path: join(appliance.dataDirectory, 'catalogue'), keyEncoding: 'binary', encoding: 'string' },
    noSubdir: false,
  });
  const key = Buffer.from(`audit\0${'3'.padStart(15, '0')}`);
  const text = db.get(key) ?? '';
  await db.put(key, text.replace('default', 'defaulu'));
  await db.close();
  await appliance.restart();
  expect(await ask('GET', '/audit/verify')).toMatchObject({
    whole: false,
    broken: { sequence: 3, problem: 'changed' },
  });
  const told = await audit('verify');
  expect([told.code, told.stdout]).toEqual([1, expect.stringContaining('was rewritten. Entry 3: ')]);
});
