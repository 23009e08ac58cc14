import type { ArchiveStorage } from '../archive-storage.port.js';

/** One adapter under test, with objects of its own. */
export interface ArchiveStorageHarness {
  readonly storage: ArchiveStorage;
  /** What is left when the process is killed now, opened again; the old one is not used any more. */
  crash(): Promise<ArchiveStorage>;
  /** What calls that failed have left behind: files without a name, uploads that were not given up. */
  leftovers(): Promise<number>;
  /** Stops what was opened and removes its objects. */
  stop(): Promise<void>;
}

/** Which sentence of the port a case holds an adapter to. */
export type ArchiveStoragePromise =
  | 'put'
  | 'once'
  | 'whole'
  | 'read'
  | 'sum'
  | 'head'
  | 'list'
  | 'delete'
  | 'keys'
  | 'durable'
  | 'check'
  | 'stop';

export interface ArchiveStorageCase {
  readonly promise: ArchiveStoragePromise;
  readonly name: string;
  /** Rejects where the promise is broken. */
  run(harness: ArchiveStorageHarness): Promise<void>;
}
