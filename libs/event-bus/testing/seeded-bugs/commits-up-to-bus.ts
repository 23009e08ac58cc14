import type { BlockConsumer, Delivery, Subscription } from '../../event-bus.port.js';
import { ForwardingBus } from './forwarding-bus.js';

/** Bug: a commit of one block commits every older one too, as a bare Kafka offset would. */
export class CommitsUpToBus extends ForwardingBus {
  override async subscribe(consumer: BlockConsumer): Promise<Subscription> {
    const seen: Delivery[] = [];
    const inner = await this.bus.subscribe({
      onAssigned: (lane, epoch) => consumer.onAssigned(lane, epoch),
      onRevoked: (lane) => consumer.onRevoked(lane),
      onBlock: (delivery) => {
        seen.push(delivery);
        return consumer.onBlock(delivery);
      },
    });
    return {
      stop: () => inner.stop(),
      commit: (deliveries) => {
        const last = Math.max(...deliveries.map((delivery) => delivery.position));
        return inner.commit(seen.filter((delivery) => delivery.position <= last));
      },
    };
  }
}
