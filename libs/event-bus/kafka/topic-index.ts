import { mkdirSync } from 'node:fs';
import type { Block } from '#event-model';
import { EventBusError } from '../event-bus.errors.js';
import { openBusStores, type BusStores } from '../lmdb/bus-stores.js';
import { IdempotencyKeys, knownKey, putKey } from '../lmdb/idempotency-keys.js';
import { LogWriter } from '../lmdb/log-writer.js';
import { Origins } from '../lmdb/origins.js';
import { receivedMs, type PendingBlock } from '../lmdb/pending-blocks.js';
import { lastPosition, PositionCounter } from '../lmdb/position-counter.js';
import { ReceivedCounts } from '../lmdb/received-counts.js';
import { LanesRead } from './lanes-read.js';
import { DoneOffsets, type KeptOffsets } from './shared/done-offsets.js';
import type { BusRecord } from './records.js';
import { DONE_IDS_KEPT, WaitingBlocks, type Waiting } from './waiting-blocks.js';

const EPOCH = 'epoch';
/** What a header takes, nearly. */
const HEADER_BYTES = 256;

/**
 * What the records of the topic come to: which blocks wait, how many events were received, which idempotency keys are
 * known. Each record is taken in once, whoever tells of it first, its producer or a reader, so that the index can always be
 * brought up to date from the topic: it may miss what came last, and never has what the topic has not.
 */
export class TopicIndex {
  readonly waiting = new WaitingBlocks();
  readonly read = new LanesRead();
  readonly keys = new IdempotencyKeys();
  readonly writer: LogWriter;
  /** Records that were no whole block of ours, and blocks that the topic lost. */
  corrupt = 0;
  /** Whether another process has taken a block off the bus by the time that this one reads it: it never waits then. */
  isDone: (lane: number, offset: number) => boolean = () => false;
  private readonly received = new ReceivedCounts();
  private readonly position = new PositionCounter();
  private readonly origins = new Origins();
  /** What is taken in with the commit under way: its producer and a reader may tell of a record at once. */
  private readonly ids = new Set<string>();
  private readonly batches = new Map<string, string>();

  private constructor(directory: string) {
    const open = (): BusStores => openBusStores(directory);
    const companion = {
      begin: () => {
        [this.received, this.position, this.read].forEach((part) => part.begin());
        this.ids.clear();
        this.batches.clear();
      },
      flush: (stores: BusStores) =>
        [this.received, this.position, this.read].forEach((part) => part.flush(stores)),
    };
    this.writer = new LogWriter(open(), open, companion, directory);
    this.load();
  }

  /** @throws EventBusError `bus_damaged` where the directory holds an index that can't be read */
  static open(directory: string): TopicIndex {
    try {
      mkdirSync(directory, { recursive: true });
      return new TopicIndex(directory);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const mend =
        'check that the directory is writable; if its data.mdb is damaged, put a backup in its place';
      throw new EventBusError(
        'bus_damaged',
        `The index in ${directory} can't be opened (${reason}): ${mend}.`,
        error,
      );
    }
  }

  /** Takes records in, those that it doesn't know yet; `marks` say how far partitions are read with them. Durable then. */
  async take(records: readonly BusRecord[], marks: ReadonlyMap<number, number> = new Map()): Promise<void> {
    let added: Waiting[] = [];
    let done: Waiting[] = [];
    let keyed: BusRecord[] = [];
    let corrupt = 0;
    await this.writer.submit({
      prepare: (stores) => {
        [added, done, keyed, corrupt] = [[], [], [], 0];
        const { ids, batches } = this;
        for (const record of records) {
          if (this.isKnown(record)) continue;
          if (!record.block) {
            corrupt += 1;
            continue;
          }
          const { id } = record.block.header;
          if (this.waiting.hasId(id) || ids.has(id) || isLateCopy(stores, record, batches)) continue;
          if (record.idempotency && !batches.has(record.idempotency.key)) keyed.push(record);
          if (record.idempotency) batches.set(record.idempotency.key, record.idempotency.batch);
          ids.add(id);
          const waiting = this.describe(record, record.block);
          this.received.add(stores, waiting.block);
          (this.isDone(waiting.lane, waiting.offset) ? done : added).push(waiting);
        }
        for (const [lane, mark] of marks) this.read.advance(lane, mark);
      },
      apply: (stores) => {
        for (const { idempotency } of keyed) if (idempotency) putKey(stores, idempotency);
        for (const waiting of added) void stores.headers.put(waiting.block.position, encodeWaiting(waiting));
        for (const { block } of done) rememberDone(stores, block);
      },
      durable: () => {
        this.corrupt += corrupt;
        for (const [lane, mark] of marks) this.read.reach(lane, mark);
        for (const { block } of done) this.waiting.addDone(block.id);
        for (const waiting of added) this.waiting.add(waiting);
      },
    });
  }

  /** Forgets blocks: they are stored for good, or lost. Durable when it resolves. */
  async remove(gone: readonly Waiting[]): Promise<void> {
    await this.writer.submit({
      apply: (stores) =>
        gone.forEach(({ block }) => {
          void stores.headers.remove(block.position);
          rememberDone(stores, block);
        }),
      durable: () => gone.forEach((waiting) => this.waiting.remove(waiting)),
    });
  }

  /** Forgets a block that can't be delivered, and counts it. */
  async setAside(damaged: readonly Waiting[]): Promise<void> {
    await this.remove(damaged);
    this.corrupt += damaged.length;
  }

  /** Sets aside what waits below the first offsets that partitions still have: the topic lost it. */
  async loseBelow(low: ReadonlyMap<number, number>): Promise<void> {
    const lost = [...low].flatMap(([lane, offset]) => this.waiting.below(lane, offset));
    if (lost.length > 0) await this.setAside(lost);
  }

  /** Where a reader of the partition goes on: at the oldest block that waits, and at nothing that was never read. */
  startOf(lane: number): number {
    return Math.min(this.read.of(lane), this.waiting.lowest(lane) ?? Number.MAX_SAFE_INTEGER);
  }

  /** The same, once blocks of these offsets are taken out. */
  startWithout(lane: number, offsets: ReadonlySet<number>): number {
    const left = this.waiting.in(lane).flatMap(({ offset }) => (offsets.has(offset) ? [] : offset));
    return left.reduce((lowest, offset) => Math.min(lowest, offset), this.read.of(lane));
  }

  /** Which records of the partition this index knows to be done. */
  doneOf(lane: number): KeptOffsets {
    const low = this.startOf(lane);
    const waits = new Set(this.waiting.in(lane).map(({ offset }) => offset));
    const done = new DoneOffsets({ low, done: [] });
    for (let offset = low; offset < this.read.of(lane); offset += 1)
      if (!waits.has(offset)) done.add([offset]);
    return done.keep();
  }

  /** An epoch that no earlier consumer had, also after a crash. */
  async nextEpoch(): Promise<number> {
    let epoch = 0;
    await this.writer.submit({
      prepare: (stores) => (epoch = Math.max((stores.state.get(EPOCH)?.[0] ?? 0) + 1, Date.now())),
      apply: (stores) => void stores.state.put(EPOCH, [epoch]),
      durable: () => undefined,
    });
    return epoch;
  }

  async stop(): Promise<void> {
    this.waiting.pending.stop();
    await this.writer.stop();
  }

  private load(): void {
    const { stores } = this.writer;
    this.read.load(stores);
    for (const { key, value } of stores.headers.getRange()) this.waiting.add(decodeWaiting(key, value));
    for (const { value } of stores.bodies.getRange()) this.waiting.addDone(Buffer.from(value).toString());
    this.position.startAfter(lastPosition(stores));
  }

  private isKnown({ lane, offset }: BusRecord): boolean {
    return this.read.knows(lane, offset) || this.waiting.at(lane, offset) !== undefined;
  }

  private describe({ lane, offset }: BusRecord, { header, body }: Block): Waiting {
    const block: PendingBlock = {
      position: this.position.next(),
      id: header.id,
      origin: this.origins.of(header),
      events: header.count,
      bytes: body.byteLength + HEADER_BYTES,
      receivedAt: receivedMs(header),
    };
    return { lane, offset, block };
  }
}

function rememberDone({ bodies }: BusStores, { position, id }: PendingBlock): void {
  void bodies.put(position, Buffer.from(id));
  void bodies.remove(position - DONE_IDS_KEPT);
}

/** A keyed request whose answer was missing, and that was answered by another try meanwhile. */
function isLateCopy(
  stores: BusStores,
  { idempotency }: BusRecord,
  batches: ReadonlyMap<string, string>,
): boolean {
  if (!idempotency) return false;
  const known = batches.get(idempotency.key) ?? knownKey(stores, idempotency.key)?.batch;
  return known !== undefined && known !== idempotency.batch;
}

/** As it lies in the index. */
function encodeWaiting({ lane, offset, block }: Waiting): Buffer {
  return Buffer.from(JSON.stringify({ lane, offset, ...block }));
}

function decodeWaiting(position: number, bytes: Uint8Array): Waiting {
  const { lane, offset, ...block } = JSON.parse(Buffer.from(bytes).toString()) as PendingBlock &
    Pick<Waiting, 'lane' | 'offset'>;
  return { lane, offset, block: { ...block, position } };
}
