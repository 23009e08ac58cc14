import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ArchivedFiles, AskedStream, EventQuery } from '#plugin-kit';
import { parseTime } from '#event-model';
import { archiveUnit, DAY_NS } from './testing/archived-twin.js';
import { openTier, type TierUnderTest } from './testing/open-tier.js';
import { batchOf } from './testing/sample-events.js';

const START = parseTime('2026-09-01T00:00:00Z') ?? 0n;
const DAYS = 40;
const PER_DAY = 30;
const ALL = DAYS * PER_DAY;

let open: TierUnderTest;
let folder: string;
let asked: AskedStream;
beforeAll(async () => {
  open = await openTier();
  folder = await mkdtemp(join(tmpdir(), 'alluvium-archived-pages-'));
  const { stream, tier } = open;
  const lines = Array.from({ length: ALL }, (_, n) => {
    const timestamp = START + BigInt(n % DAYS) * DAY_NS + BigInt(Math.floor(n / DAYS));
    return JSON.stringify({ timestamp: String(timestamp), message: `event ${n}` });
  });
  await tier.insert(batchOf(stream, lines));
  const archived: ArchivedFiles[] = [];
  for (const { day, generation } of await tier.storedUnits(stream))
    archived.push(await archiveUnit({ tier, folder }, { stream, day, generation }, day % 2 === 0));
  asked = { ...stream, archived };
}, 120_000);
afterAll(async () => {
  await open.close();
  await rm(folder, { recursive: true, force: true });
});

const search = (more: Partial<EventQuery> = {}) =>
  open.tier.search({
    ...{ tenant: asked.tenant, streams: [asked], from: START, to: START + BigInt(DAYS) * DAY_NS },
    ...{ filter: { kind: 'all', of: [] }, order: 'desc', limit: 10, timeoutMs: 60_000 },
    ...more,
  } as EventQuery);

it.each(['desc', 'asc'] as const)(
  'a page (%s) of many archived days reads the files at its end, and knows how many events the others have',
  async (order) => {
    const page = await search({ order });
    expect(page).toMatchObject({ total: ALL, totalIsExact: true, more: true });
    const days = page.events.map(({ timestamp }) => String(timestamp).slice(0, 10));
    expect(new Set(days)).toEqual(new Set([order === 'desc' ? '2026-10-10' : '2026-09-01']));
    expect(page.stats.rowsRead).toBeLessThan(ALL / 2);
  },
);

it('days that lie in the range in part are counted by their events', async () => {
  const from = START + DAY_NS + 10n;
  const page = await search({ from, to: from + 5n * DAY_NS, total: 'exact' });
  expect(page).toMatchObject({ total: 5 * PER_DAY, totalIsExact: true });
});

it('what is filtered is counted by reading', async () => {
  const filter = { kind: 'words', field: 'message', words: ['77'] };
  const all = await search({ limit: 1_000, total: 'exact' });
  expect(all.events).toHaveLength(1_000);
  expect(await search({ filter: filter as never, total: 'exact' })).toMatchObject({ total: 1 });
  const most = { kind: 'words', field: 'message', words: ['event'] };
  // In one go with the page: a count by itself would have to open the files again, within its own short time.
  expect(await search({ filter: most as never })).toMatchObject({
    ...{ total: ALL, totalIsExact: true },
    scanned: { from: START },
  });
});
