import type { PublishBatch, PublishOutcome } from '../../event-bus.port.js';
import { ForwardingBus } from './forwarding-bus.js';

/** Bug: looks for an idempotency key before the transaction that writes it, so that two requests at once both pass. */
export class RacingKeysBus extends ForwardingBus {
  private readonly underWay = new Set<string>();

  override async publish(batches: readonly PublishBatch[]): Promise<readonly PublishOutcome[]> {
    const keys = batches.flatMap(({ idempotency }) => (idempotency ? [idempotency.key] : []));
    const unchecked = batches.map((batch) => this.skipCheck(batch));
    keys.forEach((key) => this.underWay.add(key));
    const outcomes = await this.bus.publish(unchecked);
    keys.forEach((key) => this.underWay.delete(key));
    return outcomes;
  }

  private skipCheck(batch: PublishBatch): PublishBatch {
    return batch.idempotency && this.underWay.has(batch.idempotency.key) ? { blocks: batch.blocks } : batch;
  }
}
