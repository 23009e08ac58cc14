import type { BlockConsumer, Delivery, InspectableEventBus, Subscription } from '#event-bus';

/** A bus with one lane whose blocks a test hands over itself. */
export class FakeLaneBus implements Pick<InspectableEventBus, 'subscribe'> {
  consumer: BlockConsumer | undefined;
  readonly committed: number[] = [];
  stops = 0;

  async subscribe(consumer: BlockConsumer): Promise<Subscription> {
    this.consumer = consumer;
    await consumer.onAssigned('0', 7);
    return {
      commit: async (deliveries) => void this.committed.push(...deliveries.map(({ position }) => position)),
      stop: async () => void (this.stops += 1),
    };
  }

  /** Settles as the consumer's handler does. */
  async deliver(delivery: Delivery): Promise<void> {
    await this.consumer?.onBlock(delivery);
  }
}
