import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../../support/api-client.js';
import { startAppliance, type Appliance } from '../../support/start-appliance.js';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../../..');
const SCRIPT = join(import.meta.dirname, 'read-archive.py');
const GUIDE = join(ROOT, 'docs/guide/archives.md');
const DAYS = ['2025-06-01', '2025-06-02', '2025-06-03'];
const EVENTS = 3_000;
const RANGE = { stream: 'web', start_time: '2025-06-01T00:00:00Z', end_time: '2025-06-04T00:00:00Z' };

type Json = Record<string, unknown>;

let python: string;
let appliance: Appliance;
let wanted: { readonly event_id: string; readonly trace_id: string; readonly user_id: string };
let moved: Json;
let found: Json;
let ofApi: Json;

async function call(method: string, path: string, body?: object): Promise<Json> {
  const answer = await fetch(`${appliance.url}/api/v1/${path}`, {
    ...{ method, ...(body && { body: JSON.stringify(body) }) },
    headers: { authorization: `Bearer ${appliance.adminKey}`, 'content-type': 'application/json' },
  });
  const json = (await answer.json()) as Json;
  if (!answer.ok) throw new Error(`${method} ${path}: ${JSON.stringify(json)}`);
  return json;
}

/** Events of all kinds of text, each with a trace of its own. */
function lineOf(n: number): string {
  return JSON.stringify({
    timestamp: `${DAYS[n % DAYS.length]}T0${n % 10}:00:0${n % 7}.12345678${n % 10}Z`,
    ...{ level: n % 3 === 0 ? 'error' : 'info', service: `shop-${n % 4}`, status: 200 + (n % 300) },
    message: n % 11 === 0 ? '' : `did "${n}" ünïcode \\ , \t \u{1f6d2}`,
    ...{ trace_id: (n + 1).toString(16).padStart(32, '0'), user_id: `u-${n % 50}` },
    ...{ tags: { n, deep: [1, null, { 'a b': '12345678901234567890' }] }, 'sp ace': n % 2 === 0 },
  });
}

async function moveIntoArchive(): Promise<Json> {
  const policies = { 'stream:web': { keep: 'search 7d -> archive forever' } };
  const { id } = await call('POST', 'retention/plan', { policies, streams: ['web'] });
  await call('POST', 'retention/apply', { plan: id });
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await setTimeout(100)) {
    const { state, moved } = await call('GET', `retention/runs/${String(id)}`);
    if (state === 'done') return moved as Json;
  }
  throw new Error(`The run did not end. ${appliance.output().slice(-2_000)}`);
}

async function read(program: string, place = join(appliance.dataDirectory, 'archives')): Promise<Json> {
  const { event_id: event, trace_id: trace, user_id: user } = wanted;
  const env = { ...process.env, SPARK_LOCAL_IP: '127.0.0.1' };
  const { stdout } = await run(python, [SCRIPT, program, place, 'web', event, trace, user], { env });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Json;
}

beforeAll(async () => {
  python = (await run(join(ROOT, 'tools/install-archive-readers.sh'))).stdout.trim();
  appliance = await startAppliance();
  const api = new ApiClient(appliance);
  await api.createStream('web', 'service-log');
  const lines = Array.from({ length: EVENTS }, (_, n) => lineOf(n));
  await api.send('web', Buffer.from(`${lines.join('\n')}\n`), { prefer: 'wait=30' });
  moved = await moveIntoArchive();
  found = await call('POST', 'logs', { ...RANGE, limit: 1 });
  [wanted] = found['logs'] as [typeof wanted];
  const ndjson = await fetch(`${appliance.url}/api/v1/logs/export?${new URLSearchParams(RANGE)}`, {
    headers: { authorization: `Bearer ${appliance.adminKey}` },
  });
  const path = join(appliance.dataDirectory, 'export.ndjson');
  await writeFile(path, Buffer.from(await ndjson.arrayBuffer()));
  ofApi = await read('export', path);
}, 600_000);
afterAll(() => appliance?.dispose());

describe('programs of others read what the archive alone answers for', () => {
  it('the appliance itself finds an event by its id, its trace and its user there', async () => {
    expect(moved).toMatchObject({ units: DAYS.length, events: EVENTS });
    expect(found).toMatchObject({ total: EVENTS, stats: { archives: { units: DAYS.length } } });
    const { event_id: event, trace_id: trace, user_id: user } = wanted;
    expect(await call('GET', `logs/${event}`)).toMatchObject({ event_id: event, trace_id: trace });
    const total = async (filter: object): Promise<unknown> =>
      (await call('POST', 'logs', { ...RANGE, limit: 1, filters: filter }))['total'];
    expect(await total({ trace_id: trace })).toBe(1);
    expect(await total({ user_id: user })).toBe(EVENTS / 50);
    expect(ofApi).toEqual({ events: EVENTS, sha256: expect.any(String) });
  });

  it.each(['duckdb', 'polars', 'spark'])(
    '%s: the same events, and each found by filter',
    async (program) => {
      expect(await read(program)).toEqual({ ...ofApi, found: [1, 1, EVENTS / 50] });
    },
    180_000,
  );

  it('as the guide shows it', async () => {
    const guide = await readFile(GUIDE, 'utf8');
    const programs = [...guide.matchAll(/^```(python|sql)\n([\s\S]*?)^```$/gm)].map(
      ([, language, text = '']) =>
        language === 'sql' ? `import duckdb\nprint(duckdb.sql("""${text}"""))` : text,
    );
    expect(programs).toHaveLength(3);
    for (const program of programs) {
      const env = { ...process.env, SPARK_LOCAL_IP: '127.0.0.1' };
      const text = program.replaceAll('data/archives', join(appliance.dataDirectory, 'archives'));
      const { stdout } = await run(python, ['-c', text], { env });
      expect(stdout).toMatch(new RegExp(`\\b${EVENTS / 3}\\b`));
    }
  }, 180_000);
});
