/** What somebody changed. */
export interface SettingsChange {
  /** Of the record that the change made. */
  readonly version: number;
  /** RFC 3339. */
  readonly changed_at: string;
  /** Id and name of the key that asked for it. */
  readonly key_id: string;
  readonly key_name: string;
  /** What was asked for, by the settings' names; null: back to what the start gave. */
  readonly patch: Readonly<Record<string, unknown>>;
}

/** The record as it is kept. */
export interface StoredSettings {
  readonly version: number;
  readonly value: unknown;
  /** The newest changes, the last one first. */
  readonly changes?: readonly SettingsChange[];
}

/** Keeps the one record of run-time settings, shared by all processes. */
export interface RunTimeStore {
  /** Undefined before the first write. */
  read(): Promise<StoredSettings | undefined>;
  /**
   * Writes the value and the changes that led to it, both or none, if the record still has this version (0: there is
   * none). False, and nothing written, where it hasn't.
   */
  write(value: unknown, ifVersion: number, changes: readonly SettingsChange[]): Promise<boolean>;
  /** Calls back after the record changed, in this process at once, in others within 5 s; returns what ends it. */
  watch(changed: () => void): () => void;
}
