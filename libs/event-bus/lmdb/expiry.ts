import type { ExpiredCounts } from '../event-bus.port.js';
import type { BusStores } from './bus-stores.js';
import type { LogWriter } from './log-writer.js';

const KEYS_PER_COMMIT = 1000;

type ExpiryKey = (string | number)[];

/** Forgets what is over, in small commits between which requests pass. */
export class Expiry {
  private readonly writer: LogWriter;

  constructor(writer: LogWriter) {
    this.writer = writer;
  }

  /** @param nowMs Milliseconds since the epoch; keys that expired before it go, and counts before the minute. */
  async run(nowMs: number, countsBeforeMinute: number): Promise<ExpiredCounts> {
    const idempotencyKeys = await this.sweep(
      ({ expiry }) => [...expiry.getKeys({ end: [nowMs], limit: KEYS_PER_COMMIT })],
      (stores, key) => {
        void stores.expiry.remove(key);
        void stores.idempotency.remove(String(key[1]));
      },
    );
    const receivedCounts = await this.sweep(
      ({ received }) => [...received.getKeys({ end: [countsBeforeMinute], limit: KEYS_PER_COMMIT })],
      (stores, key) => void stores.received.remove(key),
    );
    return { idempotencyKeys, receivedCounts };
  }

  private async sweep(
    find: (stores: BusStores) => readonly ExpiryKey[],
    remove: (stores: BusStores, key: ExpiryKey) => void,
  ): Promise<number> {
    for (let removed = 0; ;) {
      const keys = find(this.writer.stores);
      if (keys.length === 0) return removed;
      await this.writer.submit({
        apply: (stores) => keys.forEach((key) => remove(stores, key)),
        durable: () => undefined,
      });
      removed += keys.length;
    }
  }
}
