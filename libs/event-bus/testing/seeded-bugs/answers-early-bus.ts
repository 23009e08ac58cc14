import type { PublishBatch, PublishOutcome } from '../../event-bus.port.js';
import { ForwardingBus } from './forwarding-bus.js';

/** Bug: answers while the bytes are still in memory, and writes them at its leisure. */
export class AnswersEarlyBus extends ForwardingBus {
  private writing: Promise<unknown> = Promise.resolve();

  override async publish(batches: readonly PublishBatch[]): Promise<readonly PublishOutcome[]> {
    const leisure = new Promise((resolve) => setTimeout(resolve, 20));
    this.writing = Promise.all([this.writing, leisure]).then(() => this.bus.publish(batches));
    this.writing.catch(() => undefined);
    return batches.map(() => ({ kind: 'published' }));
  }
}
