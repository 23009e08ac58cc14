import type { Filter } from 'mongodb';
import { parseBlockId, type BlockId } from '#event-model';
import type { StreamSpec } from '#plugin-kit';
import type { BlockCounts } from '../counts/block-counts.js';
import { boundsOf } from '../documents/moments.js';
import type { MongoStore } from '../store/mongo-store.js';

/** Characters of a block's id. */
const BLOCK_LENGTH = 32;

/** Blocks with events of a day, or of a minute of acceptance, as they are counted. */
export async function copiedBlocks(
  store: MongoStore,
  stream: StreamSpec,
  of: { readonly day: number } | { readonly minute: number },
): Promise<readonly BlockId[]> {
  const found = await store
    .counts(stream)
    .find(filterOf(of), { projection: { _id: 1 }, readConcern: 'majority' })
    .toArray();
  return found.flatMap(({ _id }) => parseBlockId(_id) ?? []);
}

function filterOf(of: { readonly day: number } | { readonly minute: number }): Filter<BlockCounts> {
  if ('minute' in of) return { minute: of.minute };
  const [from, to] = boundsOf(of.day);
  return { hours: { $elemMatch: { hour: { $gte: from, $lt: to } } } };
}

interface Counted {
  readonly _id: string;
  readonly events: number;
}

/** Blocks whose events are not as many as are counted: the ids of both are read side by side, in one order. */
export async function strayBlocks(store: MongoStore, stream: StreamSpec): Promise<readonly BlockId[]> {
  const options = { allowDiskUse: true, readConcern: 'majority' } as const;
  const group = { $group: { _id: { $substrBytes: ['$_id', 0, BLOCK_LENGTH] }, events: { $sum: 1 } } };
  const there = store
    .events(stream)
    .aggregate<Counted>([group, { $sort: { _id: 1 } }], { ...options, hint: '_id_' });
  const sum = { $project: { events: { $sum: '$hours.events' } } };
  const counted = store.counts(stream).aggregate<Counted>([{ $sort: { _id: 1 } }, sum], options);
  const stray: string[] = [];
  let [a, b] = [await there.next(), await counted.next()];
  while (a ?? b) {
    if (a && b && a._id === b._id) {
      if (a.events !== b.events) stray.push(a._id);
      [a, b] = [await there.next(), await counted.next()];
    } else if (a && (!b || a._id < b._id)) {
      stray.push(a._id);
      a = await there.next();
    } else if (b) {
      if (b.events > 0) stray.push(b._id);
      b = await counted.next();
    }
  }
  return stray.flatMap((id) => parseBlockId(id) ?? []);
}
