import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { EventBusError } from '../event-bus.errors.js';
import type { BlockConsumer, Delivery, Subscription } from '../event-bus.port.js';
import type { BlockLog } from './block-log.js';

/** The only lane of the embedded log. */
export const LANE = '0';
/** A consumer that always has room must not keep requests waiting for longer than these blocks take. */
const BLOCKS_PER_TURN = 8;

/** Delivers the lane to one consumer, in order, one block at a time. */
export class LaneSubscription implements Subscription {
  private after = 0;
  private ended = false;
  private revoked = false;
  private wake: (() => void) | undefined;
  private running: Promise<void> = Promise.resolve();
  private readonly stopping = new AbortController();
  private readonly log: BlockLog;
  private readonly consumer: BlockConsumer;
  private readonly redeliverAfterMs: number;

  constructor(log: BlockLog, consumer: BlockConsumer, redeliverAfterMs: number) {
    this.log = log;
    this.consumer = consumer;
    this.redeliverAfterMs = redeliverAfterMs;
  }

  start(): void {
    this.running = this.run();
  }

  /** New blocks are there. */
  notify(): void {
    this.wake?.();
  }

  /** Another consumer takes over: from now on nothing is delivered and no commit is taken. */
  async revoke(): Promise<void> {
    this.revoked = true;
    this.end();
    await this.consumer.onRevoked(LANE);
  }

  async commit(deliveries: readonly Pick<Delivery, 'position'>[]): Promise<void> {
    if (this.revoked) throw fencedError();
    await this.log.remove(deliveries.map((delivery) => delivery.position));
  }

  async stop(): Promise<void> {
    this.end();
    await this.running;
  }

  private end(): void {
    this.ended = true;
    this.stopping.abort();
    this.wake?.();
  }

  private async run(): Promise<void> {
    for (let delivered = 1; !this.ended; delivered += 1) {
      const position = this.log.pending.next(this.after)?.position;
      if (position === undefined) await this.newBlocks();
      else if (await this.deliver(position)) this.after = position;
      else
        await pause(this.redeliverAfterMs, undefined, { signal: this.stopping.signal }).catch(
          () => undefined,
        );
      if (delivered % BLOCKS_PER_TURN === 0) await nextTurn();
    }
  }

  private newBlocks(): Promise<void> {
    return new Promise((resolve) => (this.wake = resolve));
  }

  /** False where the block must come again: the consumer refused it, or the log can't be read at the moment. */
  private async deliver(position: number): Promise<boolean> {
    try {
      const block = await this.log.read(position);
      if (block && !this.ended) await this.consumer.onBlock({ block, lane: LANE, position });
      return true;
    } catch {
      return false;
    }
  }
}

function fencedError(): EventBusError {
  const mend = 'stop this consumer; the blocks come to the other one.';
  return new EventBusError('fenced', `Lane ${LANE} belongs to a newer subscription: ${mend}`);
}
