import type { ReceivedCount } from '../event-bus.port.js';
import type { BusStores } from './bus-stores.js';
import type { CommitCompanion } from './log-writer.js';
import { minuteOf, type PendingBlock } from './pending-blocks.js';

interface Count {
  readonly key: (string | number)[];
  events: number;
}

/**
 * Counts accepted events by minute and origin in the transaction that stores their blocks. A commit reads each of its
 * counters once; that no other commit is under way makes the sum exact.
 */
export class ReceivedCounts implements CommitCompanion {
  private readonly changed = new Map<string, Count>();

  begin(): void {
    this.changed.clear();
  }

  add(stores: BusStores, { origin, receivedAt, events }: Omit<PendingBlock, 'position'>): void {
    const minute = minuteOf(receivedAt);
    const name = `${minute}/${origin.tenant}/${origin.stream}/${origin.source}`;
    const count =
      this.changed.get(name) ?? readCount(stores, [minute, origin.tenant, origin.stream, origin.source]);
    this.changed.set(name, count);
    count.events += events;
  }

  flush(stores: BusStores): void {
    for (const { key, events } of this.changed.values()) void stores.received.put(key, events);
  }
}

/** Counts between two minutes, both inclusive. */
export function readReceived(
  stores: BusStores,
  fromMinute: number,
  toMinute: number,
): readonly ReceivedCount[] {
  const range = stores.received.getRange({ start: [fromMinute], end: [toMinute + 1] });
  return Array.from(range, ({ key: [minute, tenant, stream, source], value: events }) => ({
    tenant: String(tenant),
    stream: String(stream),
    source: String(source),
    minute: Number(minute),
    events,
  }));
}

function readCount(stores: BusStores, key: (string | number)[]): Count {
  return { key, events: stores.received.get(key) ?? 0 };
}
