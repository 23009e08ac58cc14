import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { s3 } from '../../tools/engines/s3.mjs';
import { startEngine, type RunningEngine } from '../../tools/engines/start-engine.mjs';
import { MoveRig, type Json } from '../faults/move-rig.js';

const DAYS = ['2025-06-01', '2025-06-02'];
const PER_DAY = 30;
const KEYS = { ALLUVIUM_ARCHIVE_KEYS: '0a'.repeat(32) };
const SPAN = { start_time: '2025-06-01T00:00:00Z', end_time: '2025-06-03T00:00:00Z', limit: 1 };

let engine: RunningEngine;
const rigs: MoveRig[] = [];
beforeAll(async () => {
  engine = await startEngine(s3, { password: randomUUID() });
});
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.dispose();
});
afterAll(() => engine?.stop());

async function start(env: Readonly<Record<string, string>>): Promise<MoveRig> {
  const rig = await MoveRig.start({ name: 'archive', folder: 'archives', env });
  rigs.push(rig);
  await rig.totals.stop();
  return rig;
}

it('an archive in a bucket, plain and encrypted, is attached by another appliance, which names who signed it', async () => {
  const { S3_BUCKET: bucket = '', ...reached } = engine.variables;
  const own = await start({ ...reached, ...KEYS, S3_BUCKET: bucket, S3_PREFIX: 'one/' });
  const keep = { tenant: { keep: 'search 7d -> archive forever' } };
  await own.send(DAYS.slice(0, 1), PER_DAY);
  expect(await own.apply(keep)).toMatchObject({ moved: { units: 1 } });
  await own.appliance.restart({ ALLUVIUM_ARCHIVE_ENCRYPTION: 'on' });
  await own.send(DAYS.slice(1), PER_DAY);
  expect(await own.apply()).toMatchObject({ moved: { units: 1 } });
  expect(await own.call('POST', 'logs', SPAN)).toMatchObject({ total: 2 * PER_DAY });

  const places = { ALLUVIUM_ARCHIVE_ATTACHABLE: `one=s3://${bucket}/one/` };
  const other = await start({ ...reached, ...KEYS, ...places });
  const asked = { name: 'old', place: 'one', stream: 'default' };
  const stranger = await other.call('POST', 'archives/attach/estimate', asked);
  expect(stranger).toMatchObject({
    units: 0,
    refused: [{ reason: 'unknown_key' }, { reason: 'unknown_key' }],
  });
  const [{ detail }] = stranger['refused'] as [Json];
  const [signer = ''] = /[0-9a-f]{16}/.exec(String(detail)) ?? [];
  const trusts = { ALLUVIUM_ARCHIVE_TRUSTED_KEYS: `one=${signer}` };

  await other.appliance.restart({ ...trusts, ALLUVIUM_ARCHIVE_KEYS: '0b'.repeat(32) });
  expect(await other.call('POST', 'archives/attach/estimate', asked)).toMatchObject({
    ...{ units: 1, refused: [{ reason: 'key_missing' }] },
  });
  await other.appliance.restart(trusts);
  expect(await other.call('POST', 'archives/attach', asked)).toMatchObject({
    ...{ units: 2, events: 2 * PER_DAY, signed_by: ['one'] },
  });
  expect(await other.call('POST', 'logs', { ...SPAN, stream: 'old' })).toMatchObject({
    ...{ total: 2 * PER_DAY, stats: { archives: { units: 2 } } },
  });
}, 180_000);
