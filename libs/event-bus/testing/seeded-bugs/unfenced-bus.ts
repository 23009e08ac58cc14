import type { BlockConsumer, Subscription } from '../../event-bus.port.js';
import { ForwardingBus } from './forwarding-bus.js';

/** Bug: takes the commits of a consumer that lost its lane. */
export class UnfencedBus extends ForwardingBus {
  private current: Subscription | undefined;

  override async subscribe(consumer: BlockConsumer): Promise<Subscription> {
    const own = await this.bus.subscribe(consumer);
    this.current = own;
    return {
      commit: (deliveries) => (this.current ?? own).commit(deliveries),
      stop: () => own.stop(),
    };
  }
}
