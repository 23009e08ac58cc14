import { TierError, type EventPage, type EventQuery, type StoredEvent, type StreamSpec } from '#plugin-kit';
import type { EventView } from '../documents/event-view.js';
import { toStoredEvent } from '../documents/event-view.js';
import type { MongoStore } from '../store/mongo-store.js';
import { countMatches } from './count-matches.js';
import { merged } from './merge.js';
import { READ_AT_ONCE, readEvents, type ReadAmount, type ReadingLimits } from './reading.js';
import { behind, questionOf, sortBy } from './selection.js';

/** One page of what a question finds, over all its streams in one order. */
export async function searchEvents(
  store: MongoStore,
  query: EventQuery,
  signal?: AbortSignal,
): Promise<EventPage> {
  const begun = performance.now();
  const limits = { until: begun + query.timeoutMs, signal };
  const amount = { rows: 0, bytes: 0 };
  const page = await readPage(store, query, { limits, amount });
  const more = page.length > query.limit;
  const known = { shown: Math.min(page.length, query.limit), isAll: !more && !query.after };
  const { total, isExact } = await countMatches(store, query, { known, limits, amount });
  return {
    events: page.slice(0, query.limit),
    more,
    total,
    totalIsExact: isExact,
    scanned: { from: query.from, to: query.to },
    stats: {
      rowsRead: amount.rows,
      bytesRead: amount.bytes,
      elapsedMs: Math.round(performance.now() - begun),
    },
  };
}

/** The events of the page, and one more where there is one. */
async function readPage(
  store: MongoStore,
  query: EventQuery,
  reading: { readonly limits: ReadingLimits; readonly amount: ReadAmount },
): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = [];
  let bytes = 0;
  const views = query.streams.map((stream) => eventsOf(store, query, { stream, ...reading }));
  for await (const view of merged(views, query.order)) {
    events.push(toStoredEvent(view));
    if (events.length > query.limit) break;
    bytes += view.document._line.length;
    if (query.maxBytes !== undefined && bytes > query.maxBytes) throw tooLarge(query.maxBytes);
  }
  return events;
}

function eventsOf(
  store: MongoStore,
  query: EventQuery,
  { stream, limits, amount }: { stream: StreamSpec; limits: ReadingLimits; amount: ReadAmount },
): AsyncGenerator<EventView> {
  const { match, test } = questionOf(query, stream);
  const some = query.limit + 1;
  const cursor = store
    .events(stream)
    .find({ $and: [match, behind(query.after, query.order)] }, { maxTimeMS: query.timeoutMs })
    .sort(sortBy(query.order))
    .batchSize(Math.min(some, READ_AT_ONCE));
  // Of events that are still to be tested nobody knows how many are needed.
  if (test === undefined) cursor.limit(some);
  return readEvents(cursor, { stream, test, amount }, limits);
}

function tooLarge(maxBytes: number): TierError {
  return new TierError(
    'query',
    `The page would have more than ${maxBytes} bytes: ask with a smaller limit, or export the events.`,
  );
}
