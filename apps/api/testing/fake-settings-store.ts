import type { RunTimeStore, SettingsChange, StoredSettings } from '#app-config';

/** The record of run-time settings in memory. */
export class FakeSettingsStore implements RunTimeStore {
  #record: StoredSettings | undefined;
  readonly #watchers = new Set<() => void>();

  read(): Promise<StoredSettings | undefined> {
    return Promise.resolve(this.#record);
  }

  write(value: unknown, ifVersion: number, changes: readonly SettingsChange[]): Promise<boolean> {
    if ((this.#record?.version ?? 0) !== ifVersion) return Promise.resolve(false);
    this.put(value, changes);
    return Promise.resolve(true);
  }

  watch(changed: () => void): () => void {
    this.#watchers.add(changed);
    return () => this.#watchers.delete(changed);
  }

  /** Writes as another process would. */
  put(value: unknown, changes: readonly SettingsChange[] = []): void {
    this.#record = { version: (this.#record?.version ?? 0) + 1, value, changes };
    for (const changed of this.#watchers) changed();
  }
}
