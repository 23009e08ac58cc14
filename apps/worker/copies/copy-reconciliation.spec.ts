import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryCatalogue } from '#catalogue/testing';
import { createBlockIdGenerator, formatEventId, type BlockId } from '#event-model';
import type { ScanQuery, SourceMinuteCount, StreamSpec } from '#plugin-kit';
import { CopiesDue, type CopyWork } from '#storage-tier';
import { FakeLogger, STREAM } from '../testing/scene.js';
import { CopyReconciliation } from './copy-reconciliation.js';

const BOTH: StreamSpec = { ...STREAM, storedIn: 'both' };
const MINUTE = 60_000;
const nextId = createBlockIdGenerator();
const signal = new AbortController().signal;

describe('the comparison of copies with their tables', () => {
  let tables: SourceMinuteCount[];
  let copy: SourceMinuteCount[];
  let stray: BlockId[];
  let inTables: BlockId[];
  let copied: CopyWork[];
  let asked: ScanQuery[];
  let audited: unknown[];
  let mended: number;
  let catalogue: MemoryCatalogue;
  let due: CopiesDue;
  let dueAt: number;
  let streams: StreamSpec[];
  beforeEach(() => {
    [tables, copy, stray, inTables, copied, asked, audited] = [[], [], [], [], [], [], []];
    [mended, dueAt, streams] = [0, 10 * MINUTE, [BOTH]];
    catalogue = new MemoryCatalogue();
    due = new CopiesDue(catalogue, () => dueAt);
  });

  const run = (): Promise<void> =>
    new CopyReconciliation({
      ...{ due, logger: new FakeLogger(), now: () => 10 * MINUTE },
      stores: () => ({
        search: {
          countByMinute: async () => tables,
          async *scan(query: ScanQuery) {
            asked.push(query);
            const lines = inTables.map((block) => JSON.stringify({ event_id: formatEventId(block, 0) }));
            if (lines.length > 0) yield { lines: Buffer.from(`${lines.join('\n')}\n`), count: lines.length };
          },
        },
        documents: {
          countByMinute: async () => copy,
          strayBlocks: async () => stray,
          copiedBlocks: async () => [],
        },
      }),
      copier: {
        copy: async (_stream, work) => {
          if ('blocks' in work && work.blocks.length === 0) return { written: 0, removed: 0 };
          copied.push(work);
          return { written: 2, removed: 1 };
        },
      },
      streams: { list: async () => streams },
      audit: { append: async (entry) => void audited.push(entry) as never },
      metrics: { mended: (events) => void (mended += events) },
      queue: { process: () => undefined },
    }).run({ signal });
  const count = (minute: number, events: number): SourceMinuteCount => ({ source: 'a', minute, events });

  it('changes and says nothing where both have the same, and of streams without a copy', async () => {
    [tables, copy] = [[count(MINUTE, 3)], [count(MINUTE, 3)]];
    await run();
    streams = [STREAM];
    stray = [nextId()];
    await run();
    expect([copied, audited, mended]).toEqual([[], [], 0]);
  });

  it('mends minutes that differ but for those that have just come, and says so', async () => {
    [tables, copy] = [[count(MINUTE, 3), count(9 * MINUTE, 4)], [count(MINUTE, 1)]];
    inTables = [nextId()];
    await run();
    expect(copied).toEqual([{ blocks: inTables }]);
    expect(asked).toMatchObject([
      { filter: { field: 'observed_timestamp', from: '1970-01-01T00:01:00.000Z' }, from: 0n },
    ]);
    expect([mended, audited]).toMatchObject([3, [{ action: 'documents.mend', object: STREAM.name }]]);
  });

  it('mends blocks of which the copy has not what it counts, but for those that are due', async () => {
    stray = [nextId(), nextId()];
    await catalogue.write(due.changesFor(BOTH, 'batch', stray.slice(0, 1)));
    await run();
    expect(copied).toEqual([{ blocks: stray.slice(1) }]);
  });

  it.each(['a change that is old', 'a day'])('leaves a copy alone that lacks %s', async (what) => {
    stray = [nextId()];
    if (what === 'a day') await catalogue.write(due.changesForDay(BOTH, 20_261_120));
    dueAt = 0;
    if (what !== 'a day') await catalogue.write(due.changesFor(BOTH, 'batch', [nextId()]));
    await run();
    expect(copied).toEqual([]);
  });
});
