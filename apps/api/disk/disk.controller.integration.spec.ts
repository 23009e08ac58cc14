import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/test-api.js';

let api: TestApi;
let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'alluvium-disk-'));
  api = await startTestApi({ dataDir });
});
afterEach(async () => {
  await api.stop();
  await rm(dataDir, { recursive: true });
});

const read = async () => {
  const headers = { authorization: api.access.add('ops', ['metrics']) };
  return (await api.inject({ url: '/api/v1/disk', headers })).json();
};
const fill = async (folder: string, bytes: number): Promise<void> => {
  await mkdir(join(dataDir, folder), { recursive: true });
  await writeFile(join(dataDir, folder, 'file'), Buffer.alloc(bytes, 1));
};

it('is shown by part, with what is free', async () => {
  await fill('bus', 100_000);
  await fill('tiers/tier-clickhouse/store', 300_000);
  await fill('scratch', 50_000);
  const disk = await read();
  expect(disk.parts.map(({ name, files }: { name: string; files: number }) => [name, files])).toEqual([
    ['log', 1],
    ['tier', 1],
    ['catalogue', 0],
    ['other', 1],
  ]);
  expect(disk.parts[1].bytes).toBeGreaterThanOrEqual(300_000);
  expect(disk).toMatchObject({
    path: dataDir,
    ...{ total_bytes: 2e12, free_bytes: 1e12, reserve_bytes: 1e11, low: false },
    ...{ growth_bytes_per_day: null, seconds_until_full: null, hours_until_full: null, level: 'ok' },
    file_systems: [{ places: ['data', 'log', 'tier', 'catalogue'], level: 'ok', used_percent: 50 }],
  });
});

it('is not measured again for a minute', async () => {
  const before = await read();
  await fill('bus', 100_000);
  const after = await read();
  expect(after.parts).toEqual(before.parts);
  expect(after.measured_at).toBe(before.measured_at);
});

it('has no time left where free space has fallen to the reserve', async () => {
  api.disk.freeBytes = 1e9;
  expect(await read()).toMatchObject({ low: true, level: 'refusing', seconds_until_full: 0 });
});
