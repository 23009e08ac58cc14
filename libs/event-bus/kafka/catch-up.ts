import { randomUUID } from 'node:crypto';
import type { Consumer, Kafka } from 'kafkajs';
import { groupOf, topicOf, type KafkaBusOptions } from './kafka-options.js';
import { decodeRecord } from './records.js';
import type { TopicIndex } from './topic-index.js';

/** Milliseconds that reading may take without a record. */
const SILENCE_MS = 30_000;
const FETCH_MS = 200;

/**
 * Takes into the index what the topic has and the index has not: what a process that was killed, or a write without an
 * answer, left there. Resolves when each partition is read up to the given end.
 */
export async function catchUp(
  kafka: Kafka,
  options: KafkaBusOptions,
  index: TopicIndex,
  ends: ReadonlyMap<number, number>,
): Promise<void> {
  const left = new Map([...ends].filter(([lane, end]) => index.read.of(lane) < end));
  if (left.size === 0) return;
  // A group of its own for this once: it has all partitions, and nobody to wait for.
  const consumer = kafka.consumer({
    groupId: `${groupOf(options)}.index.${randomUUID()}`,
    maxWaitTimeInMs: FETCH_MS,
    allowAutoTopicCreation: false,
    retry: { retries: 2, initialRetryTime: 200, maxRetryTime: 1_000, restartOnFailure: async () => false },
  });
  try {
    await read(consumer, topicOf(options), index, left);
  } finally {
    await consumer.disconnect().catch(() => undefined);
  }
}

async function read(
  consumer: Consumer,
  topic: string,
  index: TopicIndex,
  left: Map<number, number>,
): Promise<void> {
  let silence: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (): void => reject(new Error(`the topic ${topic} could not be read to its end`));
      silence = setTimeout(fail, SILENCE_MS);
      const reached = (lane: number): void => {
        silence?.refresh();
        if (index.read.of(lane) >= (left.get(lane) ?? 0)) left.delete(lane);
        if (left.size === 0) resolve();
      };
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      // What was filtered out (ends of transactions) makes no batch, and still is a part of the topic.
      consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
        void index
          .take([], new Map([[payload.partition, Number(payload.lastOffset) + 1]]))
          .then(() => reached(payload.partition), reject);
      });
      consumer.on(consumer.events.GROUP_JOIN, () => {
        for (const lane of left.keys())
          consumer.seek({ topic, partition: lane, offset: String(index.read.of(lane)) });
      });
      start(consumer, topic, index).catch(reject);
    });
  } finally {
    clearTimeout(silence);
  }
}

async function start(consumer: Consumer, topic: string, index: TopicIndex): Promise<void> {
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      const { partition, messages } = batch;
      const marks = new Map([[partition, Number(batch.lastOffset()) + 1]]);
      await index.take(
        messages.map((message) => decodeRecord(partition, message)),
        marks,
      );
    },
  });
}
