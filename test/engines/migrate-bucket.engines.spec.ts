import { afterAll, beforeAll, expect, it } from 'vitest';
import { MoveRig } from '../faults/move-rig.js';
import { ARCHIVE_ENDS } from '../support/archive-files.js';
import { runCommandLine } from '../support/command-line.js';
import { Appliance } from '../support/start-appliance.js';
import { exported } from './migrated-events.js';
import { startEnginesOfMoves, type EnginesOfMoves } from './moved-on-engines.js';

const [OLD, NEW] = ['0a'.repeat(32), '0b'.repeat(32)];
const ON = (...keys: readonly string[]) => ({
  ...{ ALLUVIUM_ARCHIVE_ENCRYPTION: 'on', ALLUVIUM_ARCHIVE_KEYS: keys.join('\n') },
});
const [ARCHIVED, IN_TABLES] = ['2025-06-01', '2025-06-02'];
const PER_DAY = 200;

let engines: EnginesOfMoves;
let old: MoveRig;
let next: Appliance;
beforeAll(async () => {
  engines = await startEnginesOfMoves();
  old = await MoveRig.start({ name: 'archive', folder: 'archives', env: ON(OLD) });
  await old.totals.stop();
  next = await Appliance.prepare({
    env: { ...engines.archive.env, ...ON(NEW, OLD) },
    startTimeoutMs: 90_000,
  });
}, 180_000);
afterAll(async () => {
  await old?.dispose();
  await next?.dispose();
  await engines?.stop();
}, 60_000);

const migrate = (env: Readonly<Record<string, string>>) =>
  runCommandLine(['migrate', old.appliance.dataDirectory], {
    env: { ...engines.archive.env, ALLUVIUM_DATA_DIR: next.dataDirectory, ...env },
  });

it('moves tables and an encrypted archive into an encrypted archive in a bucket, with the keys of both', async () => {
  await old.send([ARCHIVED], PER_DAY);
  const keep = { tenant: { keep: 'search 7d -> archive forever' } };
  expect(await old.apply(keep)).toMatchObject({ moved: { units: 1 } });
  await old.send([IN_TABLES], PER_DAY);
  const before = await exported({ at: old.appliance, key: old.appliance.adminKey }, 'default');
  expect(before).toHaveLength(2 * PER_DAY);
  await old.appliance.stop();

  // Nothing is announced or counted as moved that nobody could read.
  expect(await migrate(ON(NEW))).toMatchObject({
    ...{ code: 1, stderr: expect.stringContaining('ALLUVIUM_ARCHIVE_KEYS_FILE') },
  });
  const killed = await migrate({ ...ON(NEW, OLD), ALLUVIUM_FAULT_POINTS: 'archive.put:1' });
  expect(killed).toMatchObject({ signal: 'SIGKILL' });
  const done = await migrate(ON(NEW, OLD));
  expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining('All is moved') });

  await next.restart();
  expect(await exported({ at: next, key: next.adminKey }, 'default')).toEqual(before);
  const keys = (await engines.archive.engines?.objects()) ?? [];
  expect(keys.filter((key) => key.endsWith(ARCHIVE_ENDS.encrypted))).toHaveLength(2);
  expect(keys.filter((key) => key.endsWith(ARCHIVE_ENDS.plain))).toEqual([]);
}, 300_000);
