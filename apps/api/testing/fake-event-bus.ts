import type {
  Backlog,
  BusStatus,
  EventBusError,
  InspectableEventBus,
  PublishBatch,
  PublishOutcome,
} from '#event-bus';
import type { Block, BlockId } from '#event-model';

/** A bus in memory that a test fills, empties and breaks. */
export class FakeEventBus implements InspectableEventBus {
  /** Everything published, in order. */
  readonly blocks: Block[] = [];
  readonly #pending = new Map<BlockId, Block>();
  #bytes = 0;
  #events = 0;
  readonly #answers = new Map<string, { bodyHash: string; answer: string }>();
  /** What the next publish throws. */
  failure: EventBusError | undefined;
  /** Bytes said to wait besides the blocks. */
  extraBacklogBytes = 0;

  publish(batches: readonly PublishBatch[]): Promise<readonly PublishOutcome[]> {
    if (this.failure) return Promise.reject(this.failure);
    return Promise.resolve(batches.map((batch) => this.#publishOne(batch)));
  }

  /** Settles everything that waits. */
  commitAll(): void {
    this.#pending.clear();
    this.#bytes = 0;
    this.#events = 0;
  }

  /** All lines that were accepted. */
  get lines(): readonly string[] {
    return this.blocks.flatMap(({ body }) => Buffer.from(body).toString().split('\n').slice(0, -1));
  }

  subscribe(): Promise<never> {
    return Promise.reject(new Error('the fake delivers nothing'));
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  status(): BusStatus {
    return { corruptBlocks: 0, ...(this.failure && { fault: this.failure }) };
  }

  backlog(): Backlog {
    return {
      blocks: this.#pending.size,
      bytes: this.#bytes + this.extraBacklogBytes,
      events: this.#events,
      ageMs: 0,
    };
  }

  pendingEvents(blocks: readonly BlockId[]): number {
    return blocks.reduce((sum, id) => sum + (this.#pending.get(id)?.header.count ?? 0), 0);
  }

  whenCommitted(blocks: readonly BlockId[]): Promise<boolean> {
    return Promise.resolve(this.pendingEvents(blocks) === 0);
  }

  received(): Promise<readonly []> {
    return Promise.resolve([]);
  }

  pending(): Promise<readonly []> {
    return Promise.resolve([]);
  }

  expire(): Promise<{ idempotencyKeys: number; receivedCounts: number }> {
    return Promise.resolve({ idempotencyKeys: 0, receivedCounts: 0 });
  }

  #publishOne({ blocks, idempotency }: PublishBatch): PublishOutcome {
    const known = idempotency && this.#answers.get(idempotency.key);
    if (known) return { kind: 'repeated', ...known };
    if (idempotency) this.#answers.set(idempotency.key, idempotency);
    for (const block of blocks) {
      this.blocks.push(block);
      this.#pending.set(block.header.id, block);
      this.#bytes += block.body.length;
      this.#events += block.header.count;
    }
    return { kind: 'published' };
  }
}
