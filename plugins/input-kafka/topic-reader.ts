import { setTimeout as pause } from 'node:timers/promises';
import type { Admin, Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { Place } from './lines-of.js';
import { Offsets } from './offsets.js';
import { PartitionRun, type PartitionParts } from './partition-run.js';
import { MissingTopicError } from './start-error.js';
import { recordsOf } from './topic-record.js';

const SESSION_MS = 10_000;
/** Also what a stop waits for, since kafkajs sleeps so long when all is paused; its default is 5 s. */
const FETCH_MS = 200;
const PARTITION_BYTES = 512 * 1024;
const FETCH_BYTES = 4 * 1024 * 1024;
/** Without a sign of life for so long it has failed: when the group's coordinator dies, kafkajs may hang without a word. */
const SILENCE_MS = 2 * SESSION_MS;
const LOOK_MS = 1_000;
/** How long the last commits may take, and then the good-bye to the brokers. */
const LEAVE_MS = 3_000;

export interface ReaderParts extends Pick<PartitionParts, 'from' | 'take' | 'expired'> {
  readonly kafka: Kafka;
  readonly group: string;
  readonly topics: readonly string[];
  /** Called at most once, when it reads no more though nobody stopped it. */
  failed(error: unknown): void;
}

/** A member of a group that reads topics until it is stopped or fails; it is never started again, but another one made. */
export class TopicReader {
  private readonly consumer: Consumer;
  private readonly admin: Admin;
  private readonly runs = new Map<string, PartitionRun>();
  private watchdog: NodeJS.Timeout | undefined;
  private lastSign = Date.now();
  private isOver = false;

  constructor(private readonly parts: ReaderParts) {
    this.admin = parts.kafka.admin();
    this.consumer = parts.kafka.consumer({
      groupId: parts.group,
      sessionTimeout: SESSION_MS,
      heartbeatInterval: SESSION_MS / 5,
      maxWaitTimeInMs: FETCH_MS,
      maxBytesPerPartition: PARTITION_BYTES,
      maxBytes: FETCH_BYTES,
      allowAutoTopicCreation: false,
      retry: { retries: 2, initialRetryTime: 200, maxRetryTime: 1_000, restartOnFailure: async () => false },
    });
  }

  /** Resolves with the cluster's id when it reads. @throws whatever the brokers fail with; MissingTopicError */
  async start(): Promise<string> {
    await this.admin.connect();
    const { clusterId } = await this.admin.describeCluster();
    const known = new Set(await this.admin.listTopics());
    const missing = this.parts.topics.filter((topic) => !known.has(topic));
    if (missing.length > 0) throw new MissingTopicError(missing);
    return clusterId;
  }

  /** Begins to read; a group that waits for a member that was killed lets it in some seconds later. */
  async read(): Promise<void> {
    this.listen();
    await this.consumer.connect();
    await this.consumer.subscribe({ topics: [...this.parts.topics], fromBeginning: true });
    this.consumer
      .run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        eachBatch: (payload) => this.eachBatch(payload),
      })
      .catch((error: unknown) => this.fail(error));
    this.watchdog = setInterval(() => this.look(), LOOK_MS);
    this.watchdog.unref();
  }

  async stop(): Promise<void> {
    this.isOver = true;
    clearInterval(this.watchdog);
    const leaving = AbortSignal.timeout(LEAVE_MS);
    const runs = [...this.runs.values()];
    await inTime(runs.map((run) => run.leave(leaving)));
    // A member that is about to join would wait until all others have.
    await inTime([this.consumer.disconnect(), this.admin.disconnect()]);
  }

  private listen(): void {
    const { GROUP_JOIN, CRASH, FETCH, HEARTBEAT } = this.consumer.events;
    this.consumer.on(GROUP_JOIN, ({ payload }) => this.assigned(payload.memberAssignment));
    this.consumer.on(CRASH, ({ payload }) => this.fail(payload.error));
    for (const sign of [FETCH, HEARTBEAT]) this.consumer.on(sign, () => (this.lastSign = Date.now()));
  }

  /** Each assignment is a new beginning: what an earlier one has under way ends first, and is in doubt. */
  private assigned(assignment: Readonly<Record<string, readonly number[]>>): void {
    if (this.isOver) return;
    this.lastSign = Date.now();
    const before = Promise.all([...this.runs.values()].map((run) => run.end()));
    this.runs.clear();
    for (const [topic, partitions] of Object.entries(assignment))
      for (const partition of partitions) this.begin({ topic, partition }, before);
  }

  private begin(place: Place, before: Promise<unknown>): void {
    const { consumer, admin } = this;
    const { topic, partition } = place;
    const { group, from, take, expired } = this.parts;
    const parts: PartitionParts = {
      ...{ place, from, take, expired, offsets: new Offsets(consumer, admin, group) },
      pause: () => consumer.pause([{ topic, partitions: [partition] }]),
      resume: () => consumer.resume([{ topic, partitions: [partition] }]),
      seek: (offset) => consumer.seek({ ...place, offset: String(offset) }),
      failed: (error) => this.fail(error),
    };
    this.runs.set(nameOf(place), new PartitionRun(parts, before));
  }

  /** Never waits until records are taken: heartbeats go on while there is no room. */
  private async eachBatch({ batch, resolveOffset }: EachBatchPayload): Promise<void> {
    const name = nameOf(batch);
    const run = this.runs.get(name);
    const records = recordsOf(batch.messages);
    const [last] = records.slice(-1);
    if (!run || !last || this.isOver) return;
    await run.add(records);
    // What an earlier assignment was given doesn't count for the next one.
    if (this.runs.get(name) === run) resolveOffset(String(last.end - 1));
  }

  private look(): void {
    if (Date.now() - this.lastSign > SILENCE_MS) this.fail(new Error('the consumer has stood still'));
  }

  private fail(error: unknown): void {
    if (this.isOver) return;
    this.isOver = true;
    this.parts.failed(error);
  }
}

/** Waits for some things to be over, but not for ever. */
async function inTime(awaited: readonly Promise<void>[]): Promise<void> {
  await Promise.race([Promise.allSettled(awaited), pause(LEAVE_MS, undefined, { ref: false })]);
}

function nameOf({ topic, partition }: Place): string {
  return `${topic}/${partition}`;
}
