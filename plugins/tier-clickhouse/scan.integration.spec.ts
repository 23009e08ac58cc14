import { assert, asyncProperty, boolean, constantFrom, integer, nat, record } from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatTimestamp, parseEventId, parseTime } from '#event-model';
import type { Filter, ScanQuery, StoredEvent, StreamSpec } from '#plugin-kit';
import { scanEvents } from './search/scan.js';
import { openTier, type TierUnderTest } from './testing/open-tier.js';
import { batchOf } from './testing/sample-events.js';
import { makeScanQuery, scanned, searched } from './testing/scan-and-search.js';

const DAY = parseTime('2026-11-20T00:00:00Z') ?? 0n;

let open: TierUnderTest;
let streams: readonly StreamSpec[];

/** Distances from the day's start that put borders of windows everywhere: days, minutes, seconds, one nanosecond. */
const OFFSETS = [
  0n,
  1n,
  2n,
  1_000n,
  1_000_000n,
  1_000_000_000n,
  59_999_999_999n,
  60_000_000_000n,
  86_399_999_999_999n,
  86_400_000_000_000n,
  -1n,
];
const makeLine = (n: number): string => {
  const offset = (OFFSETS[n % OFFSETS.length] ?? 0n) + BigInt(n % 7 === 0 ? n : 0);
  return JSON.stringify({ timestamp: formatTimestamp(DAY + offset), level: ['INFO', 'ERROR'][n % 2], n });
};

beforeAll(async () => {
  open = await openTier();
  streams = [open.stream, { ...open.stream, name: 'second' }, { ...open.stream, name: 'third' }];
  for (const [s, stream] of streams.entries())
    for (let part = 0; part < 3; part += 1) {
      const lines = Array.from({ length: 60 }, (_, n) => makeLine(s * 1000 + part * 100 + n));
      await open.tier.insert(batchOf(stream, lines));
    }
});
afterAll(() => open.close());

const queryOf = (more: Partial<ScanQuery> = {}): ScanQuery => makeScanQuery(streams, more);
const idsOf = (events: readonly StoredEvent[]): string[] => events.map(({ event_id }) => event_id);

describe('a scan', () => {
  it.each(['asc', 'desc'] as const)('has every event as a search shows it, %s', async (order) => {
    const expected = await searched(open, queryOf({ order }));
    expect(expected.length).toBe(540);
    expect(await scanned(open, queryOf({ order }))).toEqual(expected);
  });

  it('loses and repeats nothing at the borders of its windows, wherever they are', async () => {
    const all = {
      asc: idsOf(await searched(open, queryOf())),
      desc: idsOf(await searched(open, queryOf({ order: 'desc' }))),
    };
    const plan = record({
      order: constantFrom('asc' as const, 'desc' as const),
      rows: integer({ min: 3, max: 90 }),
      pieceRows: integer({ min: 1, max: 20 }),
    });
    await assert(
      asyncProperty(plan, async ({ order, ...sizes }) => {
        expect(idsOf(await scanned(open, queryOf({ order }), () => sizes))).toEqual(all[order]);
      }),
      { numRuns: 6, seed: 4 },
    );
  });

  it('goes on behind any event, with exactly the rest', async () => {
    const plan = record({
      order: constantFrom('asc' as const, 'desc' as const),
      at: nat(539),
      rows: integer({ min: 20, max: 200 }),
      single: boolean(),
    });
    await assert(
      asyncProperty(plan, async ({ order, at, rows, single }) => {
        const query = queryOf({ order, ...(single && { streams: [open.stream] }) });
        const events = await searched(open, query);
        const last = events[at % events.length];
        const place = parseEventId(last?.event_id ?? '');
        if (!last || !place) expect.fail();
        const after = { timestamp: parseTime(last.timestamp) ?? 0n, ...place };
        const rest = await scanned(open, { ...query, after }, () => ({ rows, pieceRows: 7 }));
        expect(idsOf(rest)).toEqual(idsOf(events.slice((at % events.length) + 1)));
      }),
      { numRuns: 6, seed: 5 },
    );
  });

  it('keeps to the range, the filter and the tenant', async () => {
    const range = { from: DAY + 1n, to: DAY + 60_000_000_000n };
    const filter: Filter = { kind: 'level', words: ['error'] };
    const expected = await searched(open, queryOf({ ...range, filter }));
    expect(expected.length).toBeGreaterThan(10);
    expect(await scanned(open, queryOf({ ...range, filter }), () => ({ rows: 5, pieceRows: 3 }))).toEqual(
      expected,
    );
    expect(await scanned(open, queryOf({ streams: [{ ...open.stream, name: 'unwritten' }] }))).toEqual([]);
    for await (const _ of open.tier.scan(queryOf({ tenant: 'other' }))) expect.fail();
  });

  it('has each event once while others arrive', async () => {
    const stream = { ...open.stream, name: 'busy' };
    const insert = (from: number) =>
      open.tier.insert(
        batchOf(
          stream,
          Array.from({ length: 50 }, (_, n) => makeLine(from + n)),
        ),
      );
    await insert(0);
    const before = idsOf(await searched(open, queryOf({ streams: [stream] })));
    const ids: string[] = [];
    const pieces = scanEvents(open.engine, queryOf({ streams: [stream] }), undefined, () => ({
      rows: 4,
      pieceRows: 2,
    }));
    for await (const { lines } of pieces) {
      ids.push(
        ...(Buffer.from(lines)
          .toString()
          .match(/[0-9a-f]{32}-\d+/g) ?? []),
      );
      if (ids.length % 10 === 0 && ids.length < 100) await insert(1_000 + ids.length);
    }
    expect(new Set(ids).size).toBe(ids.length);
    expect(before.filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('asks for fewer rows at once where they do not fit into memory', async () => {
    const stream = { ...open.stream, name: 'long' };
    const long = 'x'.repeat(900_000);
    for (let part = 0; part < 10; part += 1) {
      const lines = Array.from({ length: 30 }, (_, n) =>
        JSON.stringify({ timestamp: 1_795_000_000 + n, message: long }),
      );
      await open.tier.insert(batchOf(stream, lines));
    }
    let [count, largest] = [0, 0];
    const pieces = scanEvents(open.engine, queryOf({ streams: [stream] }), undefined, () => ({
      rows: 60_000,
      pieceRows: 2_000,
    }));
    for await (const piece of pieces) {
      count += piece.count;
      largest = Math.max(largest, piece.lines.length);
    }
    expect(count).toBe(300);
    expect(largest).toBeLessThan(192 * 2 ** 20);
  });
});

describe('a caller that leaves', () => {
  const running = async (kind = ''): Promise<number> => {
    const statement = `SELECT count() AS n FROM system.processes WHERE query NOT LIKE '%system.processes%' AND query LIKE '${kind}%'`;
    return Number((await open.engine.run(statement, { lane: 'write' })).rows<{ n: string }>()[0]?.n);
  };
  const noneRuns = async (): Promise<void> => {
    await expect.poll(() => running(), { timeout: 10_000, interval: 10 }).toBe(0);
  };

  it('between two pieces of a scan ends the work of the engine', async () => {
    const leaving = new AbortController();
    const sizes = () => ({ rows: 500, pieceRows: 2 });
    const pieces = scanEvents(open.engine, queryOf({ streams: [open.stream] }), leaving.signal, sizes);
    await pieces.next();
    expect(await running()).toBe(1);
    leaving.abort(new Error('the caller left'));
    await noneRuns();
    await expect(pieces.next()).rejects.toThrow('the caller left');
  });

  it('of a Parquet file ends the work of the engine', async () => {
    const leaving = new AbortController();
    // Long by its many blocks: within one, which may be of one row, no engine looks whether it is to end.
    const streams = Array.from({ length: 20 }, () => ({ ...open.stream, name: 'long' }));
    const query = { ...queryOf({ streams }), compression: 'gzip', spaceBytes: 1e9 } as const;
    const file = open.tier.exportParquet(query, leaving.signal);
    file.catch(() => undefined);
    for (let n = 0; n < 200 && (await running('INSERT')) === 0; n += 1)
      await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await running('INSERT')).toBe(1);
    leaving.abort(new Error('the caller left'));
    await noneRuns();
    await expect(file).rejects.toThrow();
  });
});
