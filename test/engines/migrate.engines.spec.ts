import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../support/command-line.js';
import { Appliance } from '../support/start-appliance.js';
import { ALL, exported, refusedOf, sendRefused } from './migrated-events.js';
import { ask, startEngines, type SeveralProcesses } from './several-processes.js';

const POST = (json: unknown, headers: Record<string, string> = {}) => ({ method: 'POST', json, headers });
const [WEB, SHOP] = [`web-${process.pid}`, `shop-${process.pid}`];
const STREAMS = [WEB, SHOP];
const DAYS = ['2026-09-01', '2026-09-02', '2026-10-03'];
const EACH = 2_000;
let engines: SeveralProcesses;
let old: Appliance;
let oldDirectory: string;
let [api, worker]: Appliance[] = [];
beforeAll(async () => {
  engines = await startEngines();
  oldDirectory = await mkdtemp(join(tmpdir(), 'alluvium-old-'));
  old = await Appliance.prepare({ dataDirectory: oldDirectory, env: { ALLUVIUM_ADMIN_KEY: KEY() } });
  [api, worker] = [await engines.prepare('api'), await engines.prepare('worker')];
}, 120_000);
afterAll(async () => {
  await old.dispose();
  await engines.stop();
  await rm(oldDirectory, { recursive: true, force: true });
}, 60_000);

const KEY = () => String(engines.env['ALLUVIUM_ADMIN_KEY']);
const asking = (at: Appliance) => ({ at, key: KEY() });

/** Calls the command with the settings of the new appliance, its files in the directory of the `api`. */
const migrate = (args: readonly string[], faults = '', env: Readonly<Record<string, string>> = {}) =>
  runCommandLine(['migrate', oldDirectory, ...args], {
    env: {
      ...engines.env,
      ...{ ALLUVIUM_ROLES: 'api', ALLUVIUM_DATA_DIR: api!.dataDirectory, ...env },
      ...(faults && { ALLUVIUM_FAULT_POINTS: faults }),
    },
  });

async function fill(): Promise<void> {
  for (const stream of STREAMS) {
    await ask(old, '/api/v1/streams', POST({ name: stream, event_type: 'log' }));
    for (const day of DAYS) {
      const events = Array.from({ length: EACH }, (_, n) => ({
        timestamp: `${day}T0${n % 10}:00:00.${String(n).padStart(9, '0')}Z`,
        ...{ message: `${stream} ${n}`, level: n % 3 ? 'info' : 'error', deep: { n, half: n / 2, no: null } },
      }));
      const sent = await ask(old, `/api/v1/streams/${stream}/events`, POST(events, { prefer: 'wait=30' }));
      expect(sent.body).toMatchObject({ stored: EACH });
    }
  }
}

describe('alluvium migrate', () => {
  let refused: readonly string[];
  let before: readonly (readonly string[])[];
  let reader: string;
  let receipt: string;

  it('refuses while the old appliance runs, and says without a change what would be moved', async () => {
    await old.restart();
    await fill();
    const made = await ask(old, '/api/v1/keys', POST({ name: 'reader', scopes: ['logs:read'] }));
    reader = String(made.body['key']);
    const policy = { keep: 'search 400d -> archive 10y -> delete' };
    expect(
      (await ask(old, `/api/v1/retention/policies/stream:${WEB}`, { method: 'PUT', json: policy })).status,
    ).toBeLessThan(300);
    const sent = await ask(
      old,
      `/api/v1/streams/${WEB}/events`,
      POST([{ message: 'last', id: 'one' }], { prefer: 'wait=30' }),
    );
    receipt = String(sent.body['receipt']);
    const answers = await sendRefused(asking(old), WEB);
    expect(answers).toMatchObject([{ quarantined: 1 }, { quarantined: 1 }]);
    refused = await refusedOf(asking(old));
    expect(refused).toHaveLength(2);
    before = await Promise.all(STREAMS.map((stream) => exported(asking(old), stream)));
    expect(await migrate(['--dry-run'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is in use by'),
    });
    expect(await old.stop()).toMatchObject({ code: 0 });
    const looked = await migrate(['--dry-run']);
    expect(looked).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing stands in the way') });
    expect(looked.stdout).toContain('12,001 events');
    expect(await readdir(oldDirectory)).not.toContain('migrated.json');
  });

  it('backed out in its middle, leaves the old appliance as it was', async () => {
    const other = {
      MONGODB_DATABASE: `${engines.env['MONGODB_DATABASE']}-other`,
      ALLUVIUM_DATA_DIR: join(oldDirectory, '../', `other-${process.pid}`),
      ALLUVIUM_ARCHIVE_DIR: join(oldDirectory, '../', `other-${process.pid}`, 'archives'),
    };
    const killed = await migrate(['--leave-quarantine'], 'migrate.unit-copied:1', other);
    expect(killed).toMatchObject({
      ...{ signal: 'SIGKILL', stdout: expect.stringMatching(/stay behind in the old directory: 2/) },
    });
    expect(await migrate(['back-out'], '', other)).toMatchObject({
      ...{ code: 0, stdout: expect.stringContaining('Backed out') },
    });
    expect(await migrate(['--leave-quarantine'], '', other)).toMatchObject({
      ...{ code: 1, stderr: expect.stringContaining('name another MONGODB_DATABASE') },
    });
    await old.restart();
    expect(await migrate(['back-out'], '', other)).toMatchObject({
      ...{ code: 1, stderr: expect.stringContaining('is in use by') },
    });
    expect(await Promise.all(STREAMS.map((stream) => exported(asking(old), stream)))).toEqual(before);
    expect(await old.stop()).toMatchObject({ code: 0 });
    await rm(other.ALLUVIUM_DATA_DIR, { recursive: true, force: true });
  });

  it('killed while it copies (and waits for a minute’s end), lets nothing start on it, and goes on', async () => {
    for (const faults of ['migrate.begun:1', 'migrate.copied:5', 'migrate.refused-brought:1'])
      expect(await migrate([], faults)).toMatchObject({ signal: 'SIGKILL' });
    expect(await migrate(['--leave-quarantine'])).toMatchObject({
      ...{ code: 1, stderr: expect.stringContaining('of a call without --leave-quarantine') },
    });
    expect(await migrate([], 'migrate.marked:1')).toMatchObject({ signal: 'SIGKILL' });
    await expect(api!.restart()).rejects.toThrow(/alluvium migrate.*again/);
  }, 240_000);

  it('killed behind the switch, leaves an appliance that takes events and never answers with less', async () => {
    const killed = await migrate([], 'migrate.unit-copied:2');
    expect(killed).toMatchObject({
      signal: 'SIGKILL',
      stdout: expect.stringContaining('Start the new appliance now'),
    });
    await Promise.all([api!.restart(), worker!.restart()]);
    await expect(old.restart()).rejects.toThrow(/data_directory_migrated/);
    const sent = await ask(
      api!,
      `/api/v1/streams/${WEB}/events`,
      POST([{ timestamp: `${DAYS[0]}T05:00:00Z`, message: 'late' }, { message: 'new' }], {
        prefer: 'wait=30',
      }),
    );
    expect(sent).toMatchObject({ status: 200, body: { stored: 2 } });
    const asked = await ask(api!, '/api/v1/logs', POST({ ...ALL, stream: WEB, limit: 1 }));
    expect(asked).toMatchObject({ status: 503, body: { code: 'history_on_its_way' } });
    const recent = { start_time: 'now-1h', end_time: 'now+1h', stream: WEB, limit: 10 };
    expect(await ask(api!, '/api/v1/logs', POST(recent))).toMatchObject({ status: 200, body: { total: 2 } });
    expect(await migrate(['status'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('of 7 days'),
    });
    expect(await migrate(['confirm'])).toMatchObject({ code: 1 });
  });

  it('killed again and again, ends with every event, as it was, once', async () => {
    for (const faults of ['archive.put:1', 'migrate.unit-arrived:2'])
      expect(await migrate([], faults)).toMatchObject({ signal: 'SIGKILL' });
    const done = await migrate([]);
    expect(done.stderr).toBe('');
    expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining('All is moved') });
    await expect
      .poll(async () => (await ask(api!, '/api/v1/logs', POST({ ...ALL, stream: WEB, limit: 1 }))).status, {
        timeout: 10_000,
      })
      .toBe(200);
    const after = await Promise.all(STREAMS.map((stream) => exported(asking(api!), stream)));
    expect(after[1]).toEqual(before[1]);
    const news = after[0]!.filter((line) => !before[0]!.includes(line));
    expect(news.map((line) => JSON.parse(line).message).toSorted()).toEqual(['late', 'new']);
    expect(after[0]).toHaveLength(before[0]!.length + 2);
    const counts = POST({ ...ALL, stream: STREAMS, group_by: ['stream'] });
    const counted = JSON.stringify((await ask(api!, '/api/v1/logs/aggregate', counts)).body);
    for (const lines of after) expect(counted).toContain(String(lines.length));
  });

  it('keeps keys, policies, receipts, client ids and the audit record', async () => {
    const asReader = { headers: { authorization: `Bearer ${reader}` } };
    expect(await ask(api!, `/api/v1/logs?limit=1&stream=${SHOP}`, asReader)).toMatchObject({ status: 200 });
    expect(await ask(api!, '/api/v1/retention/policies')).toMatchObject({ status: 200 });
    expect(JSON.stringify((await ask(api!, '/api/v1/retention/policies')).body)).toContain('400d');
    expect(await ask(api!, `/api/v1/receipts/${receipt}`)).toMatchObject({ body: { stored: 1, pending: 0 } });
    const again = await ask(
      api!,
      `/api/v1/streams/${WEB}/events`,
      POST([{ message: 'last', id: 'one' }], { prefer: 'wait=30' }),
    );
    expect(again.body).toMatchObject({ deduplicated: 1, stored: 0 });
    const { body: chain } = await ask(api!, '/api/v1/audit/verify');
    expect(chain).toMatchObject({ whole: true });
    await expect
      .poll(async () => JSON.stringify((await ask(api!, '/api/v1/ledger')).body), { timeout: 10_000 })
      .toContain('"residue":0');
  });

  it('brings refused events as they were, which are replayed there, and the account adds up', async () => {
    expect(await refusedOf(asking(api!))).toEqual(refused);
    const { body: progress } = await ask(api!, '/api/v1/migration');
    expect(progress).toMatchObject({ state: 'moved', days: { total: 7, arrived: 7 }, refused_events: 2 });
    const { status } = await ask(api!, '/api/v1/quarantine/replay', POST({ parser: 'plain' }));
    expect(status).toBe(202);
    await expect.poll(() => refusedOf(asking(api!)), { timeout: 30_000 }).toEqual([]);
    for (const line of refused) {
      const { event_id, raw } = JSON.parse(line) as { event_id: string; raw: string };
      const found = await ask(api!, `/api/v1/logs/${event_id}`);
      expect(found).toMatchObject({ status: 200, body: { message: raw } });
    }
    const account = async () => JSON.stringify((await ask(api!, '/api/v1/ledger')).body);
    await expect
      .poll(account, { timeout: 10_000 })
      .toMatch(/"received":2,"stored":2,"quarantined":0,.*"residue":0}$/);
  });

  it('refuses servers that were used: a catalogue, and tables with events of the same streams', async () => {
    const other = await mkdtemp(join(tmpdir(), 'alluvium-used-'));
    const fresh = { MONGODB_DATABASE: `fresh-${process.pid}`, ALLUVIUM_DATA_DIR: other };
    expect(await migrate(['--dry-run'], '', fresh)).toMatchObject({
      ...{ code: 1, stderr: expect.stringContaining(`has events of the stream "${WEB}"`) },
    });
    expect(await migrate(['--dry-run'], '', { ...fresh, CLICKHOUSE_PASSWORD: 'wrong' })).toMatchObject({
      ...{ code: 1, stderr: expect.stringContaining('CLICKHOUSE_PASSWORD') },
    });
    await rm(other, { recursive: true });
  });

  it('refuses another directory, and settings of an embedded appliance', async () => {
    const pepper = await mkdtemp(join(tmpdir(), 'alluvium-other-'));
    await writeFile(join(pepper, 'pepper'), 'x');
    const env = { ...engines.env, ALLUVIUM_ROLES: 'api', ALLUVIUM_DATA_DIR: api!.dataDirectory };
    const other = await runCommandLine(['migrate', pepper], { env });
    expect(other).toMatchObject({
      ...{ code: 1, stderr: expect.stringContaining('Another data directory than') },
    });
    const unset = await runCommandLine(['migrate', pepper], { env: { ALLUVIUM_DATA_DIR: pepper } });
    expect(unset).toMatchObject({ code: 2, stderr: expect.stringMatching(/MONGODB_URI and CLICKHOUSE_URL/) });
    await rm(pepper, { recursive: true });
  });

  it('is confirmed once, and then can not be backed out', async () => {
    expect(await migrate(['confirm'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('confirmed'),
    });
    expect(await migrate(['back-out'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('can not be done now'),
    });
  });
});
