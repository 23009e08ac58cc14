/** Keeps the one record of run-time settings, shared by all processes. */
export interface RunTimeStore {
  /** The record and its version; undefined before the first write. */
  read(): Promise<{ readonly version: number; readonly value: unknown } | undefined>;
  /** Writes if the record still has this version (0: there is none). False, and nothing written, where it hasn't. */
  write(value: unknown, ifVersion: number): Promise<boolean>;
  /** Calls back after the record changed, in this process at once, in others within 5 s; returns what ends it. */
  watch(changed: () => void): () => void;
}
