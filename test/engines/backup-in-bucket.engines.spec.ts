import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { s3 } from '../../tools/engines/s3.mjs';
import { startEngine, type RunningEngine } from '../../tools/engines/start-engine.mjs';
import { KilledBackups } from '../backup/killed-backup.js';

let engine: RunningEngine;
let rig: KilledBackups | undefined;
beforeAll(async () => {
  engine = await startEngine(s3, { password: randomUUID() });
});
afterEach(() => rig?.dispose());
afterAll(() => engine?.stop());

it('backups go to a bucket and are restored from it, whatever kills the server in one', async () => {
  const { S3_BUCKET: bucket, ...reached } = engine.variables;
  rig = await KilledBackups.start(() => `s3://${bucket}/backups/one`, reached);
  expect(await rig.through()).toBe(7);
}, 300_000);
