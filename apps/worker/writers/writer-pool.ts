import type { Logger } from 'pino';
import type { RunTimeValues } from '#app-config';
import type { Catalogue } from '#catalogue';
import type { Delivery } from '#event-bus';
import { AlluviumError, type BlockId } from '#event-model';
import type { StreamSpec } from '#plugin-kit';
import type { MoveOrder, MoveReport } from '../quarantine/move-order.js';
import type { Rests } from '../seat/rests.js';
import type { Commit, LaneListener } from '../consumers/event-bus.strategy.js';
import type { BatchWriter } from './batch-writer.js';
import { pause } from './pause.js';
import { IngestStateRecord, isSettled } from './ingest-state.js';
import { Room, Slots } from './slots.js';
import { streamRests } from './stream-busy.js';
import { end, nameOf, noCommit, opened, whilePaused, type Lane, type Named } from './writer-lane.js';
import { StreamWriter, type StreamWriterParts } from './stream-writer.js';

const QUIET_AGAIN_MS = 1_000;
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
  /** What keeps other processes from writing a stream, where there are some; see {@link Rests}. */
  readonly rests?: Pick<Rests, 'hold' | 'isAsked' | 'lanes'>;
  /** Resolves when no insert of this process into the stream's tables is at work; needed with `rests`. */
  readonly settled?: (stream: StreamSpec) => Promise<unknown>;
  /** Brings a stream's tables in order again, where work on them has failed; needed with `rests`. */
  readonly prepare?: (stream: StreamSpec) => Promise<void>;
  readonly settings: () => Pick<RunTimeValues, 'flushBytes' | 'flushIntervalMs'>;
  /** Whether the bus still has any of these blocks. */
  readonly isPending: (blocks: readonly BlockId[]) => boolean;
  readonly logger: Pick<Logger, 'warn' | 'error'>;
  /** Told when a writer can't go on. */
  readonly failed: (error: unknown) => void;
}

/** The lane of what leaves quarantine, where the bus's lanes are several processes'. */
const MOVES = 'moves';

/** The writers of the lanes that this process has, one for each stream. */
export class WriterPool implements LaneListener {
  readonly #lanes = new Map<string, Lane>();
  readonly #slots = new Slots(INSERTS_AT_ONCE);
  /** Of their own: while their server is out, they would hold up the streams of the other one. */
  readonly #documentSlots = new Slots(INSERTS_AT_ONCE);
  readonly #room: Room;
  readonly #moving: Lane = { epoch: 0, commit: noCommit, ended: new AbortController(), writers: new Map() };
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
    if (!lost) return;
    await end(lost, `The lane ${lane} has been given to another process.`);
    if (this.parts.rests) await this.#quiet(lost);
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
    if (this.parts.rests)
      return this.exclusively(stream, async () => (await this.#moverOf(stream)).move(order));
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

  /** Ends the writers; what they hold stays on the bus, and whoever waits for room goes on. Resolves when no insert is under way. */
  async stop(): Promise<void> {
    const lanes = [...this.#lanes.values(), this.#moving];
    await Promise.all(lanes.map((lane) => end(lane, 'The process is stopping.')));
  }

  /** Runs work while nothing is written to the stream, by no process, so that its tables stay as they are. */
  async exclusively<T>(stream: StreamSpec, work: () => Promise<T>): Promise<T> {
    const { rests } = this.parts;
    if (!rests) return this.restHere(stream, work);
    return this.restHere(stream, () => rests.hold(stream, work, () => this.#mend(stream)));
  }

  /** Runs work while this process writes nothing to the stream. */
  async restHere<T>(stream: Named, work: () => Promise<T>): Promise<T> {
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

  /** From the next batch on, the stream is this: another process has changed its tables. */
  async follow(stream: StreamSpec): Promise<void> {
    for (const writer of await this.#writersOf(stream)) writer.follow(stream);
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
    const lanes = new Set([...this.#lanes.keys(), ...(await this.#lanesElsewhere())]);
    const states = await Promise.all(
      [...lanes].map((lane) => isSettled(this.parts.catalogue, `${lane}/${nameOf(stream)}`)),
    );
    return states.every(Boolean);
  }

  /** Waits, too, for inserts whose answer was lost: the next owner would look for their rows before they are there. */
  async #quiet({ writers }: Lane): Promise<void> {
    for (const { of } of await opened(writers.values()))
      while (of.storedIn !== 'documents' && !this.#moving.ended.signal.aborted)
        try {
          await this.parts.settled?.(of);
          break;
        } catch (error) {
          this.parts.logger.warn({ err: error }, 'a lane is given to another process later');
          await pause(QUIET_AGAIN_MS, this.#moving.ended.signal).catch(() => undefined);
        }
  }

  async #lanesElsewhere(): Promise<readonly string[]> {
    return this.parts.rests ? [...(await this.parts.rests.lanes()), MOVES] : [];
  }

  async #mend(stream: StreamSpec): Promise<void> {
    await this.parts.settle(stream);
    await this.parts.prepare?.(stream);
  }

  /** Where others have the lanes, what leaves quarantine has a state of its own: one process at a time moves. */
  #moverOf(stream: StreamSpec): Promise<StreamWriter> {
    const id = `${MOVES}/${nameOf(stream)}`;
    const known = this.#moving.writers.get(id);
    const opening = known ?? this.#openMover(id, stream);
    this.#moving.writers.set(id, opening);
    opening.catch(() => this.#moving.writers.delete(id));
    return opening.then((writer) => (writer.follow(stream), writer));
  }

  async #openMover(id: string, stream: StreamSpec): Promise<StreamWriter> {
    const epoch = await IngestStateRecord.nextEpoch(this.parts.catalogue, id);
    return this.#open({ ...this.#moving, epoch }, id, stream);
  }

  async #writersOf(stream: Named): Promise<StreamWriter[]> {
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
    // Who keeps it to itself has been waited for where it is this process.
    if (await this.parts.rests?.isAsked(stream)) throw streamRests(stream);
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
