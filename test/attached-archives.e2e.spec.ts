import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { restartAtPoint } from './support/restart-at-point.js';
import { startCommand } from './support/command-line.js';
import { startAppliance, type Appliance } from './support/start-appliance.js';

const DAYS = ['2025-06-01', '2025-06-02', '2025-06-03'];
const PER_DAY = 400;
const RANGE = { start_time: '2025-06-01T00:00:00Z', end_time: '2025-06-04T00:00:00Z' };

type Json = Record<string, unknown>;

/** An appliance that is gone, of which only the archive is left; and one that reads it. */
let folder: string;
let original: Appliance;
let appliance: Appliance;

async function call(to: Appliance, method: string, path: string, body?: object): Promise<Json> {
  const headers = {
    ...{ authorization: `Bearer ${to.adminKey}`, prefer: 'wait=20' },
    ...(body && { 'content-type': 'application/json' }),
  };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  return (await (await fetch(`${to.url}/api/v1/${path}`, { method, headers, ...sent })).json()) as Json;
}

/** Everything of a stream, but for the stream's name. */
async function exported(from: Appliance, stream: string): Promise<string> {
  const query = new URLSearchParams({ ...RANGE, stream });
  const headers = { authorization: `Bearer ${from.adminKey}` };
  const answer = await fetch(`${from.url}/api/v1/logs/export?${query}`, { headers });
  return (await answer.text()).replaceAll(`"stream":"${stream}"`, '"stream":"x"');
}

async function until(what: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await setTimeout(50))
    if (await what()) return;
  throw new Error('It did not come to that.');
}

const objects = async (place: string): Promise<readonly string[]> =>
  (await readdir(join(folder, place), { recursive: true }))
    .filter((name) => /\.(json|parquet)$/.test(name))
    .toSorted();
const attach = (place: string, more: object = {}) =>
  call(appliance, 'POST', 'archives/attach', { name: 'old-web', place, stream: 'web', ...more });

let exportedBefore: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alluvium-attached-'));
  original = await startAppliance({ env: { ALLUVIUM_ARCHIVE_DIR: join(folder, 'whole') } });
  await call(original, 'POST', 'streams', { name: 'web', event_type: 'service-log' });
  const events = DAYS.flatMap((day) =>
    Array.from({ length: PER_DAY }, (_, n) => ({
      ...{ timestamp: `${day}T08:00:${String(n % 60).padStart(2, '0')}.${n}Z`, message: `paid ${n}` },
      ...{ level: ['info', 'error'][n % 2], service: `s${n % 5}`, order: n, nested: { user: `u${n % 7}` } },
    })),
  );
  await call(original, 'POST', 'streams/web/events', events);
  const policies = { tenant: { keep: 'search forever -> archive from 1d forever' } };
  const { id } = await call(original, 'POST', 'retention/plan', { policies });
  await call(original, 'POST', 'retention/apply', { plan: id });
  await until(async () => (await call(original, 'GET', `retention/runs/${String(id)}`))['state'] === 'done');
  exportedBefore = await exported(original, 'web');
  await original.stop();
  await cp(join(folder, 'whole'), join(folder, 'changed'), { recursive: true });
  const places = ['whole', 'changed'].map((name) => `${name}=${join(folder, name)}`).join(',');
  const [manifest] = (await objects('whole')).filter((name) => name.endsWith('.json'));
  const { signature } = JSON.parse(await readFile(join(folder, 'whole', manifest ?? ''), 'utf8')) as {
    readonly signature: { readonly key_id: string };
  };
  appliance = await startAppliance({
    env: {
      ALLUVIUM_ARCHIVE_ATTACHABLE: places,
      ALLUVIUM_ARCHIVE_TRUSTED_KEYS: `gone=${signature.key_id}`,
    },
  });
}, 120_000);
afterAll(async () => {
  await original.dispose();
  await appliance.dispose();
  await rm(folder, { recursive: true });
});

it('an archive of another appliance is attached, and answers every question as the stream that it is of', async () => {
  const before = await objects('whole');
  expect(exportedBefore.trim().split('\n')).toHaveLength(DAYS.length * PER_DAY);
  const command = startCommand(
    ['archives', 'attach', 'old-web', '--place', 'whole', '--stream', 'web', '--dry-run'],
    {
      server: appliance,
    },
  );
  expect(await command.ended).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/old-web +whole +web +3 +1200 .* 2025-06-01 +2025-06-03 +gone/),
  });
  expect(await attach('whole')).toMatchObject({
    units: 3,
    events: DAYS.length * PER_DAY,
    signed_by: ['gone'],
  });
  expect(await exported(appliance, 'old-web')).toBe(exportedBefore);
  const errors = { ...RANGE, stream: 'old-web', query: 'level:error AND nested.user:u3', limit: 1 };
  const found = await call(appliance, 'POST', 'logs', errors);
  const expected = Array.from({ length: PER_DAY }, (_, n) => n).filter(
    (n) => n % 2 === 1 && n % 7 === 3,
  ).length;
  expect(found).toMatchObject({
    total: DAYS.length * expected,
    logs: [{ stream: 'old-web', service: expect.stringMatching(/^s\d$/) }],
  });
  const metrics = [{ function: 'count' }];
  const counted = await call(appliance, 'POST', 'logs/aggregate', { ...RANGE, stream: 'old-web', metrics });
  expect(JSON.stringify(counted['buckets'] ?? counted)).toContain(String(DAYS.length * PER_DAY));
  expect((await call(appliance, 'POST', 'logs', RANGE))['total']).toBe(0);

  expect(await call(appliance, 'POST', 'streams/old-web/events', [{ message: 'x' }])).toMatchObject({
    code: 'stream_read_only',
  });
  await appliance.kill();
  await appliance.restart();
  expect(await exported(appliance, 'old-web')).toBe(exportedBefore);
  expect(await call(appliance, 'DELETE', 'archives/attached/old-web')).toMatchObject({ name: 'old-web' });
  expect(await call(appliance, 'POST', 'logs', { ...RANGE, stream: 'old-web' })).toMatchObject({
    code: 'stream_unknown',
  });
  expect(await objects('whole')).toEqual(before);
  const sent = await call(appliance, 'POST', 'streams/old-web/events', [{ message: 'free again' }]);
  expect(sent).toMatchObject({ stored: 1 });
}, 60_000);

it('events are restored out of an archive, each once, whatever kills the server in the middle, and go again', async () => {
  await attach('whole', { name: 'still-web' });
  const time = { start_time: '2025-06-01T00:00:00Z', end_time: '2025-06-03T00:00:00Z' };
  const request = { stream: 'still-web', name: 'back', ...time };
  expect(await call(appliance, 'POST', 'archives/restore/estimate', request)).toMatchObject({
    ...{ units: 2, events: 2 * PER_DAY, newest_day: '2025-06-02', fits: true },
  });
  await restartAtPoint(appliance, 'tier.restore-filled:2');
  await call(appliance, 'POST', 'archives/restore', request).catch(() => undefined);
  expect(await appliance.exited).toMatchObject({ signal: 'SIGKILL' });
  await restartAtPoint(appliance, 'restore.finished:1');
  expect(await appliance.exited).toMatchObject({ signal: 'SIGKILL' });
  await restartAtPoint(appliance);
  const counted = { ...RANGE, stream: 'back', limit: 1 };
  await until(async () => (await call(appliance, 'POST', 'logs', counted))['total'] === 2 * PER_DAY);
  expect(await call(appliance, 'GET', 'archives/restored/back')).toMatchObject({ state: 'restored' });
  const lines = exportedBefore.split('\n').slice(0, 2 * PER_DAY);
  expect((await exported(appliance, 'back')).trimEnd().split('\n')).toEqual(lines);
  expect(await call(appliance, 'GET', 'streams/back/roll-ups/check')).toMatchObject({ ok: true });
  expect(await call(appliance, 'DELETE', 'archives/restored/back')).toMatchObject({ state: 'leaving' });
  expect(await call(appliance, 'POST', 'logs', counted)).toMatchObject({ code: 'stream_unknown' });
  await until(
    async () => (await call(appliance, 'GET', 'archives/restored/back'))['code'] === 'restore_not_found',
  );
  expect(await call(appliance, 'POST', 'streams', { name: 'back', event_type: 'log' })).toMatchObject({
    name: 'back',
  });
}, 90_000);

it('what somebody changed is refused: a manifest before, a file where it is read', async () => {
  const changed = (name: string) => join(folder, 'changed', name);
  const all = await objects('changed');
  const manifest = changed(all.find((name) => name.endsWith('.json')) ?? '');
  const text = await readFile(manifest, 'utf8');
  await writeFile(manifest, text.replace(`"events":${PER_DAY}`, '"events":1'));
  const name = 'changed-web';
  expect(await attach('changed', { name })).toMatchObject({
    ...{ code: 'archive_refused', detail: expect.stringContaining('SHA-256') },
  });
  expect(await attach('changed', { name, skip_refused: true })).toMatchObject({ units: 2 });
  const file = changed(all.findLast((one) => one.endsWith('.parquet')) ?? '');
  const bytes = await readFile(file);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  await writeFile(file, bytes);
  expect(await call(appliance, 'POST', 'logs', { ...RANGE, stream: name })).toMatchObject({
    ...{ status: 503, code: 'archive_unreadable', detail: expect.stringContaining('part-') },
  });
}, 30_000);
