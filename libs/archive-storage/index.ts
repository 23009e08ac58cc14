export * from './archive-storage.errors.js';
export * from './archive-storage.module.js';
export * from './archive-storage.port.js';
export * from './attachable-places.js';
export * from './bucket-of-settings.js';
export * from './local-objects.js';
export * from './object-content.js';
export * from './tier-objects.js';
export type { BucketCredentials, BucketPlace, StoragePlace } from './storage-place.js';
