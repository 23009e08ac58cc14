import { randomUUID } from 'node:crypto';
import { CreateBucketCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keysOfBucket, placeOf } from '#archive-storage/testing';
import { s3 } from '../../tools/engines/s3.mjs';
import { startEngine, type RunningEngine } from '../../tools/engines/start-engine.mjs';
import { MoveRig, type Json } from '../faults/move-rig.js';

const DAYS = ['2025-06-01', '2025-06-02'];
const PER_DAY = 30;
const BUCKET = 'locked';
const DAY_MS = 86_400_000;
const LOCK_DAYS = 30;

let engine: RunningEngine;
let client: S3Client;
let rig: MoveRig;
beforeAll(async () => {
  engine = await startEngine(s3, { password: randomUUID(), versions: true });
  const { endpoint = '', region, credentials } = placeOf(engine.variables);
  const secretAccessKey = credentials?.secretAccessKey() ?? '';
  client = new S3Client({
    ...{ endpoint, region, forcePathStyle: true },
    credentials: { accessKeyId: credentials?.accessKeyId ?? '', secretAccessKey },
  });
  await client.send(new CreateBucketCommand({ Bucket: BUCKET, ObjectLockEnabledForBucket: true }));
  const env = { ...engine.variables, S3_BUCKET: BUCKET, S3_OBJECT_LOCK: 'governance' };
  rig = await MoveRig.start({ name: 'archive', folder: 'archives', env });
}, 120_000);
afterAll(async () => {
  await rig?.dispose();
  client?.destroy();
  await engine?.stop();
});

/** Until when each object of the bucket is locked, in whole days from now; undefined of one that is not. */
async function locks(): Promise<readonly (number | undefined)[]> {
  const keys = await keysOfBucket({ ...placeOf(engine.variables), bucket: BUCKET, prefix: '' });
  const heads = await Promise.all(
    keys.map((Key) => client.send(new HeadObjectCommand({ Bucket: BUCKET, Key }))),
  );
  return heads.map(
    ({ ObjectLockRetainUntilDate: until }) => until && Math.round((until.getTime() - Date.now()) / DAY_MS),
  );
}

it('what a policy with lock_days archives is locked by the store, and stays there when another policy deletes it', async () => {
  await rig.totals.stop();
  expect(await rig.send(DAYS, PER_DAY)).toMatchObject({ stored: 2 * PER_DAY });
  const keep = 'search 7d -> archive 20y -> delete';
  const policies = { tenant: { keep, lock_days: LOCK_DAYS } };
  expect(await rig.call('POST', 'retention/plan', { policies })).toMatchObject({
    copying: DAYS.map((day) => ({ day })),
    streams: [{ stream: 'default', lock_days: LOCK_DAYS }],
  });
  expect(await rig.apply(policies)).toMatchObject({ copied: { units: 2 }, moved: { units: 2 } });
  await rig.passGrace();
  expect(await rig.apply()).toMatchObject({ removed: { units: 2, events: 2 * PER_DAY } });
  // A file and a manifest of each day.
  expect(await locks()).toEqual(Array.from({ length: 4 }, () => LOCK_DAYS));

  const gone = { tenant: { keep: 'search 7d -> archive 1d -> delete' } };
  expect(await rig.apply(gone)).toMatchObject({ removed: { units: 2, events: 2 * PER_DAY } });
  await rig.call('DELETE', 'archives/trash');
  const locked = async (): Promise<unknown> => ((await rig.call('GET', 'archives/trash')) as Json)['locked'];
  await expect
    .poll(locked, { timeout: 60_000 })
    .toMatchObject(DAYS.map((day) => ({ day, events: PER_DAY, why: expect.stringContaining('locked') })));
  expect(await locks()).toHaveLength(4);
  const question = { start_time: '2025-06-01T00:00:00Z', end_time: '2025-06-03T00:00:00Z', limit: 1 };
  expect(await rig.call('POST', 'logs', question)).toMatchObject({ total: 0 });
  expect(await rig.call('GET', 'audit/verify')).toMatchObject({ whole: true });
}, 240_000);
