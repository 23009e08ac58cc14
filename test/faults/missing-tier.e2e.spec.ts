import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { trustPlugin, withdrawTrust } from '#plugin-host/author';
import { makeGuideTier } from '../support/guide-tier.js';
import { MoveRig, type Json } from './move-rig.js';

const TIER = 'gzip-files';
const DAY = (day: string) => ({ start_time: `${day}T00:00:00Z`, end_time: `${day}T23:59:59Z`, limit: 1 });

let rig: MoveRig;
let plugins: string;
beforeEach(async () => {
  plugins = await mkdtemp(join(tmpdir(), 'alluvium-tiers-'));
  await makeGuideTier(plugins);
  const env = { ALLUVIUM_PLUGINS_DIR: plugins };
  rig = await MoveRig.start({ name: TIER, folder: `outside-tiers/${TIER}`, env });
  await rig.totals.stop();
});
afterEach(async () => {
  await rig.dispose();
  await rm(plugins, { recursive: true, force: true });
});

const missing = async (): Promise<unknown> => (await rig.call('GET', 'retention/status'))['missing_tiers'];

it('a tier whose plugin is gone is named by whoever needs it, and nothing of it is lost or counted as none', async () => {
  const today = new Date().toISOString().slice(0, 10);
  await rig.send(['2025-06-01', '2025-06-02', today], 7);
  const keep = { tenant: { keep: `search 7d -> ${TIER} forever` } };
  expect(await rig.apply(keep)).toMatchObject({ moved: { units: 2 } });
  await rig.passGrace();
  expect(await rig.apply()).toMatchObject({ removed: { units: 2, events: 14 } });

  await withdrawTrust(join(plugins, `tier-${TIER}`));
  await rig.call('POST', 'plugins/reload');
  expect(await missing()).toEqual([{ tier: TIER, units: 2, streams: ['default'] }]);
  // A question that was asked before may be answered out of the cache: this one was not.
  expect(await rig.call('POST', 'logs', DAY('2025-06-01'))).toMatchObject({
    refused: 'archive_unreadable',
    detail: expect.stringContaining(`the storage tier "${TIER}", which did not give them back`),
  });
  expect(await rig.call('POST', 'logs', DAY(today))).toMatchObject({ total: 7 });
  const unknown = await rig.call('POST', 'retention/plan', { policies: keep });
  expect((unknown['errors'] as Json[])[0]).toMatchObject({ message: `no such tier here yet: ${TIER}` });
  // What is kept by the policy that is saved goes on: a new day has nowhere to go, and stays.
  await rig.send(['2025-06-03'], 7);
  expect(await rig.apply()).toMatchObject({ not_copied: { units: 1 }, moved: { units: 0 } });
  expect(await rig.call('POST', 'logs', DAY('2025-06-03'))).toMatchObject({ total: 7 });

  const expiring = { tenant: { keep: 'search 8d -> delete' } };
  expect(await rig.apply(expiring)).toMatchObject({ removed: { units: 3, events: 21 } });
  await rig.call('DELETE', 'archives/trash');
  expect(await rig.objects()).toBe(4);

  await trustPlugin(join(plugins, `tier-${TIER}`));
  await rig.call('POST', 'plugins/reload');
  await rig.call('DELETE', 'archives/trash');
  await expect.poll(() => rig.objects(), { timeout: 20_000 }).toBe(0);
  expect(await missing()).toEqual([]);
}, 120_000);
