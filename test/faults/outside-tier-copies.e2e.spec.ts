import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runCommandLine } from '../support/command-line.js';
import { makeGuideTier } from '../support/guide-tier.js';
import { Appliance } from '../support/start-appliance.js';
import { MoveRig, type Json } from './move-rig.js';

const DAYS = ['2025-06-01', '2025-06-02'];
const PER_DAY = 30;
const ALL = { start_time: '2025-06-01T00:00:00Z', end_time: '2025-06-03T00:00:00Z' };

let folder: string;
let rig: MoveRig;
/** Two days that only the tier of the guide for authors has. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alluvium-tier-copies-'));
  await makeGuideTier(join(folder, 'plugins'));
  rig = await MoveRig.start({
    ...{ name: 'gzip-files', folder: 'outside-tiers/gzip-files' },
    env: { ALLUVIUM_PLUGINS_DIR: join(folder, 'plugins'), ALLUVIUM_BACKUP_DIR: join(folder, 'backups') },
  });
  await rig.totals.stop();
  await rig.send(DAYS, PER_DAY);
  await rig.apply({ tenant: { keep: 'search 7d -> gzip-files forever' } });
  await rig.passGrace();
  await rig.apply();
}, 120_000);
afterEach(async () => {
  await rig.dispose();
  await rm(folder, { recursive: true, force: true });
});

async function command(...args: readonly string[]): Promise<void> {
  const { code, stderr } = await runCommandLine(args, { server: rig.appliance });
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
}

async function ids(at: Appliance, stream = 'default'): Promise<readonly unknown[]> {
  const answer = await fetch(`${at.url}/api/v1/logs`, {
    ...{ method: 'POST', body: JSON.stringify({ ...ALL, stream, limit: 100 }) },
    headers: { authorization: `Bearer ${at.adminKey}`, 'content-type': 'application/json' },
  });
  const { logs = [] } = (await answer.json()) as { readonly logs?: readonly Json[] };
  return logs.map(({ event_id: id }) => id).toSorted();
}

it('what a tier from outside keeps is restored to search, and is in a backup with its tier', async () => {
  expect(await rig.states()).toEqual(['search 0, archive 2']);
  const before = await ids(rig.appliance);
  expect(before).toHaveLength(2 * PER_DAY);
  const asked = { stream: 'default', name: 'back', ...ALL };
  expect(await rig.call('POST', 'archives/restore/estimate', asked)).toMatchObject({
    ...{ units: 2, events: 2 * PER_DAY, fits: true },
  });
  await rig.call('POST', 'archives/restore', asked);
  const restored = async (): Promise<unknown> => (await rig.call('GET', 'archives/restored/back'))['state'];
  await expect.poll(restored, { timeout: 60_000 }).toBe('restored');
  // Questions find it a moment later.
  await expect.poll(() => ids(rig.appliance, 'back'), { timeout: 60_000 }).toEqual(before);

  const backups = join(folder, 'backups');
  await command('backup', backups);
  await command('restore', backups, join(folder, 'elsewhere'));
  const dataDirectory = join(folder, 'elsewhere');
  const env = { ALLUVIUM_PLUGINS_DIR: join(folder, 'plugins') };
  const elsewhere = await Appliance.prepare({ dataDirectory, env });
  try {
    await elsewhere.restart();
    await expect.poll(() => ids(elsewhere), { timeout: 60_000 }).toEqual(before);
  } finally {
    await elsewhere.stop();
  }
}, 240_000);
