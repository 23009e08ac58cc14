import { beforeEach, expect, it } from 'vitest';
import { MemoryCatalogue } from '#catalogue/testing';
import { ArchivedUnits, mergeableUnits, type UnitCopy } from './index.js';
import { copyOf } from './testing/index.js';

const WEB = { tenant: 'acme', stream: 'web' };
const DAY = 20_261_103;
const AT = '2026-11-05T02:00:00.000Z';
const LIMITS = { files: 3, fileBytes: 10 };

let archived: ArchivedUnits;
beforeEach(async () => {
  archived = new ArchivedUnits(new MemoryCatalogue());
  for (const generation of [0, 1, 2]) await put(generation);
});

function unit(generation: number): UnitCopy {
  const key = `${DAY}-${generation}`;
  return {
    ...{ ...copyOf(DAY), generation, manifest: { key: `${key}.json`, sha256: `${generation}` } },
    files: [{ key: `${key}.parquet`, bytes: 9, sha256: 'bb', events: 2 }],
  };
}

async function put(generation: number, columns: string[] = []): Promise<void> {
  const copy = unit(generation);
  const schema = { columns: columns.map((name) => ({ name, type: 'String' })), sorted_by: [] };
  await archived.commit(WEB, copy, schema);
  await archived.answer(WEB, { ...copy, manifest: copy.manifest.key }, AT);
  await archived.evict(WEB, copy, AT);
}

const MERGED: UnitCopy = {
  ...{ ...unit(2), events: 6, manifest: { key: 'm.json', sha256: 'm' } },
  files: [{ key: 'm.parquet', bytes: 20, sha256: 'cc', events: 6 }],
};

async function merge(): Promise<void> {
  const [group] = mergeableUnits(await archived.now(WEB), LIMITS);
  await archived.announceMerge(WEB, ['m.parquet', 'm.json']);
  await archived.merge(WEB, { copy: MERGED, sources: group?.units ?? [], at: AT });
}

it('small files of a day that nobody else has are to be merged, those of one schema together', async () => {
  const generations = async (limits = LIMITS) =>
    mergeableUnits(await archived.now(WEB), limits).map(({ units }) => units.map((one) => one.generation));
  expect(await generations()).toEqual([[0, 1, 2]]);
  expect(await generations({ files: 4, fileBytes: 10 })).toEqual([]);
  expect(await generations({ files: 3, fileBytes: 9 })).toEqual([]);
  for (const files of [0, 1]) expect(await generations({ files, fileBytes: 10 })).toEqual([]);
  await put(3, ['a']);
  await archived.commit(WEB, unit(4), { columns: [], sorted_by: [] });
  expect(await generations()).toEqual([[0, 1, 2]]);
  for (const generation of [5, 6, 7]) await put(generation);
  // More than four of the largest at once are left to the next look.
  expect(await generations()).toEqual([[0, 1, 2, 5]]);
});

it('what a tier from outside keeps is left as it is', async () => {
  const { units } = await archived.now(WEB);
  const outside = units.map((one) => ({
    ...one,
    manifest: { ...one.manifest, key: `tier=x/${one.generation}` },
  }));
  expect(mergeableUnits({ units: outside }, LIMITS)).toEqual([]);
});

it('a merged unit takes the place of its sources, which stay until they are forgotten', async () => {
  await merge();
  // Made again, as where its answer was lost.
  await archived.merge(WEB, { copy: MERGED, sources: [], at: AT });
  const { units, replaced = [], merging, discarded } = await archived.now(WEB);
  expect([units.length, units[0]]).toMatchObject([1, { generation: 2, events: 6, state: 'evicted' }]);
  expect([replaced.length, merging, discarded]).toEqual([3, undefined, []]);
  expect(replaced[0]).toMatchObject({ generation: 0, by: 'm.json', replaced_at: AT });
  // Nothing that is announced as discarded takes them away.
  await archived.announce(WEB, ['m.parquet', `${DAY}-0.parquet`]);
  await archived.announce(WEB, []);
  expect((await archived.now(WEB)).discarded).toEqual([]);
  await archived.recorded(WEB, replaced);
  expect((await archived.now(WEB)).replaced).toMatchObject([1, 2, 3].map(() => ({ recorded: true })));
  await archived.forget(WEB, replaced);
  await archived.forget(WEB, replaced);
  const after = await archived.now(WEB);
  expect([after.replaced, after.discarded.length, after.units]).toEqual([undefined, 6, units]);
});

it('nothing is merged of what is another by now, or was given up meanwhile', async () => {
  const { units } = await archived.now(WEB);
  const missing = { code: 'archived_unit_missing' };
  const merging = (): Promise<void> => archived.merge(WEB, { copy: MERGED, sources: units, at: AT });
  await expect(merging()).rejects.toMatchObject(missing);
  await archived.announceMerge(WEB, ['m.parquet', 'm.json']);
  await archived.abandonMerges(WEB);
  expect(await archived.now(WEB)).toMatchObject({ discarded: ['m.parquet', 'm.json'] });
  await expect(merging()).rejects.toMatchObject(missing);
  await archived.announceMerge(WEB, ['m.parquet', 'm.json']);
  expect((await archived.now(WEB)).discarded).toEqual([]);
  await archived.trash(WEB, { day: DAY, generation: 1 }, { at: AT, order: 'plan' });
  await expect(merging()).rejects.toMatchObject(missing);
  expect((await archived.now(WEB)).units.length).toBe(2);
});

it('where a merged unit is damaged, its sources answer again, as long as they are all there', async () => {
  const before = (await archived.now(WEB)).units;
  await merge();
  await archived.unmerge(WEB, 'other.json');
  await archived.unmerge(WEB, 'm.json');
  const back = await archived.now(WEB);
  expect([back.units, back.replaced, back.discarded]).toEqual([before, undefined, ['m.parquet', 'm.json']]);
  await merge();
  const [first] = (await archived.now(WEB)).replaced ?? [];
  await archived.forget(WEB, first ? [first] : []);
  await expect(archived.unmerge(WEB, 'm.json')).rejects.toMatchObject({ code: 'archived_unit_missing' });
});

it('a merged unit of an earlier life takes the place of what is left of its sources', async () => {
  const { units } = await archived.now(WEB);
  await archived.takeOver(WEB, { copy: MERGED, sources: units, at: AT });
  expect(await archived.now(WEB)).toMatchObject({ units: [{ events: 6 }], replaced: [{}, {}, {}] });
});
