import { Binary, Decimal128, Long } from 'mongodb';
import { formatEventId, parseBlockId, type BlockId, type EventPlace } from '#event-model';
import type { FieldValue, MappedEvent } from '#plugin-kit';
import { attributeText } from '../search/attribute-text.js';
import { dayOf, keptMoment, type KeptMoment } from './moments.js';

/** The field by which events of a person are looked for, whether the type declares it or not. */
export const USER_FIELD = 'user_id';

/**
 * An event as it is kept. Fields have the names of the API; `_line` is what everything can be made again from, so that none is
 * lost by the way in which MongoDB keeps numbers and keys.
 */
export interface EventDocument extends KeptMoment {
  /** The event's id, which is unique in a collection: so is the event. */
  readonly _id: string;
  readonly block: Binary;
  readonly row: number;
  /** Acceptance: nanoseconds since the epoch. */
  readonly received: Long;
  readonly source: string;
  readonly event_type: string;
  readonly severity_number: number;
  /** JSON of the event, as it was sent or as a parser made it. */
  readonly _line: string;
  /** The text that a parser read, where the message alone isn't it; binary where it is no UTF-8. */
  readonly raw?: string | Binary;
  /** Whether it came as text: the message is the text where there is no `raw`. */
  readonly _text?: true;
  /** Absent in the first generation. */
  readonly _generation?: number;
  /** Of the stream's type when it was stored; absent for the first. */
  readonly _version?: number;
  readonly [field: string]: unknown;
}

/** A row of a batch that is to be stored. */
export interface AcceptedRow extends EventPlace {
  readonly line: string;
  readonly event: MappedEvent;
  readonly source: string;
  readonly receivedAt: bigint;
  readonly isText: boolean;
  readonly raw?: string | Binary;
}

/** What all rows of a batch share. */
export interface RowKind {
  readonly version: number;
  /** By day; absent where all are of the first generation. */
  readonly generationOf?: (day: number) => number;
}

export function toDocument(row: AcceptedRow, { version, generationOf }: RowKind): EventDocument {
  const { event, line, source, raw, isText } = row;
  const moment = keptMoment(event.timestamp);
  const generation = generationOf?.(dayOf(moment.timestamp)) ?? 0;
  return {
    _id: formatEventId(row.block, row.row),
    ...moment,
    ...{ block: blockBytes(row.block), row: row.row, received: Long.fromBigInt(row.receivedAt) },
    ...{ source, event_type: event.event_type, severity_number: event.severity_number },
    ...(event.id !== '' && { id: event.id }),
    ...fieldsOf(event),
    _line: line,
    ...(raw !== undefined && { raw }),
    ...(isText && { _text: true }),
    ...(generation > 0 && { _generation: generation }),
    ...(version > 1 && { _version: version }),
  };
}

function fieldsOf({ fields, attributes }: MappedEvent): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  const user = attributes.get(USER_FIELD);
  if (user !== undefined && user !== 'null') kept[USER_FIELD] = attributeText(user);
  for (const [name, value] of fields) kept[name] = keptValue(value);
  return kept;
}

function keptValue(value: FieldValue): unknown {
  if (typeof value !== 'bigint') return value;
  return value < 2n ** 63n ? Long.fromBigInt(value) : Decimal128.fromString(String(value));
}

/** A block's id as bytes: they compare as its text does. */
export function blockBytes(block: BlockId): Binary {
  return new Binary(Buffer.from(block, 'hex'));
}

/** The id of a block that a document has. */
export function blockOf(bytes: Binary): BlockId {
  const block = parseBlockId(Buffer.from(bytes.buffer.subarray(0, bytes.length())).toString('hex'));
  if (!block) throw new Error('A document has no block id where one belongs.');
  return block;
}

/** Digits of a block's id, at the beginning of an event's. */
const BLOCK_DIGITS = 32;

/** The block in an event's id. */
export function blockIn(eventId: string): BlockId {
  return eventId.slice(0, BLOCK_DIGITS) as BlockId;
}

/** The server's numbers of 64 bits, as the driver gives them: a Long, or a number where it is small. */
export function bigOf(value: Long | number | bigint): bigint {
  return Long.isLong(value) ? value.toBigInt() : BigInt(value as number | bigint);
}
