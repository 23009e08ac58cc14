import { randomBytes } from 'node:crypto';
import type { KafkaMessage } from 'kafkajs';

/** A batch of records that can't be unpacked, as a consumer gets it: one or more messages that stand for all of it. */
export interface UnreadableBatch {
  readonly firstOffset: number;
  /** Of the last record. */
  readonly lastOffset: number;
  /** Such as `gzip: more than 33554432 bytes`. */
  readonly reason: string;
}

/** Nobody else knows it, so that no record of a topic can look so. */
const MARK = randomBytes(16);
/** As many records as a batch may have that can't be unpacked; one with more ends its reader with an error. */
const MOST_RECORDS = 65_536;
const REASON_BYTES = 32;
/** Of kafkajs's consumers a message has this, too. */
interface WithBatch {
  readonly batchContext?: { readonly firstOffset: string; readonly lastOffsetDelta: number };
}

/**
 * What a codec answers with in place of a batch's records that it can't unpack. A codec that throws would end the consumer
 * without a word of where the batch is, at every try. Each record says the reason; the client puts the offsets beside it.
 */
export function standInFor(reason: string): Buffer {
  const value = Buffer.concat([MARK, Buffer.alloc(REASON_BYTES, ' ')]);
  value.write(reason.slice(0, REASON_BYTES), MARK.length, 'latin1');
  // No attributes, no time and no offset of its own, no key, the value, no headers.
  const record = [0, 0, 0, zigzag(-1), zigzag(value.length), ...value, 0];
  const one = Buffer.from([zigzag(record.length), ...record]);
  return Buffer.alloc(one.length * MOST_RECORDS, one);
}

/** The batch that a message stands for; undefined where it is a record as it came. */
export function unreadableBatchOf(message: KafkaMessage): UnreadableBatch | undefined {
  const { value } = message;
  if (value?.length !== MARK.length + REASON_BYTES || !value.subarray(0, MARK.length).equals(MARK))
    return undefined;
  const { batchContext } = message as WithBatch;
  const firstOffset = Number(batchContext?.firstOffset ?? message.offset);
  return {
    firstOffset,
    lastOffset: firstOffset + (batchContext?.lastOffsetDelta ?? 0),
    reason: value.toString('latin1', MARK.length).trimEnd(),
  };
}

/** A number of one byte, as records have them: -64 to 63. */
function zigzag(number: number): number {
  return number < 0 ? -number * 2 - 1 : number * 2;
}
