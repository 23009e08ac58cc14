import { open, type Database, type RootDatabase } from 'lmdb';

/** The tables of the log. A block's header and body have the same key, so that the body is written uncopied. */
export interface BusStores {
  readonly headers: Database<Uint8Array, number>;
  readonly bodies: Database<Uint8Array, number>;
  /** [minute, tenant, stream, source] → events. */
  readonly received: Database<number, (string | number)[]>;
  readonly idempotency: Database<StoredAnswer, string>;
  /** [expiresAt, key] → 0: finds what may be forgotten without reading every key. */
  readonly expiry: Database<number, (string | number)[]>;
  readonly state: Database<number[], string>;
  /** Makes the next read see the newest commit. */
  refresh(): void;
  /** Idempotent. */
  close(): Promise<void>;
}

/** What is kept for an idempotency key. */
export interface StoredAnswer {
  readonly bodyHash: string;
  readonly answer: string;
}

/**
 * Opens the environment in a directory of its own. `overlappingSync: false`: a commit resolves after fdatasync, and a
 * failing one rejects instead of never settling.
 */
export function openBusStores(directory: string, mapBytes: number): BusStores {
  const root = open<Uint8Array, number>({
    path: directory,
    encoding: 'binary',
    overlappingSync: false,
    noMemInit: true,
    mapSize: mapBytes,
    maxDbs: 8,
  });
  return { ...openTables(root), refresh: () => root.resetReadTxn(), close: closeOnce(root) };
}

function openTables(root: RootDatabase<Uint8Array, number>): Omit<BusStores, 'refresh' | 'close'> {
  return {
    headers: root.openDB('headers', { encoding: 'binary' }),
    bodies: root.openDB('bodies', { encoding: 'binary' }),
    received: root.openDB('received', { encoding: 'json' }),
    idempotency: root.openDB('idempotency', { encoding: 'json' }),
    expiry: root.openDB('expiry', { encoding: 'json' }),
    state: root.openDB('state', { encoding: 'json' }),
  };
}

function closeOnce(root: RootDatabase<Uint8Array, number>): () => Promise<void> {
  let closing: Promise<void> | undefined;
  return () => (closing ??= root.close());
}
