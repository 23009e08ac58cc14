import type { BlocksQuery, ScanPiece, ScanQuery } from '#plugin-kit';
import type { StoredEvent } from '#plugin-kit';
import { toStoredEvent, type EventView } from '../documents/event-view.js';
import type { MongoStore } from '../store/mongo-store.js';
import { inBlocks } from '../write/present.js';
import { filterTest } from './filter-test.js';
import { merged } from './merge.js';
import { READ_AT_ONCE, readEvents } from './reading.js';
import { behind, questionOf, sortBy } from './selection.js';

/** Of one piece. */
const PIECE_EVENTS = 256;
const PIECE_BYTES = 256 * 1024;

/** Every event of a selection, in one order over all streams. */
export async function* scanEvents(
  store: MongoStore,
  query: ScanQuery,
  signal?: AbortSignal,
): AsyncGenerator<ScanPiece> {
  const views = query.streams.map((stream) => {
    const { match, test } = questionOf(query, stream);
    const cursor = store
      .events(stream)
      .find({ $and: [match, behind(query.after, query.order)] })
      .sort(sortBy(query.order))
      .batchSize(READ_AT_ONCE);
    return readEvents(cursor, { stream, test, amount: { rows: 0, bytes: 0 } }, { signal });
  });
  yield* inPieces(merged(views, query.order), signal);
}

/** The fitting events of some blocks, by block and row. */
export async function* readBlocks(
  store: MongoStore,
  query: BlocksQuery,
  signal?: AbortSignal,
): AsyncGenerator<ScanPiece> {
  yield* inPieces(viewsOf(store, query, signal), signal);
}

/** How many of some blocks' events fit. */
export async function countInBlocks(
  store: MongoStore,
  query: BlocksQuery,
  signal?: AbortSignal,
): Promise<number> {
  let count = 0;
  for await (const _view of viewsOf(store, query, signal)) count += 1;
  return count;
}

async function* viewsOf(
  store: MongoStore,
  { stream, blocks, filter, timeoutMs }: BlocksQuery,
  signal?: AbortSignal,
): AsyncGenerator<EventView> {
  const test = filterTest(filter, stream);
  const until = performance.now() + timeoutMs;
  for (const block of [...blocks].sort()) {
    // The rows of one block, a few thousand at most, are sorted by the server in its memory.
    const cursor = store
      .events(stream)
      .find(inBlocks([block]), { maxTimeMS: timeoutMs, allowDiskUse: true })
      .sort({ row: 1 })
      .batchSize(READ_AT_ONCE);
    yield* readEvents(cursor, { stream, test, amount: { rows: 0, bytes: 0 } }, { until, signal });
  }
}

/** Who left hears of it, also behind the last event: what was read may not be all. */
async function* inPieces(views: AsyncIterable<EventView>, signal?: AbortSignal): AsyncGenerator<ScanPiece> {
  let [lines, bytes]: [string[], number] = [[], 0];
  for await (const view of views) {
    const line = `${lineOf(toStoredEvent(view))}\n`;
    lines.push(line);
    bytes += line.length;
    if (lines.length < PIECE_EVENTS && bytes < PIECE_BYTES) continue;
    yield { lines: Buffer.from(lines.join('')), count: lines.length };
    [lines, bytes] = [[], 0];
  }
  if (lines.length > 0) yield { lines: Buffer.from(lines.join('')), count: lines.length };
  signal?.throwIfAborted();
}

function lineOf(event: StoredEvent): string {
  return JSON.stringify(event);
}
