import { randomUUID } from 'node:crypto';
import { PATIENCE } from '#mongodb-client';
import { CatalogueDamageError, CatalogueError } from '../catalogue.errors.js';
import type { Change, ChangeOutcome, FollowingCatalogue, ScanRange, Stored } from '../catalogue.port.js';
import { ChangeFeed } from '../change-feed.js';
import { checkName, decodeValue, DEFAULT_SCAN_LIMIT } from '../document-rules.js';
import type { CatalogueStatus, MongoPlace, ServedCatalogue } from '../mongodb-place.js';
import { WriteQueue } from '../write-queue.js';
import { applyChanges } from './apply-changes.js';
import { ChangePoller } from './change-poller.js';
import { idOf, keyOf, keysIn, type KeptDocument } from './kept-document.js';
import { MongoLink, type Told } from './mongodb-link.js';
import { prepare, type Prepared } from './statements.js';

/** Documents that one answer of a scan has. */
const BATCH = 1_000;

export interface MongoCatalogueOptions {
  readonly told: Told;
  /** How long a commit took, in seconds. */
  readonly wrote?: (seconds: number) => void;
  readonly reach?: (faultPoint: string) => void;
}

/** A catalogue in one collection of MongoDB: a document for each of its own, under collection and id. */
export class MongoCatalogue implements FollowingCatalogue, ServedCatalogue {
  readonly #feed = new ChangeFeed();
  readonly #link: MongoLink;
  readonly #poller: ChangePoller;
  readonly #options: MongoCatalogueOptions;
  readonly #writes = new WriteQueue((calls: readonly (readonly Prepared[])[]) => this.#commit(calls));
  /** Who has been told of changes at once, and need not be told again. */
  #writer: string = randomUUID();
  #stopped: Promise<void> | undefined;

  private constructor(place: MongoPlace, options: MongoCatalogueOptions) {
    this.#options = options;
    this.#link = new MongoLink(place, options.told);
    this.#poller = new ChangePoller(this.#link.client, this.#link.documents);
  }

  /** Resolves when the server is reached and fit; until then `told` says what is wrong. */
  static async open(place: MongoPlace, options: MongoCatalogueOptions): Promise<MongoCatalogue> {
    const catalogue = new MongoCatalogue(place, options);
    await catalogue.#link.open(() => catalogue.#look());
    return catalogue;
  }

  /** Which catalogue this is: no other one has the same. */
  get identity(): string {
    return this.#link.identity;
  }

  status(): CatalogueStatus {
    return this.#link.status();
  }

  async read<T>(collection: string, id: string): Promise<Stored<T> | undefined> {
    this.#checkRunning();
    checkName('collection', collection);
    checkName('id', id);
    const options = { readConcern: this.#link.readConcern, maxTimeMS: PATIENCE.serverMs };
    const kept = await this.#link.use((documents) =>
      documents.findOne({ _id: keyOf(collection, id) }, options),
    );
    return kept === null || kept.v === 0 ? undefined : decode<T>(collection, kept);
  }

  async scan<T>(collection: string, range: ScanRange = {}): Promise<readonly Stored<T>[]> {
    this.#checkRunning();
    checkName('collection', collection);
    const limit = range.limit ?? DEFAULT_SCAN_LIMIT;
    const filter = { _id: keysIn(collection, range), v: { $gt: 0 } };
    const options = { readConcern: 'majority', maxTimeMS: PATIENCE.serverMs, batchSize: BATCH } as const;
    const found = await this.#link.use((documents) =>
      documents.find(filter, options).sort({ _id: 1 }).limit(limit).toArray(),
    );
    return found.map((kept) => decode<T>(collection, kept));
  }

  async write(changes: readonly Change[]): Promise<readonly ChangeOutcome[]> {
    this.#checkRunning();
    return this.#writes.add(changes.map(prepare));
  }

  watch(collection: string, changed: (ids: readonly string[]) => void): () => void {
    return this.#feed.watch(collection, changed);
  }

  async catchUp(): Promise<void> {
    this.#checkRunning();
    await this.#link.use(() => this.#look());
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#writes.idle().then(() => this.#link.close());
    return this.#stopped;
  }

  async #commit(calls: readonly (readonly Prepared[])[]): Promise<readonly (readonly ChangeOutcome[])[]> {
    const changes = calls.flat();
    const begun = performance.now();
    this.#options.reach?.('catalogue.before-commit');
    const outcomes = await this.#apply(changes);
    this.#options.reach?.('catalogue.after-commit');
    this.#options.wrote?.((performance.now() - begun) / 1_000);
    this.#feed.tell(
      changes.map(({ change }) => change),
      outcomes,
    );
    let from = 0;
    return calls.map(({ length }) => outcomes.slice(from, (from += length)));
  }

  async #apply(changes: readonly Prepared[]): Promise<readonly ChangeOutcome[]> {
    try {
      return await this.#link.use((documents) => applyChanges(documents, changes, this.#writer));
    } catch (error) {
      // Nobody was told of what may have been applied: under another name the next look finds it.
      this.#writer = randomUUID();
      throw error;
    }
  }

  async #look(): Promise<void> {
    await this.#poller.look(this.#feed.collections, this.#writer, (collection, ids) =>
      this.#feed.tellOf(collection, ids),
    );
  }

  #checkRunning(): void {
    if (this.#stopped) throw new CatalogueError('The catalogue is stopped; ask again after the next start.');
  }
}

function decode<T>(collection: string, { _id: key, v: version, t: text }: KeptDocument): Stored<T> {
  const id = idOf(key);
  if (typeof text !== 'string') throw new CatalogueDamageError(collection, id, new Error('no text'));
  return { id, version, value: decodeValue<T>(collection, id, text) };
}
