import { beforeEach, expect, it } from 'vitest';
import { MemoryCatalogue } from '#catalogue/testing';
import { createBlockIdGenerator, parseTime } from '#event-model';
import type { BlocksQuery, EventQuery, StreamSpec } from '#plugin-kit';
import { makeEventType } from '#plugin-kit/testing';
import { CopiesDue, type TierRegistry } from '#storage-tier';
import type { ArchivesOfStreams } from './archives-of-streams.js';
import { CopiedEvents } from './copied-events.js';

const nextId = createBlockIdGenerator();
const { signal } = new AbortController();
const streamOf = (name: string, storedIn?: 'documents' | 'both'): StreamSpec => ({
  ...({ tenant: 'acme', name, keepRaw: 'when_needed' } as const),
  eventType: makeEventType({}),
  ...(storedIn && { storedIn }),
});
const BOTH = streamOf('web', 'both');
const query = (...streams: StreamSpec[]): EventQuery => ({
  ...({ tenant: 'acme', streams, order: 'desc', limit: 10, total: 'none', timeoutMs: 1_000 } as const),
  from: parseTime('2026-11-20T00:00:00Z') ?? 0n,
  to: parseTime('2026-11-21T00:00:00Z') ?? 0n,
  filter: { kind: 'all', of: [] },
});

let catalogue: MemoryCatalogue;
let due: CopiesDue;
let fitting: number;
let asked: BlocksQuery[];
let units: { readonly day: number; readonly state: string }[];
let hasBoth: boolean;
beforeEach(() => {
  [asked, units, fitting, hasBoth] = [[], [], 0, true];
  catalogue = new MemoryCatalogue();
  due = new CopiesDue(catalogue, () => Date.parse('2026-11-20T10:00:00Z'));
});

function search(...streams: StreamSpec[]): Promise<unknown> {
  const countBlocks = async (question: BlocksQuery): Promise<number> => {
    asked.push(question);
    return fitting;
  };
  const both = { search: { countBlocks }, documents: { search: async () => 'a page' } };
  const tiers = { both: hasBoth ? both : undefined } as unknown as TierRegistry;
  const archives = { of: async () => ({ archive: { units } }) } as unknown as ArchivesOfStreams;
  return new CopiedEvents(tiers, due, archives).search(query(...streams), signal);
}
const add = (change: string, count: number): Promise<unknown> => {
  const blocks = Array.from({ length: count }, () => nextId());
  return catalogue.write(due.changesFor(BOTH, change, blocks));
};

it('the copy is asked where nothing of it is due, and so are documents that have no tables', async () => {
  expect(await search(BOTH, streamOf('orders', 'documents'))).toBe('a page');
  expect(asked).toEqual([]);
});

it('the tables say whether what is due has events of the time', async () => {
  await add('batch', 700);
  expect(await search(BOTH)).toBe('a page');
  expect(asked.map(({ blocks }) => blocks.length)).toEqual([300, 300, 100]);
  expect(asked[0]?.filter).toMatchObject({ field: 'timestamp', below: '2026-11-21T00:00:00.000000000Z' });
  fitting = 1;
  await expect(search(BOTH)).rejects.toMatchObject({
    ...{
      code: 'copy_behind',
      message: expect.stringContaining('before 2026-11-20T10:00:00.000Z, and lacks 1'),
    },
  });
});

it('a copy that is far behind is not asked, and nobody looks how far', async () => {
  await add('batch', 3_001);
  await expect(search(BOTH)).rejects.toMatchObject({ code: 'copy_behind' });
  expect(asked).toEqual([]);
});

it('a day that is due holds up questions about it, and no others', async () => {
  await catalogue.write(due.changesForDay(BOTH, 20_261_121));
  expect(await search(BOTH)).toBe('a page');
  await catalogue.write(due.changesForDay(BOTH, 20_261_120));
  await expect(search(BOTH)).rejects.toMatchObject({ code: 'copy_behind' });
});

it('a stream without documents, and one of an appliance without MongoDB, has none to ask', async () => {
  await expect(search(BOTH, streamOf('plain'))).rejects.toMatchObject({
    ...{ code: 'documents_missing', message: expect.stringMatching(/"plain"/) },
  });
  hasBoth = false;
  await expect(search(BOTH)).rejects.toMatchObject({ code: 'documents_missing' });
});

it('days that the archive answers for are told, those that are copied only are not', async () => {
  units = [
    { day: 20_261_120, state: 'copied' },
    { day: 20_261_119, state: 'archived' },
  ];
  expect(await search(BOTH)).toBe('a page');
  units.push({ day: 20_261_120, state: 'archived' });
  await expect(search(BOTH)).rejects.toMatchObject({ code: 'documents_archived' });
});
