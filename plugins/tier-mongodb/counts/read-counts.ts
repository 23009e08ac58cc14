import type { Long } from 'mongodb';
import type { BlockId } from '#event-model';
import type { SourceMinuteCount, StreamSpec } from '#plugin-kit';
import { dayOf } from '../documents/moments.js';
import type { MongoStore } from '../store/mongo-store.js';
import { inBlocks } from '../write/present.js';

/** Events of the stream. */
export async function countEvents(store: MongoStore, stream: StreamSpec): Promise<number> {
  const sum = { $group: { _id: null, events: { $sum: { $sum: '$hours.events' } } } };
  const [found] = await store.counts(stream).aggregate<{ events: number }>([sum]).toArray();
  return found?.events ?? 0;
}

/** Events of the stream by source and minute of acceptance. */
export async function countByMinute(
  store: MongoStore,
  stream: StreamSpec,
): Promise<readonly SourceMinuteCount[]> {
  const group = {
    $group: { _id: { source: '$source', minute: '$minute' }, events: { $sum: { $sum: '$hours.events' } } },
  };
  const found = await store
    .counts(stream)
    .aggregate<{ _id: { source: string; minute: number }; events: number }>([group])
    .toArray();
  return found.map(({ _id: { source, minute }, events }) => ({ source, minute, events }));
}

/** Days that these blocks' events are in, ascending. */
export async function daysOfBlocks(
  store: MongoStore,
  stream: StreamSpec,
  blocks: readonly BlockId[],
): Promise<readonly number[]> {
  if (blocks.length === 0) return [];
  const day = { $group: { _id: { $dateTrunc: { date: '$timestamp', unit: 'day' } } } };
  const found = await store
    .events(stream)
    .aggregate<{ _id: Date }>([{ $match: inBlocks(blocks) }, day])
    .toArray();
  return found.map(({ _id }) => dayOf(_id)).sort((a, b) => a - b);
}

/** A day of a generation, as the counts have it. */
export interface CountedDay {
  readonly day: number;
  readonly generation: number;
  readonly events: number;
  readonly oldest: Long;
  readonly newest: Long;
}

/** The days that the counts know, the oldest first. */
export async function countedDays(store: MongoStore, stream: StreamSpec): Promise<readonly CountedDay[]> {
  const group = {
    $group: {
      _id: {
        day: { $dateTrunc: { date: '$hours.hour', unit: 'day' } },
        generation: '$hours.generation',
      },
      events: { $sum: '$hours.events' },
      oldest: { $min: '$hours.oldest' },
      newest: { $max: '$hours.newest' },
    },
  };
  const found = await store
    .counts(stream)
    .aggregate<{ _id: { day: Date; generation: number } } & Omit<CountedDay, 'day' | 'generation'>>(
      [{ $unwind: '$hours' }, group],
      { promoteLongs: false },
    )
    .toArray();
  return found
    .map(({ _id: { day, generation }, events, oldest, newest }) => ({
      ...{ day: dayOf(day), generation: Number(generation), events: Number(events), oldest, newest },
    }))
    .sort((a, b) => a.day - b.day || a.generation - b.generation);
}
