import type { BlockConsumer, Delivery, EventBus, Subscription } from '../event-bus.port.js';
import { makeBatch, textOf } from './make-block.js';

const GIVE_UP_MS = 5000;

/** Keeps what it is given, and waits for it. */
export class CollectingConsumer implements BlockConsumer {
  readonly deliveries: Delivery[] = [];
  readonly epochs: number[] = [];
  readonly revoked: string[] = [];
  private arrived: (() => void) | undefined;
  private readonly handle: (delivery: Delivery) => Promise<void> | void;

  /** @param handle Decides how a block is taken; the block is kept before it is asked. */
  constructor(handle: (delivery: Delivery) => Promise<void> | void = () => undefined) {
    this.handle = handle;
  }

  get texts(): readonly string[] {
    return this.deliveries.map((delivery) => textOf(delivery.block));
  }

  onBlock(delivery: Delivery): Promise<void> | void {
    this.deliveries.push(delivery);
    this.arrived?.();
    return this.handle(delivery);
  }

  onAssigned(_lane: string, epoch: number): void {
    this.epochs.push(epoch);
  }

  onRevoked(lane: string): void {
    this.revoked.push(lane);
  }

  /** Resolves when this many blocks were delivered since the start; rejects when they don't come. */
  async until(count: number): Promise<readonly Delivery[]> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(this.missing(count))), GIVE_UP_MS);
    });
    try {
      while (this.deliveries.length < count)
        await Promise.race([late, new Promise<void>((resolve) => (this.arrived = resolve))]);
    } finally {
      clearTimeout(timer);
    }
    return this.deliveries;
  }

  /** The delivery of the block with this text. */
  of(text: string): Delivery {
    const found = this.deliveries.find((delivery) => textOf(delivery.block) === text);
    if (!found) throw new Error(`no block "${text}" among ${this.texts.join(', ')}`);
    return found;
  }

  private missing(count: number): string {
    return `waited for ${count} blocks, got ${this.deliveries.length}: ${this.texts.slice(0, 20).join(', ')}`;
  }
}

/** A consumer with its subscription. */
export interface Collected {
  readonly consumer: CollectingConsumer;
  readonly subscription: Subscription;
}

/** Subscribes a consumer and waits for so many blocks. */
export async function collect(
  bus: EventBus,
  count: number,
  consumer = new CollectingConsumer(),
): Promise<Collected> {
  const subscription = await bus.subscribe(consumer);
  await consumer.until(count);
  return { consumer, subscription };
}

/** The texts of all blocks that wait, in their order: a last one is published to know where they end. */
export async function waitingTexts(bus: EventBus): Promise<readonly string[]> {
  const consumer = new CollectingConsumer();
  await bus.publish([makeBatch(END)]);
  const subscription = await bus.subscribe(consumer);
  while (consumer.texts.at(-1) !== END) await consumer.until(consumer.deliveries.length + 1);
  await subscription.commit([consumer.of(END)]);
  return consumer.texts.slice(0, -1);
}

const END = 'the end';
