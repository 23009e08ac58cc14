import type { Document } from 'mongodb';
import type { AggregateQuery, StreamSpec } from '#plugin-kit';
import type { EventDocument } from '../documents/event-document.js';
import type { MongoStore } from '../store/mongo-store.js';
import { readEvents, READ_AT_ONCE, type ReadAmount, type ReadingLimits } from './reading.js';
import { questionOf } from './selection.js';

/** How many events one group has in one interval. */
export interface GroupCount {
  /** Start of the interval: milliseconds since the epoch; 0 where there is one over all. */
  readonly time: number;
  /** A text for each field of the group, null where an event has none. */
  readonly group: readonly (string | null)[];
  readonly events: number;
}

/** What of a document tells its group: the name of a field that documents have, or the same for all of a stream. */
export type GroupKey = { readonly field: string } | { readonly constant: string };

/** Counts the events of one stream by interval and group: by the server, where it can be asked the whole filter. */
export async function countGroups(
  store: MongoStore,
  query: AggregateQuery,
  asked: {
    readonly stream: StreamSpec;
    readonly keys: readonly GroupKey[];
    readonly limits: ReadingLimits;
    readonly amount: ReadAmount;
  },
): Promise<readonly GroupCount[]> {
  const { stream, keys, limits, amount } = asked;
  const { match, test } = questionOf(query, stream);
  const stepMs = (query.intervalSeconds ?? 0) * 1_000;
  if (test === undefined) {
    const options = { maxTimeMS: query.timeoutMs, ...(limits.signal && { signal: limits.signal }) };
    const found = await store
      .events(stream)
      .aggregate<{ _id: { time: number; group: readonly (string | null)[] }; events: number }>(
        [{ $match: match }, { $group: groupOf(keys, stepMs) }],
        options,
      )
      .toArray();
    return found.map(({ _id, events }) => ({ time: Number(_id.time), group: _id.group, events }));
  }
  const counts = new Map<string, { time: number; group: readonly (string | null)[]; events: number }>();
  const cursor = store.events(stream).find(match, { maxTimeMS: query.timeoutMs }).batchSize(READ_AT_ONCE);
  for await (const { document } of readEvents(cursor, { stream, test, amount }, limits)) {
    const ms = document.timestamp.getTime();
    const time = stepMs === 0 ? 0 : ms - (ms % stepMs);
    const group = keys.map((key) => textOf(key, document));
    const id = JSON.stringify([time, group]);
    const count = counts.get(id);
    if (count) count.events += 1;
    else counts.set(id, { time, group, events: 1 });
  }
  return [...counts.values()];
}

function groupOf(keys: readonly GroupKey[], stepMs: number): Document & { _id: Document } {
  const ms = { $toLong: '$timestamp' };
  const time = stepMs === 0 ? { $literal: 0 } : { $subtract: [ms, { $mod: [ms, stepMs] }] };
  const group = keys.map((key) =>
    'field' in key ? { $ifNull: [`$${key.field}`, null] } : { $literal: key.constant },
  );
  return { _id: { time, group }, events: { $sum: 1 } };
}

function textOf(key: GroupKey, document: EventDocument): string | null {
  if ('constant' in key) return key.constant;
  const value = document[key.field];
  return typeof value === 'string' ? value : null;
}
