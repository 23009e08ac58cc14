import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { ArchiveEncryption, NO_ENCRYPTION } from '#archive-encryption';
import { ArchiveStorageError } from './archive-storage.errors.js';
import type { ArchiveStorage } from './archive-storage.port.js';
import { AttachablePlaces, OWN_PLACE, type AttachablePlace } from './attachable-places.js';
import { CachedObjects, copiesOf } from './cached-objects.js';
import { CheckedStorage } from './checked-storage.js';
import { DecryptedObjects } from './decrypted-objects.js';
import { LocalObjects } from './local-objects.js';
import type { ObjectStore } from './object-store.js';
import { ObjectsOfPlace, StorageOfPlaces } from './objects-of-places.js';
import type { BucketPlace, DirectoryPlace, StoragePlace } from './storage-place.js';
import { filesWithTiers, StorageWithTiers } from './storage-with-tiers.js';
import { TierObjects } from './tier-objects.js';

/** Injects the {@link ArchiveStorage}. */
export const ARCHIVE_STORAGE = Symbol('ArchiveStorage');

/** Where objects of buckets are held while they are read as files, and how many bytes of them. */
export interface CachePlace {
  readonly directory: string;
  readonly maxBytes: number;
}

/** Places besides that of archives, which are only read, and what is held of those that are buckets. */
export interface OtherPlaces {
  readonly places: Readonly<Record<string, StoragePlace>>;
  readonly cache: CachePlace;
}

/** Besides the place of archives. */
export interface MorePlaces extends OtherPlaces {
  /** For what tiers from outside keep, where a global module has {@link TierObjects}. */
  readonly tierCache?: CachePlace;
  /** For what is decrypted; without it, or a global module with {@link ArchiveEncryption}, nothing encrypted can be read. */
  readonly decrypted?: CachePlace;
}

/**
 * Gives {@link ARCHIVE_STORAGE}, {@link LocalObjects} and {@link AttachablePlaces} to every module; stops them when those that
 * write at shutdown are done.
 */
@Module({})
export class ArchiveStorageModule implements OnApplicationShutdown {
  constructor(
    @Inject(ARCHIVE_STORAGE) private readonly storage: ArchiveStorage,
    @Inject(AttachablePlaces) private readonly places: AttachablePlaces,
  ) {}

  static register(place: StoragePlace, cache: CachePlace, others?: MorePlaces): DynamicModule {
    const storage = {
      provide: ARCHIVE_STORAGE,
      inject: [{ token: TierObjects, optional: true }],
      useFactory: async (tiers: TierObjects | undefined) => {
        const archive = await openArchiveStorage(place);
        return tiers ? new StorageWithTiers(archive, tiers) : archive;
      },
    };
    const decrypted = {
      provide: DecryptedObjects,
      inject: [{ token: ArchiveEncryption, optional: true }],
      useFactory: (encryption = NO_ENCRYPTION) =>
        others?.decrypted && new DecryptedObjects(encryption, others.decrypted),
    };
    const local = {
      provide: LocalObjects,
      inject: [ARCHIVE_STORAGE, DecryptedObjects, { token: TierObjects, optional: true }],
      useFactory: async (
        own: ArchiveStorage,
        clear: DecryptedObjects | undefined,
        tiers: TierObjects | undefined,
      ) => {
        const plain =
          'bucket' in place ? new CachedObjects(copiesOf(own), cache) : await objectsIn(place.directory);
        const objects = clear ? clear.beside(plain, OWN_PLACE, own) : plain;
        if (!tiers || !others?.tierCache) return objects;
        const ofTiers = new CachedObjects((object, path) => tiers.toFile(object, path), others.tierCache);
        return filesWithTiers(objects, ofTiers);
      },
    };
    const attachable = {
      provide: AttachablePlaces,
      inject: [ARCHIVE_STORAGE, LocalObjects, DecryptedObjects],
      useFactory: (own: ArchiveStorage, objects: LocalObjects, clear: DecryptedObjects | undefined) =>
        openPlaces({ storage: own, objects }, others, clear),
    };
    const providers = [storage, decrypted, local, attachable];
    const exported = [ARCHIVE_STORAGE, LocalObjects, AttachablePlaces];
    return { module: ArchiveStorageModule, global: true, providers, exports: exported };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.places.stop();
    await this.storage.stop();
  }
}

/**
 * Opens a place for whoever keeps something there besides archives. A directory is this process's alone, unless it is only
 * read: then nothing is made in it, nor tidied away, and it need not be there.
 */
export async function openStorage(
  place: StoragePlace,
  { readOnly = false }: { readonly readOnly?: boolean } = {},
): Promise<ArchiveStorage> {
  if (!readOnly || 'bucket' in place) return openArchiveStorage(place);
  const { DiskStore } = await import('./local-disk/disk-store.js');
  return new CheckedStorage(DiskStore.reading(place.directory));
}

async function openArchiveStorage(place: StoragePlace): Promise<ArchiveStorage> {
  const storage = new CheckedStorage(
    await ('bucket' in place ? openBucket(place.bucket) : openFolder(place)),
  );
  if ('bucket' in place && place.bucket.lock) await requireLock(storage);
  return storage;
}

/** Whoever wants objects locked must not find out later that they aren't. A store that is out is asked again before a put. */
async function requireLock(storage: ArchiveStorage): Promise<void> {
  await storage.check().catch((error: unknown) => {
    if (error instanceof ArchiveStorageError && error.code === 'archive_storage_refused') throw error;
  });
}

async function openPlaces(
  own: AttachablePlace,
  others: OtherPlaces | undefined,
  clear: DecryptedObjects | undefined,
): Promise<AttachablePlaces> {
  const places = new Map([[OWN_PLACE, own]]);
  const storages: ArchiveStorage[] = [];
  const buckets = new Map<string, ArchiveStorage>();
  const close = async (): Promise<void> => {
    await Promise.all(storages.map((storage) => storage.stop()));
  };
  if (!others) return new AttachablePlaces(places, close);
  const held = new CachedObjects(copiesOf(new StorageOfPlaces(buckets)), others.cache);
  for (const [name, place] of Object.entries(others.places)) {
    const storage = new CheckedStorage(
      await ('bucket' in place ? openBucket(place.bucket) : readFolder(place.directory)),
    );
    storages.push(storage);
    if ('bucket' in place) buckets.set(name, storage);
    const objects =
      'bucket' in place ? new ObjectsOfPlace(held, name) : await verifiedObjectsIn(place.directory);
    places.set(name, { storage, objects: clear ? clear.beside(objects, name, storage) : objects });
  }
  return new AttachablePlaces(places, close);
}

async function openFolder(place: DirectoryPlace): Promise<ObjectStore> {
  const { DiskStore } = await import('./local-disk/disk-store.js');
  return DiskStore.open(place);
}

async function readFolder(directory: string): Promise<ObjectStore> {
  const { DiskStore } = await import('./local-disk/disk-store.js');
  return DiskStore.reading(directory, { mustExist: true });
}

async function objectsIn(directory: string): Promise<LocalObjects> {
  const { ObjectsInPlace } = await import('./local-disk/objects-in-place.js');
  return new ObjectsInPlace(directory);
}

async function verifiedObjectsIn(directory: string): Promise<LocalObjects> {
  const { VerifiedInPlace } = await import('./local-disk/verified-in-place.js');
  return new VerifiedInPlace(directory);
}

async function openBucket(place: BucketPlace): Promise<ObjectStore> {
  const { S3Store } = await import('./s3/s3-store.js');
  return new S3Store(place);
}
