import { Timestamp, type Collection, type MongoClient } from 'mongodb';
import { PATIENCE } from '#mongodb-client';
import { idOf, type KeptDocument } from './kept-document.js';

/** Seconds that a change may come to be seen behind a later one; each look goes back so far. */
const OVERLAP_S = 10;
/** Seconds that a deleted document stays, for others to hear of it. */
export const DELETED_KEPT_S = 86_400;

/** Tells which documents of a collection were changed by others. */
type Tell = (collection: string, ids: readonly string[]) => void;

/** Finds what others changed, by the server's own time of each change: no stream of changes is needed, or can break off. */
export class ChangePoller {
  /** Up to when everything was seen, by the cluster's clock. */
  #through: Timestamp | undefined;
  /** When each of the documents was changed that the next look finds again. */
  readonly #told = new Map<string, Timestamp>();

  constructor(
    private readonly client: MongoClient,
    private readonly documents: Collection<KeptDocument>,
  ) {}

  /** Looks once; `writer` is who has been told of its own changes already. */
  async look(collections: readonly string[], writer: string, tell: Tell): Promise<void> {
    const from = this.#through;
    await this.client.withSession(async (session) => {
      const filter = {
        c: { $in: [...collections] },
        w: { $ne: writer },
        ...(from && { m: { $gt: earlier(from) } }),
      };
      const options = {
        session,
        projection: { c: 1, m: 1 },
        readConcern: 'majority',
        maxTimeMS: PATIENCE.serverMs,
      } as const;
      // The first look only learns the time: nothing was read before it that could be out of date.
      const found = await this.documents
        .find(filter, options)
        .limit(from ? 0 : 1)
        .toArray();
      const now = session.operationTime;
      if (from) this.#tell(found, tell);
      if (now) this.#advance(now);
    });
  }

  #tell(found: readonly Pick<KeptDocument, '_id' | 'c' | 'm'>[], tell: Tell): void {
    const changed = new Map<string, string[]>();
    for (const { _id: key, c: collection, m: time } of found) {
      if (this.#told.get(key)?.equals(time)) continue;
      this.#told.set(key, time);
      changed.set(collection, [...(changed.get(collection) ?? []), idOf(key)]);
    }
    for (const [collection, ids] of changed) tell(collection, ids);
  }

  #advance(now: Timestamp): void {
    this.#through = now;
    const oldest = earlier(now);
    for (const [key, time] of this.#told) if (time.lessThan(oldest)) this.#told.delete(key);
  }
}

function earlier(time: Timestamp): Timestamp {
  return new Timestamp({ t: Math.max(0, time.getHighBitsUnsigned() - OVERLAP_S), i: 0 });
}
