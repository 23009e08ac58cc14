import type { Logger } from 'pino';
import type { RunTimeValues } from '#app-config';
import type { Catalogue } from '#catalogue';
import type { Delivery } from '#event-bus';
import { AlluviumError, type BlockId } from '#event-model';
import type { StreamSpec } from '#plugin-kit';
import type { MoveOrder, MoveReport } from '../quarantine/move-order.js';
import type { Commit, LaneListener } from '../consumers/event-bus.strategy.js';
import type { BatchWriter } from './batch-writer.js';
import { IngestStateRecord, isSettled } from './ingest-state.js';
import { Room, Slots } from './slots.js';
import { StreamWriter, type StreamWriterParts } from './stream-writer.js';

/** Inserts at once: the engine keeps two sessions for writes. */
const INSERTS_AT_ONCE = 2;
/** Bytes that writers hold, in batches: one that is written for each insert at once, and one that is gathered. */
const BATCHES_HELD = INSERTS_AT_ONCE + 1;

export interface WriterPoolParts {
  readonly catalogue: Catalogue;
  readonly writer: BatchWriter;
  readonly mover: StreamWriterParts['mover'];
  /** Ends what was left of removing the stream's events, before its writer begins. */
  readonly settle: (stream: StreamSpec) => Promise<void>;
  readonly settings: () => Pick<RunTimeValues, 'flushBytes' | 'flushIntervalMs'>;
  /** Whether the bus still has any of these blocks. */
  readonly isPending: (blocks: readonly BlockId[]) => boolean;
  readonly logger: Pick<Logger, 'warn' | 'error'>;
  /** Told when a writer can't go on. */
  readonly failed: (error: unknown) => void;
}

interface Lane {
  readonly epoch: number;
  readonly commit: Commit;
  readonly ended: AbortController;
  readonly writers: Map<string, Promise<StreamWriter>>;
}

/** The writers of the lanes that this process has, one for each stream. */
export class WriterPool implements LaneListener {
  readonly #lanes = new Map<string, Lane>();
  readonly #slots = new Slots(INSERTS_AT_ONCE);
  /** Of their own: while their server is out, they would hold up the streams of the other one. */
  readonly #documentSlots = new Slots(INSERTS_AT_ONCE);
  readonly #room: Room;
  /** Work that streams are kept as they are for, by tenant and name: no new writer begins meanwhile. */
  readonly #exclusive = new Map<string, Promise<unknown>>();
  /** Work that all streams are kept as they are for. */
  #rest: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: WriterPoolParts) {
    this.#room = new Room(() => BATCHES_HELD * parts.settings().flushBytes);
  }

  assigned(lane: string, epoch: number, commit: Commit): void {
    this.#lanes.set(lane, { epoch, commit, ended: new AbortController(), writers: new Map() });
  }

  /** Resolves when no insert of the lane's is under way: it could not be told from one of the next owner's. */
  async revoked(lane: string): Promise<void> {
    const lost = this.#lanes.get(lane);
    this.#lanes.delete(lane);
    if (lost) await end(lost, `The lane ${lane} has been given to another process.`);
  }

  /** Hands a block to its stream's writer; resolves when there is room for the next. */
  async offer(stream: StreamSpec, delivery: Delivery): Promise<void> {
    const lane = this.#lanes.get(delivery.lane);
    if (!lane) return;
    const id = `${delivery.lane}/${nameOf(stream)}`;
    while (!lane.writers.has(id) && this.#exclusive.has(nameOf(stream)))
      await this.#exclusive.get(nameOf(stream));
    if (lane.ended.signal.aborted) return;
    const writer = await this.#writerOf(lane, id, stream);
    writer.follow(stream);
    await writer.offer(delivery);
  }

  /**
   * Takes events out of a stream's quarantine, as its writer. An order without places settles what an earlier process left.
   *
   * @throws AlluviumError `writer_ended` where this process writes nothing now; retryable
   */
  async move(stream: StreamSpec, order: MoveOrder): Promise<MoveReport> {
    const [first] = this.#lanes;
    if (!first)
      throw new AlluviumError('This process has no lane of the event bus.', {
        code: 'writer_ended',
        retryable: true,
      });
    const [name, lane] = first;
    const writer = await this.#writerOf(lane, `${name}/${nameOf(stream)}`, stream);
    writer.follow(stream);
    return writer.move(order);
  }

  /** Stores and commits everything that writers hold. */
  async drain(): Promise<void> {
    const lanes = [...this.#lanes.values()];
    const writers = await Promise.all(lanes.map((lane) => opened(lane.writers.values())));
    await Promise.all(writers.flat().map((writer) => writer.drain()));
  }

  /** Ends the writers; what they hold stays on the bus, and whoever waits for room goes on. */
  stop(): void {
    for (const lane of this.#lanes.values()) void end(lane, 'The process is stopping.');
  }

  /** Runs work while nothing is written to the stream, so that its tables stay as they are. */
  async exclusively<T>(stream: StreamSpec, work: () => Promise<T>): Promise<T> {
    const name = nameOf(stream);
    const before = Promise.all([this.#rest, this.#exclusive.get(name)]);
    const running = before.then(async () => whilePaused(await this.#writersOf(stream), work));
    const settled = running.catch(() => undefined);
    this.#exclusive.set(name, settled);
    try {
      return await running;
    } finally {
      if (this.#exclusive.get(name) === settled) this.#exclusive.delete(name);
    }
  }

  /**
   * Runs work while no stream's tables are changed: no batch is under way, and what keeps a stream to itself has ended or
   * waits. Blocks that come meanwhile wait on the bus.
   */
  async atRest<T>(work: () => Promise<T>): Promise<T> {
    const writers = [...this.#lanes.values()].flatMap((lane) => [...lane.writers.values()]);
    // Only those from before: what begins from now on waits for this.
    const earlier = Promise.all([this.#rest, ...this.#exclusive.values()]);
    const running = earlier.then(async () => whilePaused(await opened(writers), work));
    this.#rest = running.catch(() => undefined);
    return running;
  }

  /** Whether no batch of the stream is half stored, by this process or one before it; to be asked while nothing is written. */
  async isAtRest(stream: StreamSpec): Promise<boolean> {
    const lanes = [...this.#lanes.keys()];
    const states = await Promise.all(
      lanes.map((lane) => isSettled(this.parts.catalogue, `${lane}/${nameOf(stream)}`)),
    );
    return states.every(Boolean);
  }

  async #writersOf(stream: StreamSpec): Promise<StreamWriter[]> {
    const found = [...this.#lanes].map(([lane, { writers }]) => writers.get(`${lane}/${nameOf(stream)}`));
    return opened(found.filter((writer) => writer !== undefined));
  }

  #writerOf(lane: Lane, id: string, stream: StreamSpec): Promise<StreamWriter> {
    const known = lane.writers.get(id);
    if (known) return known;
    const free = Promise.all([this.#rest, this.#exclusive.get(nameOf(stream))]);
    const opening = free
      .then(() => this.#open(lane, id, stream))
      .catch((error: unknown) => {
        lane.writers.delete(id);
        throw error;
      });
    lane.writers.set(id, opening);
    return opening;
  }

  async #open(lane: Lane, id: string, stream: StreamSpec): Promise<StreamWriter> {
    await this.parts.settle(stream);
    const state = await IngestStateRecord.open(this.parts.catalogue, id, lane.epoch);
    const { settings, writer, mover, logger, failed, isPending } = this.parts;
    const scope = { state, commit: lane.commit, signal: lane.ended.signal };
    return new StreamWriter(stream, scope, {
      writer,
      mover,
      slots: stream.storedIn === 'documents' ? this.#documentSlots : this.#slots,
      room: this.#room,
      flushBytes: () => settings().flushBytes,
      flushIntervalMs: () => settings().flushIntervalMs,
      isPending,
      troubled: (error) => logger.warn({ err: error, stream: id }, 'a batch is settled again'),
      failed: (error) => {
        if (lane.ended.signal.aborted) return;
        logger.error({ err: error, stream: id }, 'the writer of a stream has ended');
        failed(error);
      },
    });
  }
}

function nameOf({ tenant, name }: StreamSpec): string {
  return `${tenant}/${name}`;
}

async function whilePaused<T>(writers: readonly StreamWriter[], work: () => Promise<T>): Promise<T> {
  const resumes = await Promise.all(writers.map((writer) => writer.pause()));
  try {
    return await work();
  } finally {
    for (const resume of resumes) resume();
  }
}

/** Those of the writers that could be opened; the blocks of the others come again. */
async function opened(writers: Iterable<Promise<StreamWriter>>): Promise<StreamWriter[]> {
  const results = await Promise.allSettled(writers);
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

async function end(lane: Lane, reason: string): Promise<void> {
  lane.ended.abort(new Error(reason));
  const writers = await opened(lane.writers.values());
  await Promise.all(writers.map((writer) => writer.abandon()));
}
