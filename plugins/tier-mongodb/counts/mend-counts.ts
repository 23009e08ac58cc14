import type { AnyBulkWriteOperation } from 'mongodb';
import type { StreamSpec } from '#plugin-kit';
import { blockBytes, blockOf } from '../documents/event-document.js';
import { boundsOf, dayOf } from '../documents/moments.js';
import type { MongoStore } from '../store/mongo-store.js';
import type { BlockCounts, HourCount } from './block-counts.js';
import { HOUR_GROUPS, hoursByBlock } from './count-blocks.js';
import { countedDays } from './read-counts.js';

/** Blocks whose counts one command sets. */
const BLOCKS_AT_ONCE = 1_000;

/** Days whose counts don't add up to the events, ascending. */
export async function wrongDays(store: MongoStore, stream: StreamSpec): Promise<readonly number[]> {
  const group = { $group: { _id: { $dateTrunc: { date: '$timestamp', unit: 'day' } }, events: { $sum: 1 } } };
  const found = await store
    .events(stream)
    .aggregate<{ _id: Date; events: number }>([group], { hint: 'by_time' })
    .toArray();
  const left = new Map(found.map(({ _id, events }) => [dayOf(_id), events]));
  for (const { day, events } of await countedDays(store, stream))
    left.set(day, (left.get(day) ?? 0) - events);
  return [...left]
    .filter(([, events]) => events !== 0)
    .map(([day]) => day)
    .sort((a, b) => a - b);
}

/** Sets the counts of one day to what is there, block by block: a block's counts change at once. */
export async function rebuildDay(store: MongoStore, stream: StreamSpec, day: number): Promise<void> {
  const [from, to] = boundsOf(day);
  const within = { $gte: from, $lt: to };
  const options = { promoteLongs: false, allowDiskUse: true, readConcern: 'majority' } as const;
  const groups = await store
    .events(stream)
    .aggregate<Parameters<typeof hoursByBlock>[0][number]>(
      [{ $match: { timestamp: within } }, withOrigin(HOUR_GROUPS)],
      options,
    )
    .toArray();
  const hours = hoursByBlock(groups);
  const origins = new Map(groups.map((group) => [blockOf(group._id.block), originOf(group)]));
  const counts = store.counts(stream);
  const stale = await counts.find({ 'hours.hour': within }, { projection: { _id: 1 } }).toArray();
  const blocks = new Set([...stale.map(({ _id }) => _id), ...hours.keys()]);
  const changes = [...blocks].map((id) =>
    changeOf(id, { within, hours: hours.get(id as never) ?? [], origin: origins.get(id as never) }),
  );
  for (let at = 0; at < changes.length; at += BLOCKS_AT_ONCE)
    await counts.bulkWrite(changes.slice(at, at + BLOCKS_AT_ONCE), { ordered: false });
  await counts.deleteMany({ hours: { $size: 0 } });
}

type Origin = Pick<BlockCounts, 'source' | 'minute'>;

/** All events of a block have one source and one time of acceptance. */
function withOrigin({ $group }: typeof HOUR_GROUPS) {
  return {
    $group: { ...($group as object), source: { $first: '$source' }, received: { $first: '$received' } },
  };
}

function originOf(group: unknown): Origin {
  const { source, received } = group as { source: string; received: { toBigInt(): bigint } };
  const ms = Number(received.toBigInt() / 1_000_000n);
  return { source, minute: ms - (ms % 60_000) };
}

interface DayOfBlock {
  readonly within: { readonly $gte: Date; readonly $lt: Date };
  readonly hours: readonly HourCount[];
  readonly origin: Origin | undefined;
}

/** The hours of other days stay. */
function changeOf(id: string, { within, hours, origin }: DayOfBlock): AnyBulkWriteOperation<BlockCounts> {
  const isOther = { $or: [{ $lt: ['$$each.hour', within.$gte] }, { $gte: ['$$each.hour', within.$lt] }] };
  const others = { $filter: { input: { $ifNull: ['$hours', []] }, as: 'each', cond: isOther } };
  const set = { ...origin, block: blockBytes(id as never), hours: { $concatArrays: [others, hours] } };
  const update = [{ $set: literally(set) }];
  return { updateOne: { filter: { _id: id }, update, upsert: hours.length > 0 } };
}

/** A source is a text of a user's: within an expression it must not be read as one. */
function literally({ source, hours, ...rest }: Record<string, unknown>): Record<string, unknown> {
  const [others, counted] = (hours as { $concatArrays: readonly unknown[] }).$concatArrays;
  return {
    ...rest,
    ...(source !== undefined && { source: { $literal: source } }),
    hours: { $concatArrays: [others, { $literal: counted }] },
  };
}
