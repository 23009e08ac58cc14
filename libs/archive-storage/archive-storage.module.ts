import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { ArchiveStorage } from './archive-storage.port.js';
import { CachedObjects } from './cached-objects.js';
import { CheckedStorage } from './checked-storage.js';
import { LocalObjects } from './local-objects.js';
import type { ObjectStore } from './object-store.js';
import type { BucketPlace, StoragePlace } from './storage-place.js';

/** Injects the {@link ArchiveStorage}. */
export const ARCHIVE_STORAGE = Symbol('ArchiveStorage');

/** Gives {@link ARCHIVE_STORAGE} and {@link LocalObjects} to every module; stops it when those that write at shutdown are done. */
@Module({})
export class ArchiveStorageModule implements OnApplicationShutdown {
  private readonly storage: ArchiveStorage;

  constructor(@Inject(ARCHIVE_STORAGE) storage: ArchiveStorage) {
    this.storage = storage;
  }

  /** @param cache where objects of a bucket are held while they are read as files, and how many bytes of them */
  static register(
    place: StoragePlace,
    cache: { readonly directory: string; readonly maxBytes: number },
  ): DynamicModule {
    const storage = { provide: ARCHIVE_STORAGE, useFactory: () => openArchiveStorage(place) };
    const local = {
      provide: LocalObjects,
      inject: [ARCHIVE_STORAGE],
      useFactory: (bucket: ArchiveStorage) =>
        'bucket' in place ? new CachedObjects(bucket, cache) : objectsIn(place.directory),
    };
    const providers = [storage, local];
    const exported = [ARCHIVE_STORAGE, LocalObjects];
    return { module: ArchiveStorageModule, global: true, providers, exports: exported };
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

async function objectsIn(directory: string): Promise<LocalObjects> {
  const { ObjectsInPlace } = await import('./local-disk/objects-in-place.js');
  return new ObjectsInPlace(directory);
}

async function openBucket(place: BucketPlace): Promise<ObjectStore> {
  const { S3Store } = await import('./s3/s3-store.js');
  return new S3Store(place);
}
