import { randomUUID } from 'node:crypto';
import type { Delivery } from '#event-bus';
import type { StreamSpec } from '#plugin-kit';
import type { BatchScope, BatchWriter } from './batch-writer.js';
import { LeftBatch } from './left-batch.js';
import type { Room, Slots } from './slots.js';

/** Most blocks of one insert: each is a file, named in the statement. */
const MAX_BLOCKS = 500;

export interface StreamWriterParts {
  readonly writer: Pick<BatchWriter, 'write' | 'commit'>;
  /** Inserts at once, over all streams: while one waits its batch grows. */
  readonly slots: Slots;
  /** Bytes that all writers hold. */
  readonly room: Room;
  readonly flushBytes: () => number;
  readonly flushIntervalMs: () => number;
  /** Told once, when the writer can't go on (it was fenced). */
  readonly failed: (error: unknown) => void;
}

/**
 * The single writer of one stream on one lane: gathers its blocks and writes them by size or time, one batch after the
 * other, so that the order of acceptance is the order of storage. What the state says was under way comes first, as the
 * same batch.
 */
export class StreamWriter {
  readonly #waiting: Delivery[] = [];
  #waitingBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;
  #paused = 0;
  /** The batch that the last process left, whose blocks come again before any other. */
  readonly #left: LeftBatch;

  constructor(
    private readonly stream: StreamSpec,
    private readonly scope: BatchScope,
    private readonly parts: StreamWriterParts,
  ) {
    this.#left = new LeftBatch(scope.state.state);
  }

  /** Takes a block; resolves when there is room for another. */
  offer(delivery: Delivery): Promise<void> | void {
    const bytes = delivery.block.body.byteLength;
    if (!this.#left.take(delivery)) {
      this.#waiting.push(delivery);
      this.#waitingBytes += bytes;
    }
    this.#schedule();
    return this.parts.room.take(bytes);
  }

  /** Writes what waits and resolves when nothing is left. */
  async drain(): Promise<void> {
    while (!this.isIdle && !this.#stopped) {
      this.#start();
      await this.#running;
    }
  }

  get isIdle(): boolean {
    return this.#waiting.length === 0 && this.#left.isEmpty && !this.#running;
  }

  /** Holds writing after the batch under way; resolves with the way to go on. */
  async pause(): Promise<() => void> {
    this.#paused += 1;
    await this.#running;
    return () => {
      this.#paused -= 1;
      if (!this.isIdle) this.#schedule();
    };
  }

  /** Leaves everything to whoever comes next. */
  abandon(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#running || this.#stopped) return;
    if (this.#isFull()) this.#start();
    else this.#timer ??= setTimeout(() => this.#start(), this.parts.flushIntervalMs());
  }

  #isFull(): boolean {
    return this.#waitingBytes >= this.parts.flushBytes() || this.#waiting.length >= MAX_BLOCKS;
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#running || this.#stopped || this.#paused > 0 || this.isIdle) return;
    this.#running = this.parts.slots
      .run(() => this.#flush())
      .catch((error: unknown) => {
        this.#stopped = true;
        this.parts.failed(error);
      })
      .finally(() => {
        this.#running = undefined;
        if (!this.isIdle) this.#schedule();
      });
  }

  async #flush(): Promise<void> {
    const { writer } = this.parts;
    const { scope, stream } = this;
    const left = this.#left.ready(this.#waiting.length > 0);
    if (left) {
      const batch = { id: left.batch, stream, deliveries: left.deliveries };
      await (left.stored ? writer.commit(batch, scope) : writer.write(batch, scope, true));
      this.#release(left.deliveries);
    }
    const deliveries = this.#takeBatch();
    if (deliveries.length === 0) return;
    await writer.write({ id: randomUUID(), stream, deliveries }, scope, false);
    this.#release(deliveries);
  }

  /** The oldest blocks, up to a batch's size. New blocks wait while the left batch isn't finished. */
  #takeBatch(): Delivery[] {
    if (!this.#left.isEmpty) return [];
    const deliveries: Delivery[] = [];
    let bytes = 0;
    while (this.#waiting.length > deliveries.length && deliveries.length < MAX_BLOCKS) {
      const next = this.#waiting[deliveries.length]?.block.body.byteLength ?? 0;
      if (deliveries.length > 0 && bytes + next > this.parts.flushBytes()) break;
      deliveries.push(this.#waiting[deliveries.length] as Delivery);
      bytes += next;
    }
    this.#waiting.splice(0, deliveries.length);
    this.#waitingBytes -= bytes;
    return deliveries;
  }

  #release(deliveries: readonly Delivery[]): void {
    this.parts.room.give(deliveries.reduce((sum, { block }) => sum + block.body.byteLength, 0));
  }
}
