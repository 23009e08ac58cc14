import { setTimeout as pause } from 'node:timers/promises';
import type { Kafka } from 'kafkajs';
import { CatalogueError } from '#catalogue';
import type { Idempotency } from '../../event-bus.port.js';
import type { ClusterIdentity } from '../cluster-identity.js';
import { catchUp } from '../catch-up.js';
import { kafkaFault } from '../kafka-faults.js';
import { GroupMember } from '../group-member.js';
import { groupOf, topicOf, type KafkaBusOptions } from '../kafka-options.js';
import { KeptAdmin } from '../kept-admin.js';
import type { TopicSharing } from '../topic-sharing.js';
import type { TopicState } from '../topic.js';
import type { TopicIndex } from '../topic-index.js';
import type { Waiting } from '../waiting-blocks.js';
import { within } from '../within.js';
import type { DoneOffsets } from './done-offsets.js';
import type { KeyReservations, Reserved } from './key-reservations.js';
import type { LaneRecords } from './lane-records.js';
import { TopicEnds, type Ends } from './topic-ends.js';

/** Between two looks at what others have done, while something waits: milliseconds. */
const LOOK_MS = 100;
/** The same, where the catalogue didn't answer. */
const AGAIN_MS = 1_000;
/** So long the follower is waited for, before the rest is read beside it: milliseconds. */
const FOLLOWS_MS = 2_000;
/** The same for a question that has to know all. */
const KNOWS_MS = 10_000;
/** Between two looks at how far the follower is, while a question waits. */
const NEARLY_MS = 10;

export interface SharedTopicParts {
  readonly kafka: Kafka;
  readonly options: KafkaBusOptions;
  readonly index: TopicIndex;
  readonly identity: ClusterIdentity;
  readonly records: LaneRecords;
  readonly reservations: KeyReservations;
  /** Told of blocks that others have taken off the bus. */
  readonly done: (gone: readonly Waiting[]) => void;
  /** Why the topic is not followed at the moment; undefined: it is. */
  readonly trouble: (error: unknown) => void;
}

/**
 * Several processes have the topic: each reads all of it into an index of its own, and what is done stands in the catalogue,
 * written by the one that the group gave the partition to.
 */
export class SharedTopic implements TopicSharing {
  private readonly follower: GroupMember;
  private readonly admin: KeptAdmin;
  private readonly ends: TopicEnds;
  private seen: ReadonlyMap<number, DoneOffsets> = new Map();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private following = false;
  private stopped = false;

  constructor(private readonly parts: SharedTopicParts) {
    const { kafka, options, index, identity, trouble } = parts;
    this.admin = new KeptAdmin(kafka);
    this.ends = new TopicEnds(this.admin, topicOf(options));
    index.isDone = (lane, offset) => this.isDone(lane, offset);
    this.follower = new GroupMember({
      ...{ kafka, options, trouble },
      group: `${groupOf(options)}.index.${identity.owner}`,
      assigned: (lanes) => lanes.forEach((lane) => this.follower.resumeAt(lane, index.read.of(lane))),
      read: (lane, records, _first, end) => index.take(records, new Map([[lane, end]])),
    });
  }

  get waits(): boolean {
    return this.parts.options.holding !== undefined;
  }

  async begin(topic: TopicState): Promise<void> {
    const { index, identity, records } = this.parts;
    const appliance = await records.appliance();
    if (identity.checkShared(topic, appliance)) {
      const epoch = await index.nextEpoch();
      for (const lane of topic.end.keys()) await records.adopt(lane, index.doneOf(lane), epoch);
      await records.nameFormer(identity.owner);
    }
    identity.join(topic, appliance.owner);
    await this.look();
  }

  follow(): void {
    if (this.following || this.stopped) return;
    this.following = true;
    this.follower.start();
    this.lookAgain(LOOK_MS);
  }

  async catchUp(): Promise<void> {
    const until = Date.now() + KNOWS_MS;
    let ends: Ends | undefined;
    const told = this.ends.read().then((read) => (ends = read));
    await within(told, KNOWS_MS).catch((error: unknown) => {
      throw kafkaFault(error, 'Kafka does not say how far its topic goes');
    });
    while (!ends || [...ends].some(([lane, end]) => this.parts.index.read.of(lane) < end)) {
      if (Date.now() >= until)
        throw kafkaFault(new Error(`not known after ${KNOWS_MS} ms`), 'What others published on Kafka');
      await pause(NEARLY_MS);
    }
  }

  async claim(lane: number, signal: AbortSignal): Promise<number | undefined> {
    const { holding } = this.parts.options;
    if (holding && !(await holding.take(lane, signal))) return undefined;
    for (;;)
      try {
        // What its last owner left is told by blocks that this index must know.
        await this.readToEnd(lane, signal);
        const epoch = await this.parts.records.claim([lane]);
        await this.look();
        return epoch;
      } catch (error) {
        if (this.stopped || signal.aborted || !(error instanceof CatalogueError)) throw error;
        await pause(AGAIN_MS);
      }
  }

  giveBack(lane: number): void {
    this.parts.records.forget(lane);
    this.parts.options.holding?.release(lane);
  }

  /** What lies before the first of them may be news to this process: the follower comes to it. */
  marks(lane: number, first: number, end: number): ReadonlyMap<number, number> {
    return first <= this.parts.index.read.of(lane) ? new Map([[lane, end]]) : new Map();
  }

  async remove(gone: readonly Waiting[]): Promise<void> {
    const { index, records } = this.parts;
    for (const lane of new Set(gone.map((waiting) => waiting.lane))) {
      const offsets = gone.filter((waiting) => waiting.lane === lane).map(({ offset }) => offset);
      await records.finish(lane, offsets, index.startWithout(lane, new Set(offsets)));
    }
    await index.remove(gone);
  }

  async reserve(idempotency: Idempotency): Promise<Reserved> {
    return this.parts.reservations.reserve(idempotency);
  }

  release(keys: readonly string[]): Promise<void> {
    return this.parts.reservations.release(keys);
  }

  expire(nowMs: number): Promise<void> {
    return this.parts.reservations.expire(nowMs);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.looking;
    await Promise.all([this.follower.stop(), this.admin.leave()]);
  }

  /** Resolves when the index has all that the partition has now. The follower is hardly ever behind. */
  private async readToEnd(lane: number, signal: AbortSignal): Promise<void> {
    const { kafka, options, index } = this.parts;
    if (!options.holding) return;
    const end = (await this.ends.read()).get(lane) ?? 0;
    for (const until = Date.now() + FOLLOWS_MS; index.read.of(lane) < end && Date.now() < until;) {
      signal.throwIfAborted();
      await pause(LOOK_MS);
    }
    await catchUp(kafka, options, index, new Map([[lane, end]]));
  }

  private isDone(lane: number, offset: number): boolean {
    const { records } = this.parts;
    return records.ownOffsets(lane)?.has(offset) ?? this.seen.get(lane)?.has(offset) ?? false;
  }

  /** Takes out of the index what the catalogue says is done. @throws CatalogueError */
  private async look(): Promise<void> {
    const { index, records, done } = this.parts;
    this.seen = await records.all();
    for (const [lane, offsets] of this.seen) {
      const gone = index.waiting.in(lane).filter(({ offset }) => offsets.has(offset));
      if (gone.length === 0) continue;
      await index.remove(gone);
      done(gone);
    }
  }

  private lookAgain(ms: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.looking = this.lookWhereNeeded().then(
        () => this.lookAgain(LOOK_MS),
        () => this.lookAgain(AGAIN_MS),
      );
    }, ms);
    this.timer.unref();
  }

  private async lookWhereNeeded(): Promise<void> {
    if (this.parts.index.waiting.pending.backlog(0).blocks > 0) await this.look();
  }
}
