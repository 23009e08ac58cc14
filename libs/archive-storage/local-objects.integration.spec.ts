import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CachedObjects, copiesOf } from './cached-objects.js';
import { ObjectsInPlace } from './local-disk/objects-in-place.js';
import { DiskStore } from './local-disk/disk-store.js';
import { VerifiedInPlace } from './local-disk/verified-in-place.js';
import { contentOfBytes } from './object-content.js';
import { ObjectsOfPlace, StorageOfPlaces } from './objects-of-places.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'alluvium-objects-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('objects of a bucket', () => {
  const wanted = (name: string, bytes = 4) => ({ key: `${name}.parquet`, bytes, sha256: name });
  const got: string[] = [];
  const storage = {
    get: async (key: string) => {
      got.push(key);
      if (key.startsWith('bad')) throw new Error('damaged');
      return (async function* () {
        yield Buffer.from('text');
      })();
    },
  };
  const open = () =>
    new CachedObjects(copiesOf(storage), { directory: join(directory, 'cache'), maxBytes: 10 });
  const files = async () => (await readdir(join(directory, 'cache'))).toSorted();
  beforeEach(() => (got.length = 0));

  it('are got once while there is room, and make room for others when nobody holds them', async () => {
    const cache = open();
    const [first, again] = await Promise.all([
      cache.hold([wanted('a')]),
      cache.hold([wanted('a'), wanted('b')]),
    ]);
    expect(got).toEqual(['a.parquet', 'b.parquet']);
    expect(await readFile(again.paths.get('b.parquet') ?? '', 'utf8')).toBe('text');
    await expect(cache.hold([wanted('c')])).rejects.toMatchObject({
      ...{ code: 'archive_cache_busy', retryable: true },
    });
    first.release();
    first.release();
    await expect(cache.hold([wanted('c')])).rejects.toMatchObject({ code: 'archive_cache_busy' });
    again.release();
    const last = await cache.hold([wanted('c')]);
    expect(await files()).toEqual(['b.parquet', 'c.parquet']);
    last.release();
    await cache.hold([wanted('b')]);
    expect(got).toEqual(['a.parquet', 'b.parquet', 'c.parquet']);
  });

  it('that are too many at once are refused, and what could not be got is tried again', async () => {
    const cache = open();
    await expect(cache.hold([wanted('a', 6), wanted('b', 6)])).rejects.toMatchObject({
      ...{ code: 'archive_cache_too_small', retryable: false },
    });
    expect(got).toEqual([]);
    for (const _ of [1, 2]) await expect(cache.hold([wanted('a'), wanted('bad')])).rejects.toThrow('damaged');
    expect(got).toEqual(['a.parquet', 'bad.parquet', 'bad.parquet']);
    (await cache.hold([wanted('c', 10)])).release();
  });

  it('are not kept over a restart', async () => {
    (await open().hold([wanted('a')])).release();
    (await open().hold([wanted('b')])).release();
    expect(await files()).toEqual(['b.parquet']);
  });
});

it('objects of a directory are read where they are, unless they are missing or of another length', async () => {
  await mkdir(join(directory, 'day=1'));
  const key = 'day=1/a.parquet';
  await writeFile(join(directory, key), 'text');
  const objects = new ObjectsInPlace(directory);
  const held = await objects.hold([{ key, bytes: 4, sha256: '' }]);
  expect(held.paths).toEqual(new Map([[key, join(directory, key)]]));
  held.release();
  await expect(objects.hold([{ key, bytes: 5, sha256: '' }])).rejects.toMatchObject({
    ...{ code: 'archive_object_damaged', message: expect.stringContaining(key) },
  });
  await rm(join(directory, key));
  await expect(objects.hold([{ key, bytes: 4, sha256: '' }])).rejects.toMatchObject({
    ...{ code: 'archive_object_missing', message: expect.stringContaining(key) },
  });
  await expect(objects.hold([{ key: '../a.parquet', bytes: 4, sha256: '' }])).rejects.toMatchObject({
    code: 'archive_key_invalid',
  });
});

it('objects of a place that nobody looks after are read for their sums before their first use, and after a change', async () => {
  const { bytes, sha256 } = contentOfBytes(Buffer.from('text'));
  const wanted = [{ key: 'a.parquet', bytes, sha256 }];
  const path = join(directory, 'a.parquet');
  const objects = new VerifiedInPlace(directory);
  await expect(objects.hold(wanted)).rejects.toMatchObject({ code: 'archive_object_missing' });
  await writeFile(path, 'text');
  for (const _ of [1, 2]) expect((await objects.hold(wanted)).paths.get('a.parquet')).toBe(path);
  await writeFile(path, 'tex7');
  await expect(objects.hold(wanted)).rejects.toMatchObject({ code: 'archive_object_damaged' });
  await writeFile(path, 'text');
  await objects.hold(wanted);
  await expect(objects.hold([{ ...wanted[0], key: '../a.parquet' } as never])).rejects.toMatchObject({
    code: 'archive_key_invalid',
  });
});

it('a directory that is only read is left as it is', async () => {
  await writeFile(join(directory, 'a.parquet'), 'text');
  const store = DiskStore.reading(directory);
  expect(await store.list('', { limit: 9, after: '' })).toEqual([{ key: 'a.parquet', bytes: 4 }]);
  expect(await readdir(directory)).toEqual(['a.parquet']);
  const none = join(directory, 'none');
  expect(await DiskStore.reading(none).list('', { limit: 9, after: '' })).toEqual([]);
  await expect(
    DiskStore.reading(none, { mustExist: true }).list('', { limit: 9, after: '' }),
  ).rejects.toMatchObject({ code: 'archive_storage_unavailable' });
});

it('what is held of the buckets of several places is held once for all, each under its own keys', async () => {
  const asked: string[] = [];
  const bucket = (name: string) => ({
    get: async (key: string) => {
      asked.push(`${name}:${key}`);
      return (async function* () {
        yield Buffer.from('text');
      })();
    },
  });
  const buckets = new StorageOfPlaces(new Map([['a', bucket('a')]]));
  const held = new CachedObjects(copiesOf(buckets), { directory: join(directory, 'cache'), maxBytes: 10 });
  const wanted = { key: 'x/y.parquet', bytes: 4, sha256: 'sum' };
  const { paths, release } = await new ObjectsOfPlace(held, 'a').hold([wanted]);
  expect(await readFile(paths.get('x/y.parquet') ?? '', 'utf8')).toBe('text');
  release();
  expect(asked).toEqual(['a:x/y.parquet']);
  await expect(new ObjectsOfPlace(held, 'b').hold([{ ...wanted, sha256: 'other' }])).rejects.toMatchObject({
    code: 'archive_object_missing',
  });
});
