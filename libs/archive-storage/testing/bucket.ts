import type { BucketPlace } from '../storage-place.js';

/** Keys of a place in a bucket, the first thousand. */
export async function keysOfBucket(place: BucketPlace): Promise<readonly string[]> {
  // Tests of all else import this folder too, and need no client of buckets.
  const { S3Store } = await import('../s3/s3-store.js');
  const store = new S3Store(place);
  const found = await store.list('', { limit: 1_000, after: '' });
  await store.close();
  return found.map(({ key }) => key);
}
