import type { KafkaMessage, Message } from 'kafkajs';
import type { Block } from '#event-model';
import { UNPACKED_MAX_BYTES, unreadableBatchOf } from '#kafka-client';
import { EventBusError } from '../event-bus.errors.js';
import type { Idempotency, PublishBatch } from '../event-bus.port.js';
import { decodeHeader, encodeHeader, isWhole, type HeaderRecord } from '../lmdb/block-record.js';

const BLOCK = 'alluvium-block';
const KEY = 'alluvium-idempotency';
const NO_BODY = Buffer.alloc(0);

/** A record of the topic as the bus reads it. */
export interface BusRecord {
  readonly lane: number;
  readonly offset: number;
  /** Undefined where the record is no block of ours, or not whole. */
  readonly block: Block | undefined;
  /** The idempotency key of the batch that it belongs to. */
  readonly idempotency: BatchKey | undefined;
}

/** A key, and which of the batches that were sent with it this one is: a late copy of a request has other blocks. */
export interface BatchKey extends Idempotency {
  readonly batch: string;
}

/** A block as a record: its body as the value, all else in headers; the key is for those who look at the topic. */
export function encodeRecord(block: Block, key: BatchKey | undefined): Message {
  const { tenant, stream, source } = block.header;
  return {
    key: `${tenant}/${stream}/${source}`,
    value: Buffer.from(block.body.buffer, block.body.byteOffset, block.body.byteLength),
    headers: {
      [BLOCK]: encodeHeader(block),
      ...(key && { [KEY]: JSON.stringify(key) }),
    },
  };
}

/** @throws EventBusError `bus_damaged` where the record is in a batch that can't be unpacked */
export function decodeRecord(lane: number, message: KafkaMessage): BusRecord {
  refuseUnreadable(message);
  const header = headerOf(message);
  const body = message.value ?? NO_BODY;
  return {
    lane,
    offset: Number(message.offset),
    block: header && isWhole(header, body) ? { header: header.header, body } : undefined,
    idempotency: idempotencyOf(message),
  };
}

/** @throws EventBusError `bus_damaged`: what is there can't be known, so that nothing behind it may be taken either */
function refuseUnreadable(message: KafkaMessage): void {
  const unreadable = unreadableBatchOf(message);
  if (!unreadable) return;
  throw new EventBusError(
    'bus_damaged',
    `Records of the topic can't be unpacked (${unreadable.reason}): they are damaged, or another program writes there ` +
      `more than ${UNPACKED_MAX_BYTES} bytes at once. Stop it, and delete its records (kafka-delete-records).`,
  );
}

/** The key of a batch with what tells it from other batches of that key. */
export function batchKeyOf({ blocks, idempotency }: PublishBatch): BatchKey | undefined {
  return idempotency && { ...idempotency, batch: blocks[0]?.header.id ?? '' };
}

/** Bytes of the record, nearly. */
export function sizeOf({ value, headers }: Message): number {
  const inHeaders = Object.values(headers ?? {}).reduce((sum: number, each) => sum + (each?.length ?? 0), 0);
  return (value?.length ?? 0) + Number(inHeaders) + 128;
}

function headerOf({ headers }: KafkaMessage): HeaderRecord | undefined {
  const bytes = headers?.[BLOCK];
  if (!Buffer.isBuffer(bytes)) return undefined;
  try {
    return decodeHeader(bytes);
  } catch {
    return undefined;
  }
}

function idempotencyOf({ headers }: KafkaMessage): BatchKey | undefined {
  const text = headers?.[KEY];
  if (!Buffer.isBuffer(text)) return undefined;
  try {
    return JSON.parse(text.toString()) as BatchKey;
  } catch {
    return undefined;
  }
}
