import type { Document, Filter as MongoFilter } from 'mongodb';
import type { EventPosition, EventSelection, StreamSpec } from '#plugin-kit';
import { blockBytes, type EventDocument } from '../documents/event-document.js';
import { keptMoment } from '../documents/moments.js';
import { conditionOf } from './condition.js';
import { filterTest } from './filter-test.js';
import type { Test } from './text-tests.js';

type Order = 'asc' | 'desc';

/** A selection as the questions about one stream's collection. */
export interface StreamQuestion {
  readonly match: MongoFilter<EventDocument>;
  /** What each event is still to be asked; undefined where the server's answer is the whole one. */
  readonly test: Test | undefined;
}

/** The last moment that dates here reach: in the year 2262, beyond which no event is. */
const LAST_NS = 2n ** 63n - 1n;

/** The question for one stream; the same selection means the same events wherever it is asked. */
export function questionOf(
  { from, to, filter }: Pick<EventSelection, 'from' | 'to' | 'filter'>,
  stream: StreamSpec,
): StreamQuestion {
  const { match, isExact } = conditionOf(filter, stream);
  return {
    match: { $and: [...notBefore(from), ...before(to), match] },
    test: isExact ? undefined : filterTest(filter, stream),
  };
}

/** Only events behind a position, in an order. */
export function behind(after: EventPosition | undefined, order: Order): MongoFilter<EventDocument> {
  if (!after) return {};
  const than = order === 'asc' ? '$gt' : '$lt';
  const { timestamp, _nanos } = keptMoment(after.timestamp);
  const block = blockBytes(after.block);
  return {
    // For the index: the alternatives alone are no range.
    timestamp: { [order === 'asc' ? '$gte' : '$lte']: timestamp },
    $or: [
      { timestamp: { [than]: timestamp } },
      { timestamp, _nanos: { [than]: _nanos } },
      { timestamp, _nanos, block: { [than]: block } },
      { timestamp, _nanos, block, row: { [than]: after.row } },
    ],
  };
}

/** How events are sorted. */
export function sortBy(order: Order): Record<string, 1 | -1> {
  const way = order === 'asc' ? 1 : -1;
  return { timestamp: way, _nanos: way, block: way, row: way };
}

function notBefore(from: bigint): Document[] {
  const { timestamp, _nanos } = keptMoment(from < 0n ? 0n : from);
  const first = { timestamp: { $gte: timestamp } };
  return _nanos === 0 ? [first] : [first, { $nor: [{ timestamp, _nanos: { $lt: _nanos } }] }];
}

function before(to: bigint): Document[] {
  const { timestamp, _nanos } = keptMoment(to < 0n ? 0n : to > LAST_NS ? LAST_NS : to);
  if (_nanos === 0) return [{ timestamp: { $lt: timestamp } }];
  return [{ timestamp: { $lte: timestamp } }, { $nor: [{ timestamp, _nanos: { $gte: _nanos } }] }];
}
