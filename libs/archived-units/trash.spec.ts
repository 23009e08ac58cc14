import { beforeEach, expect, it } from 'vitest';
import { MemoryCatalogue } from '#catalogue/testing';
import { ArchivedUnits } from './index.js';
import { copyOf, evictDays } from './testing/index.js';

const WEB = { tenant: 'acme', stream: 'web' };
const DAY = { day: 20_261_103, generation: 0 };
const AT = '2026-11-05T02:00:00.000Z';

let archived: ArchivedUnits;
beforeEach(() => {
  archived = new ArchivedUnits(new MemoryCatalogue());
});

it('only a unit that is nowhere else is deleted, counted once, and keeps its objects while it is in the trash', async () => {
  const missing = { code: 'archived_unit_missing' };
  const trash = (order = 'plan') => archived.trash(WEB, DAY, { at: AT, order });
  await archived.commit(WEB, copyOf(DAY.day), { columns: [], sorted_by: [] });
  await expect(trash()).rejects.toMatchObject(missing);
  await archived.answer(WEB, { ...DAY, manifest: '20261103.json' }, AT);
  await expect(trash()).rejects.toMatchObject(missing);
  await archived.evict(WEB, DAY, AT);
  await trash();
  await trash();
  await expect(trash('another plan')).rejects.toMatchObject(missing);
  expect(await archived.now(WEB)).toMatchObject({
    ...{ units: [], discarded: [], expired: { units: 1, events: 2 } },
    trash: [{ ...DAY, state: 'evicted', trashed_at: AT, order: 'plan' }],
  });
  await archived.announce(WEB, ['20261103.parquet', 'other.parquet']);
  await archived.announce(WEB, []);
  expect((await archived.now(WEB)).discarded).toEqual(['other.parquet']);
});

it('what is in the trash is brought back as it was, and not once its objects are being deleted', async () => {
  await evictDays(archived, WEB, [DAY.day]);
  const before = (await archived.now(WEB)).units;
  const deletion = { at: AT, order: 'plan' };
  await archived.trash(WEB, DAY, deletion);
  expect(await archived.undelete(WEB, () => false)).toEqual([]);
  expect(await archived.undelete(WEB, () => true)).toMatchObject([DAY]);
  expect(await archived.now(WEB)).toMatchObject({
    ...{ units: before, trash: [], expired: { units: 0, events: 0 } },
  });
  await archived.trash(WEB, DAY, deletion);
  expect(await archived.purge(WEB, () => false)).toEqual([]);
  const going = await archived.purge(WEB, () => true);
  expect(going).toMatchObject([DAY]);
  expect(await archived.undelete(WEB, () => true)).toEqual([]);
  // Broken off, it is gone on with.
  expect(await archived.purge(WEB, () => false)).toMatchObject([DAY]);
  await archived.purged(WEB, going);
  await archived.purged(WEB, going);
  expect(await archived.now(WEB)).toMatchObject({ units: [], trash: [], expired: { units: 1, events: 2 } });
});

it('a purge that ends late leaves alone what was brought back and deleted again', async () => {
  await evictDays(archived, WEB, [DAY.day]);
  await archived.trash(WEB, DAY, { at: AT, order: 'plan' });
  const [old] = (await archived.now(WEB)).trash ?? [];
  await archived.undelete(WEB, () => true);
  await archived.trash(WEB, DAY, { at: '2026-11-06T02:00:00.000Z', order: 'later' });
  await archived.purge(WEB, () => true);
  await archived.purged(WEB, old ? [old] : []);
  expect((await archived.now(WEB)).trash).toMatchObject([{ order: 'later', purging: true }]);
});
