import { setTimeout as pause } from 'node:timers/promises';
import kafkajs, {
  type Kafka,
  type Message,
  type PartitionerArgs,
  type Producer,
  type RecordMetadata,
} from 'kafkajs';
import { topicOf, type KafkaBusOptions } from './kafka-options.js';
import { kafkaFault, unknownOutcome, wasNotWritten } from './kafka-faults.js';
import { sizeOf } from './records.js';

/** Bytes of one request to the brokers, unpacked: with the record that crosses it, far below the topic's limit. */
export const REQUEST_BYTES = 4 * 1024 * 1024;
/** How long a write is tried while brokers change: a killed one is replaced after 6 to 9 seconds. Milliseconds. */
export const PATIENCE_MS = 20_000;
const AGAIN_AFTER_MS = 250;
const acks = -1;
const compression = kafkajs.CompressionTypes.GZIP;

/** A record and its partition. */
export interface Outgoing {
  readonly lane: number;
  readonly message: Message;
}

/** The offset of each record that was sent, in their order. */
export type Offsets = readonly number[];

/**
 * Writes records with acks=all: those of one partition go in one batch of records, which the brokers take wholly or not at
 * all; those that don't fit, or go to several partitions, in a transaction.
 */
export class Sending {
  private plain: Promise<Producer> | undefined;
  private transactional: Promise<Producer> | undefined;

  constructor(
    private readonly kafka: Kafka,
    private readonly options: KafkaBusOptions,
    private readonly owner: string,
  ) {}

  /**
   * Writes records of several batches, each of which is in one partition and small.
   *
   * @throws EventBusError `bus_unavailable` where nothing was written, `outcome_unknown` where that isn't known
   */
  async send(records: readonly Outgoing[]): Promise<Offsets> {
    const until = Date.now() + PATIENCE_MS;
    for (let inDoubt = false; ;) {
      try {
        const producer = await (this.plain ??= this.connect({}));
        return offsetsOf(records, await producer.send(this.request(records)));
      } catch (error) {
        inDoubt ||= !wasNotWritten(error);
        this.drop('plain');
        // The same blocks twice in the topic are one block: by its id.
        if (Date.now() > until) throw inDoubt ? unknownOutcome(error) : notWritten(error);
        await pause(AGAIN_AFTER_MS);
      }
    }
  }

  /** Writes the records of one batch together or not at all. @throws EventBusError as {@link send} */
  async sendTogether(records: readonly Outgoing[]): Promise<Offsets> {
    let ending = false;
    try {
      const transaction = await (await this.forTransactions()).transaction();
      const offsets: number[] = [];
      for (const part of cut(records))
        offsets.push(...offsetsOf(part, await transaction.send(this.request(part))));
      ending = true;
      await transaction.commit();
      return offsets;
    } catch (error) {
      // The next producer with this id ends what this one began: without a commit nobody ever reads it.
      this.drop('transactional');
      throw ending ? unknownOutcome(error) : notWritten(error);
    }
  }

  /**
   * Ends a transaction that an earlier process of this data directory was killed in: until then, a minute, nobody is given
   * what lies behind it in the topic.
   *
   * @throws whatever the brokers fail with
   */
  async endLeft(): Promise<void> {
    try {
      const transaction = await (await this.forTransactions()).transaction();
      await transaction.abort();
    } catch (error) {
      this.drop('transactional');
      throw error;
    }
  }

  async stop(): Promise<void> {
    const producers = await Promise.allSettled([this.plain, this.transactional]);
    for (const each of producers)
      if (each.status === 'fulfilled') await each.value?.disconnect().catch(() => undefined);
  }

  private forTransactions(): Promise<Producer> {
    return (this.transactional ??= this.connect({
      transactionalId: `${topicOf(this.options)}.${this.owner}`,
      maxInFlightRequests: 1,
      idempotent: true,
    }));
  }

  private request(records: readonly Outgoing[]) {
    const messages = records.map(({ lane, message }) => ({ ...message, partition: lane }));
    return { topic: topicOf(this.options), acks, compression, messages };
  }

  private async connect(config: Parameters<Kafka['producer']>[0]): Promise<Producer> {
    const createPartitioner =
      () =>
      ({ message }: PartitionerArgs): number =>
        message.partition ?? 0;
    const retry = config?.transactionalId
      ? { retries: 8, initialRetryTime: 20, maxRetryTime: 1_000 }
      : { retries: 0 };
    const producer = this.kafka.producer({
      ...config,
      createPartitioner,
      retry,
      allowAutoTopicCreation: false,
    });
    await producer.connect();
    return producer;
  }

  private drop(which: 'plain' | 'transactional'): void {
    const dropped = this[which];
    this[which] = undefined;
    dropped?.then((producer) => producer.disconnect()).catch(() => undefined);
  }
}

/** Whether records fit in one batch of records. */
export function fitTogether(records: readonly Outgoing[]): boolean {
  return cut(records).length <= 1 && new Set(records.map(({ lane }) => lane)).size <= 1;
}

/** Bytes of records, nearly. */
export function bytesOf(records: readonly Outgoing[]): number {
  return records.reduce((sum, { message }) => sum + sizeOf(message), 0);
}

/** Parts of a request's size, in order. */
function cut<T extends Pick<Outgoing, 'message'>>(records: readonly T[]): readonly T[][] {
  const parts: T[][] = [];
  let room = 0;
  for (const record of records) {
    const size = sizeOf(record.message);
    if (size > room) {
      parts.push([]);
      room = Math.max(REQUEST_BYTES, size);
    }
    parts.at(-1)?.push(record);
    room -= size;
  }
  return parts;
}

function offsetsOf(records: readonly Outgoing[], answer: readonly RecordMetadata[]): Offsets {
  const next = new Map(answer.map(({ partition, baseOffset }) => [partition, Number(baseOffset)]));
  return records.map(({ lane }) => {
    const offset = next.get(lane);
    if (offset === undefined || !Number.isSafeInteger(offset))
      throw new Error(`the brokers gave no offset of partition ${lane}`);
    next.set(lane, offset + 1);
    return offset;
  });
}

function notWritten(error: unknown) {
  return kafkaFault(error, 'The event bus on Kafka does not take events');
}
