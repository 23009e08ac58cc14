import kafkajs, { type Consumer, type EachBatchPayload, type Kafka } from 'kafkajs';
import { groupOf, topicOf, type KafkaBusOptions } from './kafka-options.js';
import { decodeRecord, type BusRecord } from './records.js';

const SESSION_MS = 10_000;
/** A rejoin waits so long for the others. */
const REBALANCE_MS = 60_000;
/** Also what a stop and a resume wait for, since kafkajs sleeps so long when all is paused; its default is 5 s. */
const FETCH_MS = 200;
const PARTITION_BYTES = 512 * 1024;
const FETCH_BYTES = 4 * 1024 * 1024;
/** Without a sign of life for so many sessions the member is given up, and another one made. */
const SILENT_SESSIONS = 2;
const LOOK_MS = 1_000;
const AGAIN_AFTER_MS = 500;

export interface MemberParts {
  readonly kafka: Kafka;
  readonly options: KafkaBusOptions;
  /** Default: the group of those that store blocks. */
  readonly group?: string;
  /** The partitions of this member from now on; none where it has lost its place. */
  assigned(partitions: readonly number[]): void;
  /** Records of a partition, of offsets from `first` to before `end`. */
  read(lane: number, records: readonly BusRecord[], first: number, end: number): Promise<void>;
  /** Why it doesn't read at the moment; undefined: it does. */
  trouble(error: unknown): void;
}

/**
 * A member of the group that never gives up. kafkajs restarts itself after some failures, is dead for good after others, and
 * hangs without a word after a third kind (the broker that died was the group's coordinator): here each ends in a new
 * consumer.
 */
export class GroupMember {
  private consumer: Consumer | undefined;
  private watchdog: NodeJS.Timeout | undefined;
  private again: NodeJS.Timeout | undefined;
  private lastSign = 0;
  private stopped = false;
  private lanes: readonly number[] = [];
  /**
   * Those that join the group. kafkajs loses hold of one that is told to end meanwhile: it joins yet, and keeps partitions for
   * as long as the process lives.
   */
  private readonly joining = new WeakSet<Consumer>();
  private readonly topic: string;
  private readonly sessionMs: number;

  constructor(private readonly parts: MemberParts) {
    this.topic = topicOf(parts.options);
    this.sessionMs = parts.options.sessionMs ?? SESSION_MS;
  }

  start(): void {
    this.watchdog = setInterval(() => this.look(), LOOK_MS);
    this.join();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.watchdog);
    clearTimeout(this.again);
    const { consumer } = this;
    this.consumer = undefined;
    if (consumer) await this.end(consumer);
  }

  pause(lane: number): void {
    this.ifOurs(lane, (consumer) => consumer.pause([{ topic: this.topic, partitions: [lane] }]));
  }

  resumeAt(lane: number, offset: number): void {
    this.ifOurs(lane, (consumer) => {
      consumer.seek({ topic: this.topic, partition: lane, offset: String(offset) });
      consumer.resume([{ topic: this.topic, partitions: [lane] }]);
    });
  }

  /** Tells the coordinator how far partitions are done. @throws where it refuses, or can't be reached */
  async commit(offsets: ReadonlyMap<number, number>, metadata: string): Promise<void> {
    const ours = [...offsets].filter(([lane]) => this.lanes.includes(lane));
    if (ours.length === 0) return;
    await this.consumer?.commitOffsets(
      ours.map(([partition, offset]) => ({ topic: this.topic, partition, offset: String(offset), metadata })),
    );
  }

  private ifOurs(lane: number, act: (consumer: Consumer) => void): void {
    try {
      if (this.consumer && this.lanes.includes(lane)) act(this.consumer);
    } catch {
      // The consumer is going down: the next one begins where the lanes are.
    }
  }

  private join(): void {
    if (this.stopped) return;
    this.lastSign = Date.now();
    const { kafka, options, group = groupOf(options) } = this.parts;
    const consumer = kafka.consumer({
      groupId: group,
      sessionTimeout: this.sessionMs,
      heartbeatInterval: Math.floor(this.sessionMs / 5),
      rebalanceTimeout: REBALANCE_MS,
      maxWaitTimeInMs: FETCH_MS,
      maxBytesPerPartition: PARTITION_BYTES,
      maxBytes: FETCH_BYTES,
      allowAutoTopicCreation: false,
      // Few tries, soon over: with more of them it stands still for a minute when the coordinator has died.
      retry: { retries: 2, initialRetryTime: 200, maxRetryTime: 1_000, restartOnFailure: async () => false },
    });
    this.consumer = consumer;
    this.listen(consumer);
    this.run(consumer).catch((error: unknown) => this.failed(consumer, error));
  }

  private async run(consumer: Consumer): Promise<void> {
    await consumer.connect();
    await consumer.subscribe({ topic: this.topic, fromBeginning: true });
    if (this.consumer !== consumer) return this.end(consumer);
    this.joining.add(consumer);
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: (payload) => this.eachBatch(consumer, payload),
    });
  }

  private listen(consumer: Consumer): void {
    const { GROUP_JOIN, CRASH, FETCH_START, FETCH, HEARTBEAT } = consumer.events;
    const isCurrent = (): boolean => this.consumer === consumer;
    consumer.on(GROUP_JOIN, ({ payload }) => {
      if (!isCurrent()) return;
      this.lastSign = Date.now();
      this.lanes = payload.memberAssignment[this.topic] ?? [];
      this.parts.trouble(undefined);
      this.parts.assigned(this.lanes);
    });
    consumer.on(CRASH, ({ payload }) => this.failed(consumer, payload.error));
    consumer.on(FETCH_START, () => {
      if (this.joining.delete(consumer) && !isCurrent()) void this.end(consumer);
    });
    for (const sign of [FETCH, HEARTBEAT])
      consumer.on(sign, () => isCurrent() && (this.lastSign = Date.now()));
  }

  /** Never waits for the lanes: heartbeats go on while they have no room. */
  private async eachBatch(consumer: Consumer, { batch, resolveOffset }: EachBatchPayload): Promise<void> {
    if (this.consumer !== consumer) return;
    const { partition, messages } = batch;
    const [first] = messages;
    const records = messages.map((message) => decodeRecord(partition, message));
    const end = Number(batch.lastOffset()) + 1;
    await this.parts.read(partition, records, Number(first?.offset ?? end), end);
    const last = messages.at(-1);
    if (last) resolveOffset(last.offset);
  }

  private failed(consumer: Consumer, error: unknown): void {
    this.joining.delete(consumer);
    if (this.consumer === consumer) this.leave(consumer, error);
    else void this.end(consumer);
  }

  /** It may never end; nothing that it says counts any more. One that joins is ended when it has joined, or failed to. */
  private async end(consumer: Consumer): Promise<void> {
    if (!this.joining.has(consumer)) await consumer.disconnect().catch(() => undefined);
  }

  private look(): void {
    const { consumer } = this;
    if (consumer && Date.now() - this.lastSign > SILENT_SESSIONS * this.sessionMs)
      this.leave(consumer, new kafkajs.KafkaJSError('the consumer has stood still', { retriable: true }));
  }

  private leave(consumer: Consumer, error: unknown): void {
    if (this.consumer !== consumer) return;
    this.consumer = undefined;
    this.lanes = [];
    void this.end(consumer);
    this.parts.trouble(error);
    this.parts.assigned([]);
    if (!this.stopped) this.again = setTimeout(() => this.join(), AGAIN_AFTER_MS);
  }
}
