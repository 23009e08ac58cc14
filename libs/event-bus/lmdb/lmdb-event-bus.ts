import type { BlockId } from '#event-model';
import { EventBusError } from '../event-bus.errors.js';
import type {
  Backlog,
  BlockConsumer,
  BusStatus,
  Delivery,
  ExpiredCounts,
  PublishBatch,
  PublishOutcome,
  ReceivedCount,
  SavableEventBus,
  Subscription,
} from '../event-bus.port.js';
import { Expiry } from './expiry.js';
import { LANE, LaneSubscription } from './lane-subscription.js';
import { stoppedError } from './log-writer.js';
import { openLog, type OpenLog } from './open-log.js';
import { PublishWrite } from './publish-write.js';
import { readReceived } from './received-counts.js';

export interface LmdbEventBusOptions {
  /** Directory of the bus's own; made when missing. One process at a time may have it open. */
  readonly directory: string;
  /** Marks a place where tests may end the process: `bus.before-commit`, `bus.after-commit`, `bus.before-remove`, `bus.after-remove`. */
  readonly reach?: (faultPoint: string) => void;
  /** Milliseconds before a block that its consumer refused comes again. Default 1,000. */
  readonly redeliverAfterMs?: number;
}

/** The event bus of the embedded edition: an LMDB log in the data directory. */
export class LmdbEventBus implements SavableEventBus {
  private readonly parts: OpenLog;
  private readonly reach: (faultPoint: string) => void;
  private readonly redeliverAfterMs: number;
  private subscription: LaneSubscription | undefined;
  private handover: Promise<unknown> = Promise.resolve();
  private stopped = false;

  private constructor(parts: OpenLog, options: LmdbEventBusOptions) {
    this.parts = parts;
    this.reach = options.reach ?? (() => undefined);
    this.redeliverAfterMs = options.redeliverAfterMs ?? 1000;
  }

  /** @throws EventBusError `bus_damaged` where the directory holds a log that can't be read. */
  static async open(options: LmdbEventBusOptions): Promise<LmdbEventBus> {
    return new LmdbEventBus(await openLog(options.directory), options);
  }

  async publish(batches: readonly PublishBatch[]): Promise<readonly PublishOutcome[]> {
    if (this.stopped) throw stoppedError();
    const write = new PublishWrite(batches, this.parts);
    this.reach('bus.before-commit');
    await this.parts.writer.submit(write);
    this.reach('bus.after-commit');
    this.subscription?.notify();
    return write.outcomes;
  }

  async subscribe(consumer: BlockConsumer): Promise<Subscription> {
    const assigned = this.handover.then(() => this.assign(consumer));
    this.handover = assigned.catch(() => undefined);
    const subscription = await assigned;
    return {
      commit: (deliveries) => this.commit(subscription, deliveries),
      stop: () => subscription.stop(),
    };
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.handover;
    await this.subscription?.stop();
    this.parts.log.pending.stop();
    await this.parts.writer.stop();
  }

  status(): BusStatus {
    const { fault } = this.parts.writer;
    return { ...(fault && { fault }), corruptBlocks: this.parts.log.corrupt.count };
  }

  backlog(): Backlog {
    return this.parts.log.pending.backlog(Date.now());
  }

  pendingEvents(blocks: readonly BlockId[]): number {
    return this.parts.log.pending.eventsIn(blocks);
  }

  whenCommitted(blocks: readonly BlockId[], timeoutMs: number): Promise<boolean> {
    return this.parts.log.pending.whenCommitted(blocks, timeoutMs);
  }

  async received(fromMinute: number, toMinute: number): Promise<readonly ReceivedCount[]> {
    return readReceived(this.parts.writer.stores, fromMinute, toMinute);
  }

  async pending(): Promise<readonly ReceivedCount[]> {
    return this.parts.log.pending.counts();
  }

  expire(nowMs: number, countsBeforeMinute: number): Promise<ExpiredCounts> {
    return new Expiry(this.parts.writer).run(nowMs, countsBeforeMinute);
  }

  async saveTo(directory: string): Promise<void> {
    if (this.stopped) throw stoppedError();
    await this.parts.writer.stores.copyTo(directory).catch((cause: unknown) => {
      const why = cause instanceof Error ? cause.message : String(cause);
      const mend = 'check that its disk has room and is healthy, then try again';
      throw new EventBusError(
        'bus_unavailable',
        `The log of the event bus could not be copied to ${directory} (${why}): ${mend}.`,
        cause,
      );
    });
  }

  /** The epoch is durable before the new consumer hears of its lane, so that no two consumers ever had the same. */
  private async assign(consumer: BlockConsumer): Promise<LaneSubscription> {
    if (this.stopped) throw stoppedError();
    await this.subscription?.revoke();
    const epoch = await this.parts.nextEpoch();
    const subscription = new LaneSubscription(this.parts.log, consumer, this.redeliverAfterMs);
    this.subscription = subscription;
    await consumer.onAssigned(LANE, epoch);
    subscription.start();
    return subscription;
  }

  private async commit(subscription: LaneSubscription, deliveries: readonly Position[]): Promise<void> {
    this.reach('bus.before-remove');
    await subscription.commit(deliveries);
    this.reach('bus.after-remove');
  }
}

type Position = Pick<Delivery, 'position'>;
