import type { KafkaMessage } from 'kafkajs';
import { unreadableBatchOf } from '#kafka-client';

/** A record as a partition has it, or several that can't be read, in one. */
export interface TopicRecord {
  readonly offset: number;
  /** The offset behind it. */
  readonly end: number;
  /** Null: a deletion, which has nothing to take. */
  readonly value: Buffer | null;
  /** Why it can't be read; the value is null then. */
  readonly unreadable?: string;
}

/** The records of a fetch; what stands for one unreadable batch comes once. */
export function recordsOf(messages: readonly KafkaMessage[]): readonly TopicRecord[] {
  const records: TopicRecord[] = [];
  for (const message of messages) {
    const record = recordOf(message);
    if (record.offset >= (records.at(-1)?.end ?? 0)) records.push(record);
  }
  return records;
}

function recordOf(message: KafkaMessage): TopicRecord {
  const unreadable = unreadableBatchOf(message);
  if (!unreadable) {
    const offset = Number(message.offset);
    return { offset, end: offset + 1, value: message.value };
  }
  const { firstOffset, lastOffset, reason } = unreadable;
  return { offset: firstOffset, end: lastOffset + 1, value: null, unreadable: reason };
}
