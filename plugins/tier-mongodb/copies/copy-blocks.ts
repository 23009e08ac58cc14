import { BSON, type Collection } from 'mongodb';
import type { BlockId } from '#event-model';
import { TierError, type CopyReport, type ScanPiece, type StreamSpec } from '#plugin-kit';
import { countBlocks, type CountedBlock } from '../counts/count-blocks.js';
import { bigOf, blockIn, type EventDocument } from '../documents/event-document.js';
import type { MongoStore } from '../store/mongo-store.js';
import { BULK_DOCUMENTS, bulkInsert } from '../write/bulk-insert.js';
import { inBlocks } from '../write/present.js';
import { toCopy } from './copied-document.js';

/** Makes what is there of some blocks be the events of the lines, and counts it. */
export async function copyBlocks(
  store: MongoStore,
  stream: StreamSpec,
  blocks: readonly BlockId[],
  lines: AsyncIterable<ScanPiece>,
): Promise<CopyReport> {
  const events = store.events(stream);
  const kept = new Set<string>();
  const headers = new Map<BlockId, CountedBlock>();
  let written = 0;
  for await (const documents of documentsOf(stream, lines)) {
    written += await put(events, documents);
    for (const { _id, source, received } of documents) {
      kept.add(_id);
      headers.set(blockIn(_id), { id: blockIn(_id), source, receivedAt: bigOf(received) });
    }
  }
  const removed = await removeOthers(events, blocks, kept);
  const counted = blocks.map((id) => headers.get(id) ?? { id, source: '', receivedAt: 0n });
  await countBlocks(store, stream, { blocks: counted, known: new Map() });
  return { written, removed };
}

/** So many at a time as one command takes. */
async function* documentsOf(
  stream: StreamSpec,
  pieces: AsyncIterable<ScanPiece>,
): AsyncGenerator<readonly EventDocument[]> {
  let documents: EventDocument[] = [];
  for await (const { lines } of pieces) {
    for (const line of Buffer.from(lines).toString('utf8').split('\n'))
      if (line !== '') documents.push(toCopy(stream, line));
    if (documents.length < BULK_DOCUMENTS) continue;
    yield documents;
    documents = [];
  }
  if (documents.length > 0) yield documents;
}

/** Returns how many were missing or other ones. */
async function put(events: Collection<EventDocument>, documents: readonly EventDocument[]): Promise<number> {
  const { known, refused } = await bulkInsert(events, documents);
  const [first] = refused;
  if (first)
    throw new TierError(
      'data',
      `MongoDB refuses ${refused.size} documents of a copy for what they are, such as ${first[0]} (code ${first[1]}): a validator or a unique index that somebody made.`,
    );
  const changed = await othersThan(events, documents, known);
  if (changed.length > 0)
    await events.bulkWrite(
      changed.map((replacement) => ({
        replaceOne: { filter: { _id: replacement._id }, replacement, upsert: true },
      })),
      { ordered: false },
    );
  return documents.length - known.length + changed.length;
}

/** Those documents that are there with another content. */
async function othersThan(
  events: Collection<EventDocument>,
  documents: readonly EventDocument[],
  known: readonly string[],
): Promise<readonly EventDocument[]> {
  if (known.length === 0) return [];
  const ids = new Set(known);
  const options = { raw: true, readConcern: 'majority' } as const;
  const found = await events.find({ _id: { $in: [...known] } }, options).toArray();
  const there = new Set((found as unknown as Buffer[]).map((bytes) => bytes.toString('latin1')));
  const bytesOf = (document: EventDocument): string =>
    Buffer.from(BSON.serialize(document)).toString('latin1');
  return documents.filter((document) => ids.has(document._id) && !there.has(bytesOf(document)));
}

async function removeOthers(
  events: Collection<EventDocument>,
  blocks: readonly BlockId[],
  kept: ReadonlySet<string>,
): Promise<number> {
  if (blocks.length === 0) return 0;
  const options = { projection: { _id: 1 }, readConcern: 'majority' } as const;
  const others: string[] = [];
  for await (const { _id } of events.find(inBlocks(blocks), options)) if (!kept.has(_id)) others.push(_id);
  for (let from = 0; from < others.length; from += BULK_DOCUMENTS)
    await events.deleteMany({ _id: { $in: others.slice(from, from + BULK_DOCUMENTS) } });
  return others.length;
}
