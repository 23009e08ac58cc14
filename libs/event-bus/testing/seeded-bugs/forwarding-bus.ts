import type { BlockId } from '#event-model';
import type {
  Backlog,
  BlockConsumer,
  BusStatus,
  ExpiredCounts,
  InspectableEventBus,
  PublishBatch,
  PublishOutcome,
  ReceivedCount,
  Subscription,
} from '../../event-bus.port.js';

/** A bus that does what another does: a seeded bug changes one method of it. */
export class ForwardingBus implements InspectableEventBus {
  protected readonly bus: InspectableEventBus;

  constructor(bus: InspectableEventBus) {
    this.bus = bus;
  }

  publish(batches: readonly PublishBatch[]): Promise<readonly PublishOutcome[]> {
    return this.bus.publish(batches);
  }

  subscribe(consumer: BlockConsumer): Promise<Subscription> {
    return this.bus.subscribe(consumer);
  }

  stop(): Promise<void> {
    return this.bus.stop();
  }

  status(): BusStatus {
    return this.bus.status();
  }

  backlog(): Backlog {
    return this.bus.backlog();
  }

  pendingEvents(blocks: readonly BlockId[]): number {
    return this.bus.pendingEvents(blocks);
  }

  whenCommitted(blocks: readonly BlockId[], timeoutMs: number): Promise<boolean> {
    return this.bus.whenCommitted(blocks, timeoutMs);
  }

  received(fromMinute: number, toMinute: number): Promise<readonly ReceivedCount[]> {
    return this.bus.received(fromMinute, toMinute);
  }

  pending(): Promise<readonly ReceivedCount[]> {
    return this.bus.pending();
  }

  expire(nowMs: number, countsBeforeMinute: number): Promise<ExpiredCounts> {
    return this.bus.expire(nowMs, countsBeforeMinute);
  }
}
