import { mkdirSync } from 'node:fs';
import { open, type RootDatabase } from 'lmdb';
import { CatalogueError } from '../catalogue.errors.js';

type Database = RootDatabase<string, Buffer>;

/**
 * An LMDB environment that is opened anew after a failed commit: until then LMDB refuses every further write, so one
 * full disk would end all writing.
 */
export class LmdbEnvironment {
  private db: Database | undefined;
  private opening: Promise<Database> | undefined;
  /** Copies under way, which need their environment open. */
  private copying: Promise<unknown> = Promise.resolve();

  constructor(private readonly directory: string) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.db = openDatabase(directory);
  }

  /** Calls `use` with the open database, at once unless it is being reopened. */
  async use<R>(use: (db: Database) => R): Promise<R> {
    return use(this.db ?? (await this.reopen()));
  }

  /**
   * Runs `change` in one write transaction; durable when it resolves. One call at a time.
   *
   * @throws CatalogueError when the commit failed; later calls work again as soon as the disk does.
   */
  async commit<R>(change: (db: Database) => R): Promise<R> {
    const db = this.db ?? (await this.reopen());
    try {
      const result = await db.transaction(() => change(db));
      db.resetReadTxn();
      return result;
    } catch (error) {
      const cause = await commitCause(error);
      await this.discard();
      throw failure(this.directory, cause);
    }
  }

  /** Copies what is committed into an existing directory; writes go on meanwhile. @throws CatalogueError */
  async copyTo(directory: string): Promise<void> {
    const db = this.db ?? (await this.reopen());
    const copy = db.backup(directory, false);
    this.copying = Promise.allSettled([this.copying, copy]);
    await copy.catch((cause: unknown) => Promise.reject(failure(directory, cause)));
  }

  async close(): Promise<void> {
    await this.opening?.catch(() => undefined);
    await this.discard();
  }

  private async discard(): Promise<void> {
    const db = this.db;
    this.db = undefined;
    await this.copying;
    await db?.close().catch((error: unknown) => process.emitWarning(String(error)));
  }

  private async reopen(): Promise<Database> {
    this.opening ??= Promise.resolve()
      .then(() => (this.db = openDatabase(this.directory)))
      .catch((cause: unknown) => Promise.reject(failure(this.directory, cause)))
      .finally(() => (this.opening = undefined));
    return this.opening;
  }
}

function openDatabase(path: string): Database {
  // overlappingSync would let a failed fsync leave a write waiting for ever.
  return open<string, Buffer>({
    path,
    keyEncoding: 'binary',
    encoding: 'string',
    overlappingSync: false,
    noSubdir: false,
  });
}

/** LMDB says why a commit failed in a promise of its own, which must be heard or it ends the process. */
async function commitCause(error: unknown): Promise<unknown> {
  if (!(error instanceof Error) || !('commitError' in error)) return error;
  return Promise.resolve(error.commitError).catch((cause: unknown) => cause);
}

function failure(directory: string, cause: unknown): CatalogueError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new CatalogueError(
    `The catalogue in ${directory} could not be written (${why}). Check that its disk has room and is healthy, then try again.`,
    cause,
  );
}
