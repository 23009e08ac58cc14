import { randomUUID } from 'node:crypto';
import type { Collection, Db } from 'mongodb';
import { PATIENCE, STAND_ALONE } from '#mongodb-client';
import { DELETED_KEPT_S } from './change-poller.js';
import type { KeptDocument } from './kept-document.js';

/** How documents are kept; a later version of the program may keep them in another way. */
const FORMAT = 1;
/** No document's key begins with a NUL. */
const OWN_KEY = '\0catalogue';
const COLLECTION = 'catalogue';

/** What was found out about a server. */
export interface ServerCheck {
  /** What keeps it from being used; undefined where nothing does. */
  readonly problem: string | undefined;
  /** Which catalogue this is; made with it. */
  readonly identity: string;
}

/** The collection of all documents of the catalogue. */
export function documentsOf(db: Db): Collection<KeptDocument> {
  return db.collection<KeptDocument>(COLLECTION, {
    writeConcern: { w: 'majority', journal: true, wtimeoutMS: PATIENCE.serverMs },
  });
}

/**
 * Looks whether the server can keep a catalogue, and makes what is missing there. It writes, so a user who may only read, and a
 * server that is full, are found out here.
 *
 * @throws what the driver throws
 */
export async function checkServer(db: Db): Promise<ServerCheck> {
  const hello = await db.admin().command({ hello: 1 }, { readPreference: 'primary' });
  if (hello['setName'] === undefined && hello['msg'] !== 'isdbgrid')
    return { problem: STAND_ALONE, identity: '' };
  if (hello['isWritablePrimary'] !== true) return { problem: NO_PRIMARY, identity: '' };
  const documents = documentsOf(db);
  await documents.createIndexes([
    // What others changed, by collection and time.
    { key: { c: 1, m: 1 }, name: 'changed' },
    { key: { gone: 1 }, name: 'deleted', expireAfterSeconds: DELETED_KEPT_S },
  ]);
  const own = await makeOwn(documents);
  return {
    problem:
      own.format === FORMAT
        ? undefined
        : `The catalogue in the database of MONGODB_DATABASE was written by another version of this program (format ${own.format}, and this one writes ${FORMAT}): start that version, or name another database.`,
    identity: own.identity,
  };
}

const NO_PRIMARY =
  'The server of MONGODB_URI is a secondary that was named alone: name its replica set with replicaSet, without directConnection.';

/** Which catalogue the server has now; undefined where it has none. */
export async function readIdentity(documents: Collection<KeptDocument>): Promise<string | undefined> {
  const kept = await documents.findOne({ _id: OWN_KEY }, { maxTimeMS: PATIENCE.serverMs });
  return kept?.t === undefined ? undefined : (JSON.parse(kept.t) as { identity: string }).identity;
}

async function makeOwn(documents: Collection<KeptDocument>): Promise<{ identity: string; format: number }> {
  const made = JSON.stringify({ identity: randomUUID(), format: FORMAT });
  const kept = await documents.findOneAndUpdate(
    { _id: OWN_KEY },
    // The time shows that the server takes writes, whoever made the document.
    { $setOnInsert: { c: '', v: 1, w: '', t: made }, $currentDate: { m: { $type: 'timestamp' } } },
    { upsert: true, returnDocument: 'after', maxTimeMS: PATIENCE.serverMs },
  );
  return JSON.parse(kept?.t ?? made) as { identity: string; format: number };
}
