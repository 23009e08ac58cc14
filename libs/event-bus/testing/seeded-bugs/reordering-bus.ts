import type { PublishBatch, PublishOutcome } from '../../event-bus.port.js';
import { ForwardingBus } from './forwarding-bus.js';

/** Bug: the blocks of a batch are written last first. */
export class ReorderingBus extends ForwardingBus {
  override publish(batches: readonly PublishBatch[]): Promise<readonly PublishOutcome[]> {
    return this.bus.publish(batches.map((batch) => ({ ...batch, blocks: batch.blocks.toReversed() })));
  }
}
