import type { Block } from '#event-model';
import { decodeHeader, isWhole, type HeaderRecord } from './block-record.js';
import type { BusStores } from './bus-stores.js';
import { CorruptBlocks } from './corrupt-blocks.js';
import type { LogWriter } from './log-writer.js';
import { Origins } from './origins.js';
import { PendingBlocks, receivedMs, type PendingBlock } from './pending-blocks.js';
import { WarmBlocks } from './warm-blocks.js';

const WARM_BYTES = 32 * 1024 * 1024;

/** The blocks of the log: which are there, and their bytes. */
export class BlockLog {
  readonly pending = new PendingBlocks();
  readonly corrupt: CorruptBlocks;
  private readonly warm = new WarmBlocks(WARM_BYTES);
  private readonly origins = new Origins();
  private readonly writer: LogWriter;

  constructor(writer: LogWriter, directory: string) {
    this.writer = writer;
    this.corrupt = new CorruptBlocks(directory);
  }

  /** Reads the headers, not the bodies; sets aside what isn't readable. Returns the highest position in use. */
  async load(): Promise<number> {
    const unreadable: number[] = [];
    let last = 0;
    for (const { key, value } of this.writer.stores.headers.getRange()) {
      const record = decodeHeader(value);
      if (record) this.pending.add({ position: key, ...this.describe(record.header, record) });
      else unreadable.push(key);
      last = key;
    }
    for (const position of unreadable) await this.setAside(position);
    return last;
  }

  /** What is remembered of a block. */
  describe(
    header: Block['header'],
    size: Pick<HeaderRecord, 'bodyBytes' | 'headerBytes'>,
  ): Omit<PendingBlock, 'position'> {
    return {
      id: header.id,
      origin: this.origins.of(header),
      events: header.count,
      bytes: size.bodyBytes + size.headerBytes,
      receivedAt: receivedMs(header),
    };
  }

  /** A block became durable. */
  added(block: PendingBlock, content: Block): void {
    this.pending.add(block);
    this.warm.keep(block.position, content);
  }

  /** Reads a pending block; undefined where it isn't whole: it has been set aside then. */
  async read(position: number): Promise<Block | undefined> {
    const warm = this.warm.take(position);
    if (warm) return warm;
    const { headers, bodies } = this.writer.stores;
    const record = decodeHeader(headers.getBinary(position) ?? new Uint8Array());
    const body = bodies.getBinary(position);
    if (record && isWhole(record, body)) return { header: record.header, body };
    if (this.pending.has(position)) await this.setAside(position);
    return undefined;
  }

  /** Takes blocks out of the log. Durable when it resolves; positions that are not pending are passed over. */
  async remove(positions: readonly number[]): Promise<void> {
    const known = positions.filter((position) => this.pending.has(position));
    if (known.length > 0) await this.erase(known);
  }

  private async setAside(position: number): Promise<void> {
    const { headers, bodies } = this.writer.stores;
    this.corrupt.setAside(
      position,
      headers.getBinary(position) ?? new Uint8Array(),
      bodies.getBinary(position),
    );
    await this.erase([position]);
  }

  private erase(positions: readonly number[]): Promise<void> {
    return this.writer.submit({
      apply: (stores) => removeAll(stores, positions),
      durable: () => this.forget(positions),
    });
  }

  private forget(positions: readonly number[]): void {
    for (const position of positions) {
      this.warm.take(position);
      this.pending.remove(position);
    }
  }
}

function removeAll({ headers, bodies }: BusStores, positions: readonly number[]): void {
  for (const position of positions) {
    void headers.remove(position);
    void bodies.remove(position);
  }
}
