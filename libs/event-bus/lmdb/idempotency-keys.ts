import { createHash } from 'node:crypto';
import type { Idempotency } from '../event-bus.port.js';
import type { BusStores, StoredAnswer } from './bus-stores.js';

/** LMDB's keys are at most 1,978 bytes; longer client keys are known by their hash. */
const LONGEST_PLAIN_KEY = 256;

/** Idempotency keys of one transaction: those in the log, and those that came earlier in the same group. */
export class IdempotencyKeys {
  private readonly group = new Map<string, StoredAnswer>();

  /** A new group begins. */
  begin(): void {
    this.group.clear();
  }

  /** Takes the key for this batch, or tells what the first request with it left. */
  claim(stores: BusStores, idempotency: Idempotency): StoredAnswer | undefined {
    const key = storageKey(idempotency.key);
    const known = this.group.get(key) ?? stores.idempotency.get(key);
    if (!known) this.group.set(key, { bodyHash: idempotency.bodyHash, answer: idempotency.answer });
    return known;
  }

  /** Gives the key back, whose batch is not written after all. */
  forget(key: string): void {
    this.group.delete(storageKey(key));
  }
}

/** Queues the key's record. */
export function putKey(
  stores: BusStores,
  { key, bodyHash, answer, expiresAt, batch }: Idempotency & Pick<StoredAnswer, 'batch'>,
): void {
  const answered: StoredAnswer = { bodyHash, answer, ...(batch !== undefined && { batch }) };
  void stores.idempotency.put(storageKey(key), answered);
  void stores.expiry.put([expiresAt, storageKey(key)], 0);
}

/** What is kept for a key. */
export function knownKey(stores: BusStores, key: string): StoredAnswer | undefined {
  return stores.idempotency.get(storageKey(key));
}

function storageKey(key: string): string {
  return Buffer.byteLength(key) <= LONGEST_PLAIN_KEY ? key : createHash('sha256').update(key).digest('hex');
}
