import { setTimeout as pause } from 'node:timers/promises';
import { MongoClient, type Collection, type Db, type TopologyDescription } from 'mongodb';
import { clientOptions, mongoProblem } from '#mongodb-client';
import { CatalogueError } from '../catalogue.errors.js';
import type { CatalogueStatus, MongoPlace } from '../mongodb-place.js';
import { checkServer, documentsOf, readIdentity } from './check-server.js';
import type { KeptDocument } from './kept-document.js';
import { ReplicationLag } from './replication-lag.js';

/** Milliseconds between looks at the server: at what others changed, or, where it is out, whether it is back. */
const LOOK_MS = 1_000;
const NOT_YET = 'MongoDB has not answered yet: see that it runs at MONGODB_URI.';

/** Told when MongoDB goes and comes back: `problem` undefined. Each problem once, until another one or the next return. */
export type Told = (problem: string | undefined) => void;

/** The connection to MongoDB: found again by itself, and used only while the server is fit for it. */
export class MongoLink {
  readonly client: MongoClient;
  readonly documents: Collection<KeptDocument>;
  /** Which catalogue the server has; known once it was fit. */
  identity = '';
  readonly #db: Db;
  readonly #lag = new ReplicationLag();
  readonly #ended = new AbortController();
  #fault: string | undefined = NOT_YET;
  #said: string | undefined;
  #topology: TopologyDescription | undefined;
  #keeping: Promise<void> | undefined;

  constructor(
    place: MongoPlace,
    private readonly told: Told,
  ) {
    this.client = new MongoClient(place.uri, clientOptions(place));
    this.client.on('topologyDescriptionChanged', ({ newDescription }) => (this.#topology = newDescription));
    this.#lag.follow(this.client);
    this.#db = this.client.db(place.database);
    this.documents = documentsOf(this.#db);
  }

  /** Resolves when the server is fit, however long that takes; from then on `look` is called as long as it is. */
  async open(look: () => Promise<void>): Promise<void> {
    while (!(await this.#check(look))) await this.#pause();
    this.#keeping = this.#keep(look);
  }

  status(): CatalogueStatus {
    const servers = [...(this.#topology?.servers.values() ?? [])];
    const alive = servers.filter(({ type }) => type !== 'Unknown' && type !== 'PossiblePrimary').length;
    const fault = this.#fault;
    const lag = this.#lag.seconds();
    return {
      engine: 'mongodb',
      members: { alive, known: servers.length },
      ...(lag.size > 0 && { lag }),
      ...(fault !== undefined && { fault }),
    };
  }

  /**
   * The kind of read that sees all that was acknowledged. A primary that was replaced and does not know it yet would answer any
   * other than a linearizable one from its past; a set of one has no other primary, and would take 100 ms for each of those.
   */
  get readConcern(): 'linearizable' | 'majority' {
    const { type, servers } = this.#topology ?? {};
    return type === 'ReplicaSetWithPrimary' && servers?.size === 1 ? 'majority' : 'linearizable';
  }

  /** Does something with the documents. @throws CatalogueError at once where the server is known to be out */
  async use<R>(work: (documents: Collection<KeptDocument>) => Promise<R>): Promise<R> {
    if (this.#fault !== undefined) throw new CatalogueError(this.#fault);
    try {
      return await work(this.documents);
    } catch (error) {
      const problem = mongoProblem(error);
      this.#down(problem);
      throw new CatalogueError(problem, error);
    }
  }

  async close(): Promise<void> {
    this.#ended.abort();
    await this.client.close();
    await this.#keeping;
  }

  async #keep(look: () => Promise<void>): Promise<void> {
    for (;;) {
      await this.#pause();
      if (this.#ended.signal.aborted) return;
      if (this.#fault !== undefined) await this.#check(look);
      else await this.use((documents) => this.#look(documents, look)).catch(() => undefined);
    }
  }

  async #look(documents: Collection<KeptDocument>, look: () => Promise<void>): Promise<void> {
    const identity = await readIdentity(documents);
    if (identity === this.identity) return look();
    this.#down(ANOTHER);
  }

  /** Whether the server can be used now. */
  async #check(look: () => Promise<void>): Promise<boolean> {
    try {
      // Does nothing but for the first time: until that is done, a client that failed stays closed.
      await this.client.connect();
      const { problem, identity } = await checkServer(this.#db);
      if (problem !== undefined) this.#down(problem);
      else if (this.identity !== '' && this.identity !== identity) this.#down(ANOTHER);
      else {
        this.identity = identity;
        await look();
        this.#up();
        return true;
      }
    } catch (error) {
      this.#down(mongoProblem(error));
    }
    return false;
  }

  #up(): void {
    this.#fault = undefined;
    this.#said = undefined;
    this.told(undefined);
  }

  #down(problem: string): void {
    if (this.#ended.signal.aborted) return;
    this.#fault = problem;
    if (problem !== this.#said) this.told(problem);
    this.#said = problem;
  }

  async #pause(): Promise<void> {
    await pause(LOOK_MS, undefined, { signal: this.#ended.signal, ref: false }).catch(() => undefined);
  }
}

const ANOTHER =
  'The database of MONGODB_DATABASE holds another catalogue than it did when this process started: restore it, or start anew.';
