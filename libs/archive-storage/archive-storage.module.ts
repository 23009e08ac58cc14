import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { ArchiveStorage } from './archive-storage.port.js';
import { CheckedStorage } from './checked-storage.js';
import type { ObjectStore } from './object-store.js';
import type { BucketPlace, StoragePlace } from './storage-place.js';

/** Injects the {@link ArchiveStorage}. */
export const ARCHIVE_STORAGE = Symbol('ArchiveStorage');

/** Gives {@link ARCHIVE_STORAGE} to every module; stops it when those that write at shutdown are done. */
@Module({})
export class ArchiveStorageModule implements OnApplicationShutdown {
  private readonly storage: ArchiveStorage;

  constructor(@Inject(ARCHIVE_STORAGE) storage: ArchiveStorage) {
    this.storage = storage;
  }

  static register(place: StoragePlace): DynamicModule {
    const provider = { provide: ARCHIVE_STORAGE, useFactory: () => openArchiveStorage(place) };
    return { module: ArchiveStorageModule, global: true, providers: [provider], exports: [ARCHIVE_STORAGE] };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.storage.stop();
  }
}

async function openArchiveStorage(place: StoragePlace): Promise<ArchiveStorage> {
  return new CheckedStorage(
    await ('bucket' in place ? openBucket(place.bucket) : openFolder(place.directory)),
  );
}

async function openFolder(directory: string): Promise<ObjectStore> {
  const { DiskStore } = await import('./local-disk/disk-store.js');
  return DiskStore.open(directory);
}

async function openBucket(place: BucketPlace): Promise<ObjectStore> {
  const { S3Store } = await import('./s3/s3-store.js');
  return new S3Store(place);
}
