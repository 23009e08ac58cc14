import type { RootDatabase } from 'lmdb';
import { CatalogueError } from '../catalogue.errors.js';
import type {
  Change,
  ChangeOutcome,
  ListableCatalogue,
  SavableCatalogue,
  ScanRange,
  Stored,
} from '../catalogue.port.js';
import { ChangeFeed } from '../change-feed.js';
import { checkName, decodeValue, DEFAULT_SCAN_LIMIT, encodeValue, judgeChange } from '../document-rules.js';
import { LmdbEnvironment } from './lmdb-environment.js';
import { behindCollectionOf, collectionOf, collectionStart, documentKey, keyRange } from './lmdb-keys.js';
import { WriteQueue } from '../write-queue.js';

type Reach = (faultPoint: string) => void;
/** The JSON text of a value; undefined deletes. */
type Prepared = Change & { readonly text: string | undefined };

/** A catalogue in one LMDB environment: the version, a space and the value's JSON text under collection and id. */
export class LmdbCatalogue implements SavableCatalogue, ListableCatalogue {
  private readonly feed = new ChangeFeed();
  private readonly writes = new WriteQueue((calls: readonly (readonly Prepared[])[]) => this.commit(calls));
  private stopped: Promise<void> | undefined;

  private constructor(
    private readonly environment: LmdbEnvironment,
    private readonly reach: Reach,
  ) {}

  /** Opens or makes the catalogue in this directory. */
  static open(options: { readonly directory: string; readonly reach?: Reach }): LmdbCatalogue {
    return new LmdbCatalogue(new LmdbEnvironment(options.directory), options.reach ?? (() => undefined));
  }

  async read<T>(collection: string, id: string): Promise<Stored<T> | undefined> {
    this.checkRunning();
    checkName('collection', collection);
    checkName('id', id);
    const text = await this.environment.use((db) => db.get(documentKey(collection, id)));
    return text === undefined ? undefined : decode<T>(collection, id, text);
  }

  async scan<T>(collection: string, range: ScanRange = {}): Promise<readonly Stored<T>[]> {
    this.checkRunning();
    checkName('collection', collection);
    const keys = keyRange(collection, range.prefix, range.after);
    const skip = collectionStart(collection).length;
    const limit = range.limit ?? DEFAULT_SCAN_LIMIT;
    return this.environment.use((db) =>
      Array.from(db.getRange({ ...keys, limit }), ({ key, value }) =>
        decode<T>(collection, key.subarray(skip).toString(), value),
      ),
    );
  }

  async write(changes: readonly Change[]): Promise<readonly ChangeOutcome[]> {
    this.checkRunning();
    return this.writes.add(changes.map(prepare));
  }

  watch(collection: string, changed: (ids: readonly string[]) => void): () => void {
    return this.feed.watch(collection, changed);
  }

  async saveTo(directory: string): Promise<void> {
    this.checkRunning();
    await this.environment.copyTo(directory);
  }

  /** One look for each; those with a name so long that only its hash is kept are named by none. */
  async collections(): Promise<readonly string[]> {
    this.checkRunning();
    return this.environment.use((db) => {
      const names: string[] = [];
      for (let start: Buffer = Buffer.alloc(0); ;) {
        const [key] = Array.from(db.getKeys({ start, limit: 1 }) as Iterable<unknown>) as Buffer[];
        if (key === undefined) return names;
        names.push(collectionOf(key) ?? '');
        start = behindCollectionOf(key);
      }
    });
  }

  stop(): Promise<void> {
    this.stopped ??= this.writes.idle().then(() => this.environment.close());
    return this.stopped;
  }

  private async commit(
    calls: readonly (readonly Prepared[])[],
  ): Promise<readonly (readonly ChangeOutcome[])[]> {
    const outcomes = await this.environment.commit((db) => {
      const applied = calls.map((changes) => changes.map((change) => apply(db, change)));
      this.reach('catalogue.before-commit');
      return applied;
    });
    this.reach('catalogue.after-commit');
    this.feed.tell(calls.flat(), outcomes.flat());
    return outcomes;
  }

  private checkRunning(): void {
    if (this.stopped) throw new CatalogueError('The catalogue is stopped; ask again after the next start.');
  }
}

function prepare(change: Change): Prepared {
  checkName('collection', change.collection);
  checkName('id', change.id);
  return { ...change, text: change.value === undefined ? undefined : encodeValue(change) };
}

function apply(db: RootDatabase<string, Buffer>, change: Prepared): ChangeOutcome {
  const key = documentKey(change.collection, change.id);
  const outcome = judgeChange(change, versionOf(db.get(key)));
  if (outcome.kind === 'conflict') return outcome;
  if (change.text === undefined) void db.remove(key);
  else void db.put(key, `${outcome.version} ${change.text}`);
  return outcome;
}

function versionOf(text: string | undefined): number {
  return text === undefined ? 0 : Number(text.slice(0, text.indexOf(' ')));
}

function decode<T>(collection: string, id: string, text: string): Stored<T> {
  const value = decodeValue<T>(collection, id, text.slice(text.indexOf(' ') + 1));
  return { id, version: versionOf(text), value };
}
