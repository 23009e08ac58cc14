import type { Kafka } from 'kafkajs';
import type { BlockId } from '#event-model';
import { createClient } from '#kafka-client';
import type { EventBusError } from '../event-bus.errors.js';
import type {
  Backlog,
  BlockConsumer,
  BusCluster,
  BusStatus,
  ClusteredEventBus,
  DoneBlock,
  ExpiredCounts,
  FollowedEventBus,
  PublishBatch,
  PublishOutcome,
  ReceivedCount,
  Subscription,
} from '../event-bus.port.js';
import { Expiry } from '../lmdb/expiry.js';
import { stoppedError } from '../lmdb/log-writer.js';
import { readReceived } from '../lmdb/received-counts.js';
import { catchUp } from './catch-up.js';
import { ClusterIdentity } from './cluster-identity.js';
import { ClusterWatch } from './cluster-watch.js';
import { Commits } from './commits.js';
import { GroupMember } from './group-member.js';
import { kafkaFault } from './kafka-faults.js';
import { topicOf, type KafkaBusOptions } from './kafka-options.js';
import { Lanes } from './lanes.js';
import { openSharing } from './open-sharing.js';
import { Publisher } from './publisher.js';
import type { SharedTopicParts } from './shared/shared-topic.js';
import { Sending } from './sending.js';
import { ReaderTrouble } from './reader-trouble.js';
import { openTopic, refuseLess, type TopicState } from './topic.js';
import { TopicIndex } from './topic-index.js';
import type { TopicSharing } from './topic-sharing.js';
import { within } from './within.js';

const TRY_AGAIN_MS = 1_000;
const REDELIVER_AFTER_MS = 1_000;
/** How long a start waits for Kafka; it goes on without, and refuses events until Kafka is there. */
const START_MS = 10_000;
/** How long a subscription waits for its first partitions; they may come later. */
const JOIN_MS = 5_000;

/** The event bus on Kafka, with an index of its topic in the data directory. */
export class KafkaEventBus implements ClusteredEventBus, FollowedEventBus {
  private readonly kafka: Kafka;
  private readonly index: TopicIndex;
  private readonly identity: ClusterIdentity;
  private readonly sending: Sending;
  private readonly publisher: Publisher;
  private readonly member: GroupMember;
  private readonly lanes: Lanes;
  private readonly sharing: TopicSharing;
  private readonly commits: Commits;
  private readonly watch: ClusterWatch;
  private topic: TopicState | undefined;
  private fault: EventBusError | undefined;
  private readonly reading = new ReaderTrouble();
  private settling: Promise<void> | undefined;
  private again: NodeJS.Timeout | undefined;
  private joined = false;
  private doneListener: (blocks: readonly DoneBlock[]) => void = () => undefined;
  private hasSettled: () => void = () => undefined;
  private readonly firstSettled = new Promise<void>((resolve) => (this.hasSettled = resolve));
  private stopping: Promise<void> | undefined;
  private readonly reach: (faultPoint: string) => void;

  private constructor(private readonly options: KafkaBusOptions) {
    this.reach = options.reach ?? (() => undefined);
    this.kafka = createClient(options, options.prefix);
    this.index = TopicIndex.open(options.directory);
    this.identity = new ClusterIdentity(options);
    this.sending = new Sending(this.kafka, options, this.identity.owner);
    const { kafka, index, identity, sending } = this;
    const trouble = (error: unknown): void => this.troubled(error);
    this.publisher = new Publisher({
      ...{ index, sending },
      partitions: () => this.topic?.partitions ?? 1,
      sharing: () => this.sharing,
      readToEnd: () => this.look(),
      fault: () => this.fault,
      failed: (error) => this.failed(error),
    });
    this.member = new GroupMember({
      ...{ kafka, options, trouble },
      assigned: (partitions) => void this.assigned(partitions).catch(trouble),
      read: async (lane, records, first, end) => {
        await index.take(records, this.sharing.marks(lane, first, end));
        await this.lanes.accept(lane, records, first, end);
      },
    });
    const { member } = this;
    const done: SharedTopicParts['done'] = (gone) => this.doneListener(gone.map(({ block }) => block));
    const sharing = (this.sharing = openSharing({ kafka, options, index, identity, done, trouble }));
    this.lanes = new Lanes(index, member, options.redeliverAfterMs ?? REDELIVER_AFTER_MS, sharing);
    this.commits = new Commits({
      ...{ index, member, sharing, identity, lanes: this.lanes, log: options.log, reach: this.reach },
      isStopping: () => this.stopping !== undefined,
    });
    this.watch = new ClusterWatch(this.kafka, options);
    void this.settle();
  }

  /**
   * Opens the index and looks for the topic. Where Kafka isn't there in time the bus says so in its status, refuses events
   * and goes on looking.
   *
   * @throws EventBusError `bus_damaged` where the index can't be read
   */
  static async open(options: KafkaBusOptions): Promise<KafkaEventBus> {
    const bus = new KafkaEventBus(options);
    await within(bus.firstSettled, options.startMs ?? START_MS);
    return bus;
  }

  async publish(batches: readonly PublishBatch[]): Promise<readonly PublishOutcome[]> {
    if (this.stopping) throw stoppedError();
    if (this.fault) throw this.fault;
    this.reach('bus.before-commit');
    const outcomes = await this.publisher.publish(batches);
    this.reach('bus.after-commit');
    return outcomes;
  }

  async subscribe(consumer: BlockConsumer): Promise<Subscription> {
    if (this.stopping) throw stoppedError();
    await this.lanes.give(consumer);
    this.join();
    if (!this.fault) await within(this.lanes.firstAssigned, JOIN_MS);
    return {
      commit: (deliveries) => this.commits.take(consumer, deliveries),
      stop: () => this.lanes.end(consumer),
    };
  }

  stop(): Promise<void> {
    return (this.stopping ??= this.end());
  }

  status(): BusStatus {
    const fault = this.fault ?? this.index.writer.fault;
    return { ...this.reading.status(), ...(fault && { fault }), corruptBlocks: this.index.corrupt };
  }

  cluster(): BusCluster {
    return this.watch.cluster(this.topic?.partitions ?? 0, this.index.waiting);
  }

  backlog(): Backlog {
    return this.index.waiting.pending.backlog(Date.now());
  }

  pendingEvents(blocks: readonly BlockId[]): number {
    return this.index.waiting.pending.eventsIn(blocks);
  }

  whenCommitted(blocks: readonly BlockId[], timeoutMs: number): Promise<boolean> {
    return this.index.waiting.pending.whenCommitted(blocks, timeoutMs);
  }

  async received(fromMinute: number, toMinute: number): Promise<readonly ReceivedCount[]> {
    return readReceived(this.index.writer.stores, fromMinute, toMinute);
  }

  async pending(): Promise<readonly ReceivedCount[]> {
    return this.index.waiting.pending.counts();
  }

  async expire(nowMs: number, countsBeforeMinute: number): Promise<ExpiredCounts> {
    await this.sharing.expire(nowMs);
    return new Expiry(this.index.writer).run(nowMs, countsBeforeMinute);
  }

  private async assigned(partitions: readonly number[]): Promise<void> {
    await this.lanes.assign(partitions);
    if (partitions.length > 0) this.commits.tellCoordinator(partitions);
  }

  catchUp(): Promise<void> {
    return this.sharing.catchUp();
  }

  whenDone(listener: (blocks: readonly DoneBlock[]) => void): void {
    this.doneListener = listener;
  }

  /** Brings the index up to the topic; while that isn't done nothing is taken. */
  private settle(): Promise<void> {
    this.settling ??= this.look()
      .then(() => {
        this.fault = undefined;
        this.hasSettled();
        this.sharing.follow();
        this.join();
      })
      .catch((error: unknown) => {
        const fault = kafkaFault(error, 'The event bus on Kafka is out');
        if (fault.message !== this.fault?.message)
          this.options.log?.warn({ err: fault }, 'the event bus takes no events until Kafka is there');
        this.fault = fault;
        if (!this.stopping) this.again = setTimeout(() => void this.settle(), TRY_AGAIN_MS);
      })
      .finally(() => (this.settling = undefined));
    this.fault ??= kafkaFault(new Error('it is being looked for'), 'The event bus on Kafka is not there yet');
    return this.settling;
  }

  private async look(): Promise<void> {
    const topic = await openTopic(this.kafka, this.options);
    await this.sharing.begin(topic);
    refuseLess(topic, this.index.read, topicOf(this.options));
    await this.sending.endLeft();
    await catchUp(this.kafka, this.options, this.index, topic.end);
    await this.index.loseBelow(topic.low);
    this.topic = topic;
  }

  /** What a failed write left is read before the next one. */
  private failed(error: EventBusError): void {
    this.options.log?.warn({ err: error }, 'a write to Kafka failed');
    if (error.code === 'bus_unavailable') this.fault = error;
    if (!this.stopping) void this.settle();
  }

  private troubled(error: unknown): void {
    this.reading.report(error);
    if (error !== undefined)
      this.options.log?.warn({ err: error }, 'the consumer of the event bus is made anew');
  }

  /** The group wants a topic, and lanes somebody to go to. */
  private join(): void {
    if (this.joined || !this.topic || !this.lanes.isWanted || this.stopping) return;
    this.joined = true;
    this.member.start();
  }

  private async end(): Promise<void> {
    clearTimeout(this.again);
    await this.publisher.idle();
    await this.lanes.stop();
    await this.settling;
    await Promise.all([this.sharing.stop(), this.member.stop(), this.sending.stop(), this.watch.stop()]);
    await this.index.stop();
  }
}
