import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ARCHIVE_ENDS, contentOfArchive } from '../support/archive-files.js';
import { MoveRig, type Json } from './move-rig.js';

const [OLD, NEW] = ['0a'.repeat(32), '0b'.repeat(32)];
const KEYS = (...keys: readonly string[]) => ({ ALLUVIUM_ARCHIVE_KEYS: keys.join('\n') });
const ON = (...keys: readonly string[]) => ({ ALLUVIUM_ARCHIVE_ENCRYPTION: 'on', ...KEYS(...keys) });
const DAYS = ['2025-06-01', '2025-06-02', '2025-06-03'];
const PER_DAY = 20;
const KEEP = { tenant: { keep: 'search 7d -> archive forever' } };
const day = (date = '') => ({ start_time: `${date}T00:00:00Z`, end_time: `${date}T23:59:59Z`, limit: 1 });
const SPAN = { start_time: '2025-06-01T00:00:00Z', end_time: '2025-06-04T00:00:00Z' };

let rig: MoveRig;
beforeEach(async () => {
  rig = await MoveRig.start({ name: 'archive', folder: 'archives' });
  await rig.totals.stop();
});
afterEach(() => rig.dispose());

/** Brings a day into the archive by a server with these settings, and lets its hot copy go. */
async function archive(date: string, env: Readonly<Record<string, string>>): Promise<void> {
  await rig.appliance.restart(env);
  await rig.send([date], PER_DAY);
  expect(await rig.apply(KEEP)).toMatchObject({ moved: { units: 1 }, not_copied: { units: 0 } });
  await rig.passGrace();
  await rig.appliance.restart(env);
  expect(await rig.apply()).toMatchObject({ removed: { units: 1, events: PER_DAY } });
}

it('plain and encrypted days, of an old key and a new one, are one archive; without a key its days are named and stay', async () => {
  const [plain = '', old = '', now = ''] = DAYS;
  await archive(plain, {});
  await archive(old, ON(OLD));
  await archive(now, ON(NEW, OLD));
  expect((await contentOfArchive(rig.appliance.dataDirectory)).map(({ end }) => end).toSorted()).toEqual([
    ...[ARCHIVE_ENDS.plain, ARCHIVE_ENDS.encrypted, ARCHIVE_ENDS.encrypted],
  ]);
  expect(await rig.call('POST', 'logs', { ...SPAN, limit: 1 })).toMatchObject({ total: 3 * PER_DAY });
  const { buckets } = await rig.call('POST', 'logs/aggregate', { ...SPAN, group_by: ['service'] });
  expect(JSON.stringify(buckets)).toContain(String(3 * PER_DAY));
  const held = join(rig.appliance.dataDirectory, 'archive-decrypted');
  expect(await readdir(held)).toHaveLength(2);

  // Of a day whose hot copy is still there nothing goes while its key is away.
  await rig.send(['2025-06-05'], PER_DAY);
  expect(await rig.apply()).toMatchObject({ moved: { units: 1 } });
  await rig.passGrace();
  await rig.appliance.restart(ON(OLD));
  expect(await readdir(held).catch(() => [])).toEqual([]);
  const kept = await rig.apply();
  expect(kept).toMatchObject({ removed: { units: 0 }, kept: { units: 1 } });
  const [unit] = kept['units'] as Json[];
  expect(unit).toMatchObject({ outcome: 'kept', reason: 'refused' });
  const names = /the key [0-9a-f]{16} of archives, .*ALLUVIUM_ARCHIVE_KEYS_FILE/;
  expect(unit?.['detail']).toMatch(names);

  expect(await rig.call('POST', 'logs', day(old))).toMatchObject({ total: PER_DAY });
  for (const question of [day(now), { ...SPAN, limit: 1 }])
    expect(await rig.call('POST', 'logs', question)).toMatchObject({
      ...{ refused: 'archive_unreadable', detail: expect.stringMatching(names) },
    });
  expect(rig.appliance.output()).not.toMatch(/0a0a0a|0b0b0b/);
  expect(await rig.call('GET', 'settings')).not.toEqual(expect.stringContaining('0a0a0a'));
  await rig.appliance.restart(KEYS(OLD, NEW));
  expect(await rig.apply()).toMatchObject({ removed: { units: 1 } });
  expect(await rig.call('POST', 'logs', { ...SPAN, limit: 1 })).toMatchObject({ total: 3 * PER_DAY });
}, 180_000);

it('encrypted days are attached, restored, deleted and brought back like plain ones, and a changed byte is found', async () => {
  for (const date of DAYS.slice(0, 2)) await archive(date, ON(OLD));
  await rig.call('POST', 'archives/attach', { name: 'attached', stream: 'default' });
  const asked = { ...SPAN, stream: 'attached', limit: 1 };
  expect(await rig.call('POST', 'logs', asked)).toMatchObject({ total: 2 * PER_DAY });
  await rig.call('POST', 'archives/restore', {
    ...{ stream: 'default', ...SPAN, name: 'restored', expires_in_days: 1 },
  });
  await expect
    .poll(() => rig.call('GET', 'archives/restored/restored'), { timeout: 60_000 })
    .toMatchObject({ state: 'restored' });
  expect(await rig.call('POST', 'logs', { ...asked, stream: 'restored' })).toMatchObject({
    total: 2 * PER_DAY,
  });
  const estimate = { name: 'other', stream: 'default' };
  await rig.appliance.restart(ON(NEW));
  expect(await rig.call('POST', 'archives/attach/estimate', estimate)).toMatchObject({
    ...{ units: 0, refused: [{ reason: 'key_missing' }, { reason: 'key_missing' }] },
  });
  expect(await rig.call('POST', 'logs', asked)).toMatchObject({ refused: 'archive_unreadable' });
  await rig.appliance.restart(ON(OLD));

  await rig.apply({ tenant: { keep: 'search 7d -> archive 1d -> delete' } });
  expect(await rig.call('POST', 'logs', { ...SPAN, limit: 1 })).toMatchObject({ total: 0 });
  expect(await rig.call('POST', 'archives/undelete', { stream: 'default', ...SPAN })).toMatchObject({
    units: 2,
  });
  expect(await rig.call('POST', 'logs', { ...SPAN, limit: 1 })).toMatchObject({ total: 2 * PER_DAY });

  await rig.appliance.restart(ON(OLD));
  const [file] = await contentOfArchive(rig.appliance.dataDirectory);
  const bytes = await readFile(file?.path ?? '');
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 20) ^ 1, bytes.length - 20);
  await writeFile(file?.path ?? '', bytes);
  expect(await rig.call('POST', 'logs', { ...SPAN, limit: 1 })).toMatchObject({
    ...{ refused: 'archive_unreadable', detail: expect.stringContaining('.parquet.enc') },
  });
}, 180_000);
