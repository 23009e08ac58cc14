import { randomUUID } from 'node:crypto';
import type { Delivery } from '#event-bus';
import { AlluviumError, type BlockId } from '#event-model';
import type { StreamSpec } from '#plugin-kit';
import type { BatchScope, BatchWriter } from './batch-writer.js';
import { bytesIn } from './batch.js';
import type { MoveOrder, MoveReport } from '../quarantine/move-order.js';
import { LeftBatch } from './left-batch.js';
import { MoveQueue, type MoveQueueParts } from './move-queue.js';
import { pause } from './pause.js';
import type { Room, Slots } from './slots.js';

/** Most blocks of one insert: each is a file, named in the statement. */
const MAX_BLOCKS = 500;
/** Before the state is read again after a failure that may pass: milliseconds. */
const RECOVER_AFTER_MS = 500;

export interface StreamWriterParts {
  readonly writer: Pick<BatchWriter, 'write' | 'commit'>;
  /** Inserts at once, over all streams: while one waits its batch grows. */
  readonly slots: Slots;
  /** Bytes that all writers hold. */
  readonly room: Room;
  readonly flushBytes: () => number;
  readonly flushIntervalMs: () => number;
  /** Whether the bus still has any of these blocks. */
  readonly isPending: (blocks: readonly BlockId[]) => boolean;
  readonly mover: MoveQueueParts['mover'];
  /** Told of every failure that may pass, such as a full disk: the batch is settled again from its state. */
  readonly troubled: (error: unknown) => void;
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
  /** Blocks of the batch that is written now. */
  #underWay: readonly Delivery[] = [];
  /** Blocks whose bytes are taken from the room. */
  readonly #counted = new Set<Delivery>();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;
  #paused = 0;
  readonly #resumed: (() => void)[] = [];
  /** The batch that the last process left, whose blocks come again before any other. */
  #left: LeftBatch;
  readonly #moves: MoveQueue;

  constructor(
    private stream: StreamSpec,
    private readonly scope: BatchScope,
    private readonly parts: StreamWriterParts,
  ) {
    this.#left = new LeftBatch(scope.state.state, parts.isPending);
    this.#moves = new MoveQueue(stream, scope, parts);
  }

  /** Whose writer it is. */
  get of(): StreamSpec {
    return this.stream;
  }

  /** From the next batch on, the stream is this: its type may have a new version. */
  follow(stream: StreamSpec): void {
    this.stream = stream;
    this.#moves.follow(stream);
  }

  /**
   * Takes a block; resolves when there is room for another. Blocks of the left batch never wait for room: the rest of
   * them would not come. Once the writer has ended, blocks stay on the bus.
   */
  offer(delivery: Delivery): Promise<void> | void {
    if (this.#hasEnded) return;
    const isLeft = this.#enqueue(delivery);
    this.#schedule();
    if (isLeft) return;
    this.#counted.add(delivery);
    return this.parts.room.take(bytesIn(delivery.block));
  }

  /** Takes events out of the stream's quarantine, between two batches; resolves with what became of them. */
  move(order: MoveOrder): Promise<MoveReport> {
    const report = this.#moves.add(order);
    if (this.#hasEnded) this.#moves.end();
    else this.#start();
    return report;
  }

  /** Writes what waits; resolves when nothing is left that can be written. */
  async drain(): Promise<void> {
    while ((this.#hasWork || this.#running) && !this.#hasEnded) {
      if (this.#paused > 0) await new Promise<void>((resolve) => this.#resumed.push(resolve));
      this.#start();
      await this.#running;
    }
  }

  get isIdle(): boolean {
    return this.#waiting.length === 0 && this.#left.isEmpty && this.#moves.isEmpty && !this.#running;
  }

  /** Holds writing after the batch under way; resolves with the way to go on. */
  async pause(): Promise<() => void> {
    this.#paused += 1;
    await this.#running;
    return () => this.#resume();
  }

  /** Leaves everything to whoever comes next; resolves when no insert is under way. */
  async abandon(): Promise<void> {
    this.#end();
    await this.#running;
  }

  get #hasEnded(): boolean {
    return this.#stopped || this.scope.signal.aborted;
  }

  /** New blocks wait while the left batch isn't finished. */
  get #hasWork(): boolean {
    return this.#left.isEmpty ? this.#waiting.length > 0 || this.#moves.isReady : this.#left.isReady;
  }

  get #isFull(): boolean {
    return this.#waitingBytes >= this.parts.flushBytes() || this.#waiting.length >= MAX_BLOCKS;
  }

  /** Whether the block belongs to the left batch. */
  #enqueue(delivery: Delivery): boolean {
    if (this.#left.take(delivery)) return true;
    this.#waiting.push(delivery);
    this.#waitingBytes += bytesIn(delivery.block);
    return false;
  }

  #resume(): void {
    this.#paused -= 1;
    if (this.#paused > 0) return;
    for (const resume of this.#resumed.splice(0)) resume();
    if (!this.isIdle) this.#schedule();
  }

  #schedule(): void {
    if (this.#running || this.#hasEnded) return;
    if (this.#isFull && this.#hasWork) this.#start();
    else this.#timer ??= setTimeout(() => this.#start(), this.parts.flushIntervalMs());
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#running || this.#hasEnded || this.#paused > 0 || this.isIdle) return;
    if (this.#hasWork) this.#running = this.#run();
    else this.#schedule();
  }

  async #run(): Promise<void> {
    try {
      await this.parts.slots.run(() => this.#flush()).catch((error: unknown) => this.#recover(error));
    } catch (error) {
      this.#end();
      this.parts.failed(error);
    }
    this.#running = undefined;
    if (this.#moves.isReady && this.#left.isEmpty) this.#start();
    else if (!this.isIdle) this.#schedule();
  }

  async #flush(): Promise<void> {
    const { writer } = this.parts;
    const { scope, stream } = this;
    if (this.#hasEnded) return;
    await this.#moves.settle();
    const left = this.#left.ready();
    if (left) {
      const batch = { id: left.batch, stream, deliveries: left.deliveries };
      await this.#holding(left.deliveries, () =>
        left.stored ? writer.commit(batch, scope) : writer.write(batch, scope, true),
      );
    }
    const deliveries = this.#takeBatch();
    const batch = { id: randomUUID(), stream, deliveries };
    if (deliveries.length > 0) await this.#holding(deliveries, () => writer.write(batch, scope, false));
    if (this.#left.isEmpty) await this.#moves.runNext();
  }

  async #holding(deliveries: readonly Delivery[], write: () => Promise<void>): Promise<void> {
    this.#underWay = deliveries;
    await write();
    this.#underWay = [];
    this.#release(deliveries);
  }

  /** Whatever was under way is found by the state and finished by it, as after a restart. */
  async #recover(cause: unknown): Promise<void> {
    for (let error = cause; error !== undefined;) {
      if (this.#hasEnded || !(error instanceof AlluviumError && error.retryable)) throw error;
      this.parts.troubled(error);
      await pause(RECOVER_AFTER_MS, this.scope.signal);
      error = await this.scope.state.refresh().catch((again: unknown) => again);
    }
    const gathered = this.#left.abandon();
    this.#left = new LeftBatch(this.scope.state.state, this.parts.isPending);
    const held = [...this.#underWay, ...gathered, ...this.#waiting.splice(0)];
    this.#underWay = [];
    this.#waitingBytes = 0;
    for (const delivery of held) this.#enqueue(delivery);
  }

  #end(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting.length = 0;
    this.#waitingBytes = 0;
    this.#release([...this.#counted]);
    this.#moves.end();
    for (const resume of this.#resumed.splice(0)) resume();
  }

  /** The oldest blocks, up to a batch's size. */
  #takeBatch(): Delivery[] {
    if (!this.#left.isEmpty) return [];
    const deliveries: Delivery[] = [];
    let bytes = 0;
    while (this.#waiting.length > deliveries.length && deliveries.length < MAX_BLOCKS) {
      const waiting = this.#waiting[deliveries.length];
      const next = waiting ? bytesIn(waiting.block) : 0;
      if (deliveries.length > 0 && bytes + next > this.parts.flushBytes()) break;
      deliveries.push(this.#waiting[deliveries.length] as Delivery);
      bytes += next;
    }
    this.#waiting.splice(0, deliveries.length);
    this.#waitingBytes -= bytes;
    return deliveries;
  }

  #release(deliveries: readonly Delivery[]): void {
    const counted = deliveries.filter((delivery) => this.#counted.delete(delivery));
    this.parts.room.give(counted.reduce((sum, { block }) => sum + bytesIn(block), 0));
  }
}
