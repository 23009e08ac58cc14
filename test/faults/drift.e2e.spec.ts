import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { contentOfArchive } from '../support/archive-files.js';
import { MoveRig, type Json } from './move-rig.js';

const DAYS = ['2025-06-01', '2025-06-02'];
const PER_DAY = 20;
const HOT = 'tenant_default.`stream.hot`';
const TTL = 'toDateTime(timestamp) + toIntervalDay(20000)';
const POLL = { timeout: 90_000, interval: 200 };

let rig: MoveRig;
beforeEach(async () => {
  rig = await MoveRig.start({ name: 'archive', folder: 'archives' });
  await rig.totals.stop();
});
afterEach(() => rig.dispose());

async function metric(name: string): Promise<string | undefined> {
  const text = await (await fetch(`${rig.appliance.url}/metrics`)).text();
  return new RegExp(`^alluvium_${name}\\{tenant="default"\\} (\\d+)$`, 'm').exec(text)?.[1];
}

/** Lets the looks begin that come every minute and every hour. */
async function lookAgain(): Promise<void> {
  const ids = ['retention.watch:all-tenants', 'archive.scrub:all-streams'];
  await rig.changeCatalogue(async (catalogue) => {
    await catalogue.write(ids.map((id) => ({ collection: 'jobs', id, value: undefined })));
  });
}

/** Runs a statement on the tables behind the appliance's back. */
async function editTables(statement: string): Promise<void> {
  const directory = join(rig.appliance.dataDirectory, 'tiers/tier-clickhouse/chdb');
  const program = join(import.meta.dirname, 'edit-tables.mjs');
  await promisify(execFile)(process.execPath, [program, directory, statement]);
}

it('a TTL that somebody gave a table, a partition that was dropped, and archive files that were changed or removed are each told by their names at the next look', async () => {
  for (const stream of ['hot', 'cold']) {
    await rig.call('POST', 'streams', { name: stream });
    const events = DAYS.flatMap((day) =>
      Array.from({ length: PER_DAY }, (_, n) => ({ timestamp: `${day}T08:00:00Z`, n })),
    );
    expect(await rig.call('POST', `streams/${stream}/events`, events)).toMatchObject({
      stored: events.length,
    });
  }
  await rig.apply({
    'stream:hot': { keep: 'search forever' },
    'stream:cold': { keep: 'search 7d -> archive forever' },
  });
  await rig.passGrace();
  expect(await rig.apply()).toMatchObject({ removed: { units: 2 } });
  await lookAgain();
  await expect.poll(() => metric('retention_lost_units'), POLL).toBe('0');
  expect(await rig.call('GET', 'retention/status')).toMatchObject({
    ...{ table_ttls: [], lost_units: [], damaged_archives: [] },
  });

  await rig.appliance.kill();
  await editTables(`ALTER TABLE ${HOT} DROP PARTITION ID '20250601-0'`);
  await editTables(`ALTER TABLE ${HOT} MODIFY TTL ${TTL}`);
  const files = await contentOfArchive(rig.appliance.dataDirectory);
  const [changed = '', gone = ''] = files.map(({ path }) => path).toSorted();
  const bytes = await readFile(changed);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  await writeFile(changed, bytes);
  await rm(gone);
  await lookAgain();

  const status = (): Promise<Json> => rig.call('GET', 'retention/status');
  const damage = { stream: 'cold', generation: 0, key: expect.stringMatching(/\.parquet$/) };
  await expect.poll(status, POLL).toMatchObject({
    table_ttls: [{ stream: 'hot', ttl: `TTL ${TTL}` }],
    lost_units: [{ stream: 'hot', day: DAYS[0], generation: 0, expected: PER_DAY, found: 0 }],
    damaged_archives: [
      { ...damage, day: DAYS[0], what: 'changed' },
      { ...damage, day: DAYS[1], what: 'missing' },
    ],
  });
  await expect.poll(() => metric('retention_lost_units'), POLL).toBe('1');
  await expect.poll(() => metric('retention_table_ttls'), POLL).toBe('1');
  await expect.poll(() => metric('archive_damaged_objects'), POLL).toBe('2');
}, 300_000);
