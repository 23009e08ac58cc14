import type { StoredNotice, StoredNotices } from '../stored-notices.port.js';

/** Notices for listeners in the same process. */
export class InProcessStoredNotices implements StoredNotices {
  readonly #listeners = new Set<(notice: StoredNotice) => void>();

  /** @param onError told when a listener throws: the writer that tells must never fail by it */
  constructor(private readonly onError: (error: unknown) => void = () => undefined) {}

  tell(notice: StoredNotice): void {
    for (const listener of this.#listeners) {
      try {
        listener(notice);
      } catch (error) {
        this.onError(error);
      }
    }
  }

  listen(listener: (notice: StoredNotice) => void): () => void {
    // Wrapped, so that a listener that listens twice is told twice.
    const own = (notice: StoredNotice): void => listener(notice);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }
}
