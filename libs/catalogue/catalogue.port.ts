/**
 * Small durable documents: streams, policies, keys, ingest state, jobs, ledger. Each document has a version that rises
 * with every write; writes are conditional on it, one document at a time, which every engine can keep. After a delete
 * the count starts again at 1. Names of collections and ids are 1 to 1,000 bytes of UTF-8 without NUL.
 *
 * Lifecycle: ready when its module hands it out; `stop` waits for writes under way, is idempotent, legal at any time.
 */
export interface Catalogue {
  /**
   * Reads one document; undefined where there is none. Sees every write that was acknowledged before the call.
   *
   * @throws CatalogueDamageError `catalogue_damaged` where it is there and can't be read; so does a scan that comes to it.
   */
  read<T>(collection: string, id: string): Promise<Stored<T> | undefined>;

  /**
   * Reads documents of a collection in the order of their ids' bytes. `prefix` narrows, `after` starts behind an id, `limit`
   * ends early (default 1,000).
   */
  scan<T>(collection: string, range?: ScanRange): Promise<readonly Stored<T>[]>;

  /**
   * Applies the changes in order and answers for each. Durable when it resolves. Each document's change is atomic;
   * changes of several documents are not one transaction (a crash may keep a prefix), so callers order them and make
   * each idempotent.
   *
   * @throws CatalogueError `catalogue_unavailable` (retryable; what was applied is unknown, read before a retry).
   * @throws CatalogueMisuseError `catalogue_misuse` (a name or a value that can't be kept; nothing was applied).
   */
  write(changes: readonly Change[]): Promise<readonly ChangeOutcome[]>;

  /** Calls back after documents of the collection changed, in this process at once, in others within 5 s. */
  watch(collection: string, changed: (ids: readonly string[]) => void): () => void;

  stop(): Promise<void>;
}

/** A catalogue whose files are this machine's. */
export interface SavableCatalogue extends Catalogue {
  /**
   * Writes the catalogue, as it is at one moment during the call, into an existing empty directory, from which it can be
   * opened. Reads and writes go on meanwhile.
   *
   * @throws CatalogueError `catalogue_unavailable` where the copy can't be written
   */
  saveTo(directory: string): Promise<void>;
}

/** Whether the catalogue can be saved by itself. */
export function isSavableCatalogue(catalogue: Catalogue): catalogue is SavableCatalogue {
  return 'saveTo' in catalogue;
}

/** A catalogue that other processes write, too. */
export interface FollowingCatalogue extends Catalogue {
  /**
   * Resolves when whoever watches was told of all that others wrote before the call.
   *
   * @throws CatalogueError
   */
  catchUp(): Promise<void>;
}

/** Whether other processes may write the catalogue. */
export function isFollowing(catalogue: Catalogue): catalogue is FollowingCatalogue {
  return 'catchUp' in catalogue;
}

/** A catalogue that can tell what it has, for whoever moves it elsewhere. */
export interface ListableCatalogue extends Catalogue {
  /** Names of the collections that have a document, in the order of their bytes. */
  collections(): Promise<readonly string[]>;
}

/** Whether the catalogue can tell its collections. */
export function isListableCatalogue(catalogue: Catalogue): catalogue is ListableCatalogue {
  return 'collections' in catalogue;
}

export interface Stored<T> {
  readonly id: string;
  readonly version: number;
  readonly value: T;
}

export interface ScanRange {
  readonly prefix?: string;
  readonly after?: string;
  readonly limit?: number;
}

/**
 * One document to write (`value`, plain JSON) or delete (`value: undefined`). `ifVersion`: 0 means "must not exist", a
 * number "must have this version", absent "whatever is there".
 */
export interface Change {
  readonly collection: string;
  readonly id: string;
  readonly value: unknown;
  readonly ifVersion?: number;
}

/** `conflict`: the document had another version (`version`; 0: none); nothing of this change was applied. */
export type ChangeOutcome =
  /** `version` is the document's new one; 0 after a delete. */
  | { readonly kind: 'written'; readonly version: number }
  | { readonly kind: 'conflict'; readonly version: number };
