import type { BlockHeader, BlockId } from '#event-model';
import type { Backlog, ReceivedCount } from '../event-bus.port.js';
import { CommitWaiters } from './commit-waiters.js';
import type { Origin } from './origins.js';

/** A block that is published and not committed. */
export interface PendingBlock {
  readonly position: number;
  readonly id: BlockId;
  readonly origin: Origin;
  readonly events: number;
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
}

/** What waits in the log, without the bodies: one small record a block, so that 256 MiB of tiny blocks fit in memory. */
export class PendingBlocks {
  private readonly byPosition = new Map<number, PendingBlock>();
  private readonly positions = new Map<BlockId, number>();
  private readonly waiters = new CommitWaiters();
  private bytes = 0;
  private events = 0;
  private last = 0;

  add(block: PendingBlock): void {
    this.byPosition.set(block.position, block);
    this.positions.set(block.id, block.position);
    this.bytes += block.bytes;
    this.events += block.events;
    this.last = block.position;
  }

  /** Forgets a block; a position that isn't pending is passed over. */
  remove(position: number): void {
    const block = this.byPosition.get(position);
    if (!block) return;
    this.byPosition.delete(position);
    this.positions.delete(block.id);
    this.bytes -= block.bytes;
    this.events -= block.events;
    this.waiters.committed(block.id);
  }

  has(position: number): boolean {
    return this.byPosition.has(position);
  }

  /** The oldest block behind a position. Positions are dense, so that stepping beats a sorted structure. */
  next(after: number): PendingBlock | undefined {
    if (this.byPosition.size === 0) return undefined;
    const oldest = this.byPosition.keys().next().value ?? 0;
    for (let at = Math.max(after + 1, oldest); at <= this.last; at += 1) {
      const block = this.byPosition.get(at);
      if (block) return block;
    }
    return undefined;
  }

  backlog(nowMs: number): Backlog {
    const oldest = this.next(0);
    const ageMs = oldest ? Math.max(0, nowMs - oldest.receivedAt) : 0;
    return { blocks: this.byPosition.size, bytes: this.bytes, events: this.events, ageMs };
  }

  eventsIn(ids: readonly BlockId[]): number {
    return ids.reduce((sum, id) => sum + (this.byPosition.get(this.positions.get(id) ?? -1)?.events ?? 0), 0);
  }

  whenCommitted(ids: readonly BlockId[], timeoutMs: number): Promise<boolean> {
    return this.waiters.wait(
      ids.filter((id) => this.positions.has(id)),
      timeoutMs,
    );
  }

  /** Events by origin and minute. */
  counts(): readonly ReceivedCount[] {
    const sums = new Map<Origin, Map<number, number>>();
    for (const { origin, receivedAt, events } of this.byPosition.values()) {
      const minutes = sums.get(origin) ?? new Map<number, number>();
      const minute = minuteOf(receivedAt);
      sums.set(origin, minutes.set(minute, (minutes.get(minute) ?? 0) + events));
    }
    return [...sums].flatMap(([origin, minutes]) =>
      [...minutes].map(([minute, events]) => ({ ...origin, minute, events })),
    );
  }

  /** Ends all waiting: those who wait hear that they gave up. */
  stop(): void {
    this.waiters.stop();
  }
}

/** Start of the minute, milliseconds since the epoch. */
export function minuteOf(ms: number): number {
  return ms - (ms % 60_000);
}

/** Milliseconds since the epoch. */
export function receivedMs(header: BlockHeader): number {
  return Number(header.receivedAt / 1_000_000n);
}
