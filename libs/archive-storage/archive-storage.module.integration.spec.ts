import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Test } from '@nestjs/testing';
import { expect, it } from 'vitest';
import {
  ARCHIVE_STORAGE,
  ArchiveStorageModule,
  contentOfBytes,
  contentOfFile,
  type ArchiveStorage,
  type StoragePlace,
} from './index.js';
import { readAll } from './testing/index.js';

async function start(place: StoragePlace) {
  const app = await Test.createTestingModule({
    imports: [ArchiveStorageModule.register(place, { directory: 'unused', maxBytes: 1 })],
  }).compile();
  return { app, storage: app.get<ArchiveStorage>(ARCHIVE_STORAGE) };
}

it('the module hands out a storage that keeps its objects over a restart and stops with the app', async () => {
  const directory = join(mkdtempSync(join(tmpdir(), 'alluvium-archive-module-')), 'archives');
  const first = await start({ directory });
  await first.storage.put('a.json', contentOfBytes(Buffer.from('kept')));
  const file = await contentOfFile(join(directory, 'a.json'));
  expect(await first.storage.put('b.json', file)).toEqual({ added: true });
  await first.app.close();
  await expect(first.storage.head('a.json')).rejects.toMatchObject({ code: 'archive_storage_stopped' });
  const second = await start({ directory });
  expect(String(await readAll(await second.storage.get('b.json', file)))).toBe('kept');
  await second.app.close();
  rmSync(join(directory, '..'), { recursive: true });
});

it('starts with a bucket that can’t be reached, and says so where it is asked', async () => {
  const { app, storage } = await start({
    bucket: {
      ...{ endpoint: 'http://127.0.0.1:1', bucket: 'b', region: 'r', prefix: '', pathStyle: true },
      credentials: { accessKeyId: 'k', secretAccessKey: () => 's' },
    },
  });
  await expect(storage.check()).rejects.toMatchObject({
    code: 'archive_storage_unavailable',
    message: expect.stringContaining('S3_ENDPOINT'),
  });
  await app.close();
});
