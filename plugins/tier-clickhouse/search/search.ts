import type { EventPlace } from '#event-model';
import type { AskedStream, EventPage, EventQuery, StoredEvent } from '#plugin-kit';
import type { Engine } from '../engine/engine.js';
import { blockLiteral } from '../write/present.js';
import { rowsOrNone } from './rows-or-none.js';
import type { Outlines } from './outlines.js';
import { SearchRun } from './search-run.js';
import { eventColumns, eventReader, sentEvent, toStoredEvent, type EventRow } from './stored-event.js';
import { searchStream, type StreamAnswer } from './stream-search.js';

export { rowsOrNone } from './rows-or-none.js';
import { renderPlaceOf } from './event-place.js';
import { BoundValues } from './bound-values.js';

/** A search's share of the engine's memory, for each of its statements. */
const MEMORY_SHARE = 1 / 3;
const DEFAULT_PAGE_BYTES = 2 ** 26;

/** What searches run on. */
export interface SearchContext {
  readonly engine: Engine;
  /** Bytes that the engine may hold in all. */
  readonly memoryBytes: number;
  readonly outlines: Outlines;
}

/** Searches each stream and merges the pages in the order asked for. */
export async function searchEvents(
  { engine, memoryBytes, outlines }: SearchContext,
  query: EventQuery,
  signal?: AbortSignal,
): Promise<EventPage> {
  const limits = {
    timeoutMs: query.timeoutMs,
    memoryBytes: memoryBytes * MEMORY_SHARE,
    resultBytes: query.maxBytes ?? DEFAULT_PAGE_BYTES,
  };
  const run = new SearchRun(engine, limits, signal);
  const answers = await Promise.all(
    query.streams.map((stream) => searchStream({ run, outlines }, query, stream)),
  );
  const events = mergeEvents(answers, query.order);
  return {
    events: events.slice(0, query.limit),
    more: events.length > query.limit || answers.some(({ more }) => more),
    total: answers.reduce((sum, { total }) => sum + total, 0),
    totalIsExact: answers.every(({ totalIsExact }) => totalIsExact),
    scanned: scannedRange(query, answers),
    stats: run.stats,
  };
}

/** One event by its place, looked for in the given streams, with the event as it was sent. */
export async function findEvent(
  engine: Engine,
  streams: readonly AskedStream[],
  place: EventPlace,
): Promise<StoredEvent | undefined> {
  const found = await Promise.all(
    streams.map(async (stream) => {
      const values = new BoundValues();
      const where = `block = ${blockLiteral(place.block)} AND row = ${Number(place.row)}`;
      const statement = `SELECT ${eventColumns(stream)} FROM ${renderPlaceOf(stream, stream.archived ?? [], values)} WHERE ${where} LIMIT 1`;
      const options = { lane: 'read' as const, parameters: values.parameters };
      const [row] = await rowsOrNone<EventRow>(engine.run(statement, options));
      return row ? { ...toStoredEvent(stream, row), original: sentEvent(stream, row) } : undefined;
    }),
  );
  return found.find((event) => event !== undefined);
}

/** By time, then block, then row as a number; the engine orders each stream's rows in the same way. */
function mergeEvents(answers: readonly StreamAnswer[], order: 'desc' | 'asc'): StoredEvent[] {
  const found = answers.flatMap(({ stream, rows }) => {
    const read = eventReader(stream);
    return rows.map((row) => ({ row, read }));
  });
  if (answers.length > 1) {
    const sign = order === 'desc' ? -1 : 1;
    found.sort((a, b) => sign * comparePlaces(a.row, b.row));
  }
  return found.map(({ row, read }) => read(row));
}

function comparePlaces(a: EventRow, b: EventRow): number {
  return (
    compare(String(a['_timestamp']), String(b['_timestamp'])) || compare(a._block, b._block) || a.row - b.row
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function scannedRange(query: EventQuery, answers: readonly StreamAnswer[]): EventPage['scanned'] {
  const ranges = answers.flatMap(({ scanned }) => scanned ?? []);
  const [first, ...rest] = ranges;
  if (!first) return { from: query.from, to: query.to };
  return rest.reduce(
    (all, { from, to }) => ({ from: from < all.from ? from : all.from, to: to > all.to ? to : all.to }),
    first,
  );
}
