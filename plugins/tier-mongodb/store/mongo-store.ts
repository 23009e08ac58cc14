import { MongoClient, MongoError, type Collection, type Db, type MongoClientOptions } from 'mongodb';
import { clientOptions, mongoProblem, PATIENCE } from '#mongodb-client';
import { TierError, type StreamSpec, type TierServer } from '#plugin-kit';
import type { BlockCounts } from '../counts/block-counts.js';
import type { EventDocument } from '../documents/event-document.js';
import type { RefusedDocument } from '../quarantine/refused-document.js';
import { countsName, eventsName, quarantineName } from './names.js';

const NO_PRIMARY =
  'MongoDB has no primary: see that most of the members that MONGODB_URI leads to run and reach each other.';
/** MaxTimeMSExpired: the server gave up because the time that it was given was over. */
const OUT_OF_TIME = 50;

/** The database that the tier keeps everything in. */
export class MongoStore {
  readonly db: Db;
  readonly #client: MongoClient;
  #stopped: Promise<void> | undefined;

  constructor(server: TierServer) {
    this.#client = new MongoClient(server.url, optionsOf(server));
    this.db = this.#client.db(server.database);
  }

  events(stream: Pick<StreamSpec, 'tenant' | 'name'>): Collection<EventDocument> {
    return this.db.collection<EventDocument>(eventsName(stream));
  }

  counts(stream: Pick<StreamSpec, 'tenant' | 'name'>): Collection<BlockCounts> {
    return this.db.collection<BlockCounts>(countsName(stream));
  }

  quarantine(tenant: string): Collection<RefusedDocument> {
    return this.db.collection<RefusedDocument>(quarantineName(tenant));
  }

  /** Does something with the server, and says what its failure means. @throws TierError */
  async use<R>(work: () => Promise<R>): Promise<R> {
    this.#checkRunning();
    try {
      return await work();
    } catch (error) {
      throw toTierError(error);
    }
  }

  /** The same for what is given back piece by piece. */
  async *stream<T>(work: () => AsyncIterable<T>): AsyncGenerator<T> {
    this.#checkRunning();
    try {
      yield* work();
    } catch (error) {
      throw toTierError(error);
    }
  }

  #checkRunning(): void {
    if (this.#stopped) throw stoppedError();
  }

  /** Rejects where the server can't take a write now. */
  ping(): Promise<void> {
    return this.use(async () => {
      const hello = await this.db.command({ hello: 1 }, { timeoutMS: PATIENCE.answerMs });
      if (hello['isWritablePrimary'] !== true) throw new TierError('unavailable', NO_PRIMARY);
    });
  }

  stop(): Promise<void> {
    return (this.#stopped ??= this.#client.close());
  }
}

function optionsOf({ user, password, ca }: TierServer): MongoClientOptions {
  const login = user === '' ? {} : { user, password };
  return { ...clientOptions({ uri: '', database: '', ...login }), ...(ca !== undefined && { ca }) };
}

/** What a failure of the server, or of the way to it, means. What a person mends there is `unavailable`: it is tried again. */
export function toTierError(error: unknown): unknown {
  if (!(error instanceof MongoError)) return error;
  if (codeOf(error) === OUT_OF_TIME)
    return new TierError('timeout', 'MongoDB did not finish in the time that the question was given.', error);
  return new TierError('unavailable', mongoProblem(error), error);
}

/** The server's code of an error. */
export function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function stoppedError(): TierError {
  return new TierError('unavailable', 'The documents tier is stopped; ask again after the next start.');
}
