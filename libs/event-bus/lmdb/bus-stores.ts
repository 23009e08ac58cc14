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
  /** Writes all puts and removes that `queue` makes in one transaction. Durable when it resolves. */
  commit(queue: () => void): Promise<unknown>;
  /** Makes the next read see the newest commit. */
  refresh(): void;
  /** Copies what is committed into an existing directory, without what is free; commits go on meanwhile. */
  copyTo(directory: string): Promise<void>;
  /** Waits for copies. Idempotent. */
  close(): Promise<void>;
}

/** What is kept for an idempotency key. */
export interface StoredAnswer {
  readonly bodyHash: string;
  readonly answer: string;
  /** Which of the batches that were sent with the key it was, where more than one may turn up. */
  readonly batch?: string;
}

/** Address space, not memory, and no limit: LMDB maps more when the log grows beyond it. */
const MAP_BYTES = 16 * 1024 ** 3;

/** An option that lmdb's types leave out: commits begin with the second write that waits. */
const BEGINS_AT_ONCE = { txnStartThreshold: 1 } as object;

/**
 * Opens the environment in a directory of its own. `overlappingSync: false`: a commit resolves after fdatasync, and a
 * failing one rejects instead of never settling. `eventTurnBatching: false`: with it, lmdb rejects a promise of its own
 * at a failed commit, which nobody can catch.
 */
export function openBusStores(directory: string): BusStores {
  const root = open<Uint8Array, number>({
    path: directory,
    encoding: 'binary',
    overlappingSync: false,
    noMemInit: true,
    mapSize: MAP_BYTES,
    eventTurnBatching: false,
    ...BEGINS_AT_ONCE,
    maxDbs: 8,
  });
  const tables = openTables(root);
  return {
    ...tables,
    commit: (queue) => commitNow(root, tables.state, queue),
    refresh: () => root.resetReadTxn(),
    ...copiedAndClosed(root),
  };
}

/**
 * lmdb begins a commit at the end of the event loop's turn, behind all that waits to be read from sockets, unless another
 * write follows the batch: then at once. That one is part of the same transaction, and says nothing.
 */
function commitNow(
  root: RootDatabase<Uint8Array, number>,
  state: BusStores['state'],
  queue: () => void,
): Promise<unknown> {
  const committed = root.batch(queue);
  state.put('begun', []).catch(() => undefined);
  return committed;
}

function openTables(
  root: RootDatabase<Uint8Array, number>,
): Omit<BusStores, 'commit' | 'refresh' | 'copyTo' | 'close'> {
  return {
    headers: root.openDB('headers', { encoding: 'binary' }),
    bodies: root.openDB('bodies', { encoding: 'binary' }),
    received: root.openDB('received', { encoding: 'json' }),
    idempotency: root.openDB('idempotency', { encoding: 'json' }),
    expiry: root.openDB('expiry', { encoding: 'json' }),
    state: root.openDB('state', { encoding: 'json' }),
  };
}

/** A copy needs the environment open to its end. */
function copiedAndClosed(root: RootDatabase<Uint8Array, number>): Pick<BusStores, 'copyTo' | 'close'> {
  let copying: Promise<unknown> = Promise.resolve();
  let closing: Promise<void> | undefined;
  return {
    copyTo: async (directory) => {
      const copy = root.backup(directory, true);
      copying = Promise.allSettled([copying, copy]);
      await copy;
    },
    close: () => (closing ??= copying.then(() => root.close())),
  };
}
