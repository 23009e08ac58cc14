import type { BatchScope, BatchWriter } from '../writers/batch-writer.js';
import type { Batch } from '../writers/batch.js';

export interface Written {
  readonly kind: 'write' | 'settle' | 'commit';
  readonly id: string;
  readonly lines: readonly string[];
}

/** Keeps what it is given, moves the state as the real one does, and can be held or made to fail. */
export class FakeBatchWriter implements Pick<BatchWriter, 'write' | 'commit'> {
  readonly written: Written[] = [];
  /** Most batches that were under way at once. */
  atOnce = 0;
  #now = 0;
  /** Called once BEFORE is written; what it throws or waits for, the batch does. */
  during: (batch: Batch) => Promise<void> | void = () => {};

  async write(batch: Batch, scope: BatchScope, inDoubt: boolean): Promise<void> {
    this.#now += 1;
    this.atOnce = Math.max(this.atOnce, this.#now);
    try {
      const blocks = batch.deliveries.map(({ block }) => block.header.id);
      if (!inDoubt) await scope.state.before(batch.id, blocks);
      await this.during(batch);
      await scope.state.after([]);
      this.#keep(inDoubt ? 'settle' : 'write', batch);
      await scope.commit(batch.deliveries);
    } finally {
      this.#now -= 1;
    }
  }

  async commit(batch: Batch, scope: BatchScope): Promise<void> {
    this.#keep('commit', batch);
    await scope.commit(batch.deliveries);
  }

  /** The lines of each batch, in order. */
  get batches(): string[] {
    return this.written.map(({ lines }) => lines.join(' '));
  }

  #keep(kind: Written['kind'], { id, deliveries }: Batch): void {
    const lines = deliveries.map(({ block }) => Buffer.from(block.body).toString().trimEnd());
    this.written.push({ kind, id, lines });
  }
}
