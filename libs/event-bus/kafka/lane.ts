import { setTimeout as pause } from 'node:timers/promises';
import type { BlockConsumer } from '../event-bus.port.js';
import type { BusRecord } from './records.js';
import type { TopicIndex } from './topic-index.js';

/** Bytes of blocks that wait for their consumer in memory; beyond it the partition is paused. */
const BUFFER_BYTES = 2 * 1024 * 1024;

/** What a lane asks of the reader of its partition. */
export interface LaneReader {
  pause(lane: number): void;
  /** Goes on at an offset. */
  resumeAt(lane: number, offset: number): void;
}

export interface LaneParts {
  readonly index: TopicIndex;
  readonly consumer: BlockConsumer;
  readonly reader: LaneReader;
  readonly redeliverAfterMs: number;
}

/**
 * Delivers a partition to one consumer, in order, one block at a time. What is read is kept up to some bytes; then the
 * partition is paused until that is gone, so that the client's own loop, and with it its heartbeats, never waits.
 */
export class Lane {
  private readonly buffer: BusRecord[] = [];
  private bytes = 0;
  private next: number;
  private paused = false;
  private running: Promise<void> = Promise.resolve();
  private wake: (() => void) | undefined;
  private readonly ending = new AbortController();

  constructor(
    private readonly lane: number,
    private readonly parts: LaneParts,
  ) {
    this.next = parts.index.startOf(lane);
  }

  start(): void {
    this.parts.reader.resumeAt(this.lane, this.next);
    this.running = this.run();
  }

  /** From now on nothing is delivered; resolves when no handler runs any more. */
  async end(): Promise<void> {
    this.ending.abort();
    this.wake?.();
    await this.running;
  }

  private get hasEnded(): boolean {
    return this.ending.signal.aborted;
  }

  /** Takes records that were read, of offsets from `first` to before `end`; the index has them by now. */
  accept(records: readonly BusRecord[], first: number, end: number): void {
    if (this.paused || this.hasEnded || end <= this.next) return;
    const { index, reader } = this.parts;
    const missed = index.waiting.lowest(this.lane, this.next);
    // A batch of an earlier assignment, or one that begins behind blocks that wait.
    if (missed !== undefined && missed < first) return reader.resumeAt(this.lane, this.next);
    for (const record of records) {
      if (record.offset < this.next || !index.waiting.at(this.lane, record.offset)) continue;
      if (this.bytes >= BUFFER_BYTES) return this.hold(record.offset);
      this.buffer.push(record);
      this.bytes += record.block?.body.byteLength ?? 0;
    }
    this.next = end;
    this.wake?.();
  }

  private hold(next: number): void {
    this.next = next;
    this.paused = true;
    this.parts.reader.pause(this.lane);
    this.wake?.();
  }

  private async run(): Promise<void> {
    while (!this.hasEnded) {
      const [record] = this.buffer;
      if (!record) await this.more();
      else if (await this.deliver(record)) this.drop(record);
      else
        await pause(this.parts.redeliverAfterMs, undefined, { signal: this.ending.signal }).catch(
          () => undefined,
        );
    }
  }

  private async more(): Promise<void> {
    const arrived = new Promise<void>((resolve) => (this.wake = resolve));
    if (this.paused) {
      this.paused = false;
      this.parts.reader.resumeAt(this.lane, this.next);
    }
    await arrived;
  }

  private drop(record: BusRecord): void {
    this.buffer.shift();
    this.bytes -= record.block?.body.byteLength ?? 0;
  }

  private async deliver({ block, offset }: BusRecord): Promise<boolean> {
    try {
      const waiting = this.parts.index.waiting.at(this.lane, offset);
      if (block && waiting)
        await this.parts.consumer.onBlock({ block, lane: String(this.lane), position: offset });
      else if (waiting) await this.parts.index.setAside([waiting]);
      return true;
    } catch {
      return false;
    }
  }
}
