import type { PublishBatch, PublishOutcome } from '../event-bus.port.js';
import { encodeHeader } from './block-record.js';
import type { BlockLog } from './block-log.js';
import type { BusStores } from './bus-stores.js';
import { putKey, type IdempotencyKeys } from './idempotency-keys.js';
import type { LogWrite } from './log-writer.js';
import type { PendingBlock } from './pending-blocks.js';
import type { ReceivedCounts } from './received-counts.js';

/** What every publish of one log shares. */
export interface PublishContext {
  readonly log: BlockLog;
  readonly keys: IdempotencyKeys;
  readonly received: ReceivedCounts;
  /** The next free position. */
  nextPosition(): number;
}

/** The batches of one `publish`. Headers and checksums are made before its turn comes, while another commit runs. */
export class PublishWrite implements LogWrite {
  outcomes: readonly PublishOutcome[] = [];
  private readonly batches: readonly PublishBatch[];
  private readonly headers: readonly (readonly Buffer[])[];
  private readonly context: PublishContext;
  private placed: readonly PendingBlock[][] = [];

  constructor(batches: readonly PublishBatch[], context: PublishContext) {
    this.batches = batches;
    this.context = context;
    this.headers = batches.map((batch) => batch.blocks.map(encodeHeader));
  }

  prepare(stores: BusStores): void {
    this.outcomes = this.batches.map((batch) => this.judge(stores, batch));
    this.placed = this.batches.map((batch, at) => (this.isNew(at) ? this.place(stores, batch, at) : []));
  }

  apply(stores: BusStores): void {
    this.batches.forEach((batch, at) => {
      if (!this.isNew(at)) return;
      this.putBlocks(stores, batch, at);
      if (batch.idempotency) putKey(stores, batch.idempotency);
    });
  }

  durable(): void {
    this.placed.forEach((blocks, at) => {
      const contents = this.batches[at]?.blocks ?? [];
      contents.forEach((content, nth) => {
        const block = blocks[nth];
        if (block) this.context.log.added(block, content);
      });
    });
  }

  private isNew(at: number): boolean {
    return this.outcomes[at]?.kind === 'published';
  }

  private judge(stores: BusStores, { idempotency }: PublishBatch): PublishOutcome {
    const known = idempotency && this.context.keys.claim(stores, idempotency);
    return known ? { kind: 'repeated', ...known } : { kind: 'published' };
  }

  private place(stores: BusStores, batch: PublishBatch, at: number): PendingBlock[] {
    return batch.blocks.map(({ header, body }, nth) => {
      const size = { bodyBytes: body.byteLength, headerBytes: this.headers[at]?.[nth]?.length ?? 0 };
      const block = { position: this.context.nextPosition(), ...this.context.log.describe(header, size) };
      this.context.received.add(stores, block);
      return block;
    });
  }

  private putBlocks(stores: BusStores, batch: PublishBatch, at: number): void {
    batch.blocks.forEach((block, nth) => {
      const position = this.placed[at]?.[nth]?.position;
      const header = this.headers[at]?.[nth];
      if (position === undefined || !header) return;
      void stores.headers.put(position, header);
      void stores.bodies.put(position, block.body);
    });
  }
}
