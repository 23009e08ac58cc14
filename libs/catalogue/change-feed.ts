import type { Change, ChangeOutcome } from './catalogue.port.js';

type Changed = (ids: readonly string[]) => void;

/** Tells watchers which documents changed. */
export class ChangeFeed {
  private readonly watchers = new Map<symbol, { readonly collection: string; readonly changed: Changed }>();

  /** Those that somebody watches. */
  get collections(): readonly string[] {
    return [...new Set([...this.watchers.values()].map(({ collection }) => collection))];
  }

  /** Calls `changed` after documents of the collection changed; the function returned ends it. */
  watch(collection: string, changed: Changed): () => void {
    const key = Symbol(collection);
    this.watchers.set(key, { collection, changed });
    return () => void this.watchers.delete(key);
  }

  /** Tells of the changes that were applied; conflicts changed nothing. */
  tell(changes: readonly Change[], outcomes: readonly ChangeOutcome[]): void {
    if (this.watchers.size === 0) return;
    const written = changes.filter((_, i) => outcomes[i]?.kind === 'written');
    for (const each of this.collections) {
      const ids = new Set(written.filter(({ collection }) => collection === each).map(({ id }) => id));
      this.tellOf(each, [...ids]);
    }
  }

  /** Tells of documents of a collection that changed, if any. */
  tellOf(collection: string, ids: readonly string[]): void {
    if (ids.length === 0) return;
    for (const watcher of [...this.watchers.values()])
      if (watcher.collection === collection) callSafely(watcher.changed, ids);
  }
}

/** The write is durable, so a watcher's failure must not become the writer's. */
function callSafely(changed: Changed, ids: readonly string[]): void {
  try {
    changed(ids);
  } catch (error) {
    process.emitWarning(error instanceof Error ? error : String(error), 'CatalogueWatcherWarning');
  }
}
