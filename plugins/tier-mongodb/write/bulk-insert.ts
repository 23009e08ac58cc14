import { setTimeout as pause } from 'node:timers/promises';
import {
  MongoBulkWriteError,
  MongoError,
  type Collection,
  type Filter,
  type OptionalUnlessRequiredId,
  type WriteError,
} from 'mongodb';
import { PATIENCE } from '#mongodb-client';

/** Documents of one command. */
export const BULK_DOCUMENTS = 1_000;
const DUPLICATE = 11_000;
const OF_ID = / index: _id_ dup key/;
/** Tries at one command whose answer was lost. */
const TRIES = 3;
const PAUSE_MS = 200;

interface Identified {
  readonly _id: string;
}

/** What became of documents that were sent. All others are there now, durably on a majority. */
export interface BulkReport {
  /** Ids of those that were there before. */
  readonly known: readonly string[];
  /** Those that the server refuses for what they are, by id, with its code. */
  readonly refused: ReadonlyMap<string, number>;
}

/**
 * Inserts documents, so many a command, in no order: one that fails holds up no other. A lost answer is no end: the same
 * documents are sent again, and those that had arrived are duplicates then, which is as good as stored.
 *
 * @throws what the driver throws where a command as a whole failed
 */
export async function bulkInsert<D extends Identified>(
  collection: Collection<D>,
  documents: readonly D[],
): Promise<BulkReport> {
  const known: string[] = [];
  const refused = new Map<string, number>();
  for (let from = 0; from < documents.length; from += BULK_DOCUMENTS) {
    const errors = await insertSome(collection, documents.slice(from, from + BULK_DOCUMENTS));
    const there = await presentOf(collection, errors);
    for (const error of errors) {
      const id = idOf(error);
      if (there.has(id)) known.push(id);
      else refused.set(id, error.code);
    }
  }
  return { known, refused };
}

async function insertSome<D extends Identified>(
  collection: Collection<D>,
  documents: readonly D[],
): Promise<readonly WriteError[]> {
  for (let tries = 1; ; tries += 1) {
    try {
      const options = { ordered: false, maxTimeMS: PATIENCE.serverMs };
      await collection.insertMany(documents as readonly OptionalUnlessRequiredId<D>[], options);
      return [];
    } catch (error) {
      if (error instanceof MongoBulkWriteError && isOfDocuments(error)) return [error.writeErrors].flat();
      if (!isLost(error) || tries === TRIES) throw error;
      await pause(PAUSE_MS);
    }
  }
}

/** Whether single documents failed, and what was stored is durable: else nobody knows what there is. */
function isOfDocuments(error: MongoBulkWriteError): boolean {
  return error.result.getWriteConcernError() === undefined && [error.writeErrors].flat().length > 0;
}

/** The document that an error is about: by what was sent, not by a place in a list, which a layer between may have changed. */
function idOf(error: WriteError): string {
  const sent = error.getOperation() as { readonly _id?: unknown };
  return String(sent._id);
}

/**
 * Those that are there already. A duplicate of another index than that of `_id`, which somebody made, keeps an event out: the
 * server only says in words which index it was, so that it is asked where they aren't the usual ones.
 */
async function presentOf<D extends Identified>(
  collection: Collection<D>,
  errors: readonly WriteError[],
): Promise<ReadonlySet<string>> {
  const duplicates = errors.filter(({ code }) => code === DUPLICATE);
  const isTold = ({ errmsg }: WriteError): boolean => OF_ID.test(errmsg ?? '');
  const told = duplicates.filter(isTold).map(idOf);
  const others = duplicates.filter((error) => !isTold(error)).map(idOf);
  if (others.length === 0) return new Set(told);
  const filter = { _id: { $in: others } } as unknown as Filter<D>;
  const found = await collection.find(filter, { projection: { _id: 1 }, readConcern: 'majority' }).toArray();
  return new Set([...told, ...found.map(({ _id }) => String(_id))]);
}

/** Whether the way to the server broke or its primary left, and nobody knows what had come there; the driver tried once more by itself. */
function isLost(error: unknown): boolean {
  return error instanceof MongoError && error.hasErrorLabel('RetryableWriteError');
}
