import { createHash } from 'node:crypto';
import type { Filter } from 'mongodb';
import type { BlockId } from '#event-model';
import type {
  CountedUnit,
  SourceMinuteCount,
  StoredUnit,
  StreamPart,
  StreamSpec,
  TableTtl,
} from '#plugin-kit';
import { countedDays } from '../counts/read-counts.js';
import { bigOf, blockBytes, blockOf, type EventDocument } from '../documents/event-document.js';
import { boundsOf } from '../documents/moments.js';
import { codeOf, type MongoStore } from '../store/mongo-store.js';
import { eventsName } from '../store/names.js';

const NAMESPACE_NOT_FOUND = 26;
const MAX_TTL_TEXT = 200;

/** The stream's units: answered from the counts. Bytes are the collection's, shared out by events. */
export async function storedUnits(store: MongoStore, stream: StreamSpec): Promise<readonly StoredUnit[]> {
  const days = await countedDays(store, stream);
  const events = days.reduce((sum, day) => sum + day.events, 0);
  const [stats] = await store
    .events(stream)
    .aggregate<{ storageStats: { size: number; storageSize: number } }>([
      { $collStats: { storageStats: {} } },
    ])
    .toArray()
    .catch((error: unknown) => {
      if (codeOf(error) === NAMESPACE_NOT_FOUND) return [];
      throw error;
    });
  const bytes = Number(stats?.storageStats.storageSize ?? 0);
  return days.map((day) => ({
    ...{ day: day.day, generation: day.generation, events: day.events },
    diskBytes: Math.round((bytes * day.events) / Math.max(1, events)),
    oldest: bigOf(day.oldest),
    newest: bigOf(day.newest),
  }));
}

/** Indexes by which the server deletes events by itself. None is made by the appliance. */
export async function collectionTtls(store: MongoStore, tenant: string): Promise<readonly TableTtl[]> {
  const prefix = eventsName({ tenant, name: '' });
  const ttls: TableTtl[] = [];
  const collections = await store.db.listCollections({}, { nameOnly: true }).toArray();
  for (const { name } of collections.filter((each) => each.name.startsWith(prefix))) {
    const indexes = await store.db.collection(name).indexes();
    for (const index of indexes) {
      if (index['expireAfterSeconds'] === undefined) continue;
      const ttl = `index ${String(index.name)} on ${JSON.stringify(index.key)}: expireAfterSeconds ${String(index['expireAfterSeconds'])}`;
      ttls.push({ stream: name.slice(prefix.length), ttl: ttl.slice(0, MAX_TTL_TEXT) });
    }
  }
  return ttls;
}

/** Counts the unit's events up to a block, or all. */
export async function countUnit(
  store: MongoStore,
  part: StreamPart,
  through?: BlockId,
): Promise<CountedUnit | undefined> {
  const cursor = store
    .events(part.stream)
    .find(unitFilter(part, through), {
      projection: { _id: 1, block: 1, row: 1, received: 1 },
      readConcern: 'majority',
    })
    .sort({ timestamp: 1, _nanos: 1, block: 1, row: 1 });
  const identities = createHash('sha256');
  let [events, last, latest] = [0, '', 0n];
  for await (const { _id, block, received } of cursor) {
    events += 1;
    identities.update(`${_id}\n`);
    const id = blockOf(block);
    if (id > last) last = id;
    const at = bigOf(received);
    if (at > latest) latest = at;
  }
  if (events === 0) return undefined;
  const { day, generation } = part;
  return {
    ...{ day, generation, events, lastReceivedAt: latest, through: last as BlockId },
    identities: identities.digest('hex'),
  };
}

/** The counted events by source and minute of acceptance. */
export async function countUnitByMinute(
  store: MongoStore,
  part: StreamPart,
  through: BlockId,
): Promise<readonly SourceMinuteCount[]> {
  const cursor = store
    .events(part.stream)
    .find(unitFilter(part, through), { projection: { source: 1, received: 1 }, readConcern: 'majority' });
  const counts = new Map<string, SourceMinuteCount>();
  for await (const { source, received } of cursor) {
    const ms = Number(bigOf(received) / 1_000_000n);
    const minute = ms - (ms % 60_000);
    const key = `${minute} ${source}`;
    counts.set(key, { source, minute, events: (counts.get(key)?.events ?? 0) + 1 });
  }
  return [...counts.values()];
}

/** Removes the unit's events up to a block, and what the counts have of the day is to be made again. */
export async function removeUnit(store: MongoStore, part: StreamPart, through: BlockId): Promise<void> {
  await store.events(part.stream).deleteMany(unitFilter(part, through));
}

function unitFilter({ day, generation }: StreamPart, through?: BlockId): Filter<EventDocument> {
  const [from, to] = boundsOf(day);
  return {
    timestamp: { $gte: from, $lt: to },
    _generation: generation === 0 ? { $exists: false } : { $eq: generation },
    ...(through !== undefined && { block: { $lte: blockBytes(through) } }),
  };
}
