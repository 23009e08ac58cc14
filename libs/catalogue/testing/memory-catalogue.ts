import { CatalogueError } from '../catalogue.errors.js';
import type { Change, ChangeOutcome, ListableCatalogue, ScanRange, Stored } from '../catalogue.port.js';
import { ChangeFeed } from '../change-feed.js';
import { checkName, decodeValue, DEFAULT_SCAN_LIMIT, encodeValue, judgeChange } from '../document-rules.js';

/** What is left of a {@link MemoryCatalogue} after a crash: collection, then id, then the document. */
export type MemoryDisk = Map<string, Map<string, { readonly version: number; readonly text: string }>>;

/** A catalogue for tests without I/O; a second one over the same disk finds what the first one wrote. */
export class MemoryCatalogue implements ListableCatalogue {
  protected readonly feed = new ChangeFeed();
  private stopped = false;

  constructor(protected readonly disk: MemoryDisk = new Map()) {}

  async read<T>(collection: string, id: string): Promise<Stored<T> | undefined> {
    this.checkRunning();
    checkName('collection', collection);
    checkName('id', id);
    const found = this.disk.get(collection)?.get(id);
    return found && { id, version: found.version, value: this.decode<T>(collection, id, found.text) };
  }

  async scan<T>(collection: string, range: ScanRange = {}): Promise<readonly Stored<T>[]> {
    this.checkRunning();
    checkName('collection', collection);
    const documents = [...(this.disk.get(collection) ?? [])]
      .filter(([id]) => this.inRange(id, range))
      .sort(([a], [b]) => this.compare(a, b));
    return documents
      .slice(0, range.limit ?? DEFAULT_SCAN_LIMIT)
      .map(([id, { version, text }]) => ({ id, version, value: this.decode<T>(collection, id, text) }));
  }

  async write(changes: readonly Change[]): Promise<readonly ChangeOutcome[]> {
    this.checkRunning();
    const prepared = changes.map(prepare);
    const outcomes = prepared.map(({ change, text }) => this.apply(change, text));
    this.feed.tell(changes, outcomes);
    return outcomes;
  }

  watch(collection: string, changed: (ids: readonly string[]) => void): () => void {
    return this.feed.watch(collection, changed);
  }

  async collections(): Promise<readonly string[]> {
    this.checkRunning();
    return [...this.disk].flatMap(([name, documents]) => (documents.size > 0 ? [name] : [])).sort();
  }

  async stop(): Promise<void> {
    this.stopped = true;
  }

  protected decode<T>(collection: string, id: string, text: string): T {
    return decodeValue<T>(collection, id, text);
  }

  protected judge(change: Change, current: number): ChangeOutcome {
    return judgeChange(change, current);
  }

  protected inRange(id: string, range: ScanRange): boolean {
    return id.startsWith(range.prefix ?? '') && (range.after === undefined || byBytes(id, range.after) > 0);
  }

  protected compare(a: string, b: string): number {
    return byBytes(a, b);
  }

  private apply(change: Change, text: string | undefined): ChangeOutcome {
    const documents = this.disk.get(change.collection) ?? new Map();
    this.disk.set(change.collection, documents);
    const outcome = this.judge(change, documents.get(change.id)?.version ?? 0);
    if (outcome.kind === 'conflict') return outcome;
    if (text === undefined) documents.delete(change.id);
    else documents.set(change.id, { version: outcome.version, text });
    return outcome;
  }

  private checkRunning(): void {
    if (this.stopped) throw new CatalogueError('The catalogue is stopped.');
  }
}

function prepare(change: Change): { readonly change: Change; readonly text: string | undefined } {
  checkName('collection', change.collection);
  checkName('id', change.id);
  return { change, text: change.value === undefined ? undefined : encodeValue(change) };
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
