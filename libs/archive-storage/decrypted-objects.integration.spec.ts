import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ArchiveEncryption, MasterKeys, NO_ENCRYPTION, TenantKeys } from '#archive-encryption';
import { MemoryCatalogue } from '#catalogue/testing';
import { CheckedStorage } from './checked-storage.js';
import { DecryptedObjects } from './decrypted-objects.js';
import { DiskStore } from './local-disk/disk-store.js';
import { ObjectsInPlace } from './local-disk/objects-in-place.js';
import type { WantedObject } from './local-objects.js';
import { contentOfBytes, contentOfFile } from './object-content.js';
import { readBack } from './read-content.js';

const TEXT = 'events of a day';

let directory: string;
let storage: CheckedStorage;
let encryption: ArchiveEncryption;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'alluvium-decrypted-'));
  storage = new CheckedStorage(await DiskStore.open({ directory: join(directory, 'archives') }));
  const keys = new MasterKeys('0a'.repeat(32));
  encryption = new ArchiveEncryption(keys, {
    ...{ encrypts: true, tenants: new TenantKeys(new MemoryCatalogue(), keys) },
  });
});
afterEach(() => rm(directory, { recursive: true }));

/** Puts a day of its own, encrypted. */
async function put(day: string): Promise<WantedObject> {
  const folder = `tenant=acme/stream=web/day=${day}/`;
  const path = join(directory, `made-${day}`);
  const how = await encryption.seal(contentOfBytes(Buffer.from(`${TEXT} ${day}`)), {
    ...{ tenant: 'acme', folder, path },
  });
  const content = await contentOfFile(path);
  const key = `${folder}part.parquet.enc`;
  await storage.put(key, content);
  return { key, bytes: how.bytes, sha256: content.sha256, encryption: how };
}

function open(opening: ArchiveEncryption, maxBytes = 100) {
  const place = { directory: join(directory, 'clear'), maxBytes };
  const plain = new ObjectsInPlace(join(directory, 'archives'));
  return new DecryptedObjects(opening, place).beside(plain, 'archive', storage);
}

const clear = async (): Promise<readonly string[]> => readdir(join(directory, 'clear'));

it('encrypted objects are files in the clear for their owner alone, beside plain ones where they are', async () => {
  const objects = open(encryption);
  const sealed = await put('03');
  const { sha256 } = contentOfBytes(Buffer.from('plain'));
  const plain = { key: 'tenant=acme/plain.parquet', bytes: 5, sha256 };
  await storage.put(plain.key, contentOfBytes(Buffer.from('plain')));
  const { paths, release } = await objects.hold([sealed, plain]);
  const path = paths.get(sealed.key) ?? '';
  expect(await readFile(path, 'utf8')).toBe(`${TEXT} 03`);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await stat(dirname(path))).mode & 0o777).toBe(0o700);
  expect(paths.get(plain.key)).toBe(join(directory, 'archives', plain.key));
  release();
});

it('no more of them is in the clear than may be, and nothing from before a start', async () => {
  const objects = open(encryption, 20);
  for (const day of ['03', '04']) (await objects.hold([await put(day)])).release();
  expect(await clear()).toHaveLength(1);
  await expect(objects.hold([await put('05'), await put('06')])).rejects.toMatchObject({
    code: 'archive_cache_too_small',
  });
  const again = open(encryption);
  await again.hold([]);
  await (await open(encryption).hold([await put('07')])).release();
  expect(await clear()).toHaveLength(1);
});

it('without their key nothing is in the clear, and it is said which one they need', async () => {
  const sealed = await put('03');
  await expect(open(NO_ENCRYPTION).hold([sealed])).rejects.toMatchObject({
    code: 'archive_key_missing',
    message: expect.stringMatching(`${encryption.keys.current}.*ALLUVIUM_ARCHIVE_KEYS_FILE`),
  });
  expect(await clear()).toEqual([]);
});

it('an object that was put in another’s place is damaged, whatever sum is wanted', async () => {
  const [one, other] = [await put('03'), await put('04')];
  const bytes = await readFile(join(directory, 'archives', other.key));
  const key = one.key.replace('part', 'part2');
  const content = contentOfBytes(bytes);
  await storage.put(key, content);
  await expect(readBack(storage, { ...one, key, sha256: content.sha256 }, encryption)).rejects.toMatchObject({
    code: 'archive_object_damaged',
    message: expect.stringContaining('a file of the unit in tenant=acme/stream=web/day=04/'),
  });
  await expect(open(encryption).hold([{ ...one, key, sha256: content.sha256 }])).rejects.toMatchObject({
    code: 'archive_object_damaged',
  });
  expect(await clear()).toEqual([]);
});
