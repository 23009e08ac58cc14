import { createHash } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAppliance, type Appliance } from '../support/start-appliance.js';
import { REFUSALS, type Refusal } from './refusals.js';

type Json = Record<string, unknown>;

/** What no refused request may change. */
const SEEN = [
  ...['retention/versions', 'retention/runs', 'holds', 'archives/attached', 'archives/restored'],
  ...['archives/trash', 'settings', 'streams'],
];
const PLACES = ['old', 'changed-manifest', 'forged-manifest', 'short-file', 'other-day', 'no-json'];

let folder: string;
let appliance: Appliance;
/** Keys, and ids that the requests name. */
let keys: Readonly<Record<string, string>>;
let ids: Readonly<Record<string, string>>;

async function call(method: string, path: string, body?: object, key = appliance.adminKey): Promise<Json> {
  const answer = await fetch(`${appliance.url}/api/v1/${path}`, {
    ...{ method, ...(body && { body: JSON.stringify(body) }) },
    headers: {
      ...{ authorization: `Bearer ${key}`, prefer: 'wait=20' },
      ...(body && { 'content-type': 'application/json' }),
    },
  });
  return { ...((await answer.json()) as Json), status: answer.status };
}

async function apply(keep: string): Promise<void> {
  const { id } = await call('POST', 'retention/plan', { policies: { tenant: { keep } } });
  await call('POST', 'retention/apply', { plan: id });
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await setTimeout(50))
    if ((await call('GET', `retention/runs/${String(id)}`))['state'] === 'done') return;
  throw new Error(`The run did not end. ${appliance.output().slice(-2_000)}`);
}

const keyOf = async (body: object): Promise<string> => String((await call('POST', 'keys', body))['key']);
const idOf = async (path: string, body: object): Promise<string> =>
  String((await call('POST', path, body))['id']);

async function filesIn(place: string): Promise<readonly string[]> {
  const names = await readdir(join(folder, place), { recursive: true });
  return names.filter((name) => /\.(json|parquet)$/.test(name)).map((name) => join(folder, place, name));
}

async function manifestIn(place: string): Promise<string> {
  return (await filesIn(place)).find((path) => path.endsWith('.json')) ?? '';
}

/** Puts another text in the place of a manifest, under the name that it has by its own content. */
async function replaceManifest(place: string, change: (text: string) => string): Promise<void> {
  const path = await manifestIn(place);
  const text = change(await readFile(path, 'utf8'));
  const sha256 = createHash('sha256').update(text).digest('hex');
  await rm(path);
  await writeFile(join(dirname(path), `_manifest-g0-${sha256}.json`), text);
}

/** An archive of one day, and what somebody made of copies of it. */
async function spoilArchives(): Promise<void> {
  for (const place of PLACES)
    await cp(join(appliance.dataDirectory, 'archives'), join(folder, place), { recursive: true });
  const manifest = await manifestIn('changed-manifest');
  await writeFile(manifest, (await readFile(manifest, 'utf8')).replace('"events":', '"events" :'));
  await replaceManifest('forged-manifest', (text) => text.replace(/"events":2/g, '"events":3'));
  await replaceManifest('no-json', () => 'no manifest');
  const file = (await filesIn('short-file')).find((path) => path.endsWith('.parquet')) ?? '';
  await truncate(file, 10);
  const day = dirname(await manifestIn('other-day'));
  await rename(day, day.replace('day=01', 'day=02'));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alluvium-refusals-'));
  const places = [...PLACES, 'not-mounted'].map((name) => `${name}=${join(folder, name)}`).join(',');
  appliance = await startAppliance({ env: { ALLUVIUM_ARCHIVE_ATTACHABLE: places } });
  await call('POST', 'streams', { name: 'web' });
  const event = { message: 'kept', timestamp: '2025-06-01T12:00:00Z' };
  await call('POST', 'streams/web/events', [event, event]);
  await apply('search forever -> archive from 1d forever');
  await spoilArchives();
  await call('POST', 'tenants', { name: 'globex' });
  const scopes = ['retention:write', 'streams:admin', 'logs:read'];
  keys = {
    admin: appliance.adminKey,
    'other tenant': await keyOf({ name: 'other', tenant: 'globex', scopes }),
    reader: await keyOf({ name: 'reader', scopes: ['retention:read', 'logs:read'] }),
  };
  const stale = await idOf('retention/plan', {});
  await call('PUT', 'retention/policies/event-type:log', { keep: 'search forever' });
  ids = {
    STALE: stale,
    PLAN: await idOf('retention/plan', {}),
    HOLD: await idOf('holds', { reason: 'case 7', stream: 'web' }),
  };
}, 120_000);
afterAll(async () => {
  await appliance.dispose();
  await rm(folder, { recursive: true });
});

async function seen(): Promise<string> {
  const found = await Promise.all(SEEN.map((path) => call('GET', path)));
  const { streams } = await call('GET', 'retention/status');
  const events = await call('POST', 'logs', { start_time: '2025-01-01T00:00:00Z', end_time: 'now' });
  return JSON.stringify([found, streams, events['total']]);
}

/** A request with the ids that are known by now. */
function filled({ path, body }: Refusal): { readonly path: string; readonly body?: object } {
  const fill = (text: string): string => text.replace(/\b(PLAN|STALE|HOLD)\b/, (name) => ids[name] ?? name);
  return { path: fill(path), ...(body && { body: JSON.parse(fill(JSON.stringify(body))) as object }) };
}

describe('what is wrong about what is kept is refused with a clear answer, and nothing changes', () => {
  it('of forty or more requests', () => {
    expect(REFUSALS.length).toBeGreaterThanOrEqual(40);
  });

  it.each(
    REFUSALS.map(
      (refusal) =>
        [
          `${refusal.method} ${refusal.path} ${JSON.stringify(refusal.body) ?? ''} by ${refusal.by ?? 'admin'}`,
          refusal,
        ] as const,
    ),
  )('%s', async (_name, refusal) => {
    const before = await seen();
    const { path, body } = filled(refusal);
    const answer = await call(refusal.method, path, body, keys[refusal.by ?? 'admin']);
    expect(answer).toMatchObject({ status: refusal.status, code: refusal.code });
    expect(JSON.stringify(answer)).toContain(JSON.stringify(refusal.says).slice(1, -1));
    expect(await seen()).toBe(before);
  });
});
