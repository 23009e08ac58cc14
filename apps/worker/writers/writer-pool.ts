import type { Logger } from 'pino';
import type { RunTimeValues } from '#app-config';
import type { Catalogue } from '#catalogue';
import type { Delivery } from '#event-bus';
import type { StreamSpec } from '#plugin-kit';
import type { Commit, LaneListener } from '../consumers/event-bus.strategy.js';
import type { BatchWriter } from './batch-writer.js';
import { IngestStateRecord } from './ingest-state.js';
import { Room, Slots } from './slots.js';
import { StreamWriter } from './stream-writer.js';

/** Inserts at once: the engine keeps two sessions for writes. */
const INSERTS_AT_ONCE = 2;
/** Bytes that writers hold, in batches: one that is written and one that is gathered for each insert at once. */
const BATCHES_HELD = 2 * INSERTS_AT_ONCE;

export interface WriterPoolParts {
  readonly catalogue: Catalogue;
  readonly writer: BatchWriter;
  readonly settings: () => Pick<RunTimeValues, 'flushBytes' | 'flushIntervalMs'>;
  readonly logger: Pick<Logger, 'error'>;
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
  readonly #room: Room;

  constructor(private readonly parts: WriterPoolParts) {
    this.#room = new Room(() => BATCHES_HELD * parts.settings().flushBytes);
  }

  assigned(lane: string, epoch: number, commit: Commit): void {
    this.#lanes.set(lane, { epoch, commit, ended: new AbortController(), writers: new Map() });
  }

  async revoked(lane: string): Promise<void> {
    const lost = this.#lanes.get(lane);
    this.#lanes.delete(lane);
    lost?.ended.abort(new Error(`The lane ${lane} has been given to another process.`));
    for (const writer of (await Promise.all(lost?.writers.values() ?? [])) as StreamWriter[])
      writer.abandon();
  }

  /** Hands a block to its stream's writer; resolves when there is room for the next. */
  async offer(stream: StreamSpec, delivery: Delivery): Promise<void> {
    const lane = this.#lanes.get(delivery.lane);
    if (!lane) return;
    const id = `${delivery.lane}/${stream.tenant}/${stream.name}`;
    const writer = await this.#writerOf(lane, id, stream);
    await writer.offer(delivery);
  }

  /** Stores and commits everything that writers hold. */
  async drain(): Promise<void> {
    for (const lane of this.#lanes.values())
      await Promise.all([...lane.writers.values()].map(async (writer) => (await writer).drain()));
  }

  /** Ends the writers; what they hold stays on the bus. */
  stop(): void {
    for (const lane of this.#lanes.values()) lane.ended.abort(new Error('The process is stopping.'));
  }

  /**
   * Runs work while the stream's writer does nothing, so that tables stay as they are.
   * A stream that nothing was written to in this process has no writer to wait for.
   */
  async exclusively<T>(stream: StreamSpec, work: () => Promise<T>): Promise<T> {
    const writers = await this.#writersOf(stream);
    const resumes = await Promise.all(writers.map((writer) => writer.pause()));
    try {
      return await work();
    } finally {
      for (const resume of resumes) resume();
    }
  }

  async #writersOf(stream: StreamSpec): Promise<StreamWriter[]> {
    const found: StreamWriter[] = [];
    for (const [name, lane] of this.#lanes) {
      const writer = await lane.writers.get(`${name}/${stream.tenant}/${stream.name}`);
      if (writer) found.push(writer);
    }
    return found;
  }

  #writerOf(lane: Lane, id: string, stream: StreamSpec): Promise<StreamWriter> {
    const known = lane.writers.get(id);
    if (known) return known;
    const opening = this.#open(lane, id, stream).catch((error: unknown) => {
      lane.writers.delete(id);
      throw error;
    });
    lane.writers.set(id, opening);
    return opening;
  }

  async #open(lane: Lane, id: string, stream: StreamSpec): Promise<StreamWriter> {
    const state = await IngestStateRecord.open(this.parts.catalogue, id, lane.epoch);
    const { settings, writer, logger, failed } = this.parts;
    const scope = { state, commit: lane.commit, signal: lane.ended.signal };
    return new StreamWriter(stream, scope, {
      writer,
      slots: this.#slots,
      room: this.#room,
      flushBytes: () => settings().flushBytes,
      flushIntervalMs: () => settings().flushIntervalMs,
      failed: (error) => {
        if (lane.ended.signal.aborted) return;
        logger.error({ err: error, stream: id }, 'the writer of a stream has ended');
        failed(error);
      },
    });
  }
}
