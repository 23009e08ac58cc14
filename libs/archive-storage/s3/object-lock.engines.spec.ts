import { randomUUID } from 'node:crypto';
import {
  CreateBucketCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectLegalHoldCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { s3 as engineKind } from '../../../tools/engines/s3.mjs';
import { startEngine, type RunningEngine } from '../../../tools/engines/start-engine.mjs';
import { ARCHIVE_STORAGE, ArchiveStorageModule } from '../archive-storage.module.js';
import { CheckedStorage } from '../checked-storage.js';
import type { BucketPlace, ObjectLock } from '../storage-place.js';
import { LARGE_BYTES, testBytes, textContent } from '../testing/index.js';
import { contentOfBytes } from '../object-content.js';
import { deleteUnlocked } from './object-lock.js';
import { s3Client } from './s3-client.js';
import { S3Store } from './s3-store.js';
import { placeOf } from './testing/test-s3.js';

const LOCKED = 'locked';
const DAY_MS = 86_400_000;

let engine: RunningEngine;
let client: S3Client;
beforeAll(async () => {
  engine = await startEngine(engineKind, { password: randomUUID(), versions: true });
  client = s3Client(placeOf(engine.variables));
  await client.send(new CreateBucketCommand({ Bucket: LOCKED, ObjectLockEnabledForBucket: true }));
});
afterAll(async () => {
  client?.destroy();
  await engine?.stop();
});

const place = (mode: ObjectLock['mode'], bucket = LOCKED): BucketPlace => ({
  ...placeOf(engine.variables),
  ...{ bucket, lock: { mode, days: 3 } },
});
const open = (where: BucketPlace): CheckedStorage => new CheckedStorage(new S3Store(where));

it.each(['governance', 'compliance'] as const)(
  'what is put is locked for its days (%s), and no delete takes it',
  async (mode) => {
    const where = place(mode);
    const storage = open(where);
    await storage.put('a/small.json', textContent('x'));
    await storage.put('a/large.parquet', contentOfBytes(testBytes(LARGE_BYTES)));
    for (const name of ['a/small.json', 'a/large.parquet']) {
      const target = { Bucket: LOCKED, Key: `${where.prefix}${name}` };
      const head = await client.send(new HeadObjectCommand(target));
      expect(head.ObjectLockMode).toBe(mode.toUpperCase());
      const until = head.ObjectLockRetainUntilDate?.getTime() ?? 0;
      expect(Math.round((until - Date.now()) / DAY_MS)).toBe(3);
      await expect(storage.delete(name)).rejects.toMatchObject({
        ...{ code: 'archive_object_locked', message: expect.stringContaining(new Date(until).toISOString()) },
      });
      expect(await storage.head(name)).toBeDefined();
      // The store itself keeps the version, whatever this process believes of the time.
      await expect(deleteUnlocked(client, target, until + 1)).rejects.toMatchObject({
        code: 'archive_storage_refused',
      });
      expect(await storage.head(name)).toBeDefined();
    }
    expect(await storage.put('a/small.json', textContent('x'))).toEqual({ added: false });
    await expect(storage.put('a/small.json', textContent('other'))).rejects.toMatchObject({
      code: 'archive_object_exists',
    });
    await storage.stop();
  },
);

it('what is put is locked until a moment that the put names, at least for the days of the place', async () => {
  const inDays = (days: number): Date => new Date(Math.ceil(Date.now() / 1_000) * 1_000 + days * DAY_MS);
  const lockOf = async (where: BucketPlace, name: string): Promise<Date | undefined> =>
    (await client.send(new HeadObjectCommand({ Bucket: LOCKED, Key: `${where.prefix}${name}` })))
      .ObjectLockRetainUntilDate;
  const { lock: _lock, ...unlocked } = place('governance');
  const where = { ...unlocked, lock: { mode: 'governance' } } as const;
  const [storage, floored, plain] = [
    open(where),
    open({ ...where, lock: { mode: 'governance', days: 3 } }),
    open(unlocked),
  ];
  const [soon, late] = [inDays(1), inDays(9)];
  await storage.put('b/late.json', textContent('x'), { lockedUntil: late });
  expect(await lockOf(where, 'b/late.json')).toEqual(late);
  await expect(storage.delete('b/late.json')).rejects.toMatchObject({ code: 'archive_object_locked' });
  await storage.put('b/free.json', textContent('x'));
  await storage.delete('b/free.json');
  await floored.put('b/soon.json', textContent('x'), { lockedUntil: soon });
  const floor = (await lockOf(where, 'b/soon.json'))?.getTime() ?? 0;
  expect(Math.round((floor - Date.now()) / DAY_MS)).toBe(3);
  const refused = plain.put('b/plain.json', textContent('x'), { lockedUntil: late });
  await expect(refused).rejects.toMatchObject({
    ...{ code: 'archive_storage_refused', message: expect.stringContaining('S3_OBJECT_LOCK is off') },
  });
  for (const one of [storage, floored, plain]) await one.stop();
});

it('what is not locked goes with its content, and what a legal hold keeps stays', async () => {
  const where = place('governance');
  const { lock: _, ...unlocked } = where;
  const [storage, plain] = [open(where), open(unlocked)];
  for (const name of ['free.json', 'held.json']) await plain.put(name, textContent(name));
  const held = { Bucket: LOCKED, Key: `${where.prefix}held.json` };
  await client.send(new PutObjectLegalHoldCommand({ ...held, LegalHold: { Status: 'ON' } }));
  await expect(storage.delete('held.json')).rejects.toMatchObject({
    ...{ code: 'archive_object_locked', message: expect.stringContaining('a legal hold') },
  });
  for (const name of ['free.json', 'free.json', 'never-there.json']) await storage.delete(name);
  const { Versions = [], DeleteMarkers = [] } = await client.send(
    new ListObjectVersionsCommand({ Bucket: LOCKED, Prefix: `${where.prefix}free` }),
  );
  expect([Versions, DeleteMarkers]).toEqual([[], []]);
  await Promise.all([storage.stop(), plain.stop()]);
});

it('a legal hold is set and lifted, as often as it is asked for, and keeps the object meanwhile', async () => {
  const where = place('governance');
  const { lock: _, ...unlocked } = where;
  const [storage, plain] = [open(where), open(unlocked)];
  // Put without a lock, so that the hold alone keeps it.
  await plain.put('held-by-us.json', textContent('x'));
  for (const _again of [1, 2]) expect(await storage.setHold('held-by-us.json', true)).toBe(true);
  const target = { Bucket: LOCKED, Key: `${where.prefix}held-by-us.json` };
  const { ObjectLockLegalHoldStatus: status } = await client.send(new HeadObjectCommand(target));
  expect(status).toBe('ON');
  await expect(storage.delete('held-by-us.json')).rejects.toMatchObject({ code: 'archive_object_locked' });
  for (const _again of [1, 2]) expect(await storage.setHold('held-by-us.json', false)).toBe(true);
  await storage.delete('held-by-us.json');
  expect(await storage.head('held-by-us.json')).toBeUndefined();
  await expect(storage.setHold('never-there.json', true)).rejects.toMatchObject({
    code: 'archive_object_missing',
  });
  expect(await plain.setHold('held-by-us.json', true)).toBe(false);
  await Promise.all([storage.stop(), plain.stop()]);
});

it('a bucket that locks nothing is refused at the start, by the name of the setting', async () => {
  const where = place('compliance', engine.variables['S3_BUCKET']);
  const cache = { directory: 'unused', maxBytes: 1 };
  const start = (bucket: BucketPlace) =>
    Test.createTestingModule({ imports: [ArchiveStorageModule.register({ bucket }, cache)] }).compile();
  await expect(start(where)).rejects.toThrow(/has no Object Lock.*unset S3_OBJECT_LOCK/);
  await expect(open(where).put('a.json', textContent('x'))).rejects.toMatchObject({
    code: 'archive_storage_refused',
  });
  for (const right of [place('compliance'), { ...where, endpoint: 'http://127.0.0.1:1' }]) {
    const app = await start(right);
    expect(app.get(ARCHIVE_STORAGE)).toBeDefined();
    await app.close();
  }
});
