import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ApiClient } from '../../support/api-client.js';
import { runCommandLine } from '../../support/command-line.js';
import { Appliance } from '../../support/start-appliance.js';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../../..');
const KEYS = { ALLUVIUM_ARCHIVE_KEYS: '0a'.repeat(32) };
const ENCRYPTED = { ...KEYS, ALLUVIUM_ARCHIVE_ENCRYPTION: 'on' };
const PER_DAY = 500;

type Json = Record<string, unknown>;

let directory: string;
let appliance: Appliance;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'alluvium-decrypted-'));
  appliance = await Appliance.prepare();
});
afterEach(async () => {
  await appliance.dispose();
  await rm(directory, { recursive: true });
});

async function call(method: string, path: string, body?: object): Promise<Json> {
  const answer = await fetch(`${appliance.url}/api/v1/${path}`, {
    ...{ method, ...(body && { body: JSON.stringify(body) }) },
    headers: { authorization: `Bearer ${appliance.adminKey}`, 'content-type': 'application/json' },
  });
  const json = (await answer.json()) as Json;
  if (!answer.ok) throw new Error(`${method} ${path}: ${JSON.stringify(json)}`);
  return json;
}

/** Stores a day and moves it into the archive, by a server with these settings. */
async function archive(day: string, env: Readonly<Record<string, string>>): Promise<void> {
  await appliance.restart(env);
  const lines = Array.from({ length: PER_DAY }, (_, n) =>
    JSON.stringify({
      timestamp: `${day}T08:00:00.1234567${10 + (n % 90)}Z`,
      ...{ service: 'shop', level: 'info', message: `did ${n}`, status: 200, tags: { n } },
      user_id: `u-${n % 50}`,
      trace_id: (n + 1).toString(16).padStart(32, '0'),
    }),
  );
  await new ApiClient(appliance).send('web', Buffer.from(`${lines.join('\n')}\n`), { prefer: 'wait=30' });
  const policies = { 'stream:web': { keep: 'search 7d -> archive forever' } };
  const { id } = await call('POST', 'retention/plan', { policies, streams: ['web'] });
  await call('POST', 'retention/apply', { plan: id });
  for (let state: unknown; state !== 'done'; await setTimeout(100))
    ({ state } = await call('GET', `retention/runs/${String(id)}`));
}

const decrypt = (target: string, env: Readonly<Record<string, string>> = KEYS) =>
  runCommandLine(['archives', 'decrypt', join(appliance.dataDirectory, 'archives'), target], { env });

it('DuckDB reads what the command makes of a plain and an encrypted day as the appliance does', async () => {
  const python = (await run(join(ROOT, 'tools/install-archive-readers.sh'))).stdout.trim();
  await appliance.restart();
  await new ApiClient(appliance).createStream('web', 'service-log');
  await archive('2025-06-01', {});
  await archive('2025-06-02', ENCRYPTED);
  const target = join(directory, 'clear');
  expect((await decrypt(target)).stdout).toMatch(
    /^Wrote 2 files, .*, 1,000 events of 1 stream into .*; 1 of 2 were encrypted\.\nSigned by [0-9a-f]{16}\.\n$/,
  );
  const range = { stream: 'web', start_time: '2025-06-01T00:00:00Z', end_time: '2025-06-04T00:00:00Z' };
  const { logs, total } = await call('POST', 'logs', { ...range, limit: 1 });
  expect(total).toBe(2 * PER_DAY);
  const [{ event_id: event, trace_id: trace, user_id: user }] = logs as [Record<string, string>];
  const ndjson = await fetch(`${appliance.url}/api/v1/logs/export?${new URLSearchParams(range)}`, {
    headers: { authorization: `Bearer ${appliance.adminKey}` },
  });
  const exported = join(directory, 'export.ndjson');
  await writeFile(exported, Buffer.from(await ndjson.arrayBuffer()));
  const read = async (program: string, place: string): Promise<Json> => {
    const script = join(import.meta.dirname, 'read-archive.py');
    const args = [script, program, place, 'web', String(event), String(trace), String(user)];
    return JSON.parse((await run(python, args)).stdout.trim()) as Json;
  };
  expect(await read('duckdb', target)).toEqual({
    ...(await read('export', exported)),
    found: [1, 2, (2 * PER_DAY) / 50],
  });

  expect(await decrypt(target)).toMatchObject({
    ...{ code: 1, stderr: expect.stringContaining('is not empty: nothing is written over') },
  });
  expect(await decrypt(join(directory, 'none'), {})).toMatchObject({
    ...{
      code: 5,
      stdout: expect.stringMatching(/LEFT OUT: .* of archives, and none is set: put it into the file/),
    },
  });
  expect(await decrypt(join(directory, 'x'), { ALLUVIUM_ARCHIVE_KEYS: 'short' })).toMatchObject({
    ...{ code: 2, stderr: expect.stringContaining('ALLUVIUM_ARCHIVE_KEYS') },
  });
}, 600_000);
