import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Test } from '@nestjs/testing';
import { expect, it } from 'vitest';
import { ARCHIVE_STORAGE, ArchiveStorageModule, contentOfBytes, type ArchiveStorage } from '#archive-storage';
import { SmallDisk } from './small-disk.js';

it('an archive that doesn’t fit on the disk is refused whole, and taken when there is room', async () => {
  const disk = await SmallDisk.mount(12);
  const directory = join(disk.outside, 'archives');
  const app = await Test.createTestingModule({
    imports: [ArchiveStorageModule.register({ directory }, { directory: 'unused', maxBytes: 1 })],
  }).compile();
  try {
    const storage = app.get<ArchiveStorage>(ARCHIVE_STORAGE);
    const content = contentOfBytes(randomBytes(4 * 2 ** 20));
    await disk.fill(2 ** 20);
    const full = { code: 'archive_disk_full', retryable: true };
    await expect(storage.put('a.parquet', content)).rejects.toMatchObject(full);
    expect(await storage.list('')).toEqual([]);
    expect(await readdir(join(directory, '.incoming'))).toEqual([]);
    await disk.relieve();
    expect(await storage.put('a.parquet', content)).toEqual({ added: true });
  } finally {
    await app.close();
    await disk.unmount();
  }
});
