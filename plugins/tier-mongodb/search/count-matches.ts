import type { EventQuery, StreamSpec } from '#plugin-kit';
import type { MongoStore } from '../store/mongo-store.js';
import { READ_AT_ONCE, readEvents, type ReadAmount, type ReadingLimits } from './reading.js';
import { questionOf } from './selection.js';

/** Events up to which counting by an index is cheap, and up to which reading each is. */
const CHEAP_COUNT = 100_000;
const CHEAP_READ = 10_000;

export interface MatchCount {
  readonly total: number;
  readonly isExact: boolean;
}

interface Counting {
  /** Events of the page, and whether they are all that there are. */
  readonly known: { readonly shown: number; readonly isAll: boolean };
  readonly limits: ReadingLimits;
  readonly amount: ReadAmount;
}

/** How many events fit, or at least so many, as far as was asked for. */
export async function countMatches(
  store: MongoStore,
  query: EventQuery,
  { known, limits, amount }: Counting,
): Promise<MatchCount> {
  const { total: wanted = 'bounded' } = query;
  if (known.isAll) return { total: known.shown, isExact: wanted !== 'none' };
  if (wanted === 'none') return { total: known.shown, isExact: false };
  const all: MatchCount[] = [];
  for (const stream of query.streams) all.push(await countStream(store, query, { stream, limits, amount }));
  const total = all.reduce((sum, each) => sum + each.total, 0);
  return { total: Math.max(total, known.shown), isExact: all.every(({ isExact }) => isExact) };
}

async function countStream(
  store: MongoStore,
  query: EventQuery,
  { stream, limits, amount }: { stream: StreamSpec; limits: ReadingLimits; amount: ReadAmount },
): Promise<MatchCount> {
  const { match, test } = questionOf(query, stream);
  const isBounded = query.total !== 'exact';
  if (test === undefined) {
    const options = { maxTimeMS: query.timeoutMs, ...(isBounded && { limit: CHEAP_COUNT }) };
    const total = await store.events(stream).countDocuments(match, options);
    return { total, isExact: !isBounded || total < CHEAP_COUNT };
  }
  const before = amount.rows;
  const cursor = store.events(stream).find(match, { maxTimeMS: query.timeoutMs }).batchSize(READ_AT_ONCE);
  if (isBounded) cursor.limit(CHEAP_READ);
  let total = 0;
  for await (const _view of readEvents(cursor, { stream, test, amount }, limits)) total += 1;
  return { total, isExact: !isBounded || amount.rows - before < CHEAP_READ };
}
