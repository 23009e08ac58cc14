import type { AnyBulkWriteOperation, Document } from 'mongodb';
import type { BlockHeader, BlockId } from '#event-model';
import type { StreamSpec } from '#plugin-kit';
import { blockBytes, blockOf } from '../documents/event-document.js';
import type { MongoStore } from '../store/mongo-store.js';
import { inBlocks } from '../write/present.js';
import type { BlockCounts, HourCount } from './block-counts.js';

/** Blocks whose events one question counts. */
const BLOCKS_AT_ONCE = 200;

/** What is known of a block besides its events. */
export type CountedBlock = Pick<BlockHeader, 'id' | 'source' | 'receivedAt'>;

/** What {@link HOUR_GROUPS} gives. */
interface HourGroup extends Omit<HourCount, 'hour' | 'event_type' | 'generation'> {
  readonly _id: Pick<HourCount, 'hour' | 'event_type' | 'generation'> & {
    readonly block: BlockCounts['block'];
  };
}

const NANOSECONDS: Document = {
  $add: [{ $multiply: [{ $toLong: '$timestamp' }, { $toLong: 1_000_000 }] }, '$_nanos'],
};

/** Groups events as the counts have them. */
export const HOUR_GROUPS: Document = {
  $group: {
    _id: {
      block: '$block',
      hour: { $dateTrunc: { date: '$timestamp', unit: 'hour' } },
      event_type: '$event_type',
      generation: { $ifNull: ['$_generation', 0] },
    },
    events: { $sum: 1 },
    oldest: { $min: NANOSECONDS },
    newest: { $max: NANOSECONDS },
  },
};

/** Sets the counts of blocks to what is there of them; of those that were stored whole just now, that is known. */
export async function countBlocks(
  store: MongoStore,
  stream: StreamSpec,
  { blocks, known }: { readonly blocks: readonly CountedBlock[]; readonly known: HoursByBlock },
): Promise<void> {
  for (let from = 0; from < blocks.length; from += BLOCKS_AT_ONCE) {
    const some = blocks.slice(from, from + BLOCKS_AT_ONCE);
    const others = some.filter(({ id }) => !known.has(id)).map(({ id }) => id);
    const asked =
      others.length === 0 ? known : new Map([...known, ...(await askHours(store, stream, others))]);
    await store.counts(stream).bulkWrite(
      some.map((block) => changeOf(block, asked.get(block.id) ?? [])),
      { ordered: false },
    );
  }
}

type HoursByBlock = ReadonlyMap<BlockId, readonly HourCount[]>;

async function askHours(
  store: MongoStore,
  stream: StreamSpec,
  blocks: readonly BlockId[],
): Promise<HoursByBlock> {
  const options = { promoteLongs: false, readConcern: 'majority' } as const;
  const stages = [{ $match: inBlocks(blocks) }, HOUR_GROUPS];
  return hoursByBlock(await store.events(stream).aggregate<HourGroup>(stages, options).toArray());
}

/** The counts of each block, from what the server grouped with `promoteLongs` off. */
export function hoursByBlock(groups: readonly HourGroup[]): HoursByBlock {
  const hours = new Map<BlockId, HourCount[]>();
  for (const { _id: key, events, oldest, newest } of groups) {
    const { block, hour, event_type, generation } = key;
    const count = {
      hour,
      event_type,
      generation: Number(generation),
      events: Number(events),
      oldest,
      newest,
    };
    const id = blockOf(block);
    hours.set(id, [...(hours.get(id) ?? []), count]);
  }
  return hours;
}

function changeOf(
  { id, source, receivedAt }: CountedBlock,
  hours: readonly HourCount[],
): AnyBulkWriteOperation<BlockCounts> {
  if (hours.length === 0) return { deleteOne: { filter: { _id: id } } };
  const ms = Number(receivedAt / 1_000_000n);
  const document = { block: blockBytes(id), source, minute: ms - (ms % 60_000), hours };
  return { replaceOne: { filter: { _id: id }, replacement: document, upsert: true } };
}
