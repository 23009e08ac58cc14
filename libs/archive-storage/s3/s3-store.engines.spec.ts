import { setTimeout as pause } from 'node:timers/promises';
import { CreateMultipartUploadCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { ArchiveStorage } from '../archive-storage.port.js';
import { CheckedStorage } from '../checked-storage.js';
import { contentOfBytes } from '../object-content.js';
import {
  describeArchiveStorageContract,
  LARGE_BYTES,
  readAll,
  testBytes,
  textContent,
} from '../testing/index.js';
import { removeAbandoned } from './fitness.js';
import { s3Client } from './s3-client.js';
import { S3Store } from './s3-store.js';
import { FaultyProxy, type Fault } from './testing/faulty-proxy.js';
import { startS3Harness } from './testing/s3-harness.js';
import { startTestS3 } from './testing/test-s3.js';

const s3 = await startTestS3();
afterAll(() => s3.stop());
/** Milliseconds: long enough for this store on a busy machine, and for the one that is never to answer. */
const PATIENCE = { connectMs: 1_000, silentMs: 4_000, answerMs: 20_000 };
const LITTLE_PATIENCE = { ...PATIENCE, silentMs: 1_000 };

describeArchiveStorageContract('S3', () => startS3Harness(s3.place()));

describe('archives in a bucket', () => {
  it('leave no parts of uploads that nobody finished: those of a day ago are given up', async () => {
    const place = s3.place();
    const client = s3Client(place);
    const [Bucket, Key] = [place.bucket, `${place.prefix}left.parquet`];
    await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const harness = await startS3Harness(place);
    await removeAbandoned(client, { Bucket, prefix: place.prefix });
    expect(await harness.leftovers()).toBe(1);
    await removeAbandoned(client, { Bucket, prefix: place.prefix }, Date.now() + 25 * 3_600_000);
    expect(await harness.leftovers()).toBe(0);
    client.destroy();
    await harness.stop();
  });

  it('say by which setting it is mended where the bucket can’t be used', async () => {
    const place = s3.place();
    const credentials = place.credentials ?? { accessKeyId: '', secretAccessKey: () => '' };
    const wrongs = [
      [{ bucket: 'nobody-made-this-one' }, /S3_BUCKET/],
      [{ credentials: { ...credentials, secretAccessKey: () => 'wrong' } }, /S3_SECRET_ACCESS_KEY|S3_PREFIX/],
      [{ credentials: { ...credentials, accessKeyId: 'nobody' } }, /S3_ACCESS_KEY_ID/],
      [{ endpoint: 'http://127.0.0.1:1' }, /S3_ENDPOINT/],
      [{ endpoint: 'http://no-such-host.invalid' }, /S3_ENDPOINT/],
    ] as const;
    await Promise.all(
      wrongs.map(async ([wrong, setting]) => {
        const storage = new CheckedStorage(new S3Store({ ...place, ...wrong }, PATIENCE));
        await expect(storage.check()).rejects.toThrow(setting);
        await expect(storage.put('a.json', textContent('x'))).rejects.toThrow(/S3_/);
        await storage.stop();
      }),
    );
  });
});

/** The store is real; single requests to it are not answered as it does: scripted. */
describe('a bucket behind faults', () => {
  let proxy: FaultyProxy;
  let storage: ArchiveStorage;
  let real: ArchiveStorage;
  const bytes = testBytes(LARGE_BYTES);
  const large = contentOfBytes(bytes);

  beforeEach(async () => {
    const place = s3.place();
    proxy = await FaultyProxy.start(String(place.endpoint));
    storage = new CheckedStorage(new S3Store({ ...place, endpoint: proxy.endpoint }, PATIENCE));
    real = new CheckedStorage(new S3Store(place));
    await storage.check();
    return async () => {
      proxy.close();
      for (const { key } of await real.list('')) await real.delete(key);
      await Promise.all([storage.stop(), real.stop()]);
    };
  });

  const passing: readonly [Fault, RegExp][] = [
    ['InternalError', /^PUT/],
    ['SlowDown', /^PUT/],
    ['cut', /^PUT/],
    ['lost', /^PUT/],
    ['silent', /^PUT/],
    ['SlowDown', /^POST.*uploads/],
    ['lost', /^POST.*uploadId/],
    ['cut', /^POST.*uploadId/],
  ];
  it.each(passing)('is put once whatever happens to a try: %s of %s', async (fault, of) => {
    proxy.script(of, fault, 1);
    expect(await storage.put('a.parquet', large)).toHaveProperty('added');
    expect(proxy.happened).toBe(1);
    expect(await storage.put('a.parquet', large)).toEqual({ added: false });
    expect((await readAll(await real.get('a.parquet', large))).equals(bytes)).toBe(true);
  });

  it.each(['InternalError', 'SlowDown', 'cut', 'silent'] as const)(
    'fails in a bounded time where it goes on, with nothing there, and works when it is over: %s',
    async (fault) => {
      const place = { ...s3.place(), endpoint: proxy.endpoint };
      const hasty = new CheckedStorage(new S3Store(place, LITTLE_PATIENCE));
      proxy.script(/^(PUT|GET|HEAD|DELETE)/, fault, 1_000);
      const unavailable = { code: 'archive_storage_unavailable', retryable: true };
      const tries = [hasty.put('a.json', textContent('x')), hasty.get('a.json'), hasty.check()];
      for (const each of await Promise.allSettled(tries)) expect(each).toMatchObject({ reason: unavailable });
      await hasty.stop();
      expect(await real.head('a.json')).toBeUndefined();
      proxy.script(/^$/, fault, 0);
      expect(await storage.put('a.json', textContent('x'))).toEqual({ added: true });
    },
  );

  it('never keeps bytes that changed on their way', async () => {
    for (const content of [textContent('as it was sent'), large]) {
      proxy.script(/^PUT/, 'spoilt', 1_000);
      await expect(storage.put('a.json', content)).rejects.toMatchObject({ retryable: true });
      expect(proxy.happened).toBeGreaterThan(0);
      expect(await real.head('a.json')).toBeUndefined();
    }
  });

  it.each(['short', 'stalled', 'wrong'] as const)(
    'notices what is read back otherwise: %s',
    async (fault) => {
      await real.put('a.parquet', large);
      proxy.script(/^GET/, fault, 1);
      const read = storage.get('a.parquet', large).then(readAll);
      const code = fault === 'wrong' ? 'archive_object_damaged' : 'archive_storage_unavailable';
      await expect(read).rejects.toMatchObject({ code });
      expect((await readAll(await storage.get('a.parquet', large))).equals(bytes)).toBe(true);
    },
  );

  it.runIf(s3.engine)('has each acknowledged object after kill -9 of the store', async () => {
    const acknowledged: string[] = [];
    const writing = (async () => {
      for (let n = 0; n < 1_000; n += 1) {
        await real.put(`part-${n}.json`, textContent(`content ${n}`));
        acknowledged.push(`part-${n}.json`);
      }
    })();
    while (acknowledged.length < 20) await pause(1);
    await s3.engine?.end('SIGKILL');
    await expect(writing).rejects.toMatchObject({ code: 'archive_storage_unavailable' });
    await s3.engine?.start();
    for (const [n, key] of acknowledged.entries())
      expect(String(await readAll(await real.get(key)))).toBe(`content ${n}`);
  });
});
