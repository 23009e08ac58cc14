import type { Db, IndexDescription } from 'mongodb';
import { TierError, type StreamSpec } from '#plugin-kit';
import { USER_FIELD } from '../documents/event-document.js';
import { codeOf, type MongoStore } from './mongo-store.js';
import { countsName, eventsName, quarantineName } from './names.js';
import { shardingOf } from './sharding.js';

const NAMESPACE_EXISTS = 48;
/** How the server keeps a collection's blocks on disk. */
const COMPRESSED = { storageEngine: { wiredTiger: { configString: 'block_compressor=zstd' } } };

/** The order in which events are given back. */
export const BY_TIME = { timestamp: 1, _nanos: 1, block: 1, row: 1 } as const;

/** Makes what is missing of a stream's collections and their indexes. Two processes may do so at once. */
export async function prepareCollections(store: MongoStore, stream: StreamSpec): Promise<void> {
  const { db } = store;
  await make(db, eventsName(stream), eventIndexes(stream));
  await make(db, countsName(stream), []);
  await make(db, quarantineName(stream.tenant), QUARANTINE_INDEXES);
  const hello = await db.command({ hello: 1 });
  if (hello['msg'] !== 'isdbgrid') return;
  for (const command of shardingOf(db.databaseName, stream)) await db.admin().command(command);
}

/** Every index has a name of ours, so that one of somebody else's is never taken for it. */
export function eventIndexes({ eventType }: StreamSpec): readonly IndexDescription[] {
  const indexed = eventType.fields.filter((field) => field.indexed === true).map(({ name }) => name);
  const fields = new Set([USER_FIELD, 'trace_id', ...indexed]);
  return [
    { name: 'by_time', key: BY_TIME },
    { name: 'by_type', key: { event_type: 1, ...BY_TIME } },
    ...[...fields].map((field) => ({
      name: `by_${field}`,
      key: { [field]: 1, ...BY_TIME },
      // Events without the field take no room in it.
      partialFilterExpression: { [field]: { $exists: true } },
    })),
  ];
}

const QUARANTINE_INDEXES: readonly IndexDescription[] = [
  { name: 'newest_first', key: { received: -1, block: -1, row: 1 } },
  { name: 'by_place', key: { block: 1, row: 1 } },
];

async function make(db: Db, name: string, indexes: readonly IndexDescription[]): Promise<void> {
  try {
    await db.createCollection(name, COMPRESSED);
  } catch (error) {
    if (codeOf(error) !== NAMESPACE_EXISTS) throw error;
    await requirePlain(db, name);
  }
  if (indexes.length > 0) await db.collection(name).createIndexes([...indexes]);
}

/** In a time-series collection `_id` is not unique, so that an event could be there twice; a view takes none. */
async function requirePlain(db: Db, name: string): Promise<void> {
  const [found] = await db.listCollections({ name }, { nameOnly: true }).toArray();
  if (found === undefined || found.type === 'collection') return;
  throw new TierError(
    'unavailable',
    `"${name}" in the database of MONGODB_DATABASE is a ${found.type}, and events need a standard collection: rename or drop it.`,
  );
}
