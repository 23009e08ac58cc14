import { beforeEach, expect, it } from 'vitest';
import { MemoryCatalogue } from '#catalogue/testing';
import { ArchivedUnits, awaitedUnits, type ArchiveSchema, type UnitCopy } from './index.js';

const WEB = { tenant: 'acme', stream: 'web' };
const DAY = { day: 20_261_103, generation: 0 };
const AT = '2026-11-05T02:00:00.000Z';
const SCHEMA: ArchiveSchema = { columns: [{ name: 'service', type: 'String' }], sorted_by: ['service'] };

let catalogue: MemoryCatalogue;
let archived: ArchivedUnits;
beforeEach(() => {
  catalogue = new MemoryCatalogue();
  archived = new ArchivedUnits(catalogue);
});

function copy(name: string, more: Partial<UnitCopy> = {}): UnitCopy {
  return {
    ...{ ...DAY, events: 3, oldest: '1', newest: '2', sources: [{ source: 'a', events: 3 }] },
    ...{ through: 'ff', manifest: { key: `${name}.json`, sha256: 'aa' }, copied_at: AT },
    files: [{ key: `${name}.parquet`, bytes: 9, sha256: 'bb', events: 3 }],
    ...more,
  };
}
const states = async (): Promise<readonly string[]> =>
  (await archived.of('acme', 'web')).units.map(
    ({ day, generation, state }) => `${day}-${generation} ${state}`,
  );

it('a unit goes from copied to answering to evicted, and each step made again changes nothing', async () => {
  expect(await archived.of('acme', 'web')).toEqual({ schemas: [], units: [], discarded: [] });
  const steps = [
    () => archived.commit(WEB, copy('one'), SCHEMA),
    () => archived.answer(WEB, { ...DAY, manifest: 'one.json' }, AT),
    () => archived.evict(WEB, DAY, AT),
  ];
  const seen: string[] = [];
  for (const step of steps) {
    await step();
    const version = (await catalogue.read('archived-units', 'acme/web'))?.version;
    await step();
    expect((await catalogue.read('archived-units', 'acme/web'))?.version).toBe(version);
    seen.push(...(await states()));
  }
  expect(seen).toEqual(['20261103-0 copied', '20261103-0 answering', '20261103-0 evicted']);
  expect((await archived.of('acme', 'web')).units[0]).toMatchObject({ answering_since: AT, evicted_at: AT });
  await archived.answer(WEB, { ...DAY, manifest: 'one.json' }, AT);
  expect(await states()).toEqual(['20261103-0 evicted']);
});

it('another copy takes the place of one that does not answer yet, whose objects are to be deleted', async () => {
  await archived.commit(WEB, copy('one'), SCHEMA);
  await archived.commit(WEB, copy('two'), SCHEMA);
  expect(await archived.now(WEB)).toMatchObject({
    ...{ schemas: [SCHEMA], discarded: ['one.parquet', 'one.json'] },
    units: [{ manifest: { key: 'two.json' }, schema: 0 }],
  });
  await archived.commit(WEB, copy('one'), SCHEMA);
  expect((await archived.now(WEB)).discarded).toEqual(['two.parquet', 'two.json']);
  await archived.swept(WEB, ['two.parquet', 'two.json']);
  expect((await archived.now(WEB)).discarded).toEqual([]);
  await archived.answer(WEB, { ...DAY, manifest: 'one.json' }, AT);
  await expect(archived.commit(WEB, copy('two'), SCHEMA)).rejects.toMatchObject({
    code: 'archived_unit_answers',
    message: expect.stringContaining('acme/web/20261103-0'),
  });
});

it('units are in the order of their days, and a schema is kept once', async () => {
  const other = { ...SCHEMA, sorted_by: ['timestamp'] };
  await archived.commit(WEB, copy('b', { generation: 1 }), other);
  await archived.commit(WEB, copy('c', { day: 20_261_104 }), SCHEMA);
  await archived.commit(WEB, copy('a'), SCHEMA);
  const { schemas, units } = await archived.of('acme', 'web');
  expect(schemas).toEqual([other, SCHEMA]);
  expect(units.map(({ manifest, schema }) => [manifest.key, schema])).toEqual([
    ['a.json', 1],
    ['b.json', 0],
    ['c.json', 1],
  ]);
});

it('a copy that is given up leaves its objects to be deleted', async () => {
  await archived.commit(WEB, copy('one'), SCHEMA);
  await archived.withdraw(WEB, DAY);
  await archived.withdraw(WEB, DAY);
  expect(await archived.now(WEB)).toEqual({
    ...{ schemas: [SCHEMA], units: [], discarded: ['one.parquet', 'one.json'] },
  });
});

it('while questions are answered from it a copy is not given up, and may be taken back as long as the table has the unit', async () => {
  await archived.commit(WEB, copy('one'), SCHEMA);
  await archived.answer(WEB, { ...DAY, manifest: 'one.json' }, AT);
  await expect(archived.withdraw(WEB, DAY)).rejects.toMatchObject({ code: 'archived_unit_answers' });
  await archived.retract(WEB, DAY);
  await archived.retract(WEB, DAY);
  expect(await archived.now(WEB)).toMatchObject({ units: [], discarded: ['one.parquet', 'one.json'] });
  await archived.commit(WEB, copy('two'), SCHEMA);
  await archived.answer(WEB, { ...DAY, manifest: 'two.json' }, AT);
  await archived.evict(WEB, DAY, AT);
  await expect(archived.retract(WEB, DAY)).rejects.toMatchObject({ code: 'archived_unit_missing' });
});

it('a day that is answered for is sealed, with all before it; what came late of it once more, in the next generation', async () => {
  const answer = async (name: string, unit: { day: number; generation: number }): Promise<unknown> => {
    await archived.commit(WEB, copy(name, unit), SCHEMA);
    await archived.answer(WEB, { ...unit, manifest: `${name}.json` }, AT);
    return archived.sealed({ tenant: 'acme', name: 'web' });
  };
  expect(await archived.sealed({ tenant: 'acme', name: 'web' })).toBeUndefined();
  expect(await answer('a', DAY)).toEqual({ through: 20_261_103, generation: 1 });
  expect(await answer('b', { day: 20_261_105, generation: 0 })).toEqual({
    through: 20_261_105,
    generation: 1,
  });
  expect(await answer('c', { day: 20_261_104, generation: 1 })).toEqual({
    through: 20_261_105,
    generation: 2,
  });
  expect(await answer('d', { day: 20_261_103, generation: 1 })).toEqual({
    through: 20_261_105,
    generation: 2,
  });
  await archived.commit(WEB, copy('last', { generation: 65_535 }), SCHEMA);
  const last = archived.answer(WEB, { ...DAY, generation: 65_535, manifest: 'last.json' }, AT);
  await expect(last).rejects.toMatchObject({ code: 'archived_generations_full' });
});

it('what was not copied, or as another copy, does not answer, and does not go before it answers', async () => {
  const missing = { code: 'archived_unit_missing' };
  await expect(archived.answer(WEB, { ...DAY, manifest: 'one.json' }, AT)).rejects.toMatchObject(missing);
  await archived.commit(WEB, copy('one'), SCHEMA);
  await expect(archived.answer(WEB, { ...DAY, manifest: 'two.json' }, AT)).rejects.toMatchObject(missing);
  await expect(archived.evict(WEB, DAY, AT)).rejects.toMatchObject(missing);
  expect(await states()).toEqual(['20261103-0 copied']);
});

it('of several steps at once each is done, and a document that never stops changing is told', async () => {
  const days = [1, 2, 3, 4];
  await Promise.all(
    days.map((day) => archived.commit(WEB, copy(`d${day}`, { day: 20_261_100 + day }), SCHEMA)),
  );
  expect((await archived.of('acme', 'web')).units.length).toBe(4);
  const restless = new ArchivedUnits({
    ...{
      read: catalogue.read.bind(catalogue),
      watch: catalogue.watch.bind(catalogue),
      scan: catalogue.scan.bind(catalogue),
    },
    write: async () => [{ kind: 'conflict', version: 9 }],
  });
  await expect(restless.commit(WEB, copy('x'), SCHEMA)).rejects.toMatchObject({
    ...{ code: 'archived_units_conflict', retryable: true },
  });
});

it('is read once until it changes, and again after a failure', async () => {
  let reads = 0;
  let isOut = true;
  const counted = new ArchivedUnits({
    ...{
      watch: catalogue.watch.bind(catalogue),
      scan: catalogue.scan.bind(catalogue),
      write: catalogue.write.bind(catalogue),
    },
    read: async (collection, id) => {
      reads += 1;
      if (isOut) throw new Error('out');
      return catalogue.read(collection, id);
    },
  });
  await expect(counted.of('acme', 'web')).rejects.toThrow('out');
  isOut = false;
  await Promise.all([counted.of('acme', 'web'), counted.of('acme', 'web')]);
  expect(reads).toBe(2);
  await archived.commit(WEB, copy('one'), SCHEMA);
  expect((await counted.of('acme', 'web')).units.length).toBe(1);
  expect(reads).toBe(3);
});

it('objects that were announced are to be deleted once another copy is made, unless a unit has them', async () => {
  const keys = ['one.parquet', 'one.json'];
  await archived.announce(WEB, ['old.parquet', ...keys]);
  await archived.announce(WEB, keys);
  // Who deletes what is discarded may do so at any time: not what is being put.
  expect(await archived.now(WEB)).toMatchObject({ discarded: ['old.parquet'], copying: keys });
  await archived.commit(WEB, copy('one'), SCHEMA);
  expect((await archived.now(WEB)).copying).toBeUndefined();
  await archived.announce(WEB, ['one.json', 'two.json']);
  await archived.announce(WEB, ['old.parquet']);
  expect(await archived.now(WEB)).toMatchObject({ discarded: ['two.json'], copying: ['old.parquet'] });
});

it('once loaded, a stream without archives needs no catalogue, and one that gets one is heard of', async () => {
  await archived.commit({ tenant: 'acme', stream: 'old' }, copy('old'), SCHEMA);
  const other = new ArchivedUnits(catalogue);
  await other.load();
  const { read } = catalogue;
  catalogue.read = () => Promise.reject(new Error('It is out.'));
  expect((await other.of('acme', 'web')).units).toEqual([]);
  await expect(other.of('acme', 'old')).rejects.toThrow('It is out.');
  catalogue.read = read;
  expect((await other.of('acme', 'old')).units).toHaveLength(1);
  await archived.commit(WEB, copy('one'), SCHEMA);
  expect((await other.of('acme', 'web')).units).toHaveLength(1);
});

it('an awaited unit answers from its copy alone when it has arrived, and is awaited no longer', async () => {
  const awaited = { ...DAY, events: 3, oldest: '1', newest: '2' };
  const other = { ...awaited, generation: 1 };
  const value = { schemas: [], units: [], discarded: [], awaited: [awaited, other] };
  await catalogue.write([{ collection: 'archived-units', id: 'acme/web', value }]);
  await catalogue.write([
    { collection: 'archived-units', id: 'acme/new', value: { ...value, awaited: undefined } },
  ]);
  await expect(archived.arrive(WEB, DAY, AT)).rejects.toMatchObject({ code: 'archived_unit_missing' });
  await archived.commit(WEB, copy('one'), SCHEMA);
  expect(await awaitedUnits(catalogue)).toEqual([{ of: WEB, units: [awaited, other] }]);
  for (let times = 0; times < 2; times += 1) await archived.arrive(WEB, DAY, AT);
  expect(await archived.now(WEB)).toMatchObject({
    awaited: [other],
    units: [{ state: 'evicted', evicted_at: AT }],
  });
  await archived.commit(WEB, copy('two', { generation: 1 }), SCHEMA);
  await archived.arrive(WEB, other, AT);
  expect(await awaitedUnits(catalogue)).toEqual([]);
  expect(await states()).toEqual(['20261103-0 evicted', '20261103-1 evicted']);
});
