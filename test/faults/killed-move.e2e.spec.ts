import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeGuideTier } from '../support/guide-tier.js';
import { restartAtPoint } from '../support/restart-at-point.js';
import { MoveRig, type Json, type MovedTier } from './move-rig.js';

const DAYS = Array.from({ length: 5 }, (_, n) => `2025-06-0${n + 1}`);
const PER_DAY = 50;
/** Where the process is killed, one after the other, each in the move of a day: the next start goes on. */
const MOVES = [
  'archive.committed:3',
  'archive.before-answer:1',
  'archive.answering:1',
  'archive.answering:2',
];
/** The same where the hot copies go. */
const EVICTIONS = [
  'retention.asked:1',
  'retention.going:1',
  'retention.removed:1',
  'retention.before-account:1',
  'retention.accounted:1',
];

let rig: MoveRig;
let plugins: string;
beforeEach(async () => {
  plugins = await mkdtemp(join(tmpdir(), 'alluvium-tiers-'));
});
afterEach(async () => {
  await rig.dispose();
  await rm(plugins, { recursive: true, force: true });
});

const ARCHIVE: MovedTier = { name: 'archive', folder: 'archives' };
const ENCRYPTED: MovedTier = {
  ...ARCHIVE,
  env: { ALLUVIUM_ARCHIVE_ENCRYPTION: 'on', ALLUVIUM_ARCHIVE_KEYS: '0a'.repeat(32) },
};
const gzipFiles = (): MovedTier => ({
  ...{ name: 'gzip-files', folder: 'outside-tiers/gzip-files' },
  env: { ALLUVIUM_PLUGINS_DIR: plugins },
});

/** A day's whole life, with kills at each step, while no count has a gap or a double. */
async function moveThrough(tier: MovedTier, moves: readonly string[]): Promise<void> {
  rig = await MoveRig.start(tier);
  const all = DAYS.length * PER_DAY;
  await rig.totals.stop();
  expect(await rig.send(DAYS, PER_DAY)).toMatchObject({ stored: all });
  rig.totals = rig.count();
  const moved = await rig.applyThrough(moves, { tenant: { keep: `search 7d -> ${tier.name} forever` } });
  expect(moved).toMatchObject({
    copied: { units: 5 },
    moved: { units: 5, events: all },
    removed: { units: 0 },
  });
  expect(await rig.states()).toEqual(['search 5, archive 5']);
  const found = await rig.call('POST', 'logs', {
    start_time: '2025-06-02T00:00:00Z',
    end_time: '2025-06-03T00:00:00Z',
    limit: 1,
  });
  expect(found['total']).toBe(PER_DAY);
  const [event] = found['logs'] as Json[];

  await rig.passGrace();
  const evicted = await rig.applyThrough(EVICTIONS);
  expect(evicted).toMatchObject({ removed: { units: 5, events: all }, read_back: { gone: 5, wrong: 0 } });
  expect((evicted['units'] as Json[])[0]).toMatchObject({ outcome: 'removed', kept_in: tier.name });
  expect(await rig.states()).toEqual(['search 0, archive 5']);
  expect(await rig.call('GET', `logs/${String(event?.['event_id'])}`)).toMatchObject({
    event_id: event?.['event_id'],
  });
  const { rows } = (await rig.call('GET', 'ledger')) as { rows?: readonly Json[] };
  expect(rows).toMatchObject([{ stored: all, archived: all, residue: 0 }]);
  await rig.totals.stop();
  expect([...rig.totals.seen]).toEqual([all]);
  // A quick machine leaves time for a few.
  expect(rig.totals.answers).toBeGreaterThan(3);

  // What comes late of an archived day is found at once, and goes the same way.
  expect(await rig.send(DAYS.slice(0, 1), 3)).toMatchObject({ stored: 3 });
  rig.totals = rig.count();
  expect(await rig.apply()).toMatchObject({
    copied: { units: 1, events: 3 },
    moved: { units: 1, events: 3 },
  });
  await rig.passGrace();
  expect(await rig.apply()).toMatchObject({ removed: { units: 1, events: 3 } });
  await rig.totals.stop();
  expect([...rig.totals.seen]).toEqual([all + 3]);
  expect([await rig.states(), await rig.objects()]).toEqual([['search 0, archive 6'], 12]);

  const last = await rig.applyThrough(['archive.trashed:2'], {
    tenant: { keep: `search 7d -> ${tier.name} 1d -> delete` },
  });
  expect(last).toMatchObject({ removed: { units: 6, events: all + 3 } });
  expect([await rig.states(), await rig.objects()]).toEqual([['search 0, archive 0'], 12]);

  // Deleted by mistake: it comes back at once, and goes again where nothing keeps it.
  const time = { stream: 'default', start_time: '2025-06-01T00:00:00Z', end_time: '2025-06-03T00:00:00Z' };
  const back = { units: 3, events: 2 * PER_DAY + 3 };
  expect(await rig.call('POST', 'archives/undelete', time)).toMatchObject(back);
  expect(await rig.call('POST', 'logs', { ...time, limit: 1 })).toMatchObject({ total: back.events });
  expect(await rig.apply()).toMatchObject({ removed: back });
  expect(await rig.call('POST', 'logs', { ...time, limit: 1 })).toMatchObject({ total: 0 });

  await restartAtPoint(rig.appliance, 'archive.purging:1');
  await rig.call('DELETE', 'archives/trash').catch(() => undefined);
  expect(await rig.appliance.exited).toMatchObject({ signal: 'SIGKILL' });
  await restartAtPoint(rig.appliance, undefined);
  for (const deadline = Date.now() + 60_000; (await rig.objects()) > 0 && Date.now() < deadline;)
    await setTimeout(50);
  expect([await rig.states(), await rig.objects()]).toEqual([['search 0, archive 0'], 0]);
  expect(await rig.call('GET', 'archives/trash')).toMatchObject({ units: 0 });
  expect(await rig.call('GET', 'retention/status')).toMatchObject({ lost_units: [], damaged_archives: [] });
}

it('days move into the archive, leave search and are deleted there, whatever kills the server, and no count has a gap or a double', async () => {
  await moveThrough(ARCHIVE, MOVES);
}, 240_000);

it('days move into an encrypted archive in the same way', async () => {
  const copies = ['archive.exported:1', 'archive.content:1', 'archive.put:1', 'archive.signed:1'];
  await moveThrough(ENCRYPTED, [...copies, ...MOVES]);
  const left = await readdir(join(rig.appliance.dataDirectory, 'archive-copies')).catch(() => []);
  expect(left).toEqual([]);
}, 300_000);

it('a day that a tier gives back with another byte stays in search, also where it answered already', async () => {
  // Its bytes rot while a file says so.
  const rots = (text: string): string =>
    text
      .replace(
        'read(unit: KeptUnit): AsyncIterable<Uint8Array> {\n    return',
        'async *read(unit: KeptUnit): AsyncGenerator<Uint8Array> {\n    const pieces =',
      )
      .replace(
        "'gzip'));\n  }\n\n  async remove",
        "'gzip'));\n    yield* this.rotten(pieces);\n  }\n\n  async remove",
      )
      .replace(
        '  async remove',
        `  async *rotten(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const rots = existsSync(\`\${this.place}/rot\`);
    for await (const piece of pieces) yield rots ? piece.map((byte) => (byte === 115 ? 116 : byte)) : piece;
  }

  async remove`,
      )
      .replace(
        'constructor(directory: string) {',
        'readonly place: string;\n  constructor(directory: string) {\n    this.place = directory;',
      )
      .replace(/^import \{ through/, "import { existsSync } from 'node:fs';\nimport { through");
  await makeGuideTier(plugins, rots);
  rig = await MoveRig.start(gzipFiles());
  await rig.send(DAYS.slice(0, 1), PER_DAY);
  const place = join(rig.appliance.dataDirectory, 'outside-tiers/gzip-files');
  await mkdir(place, { recursive: true });
  await writeFile(join(place, 'rot'), '');
  const policies = { tenant: { keep: 'search 7d -> gzip-files forever' } };
  expect(await rig.apply(policies)).toMatchObject({
    ...{ copied: { units: 0 }, not_copied: { units: 1 } },
    units: [{ outcome: 'not_copied', reason: 'damaged' }, { outcome: 'not_moved' }],
  });
  expect([await rig.states(), await rig.objects()]).toEqual([['search 1, archive 0'], 0]);

  await rm(join(place, 'rot'));
  expect(await rig.apply()).toMatchObject({ moved: { units: 1 } });
  await rig.passGrace();
  await writeFile(join(place, 'rot'), '');
  expect(await rig.apply()).toMatchObject({
    ...{ removed: { units: 0 }, kept: { units: 1 } },
    units: [{ outcome: 'kept', reason: 'damaged' }],
  });
  expect((await rig.states())[0]).toMatch(/^search 1/);
  await rig.totals.stop();
  expect([...rig.totals.seen]).toContain(PER_DAY);
  expect([...rig.totals.seen].filter((total) => total !== PER_DAY && total !== 0)).toEqual([]);
}, 120_000);

it('days move into the tier of the guide for authors, leave search and are deleted there in the same way', async () => {
  await makeGuideTier(plugins);
  const copies = ['archive.counted:1', 'archive.lines:1', 'archive.put:1', 'archive.signed:1'];
  await moveThrough(gzipFiles(), [...copies, ...MOVES]);
}, 300_000);
