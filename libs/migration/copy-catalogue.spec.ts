import { beforeEach, expect, it } from 'vitest';
import { MemoryCatalogue } from '#catalogue/testing';
import {
  collectionInUse,
  copyCatalogue,
  COPIED,
  LEFT,
  Migrations,
  REMADE,
  refuseUnfinished,
  type MigrationRecord,
} from './index.js';

let [from, to]: MemoryCatalogue[] = [];
beforeEach(() => {
  [from, to] = [new MemoryCatalogue(), new MemoryCatalogue()];
});

const put = (catalogue: MemoryCatalogue, collection: string, id: string, value: unknown = { id }) =>
  catalogue.write([{ collection, id, value }]);
const idsIn = async (collection: string) =>
  (await to!.scan(collection, { limit: 10_000 })).map(({ id }) => id);
const copy = (reach: (name: string) => void = () => undefined) =>
  copyCatalogue(from!, to!, { remade: { streams: new Map([['a/web', { name: 'web' }]]) }, reach });

it('copies what another edition goes on with, page by page, and leaves the rest', async () => {
  for (let n = 0; n < 450; n += 1) await put(from!, 'audit', String(n).padStart(4, '0'));
  await put(from!, 'keys', 'k', { deep: [1, null, 'é'] });
  await put(from!, 'ledger', 'l');
  await put(from!, 'streams', 'a/web', { name: 'not this one' });
  expect(await copy()).toBe(452);
  expect(await idsIn('audit')).toHaveLength(450);
  expect((await to!.read('keys', 'k'))?.value).toEqual({ deep: [1, null, 'é'] });
  expect((await to!.read('streams', 'a/web'))?.value).toEqual({ name: 'web' });
  expect(await idsIn('ledger')).toEqual([]);
});

it('broken off and begun again, comes to the same: nothing of the first try is left, each document is written once', async () => {
  for (const id of ['1', '2', '3']) await put(from!, 'keys', id);
  await put(from!, 'audit', '1');
  const stop = (name: string): void => {
    if (name === 'migrate.copied') throw new Error('killed');
  };
  await expect(copy(stop)).rejects.toThrow('killed');
  await from!.write([{ collection: 'keys', id: '2', value: undefined }]);
  await copy();
  expect(await idsIn('keys')).toEqual(['1', '3']);
  expect((await to!.read('audit', '1'))?.version).toBe(1);
});

it('refuses a collection that it does not know, before anything is written', async () => {
  await put(from!, 'keys', '1');
  await put(from!, 'of-tomorrow', '1');
  await put(to!, 'keys', 'there');
  await expect(copy()).rejects.toMatchObject({
    ...{ code: 'migration_refused', message: expect.stringContaining('"of-tomorrow"') },
  });
  expect(await idsIn('keys')).toEqual(['there']);
});

it('ends where somebody else writes the same documents', async () => {
  await put(from!, 'keys', '1');
  const meddle = (name: string): void => {
    if (name === 'migrate.emptied') void put(to!, 'keys', '1', 'of another');
  };
  await expect(copy(meddle)).rejects.toMatchObject({
    ...{ code: 'migration_failed', message: expect.stringContaining('keys/1') },
  });
});

it('says which collection of the other catalogue is in use', async () => {
  await put(to!, 'secrets', 'pepper');
  expect(await collectionInUse(to!)).toBeUndefined();
  await put(to!, 'streams', 'a/web');
  expect(await collectionInUse(to!)).toBe('streams');
});

it('decides about each collection once', () => {
  const all = [...COPIED, ...REMADE, ...Object.keys(LEFT)];
  expect(all).toHaveLength(new Set(all).size);
});

it('lets an appliance start but on a catalogue that is copied in part', async () => {
  const record: MigrationRecord = {
    ...{ phase: 'catalogue', origin: 'o', began_at: '2026-11-23T00:00:00Z', units: 1, events: 2 },
  };
  await refuseUnfinished(to!);
  await new Migrations(to!).keep(record);
  const refusal = { code: 'migration_unfinished', message: expect.stringMatching(/since 2026.*again/) };
  await expect(refuseUnfinished(to!)).rejects.toMatchObject(refusal);
  for (const phase of ['history', 'moved', 'confirmed', 'backed_out'] as const) {
    await new Migrations(to!).keep({ ...record, phase });
    await refuseUnfinished(to!);
  }
});
